# `make` alone lists the targets. Developers' tools are pinned in .ci/tools/go.mod and built on first use.

TOOL    := go tool -modfile=.ci/tools/go.mod
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
COMMIT  ?= $(shell git rev-parse HEAD 2>/dev/null)
# What runs the tests; .ci/run puts a runner with a summary here.
GOTEST  ?= go test
# The race detector needs a C compiler; without one the tests run without it.
RACE    ?= $(if $(filter 1,$(shell go env CGO_ENABLED)),-race)

# But for the race detector, which needs C, everything is compiled in one way, so that it is compiled once.
export GOFLAGS += -trimpath
vet lint vuln manifests alerts snapshot: export CGO_ENABLED = 0
# What runs for seconds is compiled without being optimised, which takes a third less time.
QUICKLY := -gcflags='all=-N -l'
# Under the race detector a program sleeps for a second before it ends, unless it is told not to.
export GORACE ?= atexit_sleep_ms=0

DURATION ?= 10m
FUZZTIME ?= 10s
BENCH    ?= .
COUNT    ?= 1
# Of one package's tests: busy machines are slow.
TIMEOUT  ?= 30m

.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: ## the whole job against a simulated Procore: plan, apply, plan again
	@go run ./cmd/assignee-sync demo

.PHONY: build
build: ## a static binary in bin/
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w -X main.version=$(VERSION) -X main.commit=$(COMMIT)' -o bin/assignee-sync ./cmd/assignee-sync

# The race detector slows a test tenfold. These run without it: what commands print, and nights of thousands of presets of
# which calls are counted. The simulation runs both ways: thousands of companies without it, and dozens with it.
WITHOUT_RACE := Test(Postgres)?Scripts|TestARunThatWaitsForHours|TestAWeekOfNights|TestLookingForWorkflows

.PHONY: test
test: ## all tests, in random order, nearly all of them under the race detector
# go vet is the linter's.
	$(if $(RACE),CGO_ENABLED=0 $(GOTEST) -vet=off -shuffle=on -timeout $(TIMEOUT) -run '$(WITHOUT_RACE)|TestSimulation' \
		./sync/simulation ./sync/job ./cmd/assignee-sync)
	$(GOTEST) $(RACE) -vet=off -shuffle=on -timeout $(TIMEOUT) $(if $(RACE),-skip '$(WITHOUT_RACE)') ./...

.PHONY: check
check: ## everything that must hold before a change is merged, with the time of each step
	@MAKE='$(MAKE)' .ci/steps tidy vet lint vuln manifests alerts snapshot test

.PHONY: tidy
tidy: ## go.mod lists what is needed, no less and no more
	go mod tidy -diff

.PHONY: vet
vet: ## go vet for Windows, tests included; on other systems the linter does it
	GOOS=windows go vet $(QUICKLY) ./...

.PHONY: lint
lint: ## formatting, the direction of imports, and common mistakes (golangci-lint)
	$(TOOL) golangci-lint run
	@.ci/sleepless

.PHONY: vuln
vuln: ## known vulnerabilities that the program can reach (govulncheck)
	.ci/vulncheck

.PHONY: manifests
manifests: ## what Kubernetes' own code says to deploy/: validation, pod security, a second apply
	cd .ci/kubernetes && go test $(QUICKLY) ./manifests

.PHONY: alerts
alerts: ## the alert rules of deploy/ on nights that went this way and that (promtool)
	.ci/alerts

.PHONY: cluster
cluster: ## deploy/ on a real Kubernetes on loopback, applied twice; optional, building it takes minutes
	.ci/cluster

RELEASE := go run -modfile=.ci/release/go.mod $(QUICKLY) github.com/goreleaser/goreleaser/v2
# It learns the commit only in a clone that has a remote; one that goes nowhere will do.
snapshot release: export GIT_CONFIG_COUNT = $(if $(shell git remote),0,1)
snapshot release: export GIT_CONFIG_KEY_0 = remote.origin.url
snapshot release: export GIT_CONFIG_VALUE_0 = $(CURDIR)

.PHONY: snapshot
snapshot: ## a release's description, and its binary for this system (goreleaser)
	$(RELEASE) check
	$(RELEASE) build --snapshot --clean --single-target

.PHONY: release
release: ## a release of all systems as a snapshot in dist/; optional, building it takes minutes
	$(RELEASE) check
	$(RELEASE) release --snapshot --clean

.PHONY: fmt
fmt: ## format the code
	$(TOOL) golangci-lint fmt

.PHONY: bench
bench: ## benchmarks; BENCH=regexp COUNT=10, compare two runs by: make benchstat OLD=a.txt NEW=b.txt
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./...

.PHONY: benchstat
benchstat: ## compare two files of `make bench`
	$(TOOL) benchstat $(OLD) $(NEW)

.PHONY: soak
soak: ## simulated companies, faults and kills, for DURATION (10m)
	go test ./sync/simulation -run TestSoak -timeout 0 -soak=$(DURATION)

.PHONY: fuzz
fuzz: ## every fuzz test for FUZZTIME (10s)
	.ci/fuzz $(FUZZTIME)

.PHONY: cover
cover: ## test coverage, as a page in coverage.html
	go test -coverpkg=./... -coverprofile=coverage.out ./...
	go tool cover -html=coverage.out -o coverage.html
