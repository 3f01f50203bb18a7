package settings

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTheReadmeNamesEverySettingAndItsDefault(t *testing.T) {
	text, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range Names() {
		line := rowOf(string(text), s.Name)
		switch {
		case line == "":
			t.Errorf("%s is missing", s.Name)
		case s.Default != "" && !strings.Contains(line, "`"+s.Default+"`"):
			t.Errorf("%s: its default %s is not in %q", s.Name, s.Default, line)
		case s.Secret && !strings.Contains(line, "secret"):
			t.Errorf("%s is not called a secret in %q", s.Name, line)
		}
	}
}

// rowOf is the row of the settings table that names a setting.
func rowOf(text, name string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "| ") && strings.Contains(line, "`"+name+"`") {
			return strings.TrimSpace(line)
		}
	}
	return ""
}

var ourName = regexp.MustCompile(`\b(PROCORE|HR|SYNC|LEDGER)_[A-Z][A-Z0-9_]*\b`)

func TestWhatIsDeployedSetsKnownSettingsOnly(t *testing.T) {
	known := AllNames()
	err := filepath.WalkDir("../../../deploy", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !slices.Contains([]string{".yaml", ".yml", ".env", ".md"}, filepath.Ext(path)) {
			return err
		}
		text, err := os.ReadFile(path)
		for _, name := range ourName.FindAllString(string(text), -1) {
			if !slices.Contains(known, name) && !injected.MatchString(name) {
				t.Errorf("%s names %s, which is no setting", path, name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
