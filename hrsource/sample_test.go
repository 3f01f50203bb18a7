package hrsource

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files anew")

const samples = "../testdata/hr"

// readEnv reads lines of NAME=value, the value in quotes or not.
func readEnv(t *testing.T, envFile string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(envFile)
	if err != nil {
		t.Fatal(err)
	}
	env := make(map[string]string)
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		name, value, ok := strings.Cut(line, "=")
		if line == "" || line[0] == '#' || !ok {
			continue
		}
		if last := len(value) - 1; last > 0 && strings.IndexByte(`"'`, value[0]) >= 0 && value[last] == value[0] {
			value = value[1:last]
		}
		env[name] = value
	}
	return env
}

// configFrom reads the settings of a sample as the command does.
func configFrom(t *testing.T, envFile string) CSV {
	t.Helper()
	env := readEnv(t, envFile)
	cfg := CSV{Path: filepath.Join("..", filepath.FromSlash(env["HR_CSV"]))}
	for name, set := range map[string]func(string) error{
		"HR_CSV_COLUMNS":   func(s string) (err error) { cfg.Columns, err = ParseColumns(s); return err },
		"HR_CSV_DELIMITER": func(s string) (err error) { cfg.Delimiter, err = ParseDelimiter(s); return err },
		"HR_CSV_ENCODING":  func(s string) (err error) { cfg.Encoding, err = ParseEncoding(s); return err },
		"HR_STATUS_VALUES": func(s string) (err error) { cfg.Format.StatusValues, err = ParseStatusValues(s); return err },
		"HR_DATE_FORMAT":   func(s string) (err error) { cfg.Format.Date, err = ParseDateFormat(s); return err },
	} {
		if err := set(env[name]); err != nil {
			t.Fatalf("%s: %s: %v", envFile, name, err)
		}
		delete(env, name)
	}
	delete(env, "HR_CSV")
	if len(env) > 0 {
		t.Fatalf("%s has settings that this test does not know: %v", envFile, env)
	}
	return cfg
}

// describe writes a roster as text: what it counts, and one line for each member and each rejected row.
func describe(r *Roster) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d rows, %d accepted, %d duplicates\n", r.Key, r.Rows, r.Accepted, r.Duplicates)
	if r.UnterminatedLastRow != nil {
		fmt.Fprintf(&b, "no newline after %s\n", r.UnterminatedLastRow)
	}
	for _, m := range r.Members {
		var at []string
		for _, p := range m.At {
			at = append(at, p.String())
		}
		fmt.Fprintf(&b, "%s | id %s | %s | login %s | %s | team %s | role %s | project %s | %s | %s..%s\n",
			strings.Join(at, ";"), m.EmployeeID, m.Email, m.ProcoreLogin, m.Name, m.Team, m.Role, m.Project, m.Status, m.Start, m.End)
	}
	for _, row := range r.Rejected {
		fmt.Fprintf(&b, "rejected %s: %s %q: %s\n", row.At, row.Column, row.Value, row.Reason)
	}
	return b.String()
}

func TestSampleExportsLoadToTheirGoldenRoster(t *testing.T) {
	envFiles, err := filepath.Glob(filepath.Join(samples, "*.env"))
	if err != nil || len(envFiles) < 9 {
		t.Fatalf("%d samples, %v", len(envFiles), err)
	}
	for _, envFile := range envFiles {
		name := strings.TrimSuffix(filepath.Base(envFile), ".env")
		t.Run(name, func(t *testing.T) {
			roster, err := configFrom(t, envFile).Load(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			got := describe(roster)
			golden := filepath.Join(samples, name+".golden")
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
