package deploy

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestTheImageIsStaticPinnedAndNotRoot(t *testing.T) {
	content, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	stages := regexp.MustCompile(`(?m)^FROM `).Split(string(content), -1)[1:]
	final := stages[len(stages)-1]
	if !regexp.MustCompile(`(?m)^USER [1-9][0-9]*:[1-9][0-9]*$`).MatchString(final) {
		t.Error("the image's user is no number, or root")
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
	mod, err := os.ReadFile("../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	version := regexp.MustCompile(`(?m)^go (\S+)$`).FindStringSubmatch(string(mod))[1]
	if !strings.HasPrefix(stages[0], "golang:"+version+"-") {
		t.Errorf("the image is not built by go.mod's Go %s", version)
	}
}

func TestTheImageIsBuiltFromEveryFolderOfTheProgram(t *testing.T) {
	dockerfile, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	ignore, err := os.ReadFile("Dockerfile.dockerignore")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{"cmd", "hrsource", "migrations", "procore", "sync"} {
		if !strings.Contains(string(dockerfile), "\nCOPY "+folder+" "+folder+"\n") {
			t.Errorf("the Dockerfile does not copy %s", folder)
		}
		if !strings.Contains(string(ignore), "\n!"+folder+"\n") {
			t.Errorf("the .dockerignore leaves %s out", folder)
		}
	}
}
