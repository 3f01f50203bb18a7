package main

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"procore-assignee-sync/migrations/pgtest"
	"procore-assignee-sync/sync"
)

// Night after night behind PgBouncer in transaction mode, HR data and the ledger alike, each night a process of its own
// that meets what the last one left in the pool.
func TestWholeNightsBehindAPoolerInEveryMode(t *testing.T) {
	for _, mode := range pgtest.ExecModes() {
		t.Run("mode "+mode, func(t *testing.T) {
			server, environ := company(t, "8812")
			direct := pgtest.Database(t)
			url := pgtest.WithExecMode(t, pgtest.PgBouncer(t, direct, pgtest.PoolTransaction), mode)
			sample := filepath.Dir(settingOf(environ, "HR_CSV"))
			environ = slices.DeleteFunc(environ, func(pair string) bool { return strings.HasPrefix(pair, "HR_CSV=") })
			environ = append(environ, "LEDGER_DATABASE_URL="+url, "HR_DATABASE_URL="+url, "ROLE_MAP=table")
			do := func(code int, args ...string) string {
				t.Helper()
				var out bytes.Buffer
				got := realMain(context.Background(), process{
					Args: args, Environ: environ, Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
				})
				if got != code {
					t.Fatalf("%q: exit %d, want %d\n%s", args, got, code, out.String())
				}
				return out.String()
			}
			do(sync.ExitDone, "migrate", "hr")
			do(sync.ExitDone, "migrate", "ledger")
			fillFrom(t, direct, sample)

			for night, writes := range []int{10, 10, 10} {
				do(sync.ExitIncomplete, "apply", "--yes")
				if n := len(server.History()); n != writes {
					t.Errorf("night %d: %d writes so far, want %d", night+1, n, writes)
				}
			}
			do(sync.ExitDone, "plan")
			do(sync.ExitDone, "check")
			if out := do(sync.ExitDone, "runs", "verify"); !strings.Contains(out, "4 runs verified") {
				t.Error(out)
			}
			environ = append(environ, "LEDGER_DIR="+t.TempDir()) // another machine
			if out := do(sync.ExitDone, "history", "--person", "alice.okafor@harborline.example"); !strings.Contains(out, "added to Legal") {
				t.Error(out)
			}
			do(sync.ExitDone, "runs", "show", "last")
			if out := do(sync.ExitDone, "runs"); strings.Count(out, " apply ") != 3 {
				t.Error(out)
			}
			first := strings.Fields(strings.Split(strings.TrimSpace(do(sync.ExitDone, "runs")), "\n")[4])[0]
			do(sync.ExitIncomplete, "rollback", first[len(first)-6:], "--yes", "--max-removal-percent", "100")
		})
	}
}

// settingOf returns the first value that the environment gives a setting.
func settingOf(environ []string, name string) string {
	for _, pair := range environ {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

// fillFrom puts hr.csv and role-map.csv of a folder into the HR tables.
func fillFrom(t *testing.T, url, dir string) {
	t.Helper()
	conn := pgtest.Connect(t, url)
	for table, file := range map[string]string{"hr_team_members": "hr.csv", "role_mappings": "role-map.csv"} {
		if err := copyCSV(t.Context(), conn, table, filepath.Join(dir, file)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAPoolerThatCannotDoItIsASettingsError(t *testing.T) {
	_, environ := company(t, "8812")
	direct := pgtest.Ledger(t)
	by := pgtest.PgBouncer(t, direct, pgtest.PoolStatement)
	for _, args := range [][]string{{"apply", "--yes"}, {"runs"}, {"migrate", "ledger"}} {
		var out bytes.Buffer
		code := realMain(context.Background(), process{
			Args: args, Environ: append(environ, "LEDGER_DATABASE_URL="+by), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &out,
		})
		if code != sync.ExitConfig || !strings.Contains(out.String(), "pool_mode") {
			t.Errorf("%q: exit %d, %s", args, code, out.String())
		}
	}
}
