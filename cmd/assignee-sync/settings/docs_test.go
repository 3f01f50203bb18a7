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

func TestTheReadmesTableIsTheListOfSettings(t *testing.T) {
	rows := settingRows(t)
	listed := map[string]bool{}
	for _, s := range Names() {
		listed[s.Name] = true
		row, ok := rows[s.Name]
		switch {
		case !ok:
			t.Errorf("%s is missing", s.Name)
		case s.Default != "" && row.value != "`"+s.Default+"`":
			t.Errorf("%s: the table says %s, its default is %s", s.Name, row.value, s.Default)
		case s.Default == "" && strings.HasPrefix(row.value, "`"):
			t.Errorf("%s: the table says %s, it has no default", s.Name, row.value)
		case s.Secret != strings.Contains(row.all, "secret"):
			t.Errorf("%s: secret or not, the table says %s", s.Name, row.all)
		}
	}
	for name := range rows {
		if !listed[name] {
			t.Errorf("the table has %s, which is not a setting", name)
		}
	}
}

// settingRow is what the table says of one setting's default: its own where the row names several settings and gives as
// many defaults, and all that the cell says.
type settingRow struct{ value, all string }

// settingRows reads the table of settings in the README.
func settingRows(t *testing.T) map[string]settingRow {
	t.Helper()
	text, err := os.ReadFile("../../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]settingRow{}
	_, table, _ := strings.Cut(string(text), "\n| setting | default |")
	table, _, _ = strings.Cut(table, "\n\n")
	for line := range strings.Lines(table) {
		cells := strings.SplitN(line, " | ", 3)
		names := anyName.FindAllStringSubmatch(cells[0], -1)
		if len(cells) < 3 {
			continue
		}
		values := strings.Split(cells[1], ", ")
		for i, name := range names {
			if rows[name[1]] = (settingRow{cells[1], cells[1]}); len(values) >= len(names) {
				rows[name[1]] = settingRow{values[i], cells[1]}
			}
		}
	}
	return rows
}

var anyName = regexp.MustCompile("`([A-Z][A-Z0-9_]*)`")

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
				t.Errorf("%s names %s, which is not a setting", path, name)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
