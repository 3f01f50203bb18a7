package job_test

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/planner"
)

// office is a small company with its Procore, its HR and a ledger, and the settings of its next job.
type office struct {
	t       testing.TB
	sample  *sandbox.Sample
	server  *sandbox.Server
	roleMap *planner.RoleMap
	dir     string
	runs    *atomic.Int64 // so far: each gets an id of its own
	began   time.Time

	firstRun    bool // SYNC_FIRST_RUN=allow
	removals    int  // SYNC_MAX_REMOVAL_PERCENT, where it is not the default
	keepDays    int
	databaseURL string
	maxDuration time.Duration
	projects    []string
	confirm     func(sync.Record) (bool, error)
	atLoad      func(runID string) // called when HR is read
}

func newOffice(t testing.TB, sample *sandbox.Sample, options sandbox.Options) *office {
	t.Helper()
	path := filepath.Join(t.TempDir(), "role-map.csv")
	if err := os.WriteFile(path, sample.RoleMapCSV, 0o600); err != nil {
		t.Fatal(err)
	}
	rows, fingerprint, err := hrsource.LoadRoleMapCSV(path)
	if err != nil {
		t.Fatal(err)
	}
	roleMap := planner.NewRoleMap(rows, "role-map.csv", fingerprint)
	return &office{
		t: t, sample: sample, server: sandbox.New(sample.Company, options), roleMap: roleMap,
		dir: t.TempDir(), runs: &atomic.Int64{}, began: time.Now(), firstRun: true,
	}
}

// demoOffice is the company of the demo, in which some changes are due and some are left undone.
func demoOffice(t testing.TB, faults ...sandbox.Fault) *office {
	return newOffice(t, sandbox.DemoSample(), sandbox.Options{Faults: faults})
}

// officeDay is one on which everyone of a sample has begun to work.
var officeDay = time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC)

func (o *office) now() time.Time { return officeDay.Add(time.Since(o.began)) }

// untilOfficeDay moves the clock of a bubble there, so that deadlines are what they say.
func untilOfficeDay() { time.Sleep(time.Until(officeDay)) }

func (o *office) job() *job.Job {
	o.t.Helper()
	client, err := procore.New(procore.Config{
		Company: o.sample.Company.ID, APIURL: "http://127.0.0.1/api", LoginURL: "http://127.0.0.1/login",
		ClientID: sandbox.DefaultClientID, ClientSecret: sandbox.DefaultClientSecret, MaxAttempts: 2, Timeout: 30 * time.Second,
		Transport: o.server.Transport(), Jitter: func() float64 { return 0.5 },
	})
	if err != nil {
		o.t.Fatal(err)
	}
	led := openLedger(o.t, ledger.Options{Dir: o.dir, DatabaseURL: o.databaseURL, KeepDays: o.keepDays, Now: o.now})
	policy := sync.DefaultPolicy()
	policy.AllowFirstRun = o.firstRun
	policy.MaxRemovalPercent = cmp.Or(o.removals, policy.MaxRemovalPercent)
	id := ""
	return &job.Job{
		Procore: client, Company: o.sample.Company.ID, Host: client.Host(),
		Source: func(terms hrsource.Terms) hrsource.Source {
			if o.atLoad != nil {
				o.atLoad(id)
			}
			return hrsource.CSV{Path: "-", Stdin: bytes.NewReader(o.sample.HRCSV), Format: hrsource.RowFormat{Terms: terms}}
		},
		LoadRoleMap: func(context.Context) (*planner.RoleMap, error) { return o.roleMap, nil },
		Policy:      policy, Projects: o.projects, Ledger: led, Concurrency: 4, MaxAttempts: 2,
		MaxDuration: o.maxDuration, Now: o.now, Confirm: o.confirm, By: "someone@here", Machine: "here", PID: 1,
		RunID: func(at time.Time) string {
			id = sync.NewRunID(at, func() uint32 { return uint32(o.runs.Add(1)) })
			return id
		},
	}
}

// ended is how a run ended: its record and its exit code.
type ended struct {
	sync.Record
	code int
	err  error
}

func end(rec sync.Record, err error) ended {
	e := ended{Record: rec, code: rec.Summary.ExitCode, err: err}
	if coded, ok := err.(interface{ ExitCode() int }); ok {
		e.code = coded.ExitCode()
	}
	return e
}

func (o *office) plan() ended { return end(o.job().Plan(context.Background())) }

func (o *office) apply(req job.ApplyRequest) ended {
	return end(o.job().Apply(context.Background(), req))
}

// saved is the plan that a dry run leaves.
func (o *office) saved() *sync.PlanFile {
	o.t.Helper()
	p := o.plan()
	if p.Plan == nil {
		o.t.Fatalf("no plan was made: %v", p.err)
	}
	return &sync.PlanFile{RunID: p.Run.ID, CreatedAt: p.Run.StartedAt, Plan: p.Plan}
}

// expect fails the test where the run did not end so, or its final line does not say all of this.
func (e ended) expect(t testing.TB, code int, outcome sync.Outcome, says ...string) {
	t.Helper()
	if e.code != code || e.Summary.ExitCode != code || e.Summary.Outcome != outcome {
		t.Errorf("exit %d, in the summary %d %s, want %d %s; error %v", e.code, e.Summary.ExitCode, e.Summary.Outcome, code, outcome, e.err)
	}
	for _, text := range append(says, fmt.Sprintf("exit %d, ", code)) {
		if !strings.Contains(e.Summary.Message, text) {
			t.Errorf("the final line does not say %q: %s", text, e.Summary.Message)
		}
	}
}

func (o *office) expectWrites(n int) {
	o.t.Helper()
	if got := len(o.server.History()); got != n {
		o.t.Errorf("%d writes reached Procore, want %d", got, n)
	}
}

func expectError(t testing.TB, err error, says ...string) {
	t.Helper()
	for _, text := range says {
		if err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("the error does not say %q: %v", text, err)
		}
	}
}
