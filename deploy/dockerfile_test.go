package deploy

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestTheImageIsStaticPinnedAndNotRoot(t *testing.T) {
	stages := regexp.MustCompile(`(?m)^FROM `).Split(read(t, "Dockerfile"), -1)[1:]
	final := stages[len(stages)-1]
	if !regexp.MustCompile(`(?m)^USER [1-9][0-9]*:[1-9][0-9]*$`).MatchString(final) {
		t.Error("the image's user is not a number, or root")
	}
	if !strings.Contains(stages[0], "CGO_ENABLED=0") {
		t.Error("the binary is not static")
	}
	if !strings.HasPrefix(final, "scratch\n") {
		t.Error("the image holds more than the program")
	}
	if !strings.Contains(final, "/etc/ssl/certs/ca-certificates.crt") {
		t.Error("the image has no certificates: no TLS connection would be trusted")
	}
	version := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(read(t, "../go.mod"))[1]
	if !strings.HasPrefix(stages[0], "--platform=$BUILDPLATFORM golang:"+version+"-") {
		t.Errorf("the image is not built by go.mod's Go %s on the machine that builds", version)
	}
}

func TestTheImageIsBuiltFromEveryFolderOfTheProgram(t *testing.T) {
	dockerfile, ignore := read(t, "Dockerfile"), read(t, "Dockerfile.dockerignore")
	folders, err := filepath.Glob("../*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	folders = append(folders, "../cmd/assignee-sync/main.go", "../migrations/hr/001_hr_team_members.sql")
	for _, file := range folders {
		folder := strings.Split(filepath.ToSlash(file), "/")[1]
		if folder == "deploy" {
			continue
		}
		if !strings.Contains(dockerfile, "\nCOPY "+folder+" "+folder+"\n") {
			t.Errorf("the Dockerfile does not copy %s", folder)
		}
		if !strings.Contains(ignore, "\n!"+folder+"\n") {
			t.Errorf("the .dockerignore leaves %s out", folder)
		}
	}
}
