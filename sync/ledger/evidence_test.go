package ledger

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"procore-assignee-sync/migrations"
	"procore-assignee-sync/migrations/pgtest"
	"procore-assignee-sync/sync"
)

// openBoth is a ledger over a folder and a database.
func openBoth(t *testing.T, dir, url string) *Ledger {
	t.Helper()
	l, err := Open(t.Context(), Options{Dir: dir, DatabaseURL: url})
	must(t, err)
	l.now = func() time.Time { return night(28) }
	l.folder.now = l.now
	t.Cleanup(func() { must(t, l.Close()) })
	return l
}

// endIn does a whole run in a ledger.
func endIn(t *testing.T, l *Ledger, run sync.Run) sync.Record {
	t.Helper()
	r, err := l.Begin(run)
	must(t, err)
	must(t, r.WritePlan(sync.PlanFile{RunID: run.ID, CreatedAt: run.StartedAt, Plan: samplePlan("1")}))
	must(t, r.Journal().Intent(intent("1")))
	run.FinishedAt = run.StartedAt
	rec := sync.Record{
		Run: run, Plan: samplePlan("1"), Changes: samplePlan("1").Changes,
		Summary: sync.Summary{Run: run, Outcome: sync.Done, Passed: run.Command == sync.CommandApply, Message: "done"},
	}
	rec, err = r.Finish(t.Context(), rec, func() sync.Record { t.Error("the record is not whole"); return rec })
	must(t, err)
	must(t, r.Prune(t.Context()))
	return rec
}

func TestTheDatabaseKeepsTheEvidenceOfEachRunWithTheWritersRights(t *testing.T) {
	url, dir := pgtest.Ledger(t), t.TempDir()
	pgtest.Exec(t, url, migrations.RolesSQL)
	l := openBoth(t, dir, pgtest.As(t, url, "assignee_sync_ledger_writer"))
	for i, command := range []sync.Command{sync.CommandApply, sync.CommandPlan, sync.CommandApply} {
		rec := endIn(t, l, runOf(i+1, command))
		past, err := l.database.load(t.Context(), rec.Run.ID)
		must(t, err)
		want(t, "evidence", past.Evidence, rec.Evidence)
		want(t, "of the folder", l.folder.evidence(rec.Run.ID), rec.Evidence)
		if line := rec.FinalLine(); !strings.HasSuffix(line, "; evidence "+rec.Evidence[:12]) {
			t.Errorf("the final line is %q", line)
		}
	}
	v, err := l.Verify(t.Context(), company, "")
	must(t, err)
	want(t, "findings", said(v), "")
	if _, err := pgtest.Connect(t, pgtest.As(t, url, "assignee_sync_ledger_writer")).Exec(t.Context(), "update sync_manifests set manifest = ''"); err == nil {
		t.Error("the writer may alter the chain")
	}
}

func TestARunThatTheDatabaseDidNotGetIsBroughtThereWithItsEvidence(t *testing.T) {
	url, dir := pgtest.Ledger(t), t.TempDir()
	alone := openBoth(t, dir, "")
	first, dry := endIn(t, alone, runOf(1, sync.CommandApply)), endIn(t, alone, runOf(2, sync.CommandPlan))
	l := openBoth(t, dir, url)
	brought, err := l.CatchUp(t.Context(), company, host)
	must(t, err)
	want(t, "brought", brought, []string{first.Run.ID, dry.Run.ID})
	second := endIn(t, l, runOf(3, sync.CommandApply))
	for _, rec := range []sync.Record{first, dry, second} {
		past, err := l.database.load(t.Context(), rec.Run.ID)
		must(t, err)
		want(t, "evidence", past.Evidence, rec.Evidence)
		want(t, "intents", len(past.Steps.Intents), 1)
	}
	brought, err = l.CatchUp(t.Context(), company, host)
	must(t, err)
	want(t, "brought again", len(brought), 0)
	none, err := l.CatchUp(t.Context(), "2", host)
	must(t, err)
	want(t, "another company's", len(none), 0)
}

// Whoever can write the folder can make all of it fit again; the database then shows it, and is not made to fit too.
func TestTheDatabaseShowsWhatWasForgedInTheFolder(t *testing.T) {
	url := pgtest.Ledger(t)
	for name, forge := range map[string]func(l *Ledger, dir string, last sync.Record){
		"the last run and its line are gone": func(l *Ledger, _ string, last sync.Record) {
			must(t, os.RemoveAll(l.folder.path(last.Run.ID)))
			cutChain(t, l.folder)
		},
		"all of it is gone": func(_ *Ledger, dir string, _ sync.Record) {
			must(t, os.RemoveAll(dir))
			must(t, os.Mkdir(dir, 0o700))
		},
		"the last run was altered and attested again": func(l *Ledger, dir string, last sync.Record) {
			must(t, os.WriteFile(filepath.Join(dir, last.Run.ID, changesFile), []byte("forged\n"), 0o600))
			cutChain(t, l.folder)
			_, err := l.folder.attest(last.Run, nil)
			must(t, err)
		},
		"a dry run was altered and attested again": func(l *Ledger, dir string, _ sync.Record) {
			dry := runOf(2, sync.CommandPlan)
			must(t, os.WriteFile(filepath.Join(dir, dry.ID, changesFile), []byte("forged\n"), 0o600))
			_, err := l.folder.attest(dry, nil)
			must(t, err)
		},
	} {
		t.Run(name, func(t *testing.T) {
			pgtest.Exec(t, url, "truncate sync_runs cascade; truncate sync_manifests")
			dir := t.TempDir()
			l := openBoth(t, dir, url)
			endIn(t, l, runOf(1, sync.CommandApply))
			endIn(t, l, runOf(2, sync.CommandPlan))
			last := endIn(t, l, runOf(3, sync.CommandApply))
			forge(l, dir, last)
			for range 2 { // before and after the next run has caught up
				v, err := l.Verify(t.Context(), company, "")
				must(t, err)
				if !strings.Contains(said(v), "database") {
					t.Errorf("got %q", said(v))
				}
				_, err = l.CatchUp(t.Context(), company, host)
				must(t, err)
			}
		})
	}
}

func TestTheRunsOfAnotherFolderAreToldAndAreNoFinding(t *testing.T) {
	url := pgtest.Ledger(t)
	here, there := openBoth(t, t.TempDir(), url), openBoth(t, t.TempDir(), url)
	endIn(t, here, runOf(1, sync.CommandApply))
	other := endIn(t, there, runOf(2, sync.CommandApply))
	v, err := here.Verify(t.Context(), company, "")
	must(t, err)
	want(t, "findings", said(v), "")
	want(t, "in short", v.InShort(), "1 run verified, 1 in the ledger database alone: verify them in the folder where they were made")
	v, err = here.Verify(t.Context(), company, other.Run.ID)
	must(t, err)
	if !strings.Contains(said(v), other.Run.ID+": the ledger database has it, and its files are not in this folder") || v.OK() {
		t.Errorf("got %q", said(v))
	}
}

// cutChain takes the last line away.
func cutChain(t *testing.T, l *folder) {
	t.Helper()
	c, err := l.readChain(company)
	must(t, err)
	must(t, os.Truncate(c.path, c.size-int64(len(c.head().text))))
}

func TestPruningTheDatabaseLeavesTheChain(t *testing.T) {
	url, dir := pgtest.Ledger(t), t.TempDir()
	l := openBoth(t, dir, url)
	l.keepDays = 5
	for i := 1; i <= 3; i++ {
		endIn(t, l, runOf(i, sync.CommandApply))
	}
	endIn(t, l, runOf(28, sync.CommandApply))
	runs, err := l.Runs(t.Context(), Filter{Company: company})
	must(t, err)
	want(t, "runs", ids(runs), []string{runOf(28, "").ID})
	v, err := l.Verify(t.Context(), company, "")
	must(t, err)
	want(t, "findings", said(v), "")
	want(t, "links", len(v.Runs), 4)
	var lines int
	must(t, pgtest.Connect(t, url).QueryRow(t.Context(), "select count(*) from sync_manifests").Scan(&lines))
	want(t, "links in the database", lines, 4)
}
