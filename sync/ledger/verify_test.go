package ledger

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
)

// nights leaves a folder with so many ended applies, a dry run after each second one, and another company's run.
func nights(t testing.TB, n int) *folder {
	t.Helper()
	l := tempLedger(t)
	for i := 1; i <= n; i++ {
		ended(t, l, runOf(i, sync.CommandApply))
		if i%2 == 0 {
			dry := runOf(i, sync.CommandPlan)
			dry.ID = sync.NewRunID(night(i).Add(1), func() uint32 { return uint32(100 + i) })
			ended(t, l, dry)
		}
	}
	other := runOf(n+1, sync.CommandApply)
	other.Company = "2"
	ended(t, l, other)
	return l
}

// ended leaves a run behind with a plan, a journal and changes.
func ended(t testing.TB, l *folder, run sync.Run) {
	t.Helper()
	f := create(t, l, run)
	plan := samplePlan("1")
	plan.Company = run.Company
	must(t, f.writePlan(sync.PlanFile{RunID: run.ID, CreatedAt: run.StartedAt, Plan: plan}))
	must(t, f.journal.Intent(intent("1")))
	finish(t, f, run, true)
}

func verified(t testing.TB, l *folder, runID string) report.Verification {
	t.Helper()
	v, err := whole(l).Verify(t.Context(), "", runID)
	must(t, err)
	return v
}

// said joins all findings.
func said(v report.Verification) string {
	list := slices.Clone(v.Findings)
	for _, r := range v.Runs {
		for _, f := range r.Findings {
			list = append(list, r.RunID+": "+f)
		}
	}
	return strings.Join(list, "\n")
}

func TestWhatNobodyTouchedIsVerified(t *testing.T) {
	l := nights(t, 4)
	v := verified(t, l, "")
	want(t, "findings", said(v), "")
	want(t, "runs", len(v.Runs), 7)
	for _, r := range v.Runs {
		want(t, r.RunID, r.State, report.Verified)
	}
	one := verified(t, l, runOf(3, "").ID).Runs[0]
	want(t, "link", one.Number, 3)
	want(t, "after", one.Previous, runOf(2, "").ID)
	want(t, "evidence", one.Evidence, l.evidence(runOf(3, "").ID))
	if _, err := whole(l).Verify(t.Context(), "", runOf(20, "").ID); err == nil {
		t.Error("a run that is not there was verified")
	}
}

// runFiles are all files of all runs.
func runFiles(t testing.TB, l *folder) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(l.dir, "2*", "*"))
	must(t, err)
	return files
}

func TestAnyByteOfAnyFileOfAnyRunThatWasChangedIsFound(t *testing.T) {
	l := nights(t, 3)
	files := runFiles(t, l)
	rapid.Check(t, func(rt *rapid.T) {
		path := rapid.SampledFrom(files).Draw(rt, "file")
		before, err := os.ReadFile(path)
		must(t, err)
		at := rapid.IntRange(0, len(before)-1).Draw(rt, "at")
		after := slices.Clone(before)
		after[at] ^= byte(rapid.IntRange(1, 255).Draw(rt, "by"))
		must(t, os.WriteFile(path, after, 0o600))
		defer func() { must(t, os.WriteFile(path, before, 0o600)) }()
		run := filepath.Base(filepath.Dir(path))
		if v := verified(t, l, ""); v.OK() || !strings.Contains(said(v), run) {
			rt.Fatalf("%s of %s, byte %d, %q for %q: %s", filepath.Base(path), run, at, after[at], before[at], said(v))
		}
	})
	want(t, "afterwards", said(verified(t, l, "")), "")
}

func TestAnyFileOfAnyRunThatWasRemovedEmptiedOrAddedIsFound(t *testing.T) {
	l := nights(t, 2)
	for _, path := range runFiles(t, l) {
		before, err := os.ReadFile(path)
		must(t, err)
		for what, do := range map[string]func() error{
			"removed": func() error { return os.Remove(path) },
			"emptied": func() error { return os.Truncate(path, 0) },
			"longer":  func() error { return os.WriteFile(path, append(slices.Clone(before), '\n'), 0o600) },
		} {
			must(t, do())
			if v := verified(t, l, ""); v.OK() {
				t.Errorf("%s %s: nothing was found", path, what)
			}
			must(t, os.WriteFile(path, before, 0o600))
		}
		extra := filepath.Join(filepath.Dir(path), "running.csv")
		must(t, os.WriteFile(extra, []byte("x"), 0o600))
		if v := verified(t, l, ""); !strings.Contains(said(v), "running.csv was added") {
			t.Errorf("%s: %s", extra, said(v))
		}
		must(t, os.Remove(extra))
	}
	want(t, "afterwards", said(verified(t, l, "")), "")
}

func TestAnyRunThatWasRemovedOrPutIntoAnothersPlaceIsFound(t *testing.T) {
	l := nights(t, 4)
	for i := 1; i <= 4; i++ {
		aside := filepath.Join(l.dir, "aside")
		must(t, os.Rename(l.path(runOf(i, "").ID), aside))
		if v := verified(t, l, ""); !strings.Contains(said(v), runOf(i, "").ID+": the run is missing") {
			t.Errorf("run %d: %s", i, said(v))
		}
		for j := 1; j <= 4; j++ {
			if i == j {
				continue
			}
			must(t, os.Rename(l.path(runOf(j, "").ID), l.path(runOf(i, "").ID)))
			if v := verified(t, l, ""); !strings.Contains(said(v), runOf(j, "").ID+": the run is missing") || !strings.Contains(said(v), runOf(i, "").ID+": "+manifestFile+" was altered") {
				t.Errorf("run %d in the place of run %d: %s", j, i, said(v))
			}
			must(t, os.Rename(l.path(runOf(i, "").ID), l.path(runOf(j, "").ID)))
		}
		must(t, os.Rename(aside, l.path(runOf(i, "").ID)))
	}
	want(t, "afterwards", said(verified(t, l, "")), "")
}

func TestAChainOfAnotherOrderOrWithALineLessIsFound(t *testing.T) {
	l := nights(t, 4)
	path := l.chainPath(company)
	text, err := os.ReadFile(path)
	must(t, err)
	lines := slices.Collect(strings.Lines(string(text)))
	rapid.Check(t, func(rt *rapid.T) {
		other := rapid.Permutation(lines).Draw(rt, "lines")
		other = other[:rapid.IntRange(0, len(other)).Draw(rt, "kept")]
		if slices.Equal(other, lines) {
			return
		}
		must(t, os.WriteFile(path, []byte(strings.Join(other, "")), 0o600))
		v := verified(t, l, "")
		if slices.Equal(other, lines[:len(other)]) && len(other) == len(lines)-1 {
			// As where the last run was killed before it could add its line: its manifest says where it belongs.
			if !v.OK() {
				rt.Fatalf("the last line alone: %s", said(v))
			}
			return
		}
		if v.OK() {
			rt.Fatalf("%d lines of another order: nothing was found", len(other))
		}
	})
}

// forged is a ledger in which somebody altered a run and made all manifests and the chain fit again.
func TestADatabaseKnowsWhatAWholeForgedFolderDoesNotShow(t *testing.T) {
	l := nights(t, 2)
	v := &verification{folder: l, company: company, stored: map[linkPlace]string{}, known: map[string]string{}}
	var err error
	v.chain, err = l.readChain(company)
	must(t, err)
	for _, link := range v.chain.links {
		v.stored[linkPlace{link.ChainID, link.Number}] = string(link.text)
		v.known[link.RunID] = link.digest
	}
	v.verify()
	want(t, "findings before", said(report.Verification{Runs: v.runs, Findings: v.findings}), "")

	// The last run and its line are cut away.
	last := v.chain.links[1]
	must(t, os.RemoveAll(l.path(last.RunID)))
	must(t, os.WriteFile(l.chainPath(company), v.chain.links[0].text, 0o600))
	want(t, "what the folder alone shows", said(verified(t, l, "")), "")
	v.runs = nil
	v.chain, err = l.readChain(company)
	must(t, err)
	v.verify()
	if all := said(report.Verification{Runs: v.runs}); !strings.Contains(all, last.RunID+": the run is missing: the ledger database has it") {
		t.Error(all)
	}
}

func TestPruningAndInterruptedRunsAreNoFinding(t *testing.T) {
	l := nights(t, 4)
	last := runOf(10, sync.CommandApply)
	f := create(t, l, last)
	last.FinishedAt = last.StartedAt
	must(t, f.finish(sync.Record{Run: last, Plan: &sync.Plan{}, Summary: sync.Summary{Run: last, Outcome: sync.Done, Passed: true}}))
	old, err := l.old(last, 1, night(28))
	must(t, err)
	_, err = l.attest(last, old)
	must(t, err)
	must(t, l.remove(old, night(28)))
	v := verified(t, l, "")
	want(t, "findings", said(v), "")
	states := map[report.EvidenceState]int{}
	for _, r := range v.Runs {
		states[r.State]++
	}
	want(t, "states", states, map[report.EvidenceState]int{report.DeletedByAge: 4, report.Verified: 2})

	// A run is killed, and the next closes it.
	run := runOf(12, sync.CommandApply)
	f = create(t, l, run)
	must(t, f.writePlan(sync.PlanFile{RunID: run.ID, Plan: samplePlan("1")}))
	must(t, f.journal.Intent(intent("1")))
	l = again(t, l)
	v = verified(t, l, run.ID)
	want(t, "state of the killed one", v.Runs[0].State, report.StillOpen)
	want(t, "findings", said(v), "")
	closeRun(t, l, run, nil)
	v = verified(t, l, run.ID)
	want(t, "state of the closed one", v.Runs[0].State, report.Verified)
	want(t, "link", v.Runs[0].Number, 6)
}

// again is the ledger as a later process opens it.
func again(t testing.TB, l *folder) *folder {
	t.Helper()
	next, err := openFolder(l.dir)
	must(t, err)
	next.now = l.now
	return next
}

func TestARunKilledBetweenItsLastLineAndTheChainIsCompletedByTheNext(t *testing.T) {
	for name, die := range map[string]func(*folder, sync.Run){
		"before its manifest": func(l *folder, run sync.Run) { must(t, os.Remove(filepath.Join(l.path(run.ID), manifestFile))) },
		"before the chain":    func(*folder, sync.Run) {},
		"within the chain's line": func(l *folder, _ sync.Run) {
			text, err := os.ReadFile(l.chainPath(company))
			must(t, err)
			must(t, os.WriteFile(l.chainPath(company), append(text, `{"schema":1,"run`...), 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := nights(t, 2)
			text, err := os.ReadFile(l.chainPath(company))
			must(t, err)
			run := runOf(5, sync.CommandApply)
			ended(t, l, run)
			must(t, os.WriteFile(l.chainPath(company), text, 0o600)) // its line is not there yet
			die(l, run)
			l = again(t, l)
			want(t, "findings before", said(verified(t, l, "")), "")
			open, err := l.interrupted(company, host)
			must(t, err)
			want(t, "to be completed", len(open), 1)
			rec, err := whole(l).CloseInterrupted(t.Context(), open[0], Looks{})
			must(t, err)
			want(t, "outcome", rec.Summary.Outcome, sync.Done)
			want(t, "evidence", rec.Evidence, l.evidence(run.ID))
			open, err = l.interrupted(company, host)
			must(t, err)
			want(t, "to be completed afterwards", len(open), 0)
			v := verified(t, l, run.ID)
			want(t, "findings", said(v), "")
			want(t, "link", v.Runs[0].Number, 3)
		})
	}
}

func TestARunOfAnEarlierVersionHasNoManifestAndGetsNone(t *testing.T) {
	l := tempLedger(t)
	run := runOf(1, sync.CommandApply)
	finish(t, create(t, l, run), run, true)
	must(t, os.Remove(filepath.Join(l.path(run.ID), manifestFile)))
	must(t, os.Remove(l.chainPath(company)))
	text, err := os.ReadFile(l.journalPath(run.ID))
	must(t, err)
	must(t, os.WriteFile(l.journalPath(run.ID), []byte(strings.Replace(string(text), `,"manifest":true`, "", 1)), 0o600))
	l = again(t, l)
	open, err := l.interrupted(company, host)
	must(t, err)
	want(t, "to be closed", len(open), 0)
	want(t, "state", verified(t, l, run.ID).Runs[0].State, report.NoEvidence)
}

func TestEachCompanyHasAChainOfItsOwnWhateverTheHost(t *testing.T) {
	l := tempLedger(t)
	for i, of := range []struct {
		company procore.CompanyID
		host    string
	}{{company, host}, {"2/../x", host}, {company, "sandbox.example.com"}} {
		run := runOf(i+1, sync.CommandApply)
		run.Company, run.Host = of.company, of.host
		ended(t, l, run)
	}
	for i, number := range []int{1, 1, 2} {
		want(t, fmt.Sprint("run ", i+1), verified(t, l, runOf(i+1, "").ID).Runs[0].Number, number)
	}
	mine, err := whole(l).Verify(t.Context(), "2/../x", "")
	must(t, err)
	want(t, "runs of the other company", len(mine.Runs), 1)
	must(t, filepath.WalkDir(filepath.Dir(l.dir), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasPrefix(path, l.dir) {
			t.Errorf("%s is outside of the ledger", path)
		}
		return err
	}))
}

// Whatever somebody makes of the files, verifying ends with an answer.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(`{"schema":1,"run_id":"x","company_id":"1","files":{}}` + "\n"))
	f.Add([]byte("{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := decodeManifest(text)
		if err != nil {
			return
		}
		again, err := m.encode()
		if err != nil || string(again) != string(text) {
			t.Errorf("%q became %q, %v", text, again, err)
		}
	})
}
