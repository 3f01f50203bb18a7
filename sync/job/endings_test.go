package job_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	reports "procore-assignee-sync/sync/report"
)

func TestAPersonIsAskedAboutAPlanAndNotToldThatItIsDone(t *testing.T) {
	o := demoOffice(t)
	shown := ""
	o.confirm = func(rec sync.Record) (bool, error) {
		var b bytes.Buffer
		err := reports.Text(&b, rec, reports.TextOptions{})
		shown = b.String()
		return false, err
	}
	e := o.apply(job.ApplyRequest{})
	if !strings.HasPrefix(shown, "Plan: ") || strings.Contains(shown, "Applied") || strings.Contains(shown, "applied") {
		t.Errorf("what is shown before the answer:\n%s", shown)
	}
	e.expect(t, sync.ExitFailed, sync.RunFailed, "not confirmed", "nothing was written")
	o.expectWrites(0)
	if e.Summary.Results.NotAttempted == 0 || e.Summary.Results.Planned > 0 || e.Summary.Passed {
		t.Errorf("results %+v, passed %v", e.Summary.Results, e.Summary.Passed)
	}
}

func TestWhereNothingIsToBeSentNobodyIsAsked(t *testing.T) {
	o := demoOffice(t)
	o.apply(job.ApplyRequest{})
	writes := len(o.server.History())
	o.confirm = func(sync.Record) (bool, error) {
		t.Error("somebody was asked")
		return false, nil
	}
	e := o.apply(job.ApplyRequest{})
	e.expect(t, sync.ExitIncomplete, sync.Incomplete, "0 applied in 0 presets")
	o.expectWrites(writes)
	if !e.Summary.Passed {
		t.Error("it has not passed")
	}
}

func TestWhoApprovedAndWhyIsRecordedAlsoWhereItWasNotSaid(t *testing.T) {
	o := demoOffice(t)
	o.firstRun = false
	digest := o.plan().Plan.Digest[:12]
	e := o.apply(job.ApplyRequest{Approve: digest})
	if run := e.Summary.Run; run.ApprovedBy != sync.NotGiven || run.Reason != sync.NotGiven {
		t.Errorf("approved by %q, since %q", run.ApprovedBy, run.Reason)
	}
	e = o.apply(job.ApplyRequest{Reason: "the nightly run"})
	if run := e.Summary.Run; run.ApprovedBy != "" || run.Reason != "the nightly run" {
		t.Errorf("approved by %q, since %q", run.ApprovedBy, run.Reason)
	}
	var text bytes.Buffer
	if err := reports.Text(&text, e.Record, reports.TextOptions{}); err != nil || !strings.Contains(text.String(), "Reason    the nightly run") {
		t.Errorf("%v; the reason is not told:\n%s", err, &text)
	}
}

// Passed are unfiltered applies that no gate refused, or that were approved, and that ended 0 or 4.
func TestWhichRunsPass(t *testing.T) {
	approved := func(o *office) ended {
		o.firstRun = false
		return o.apply(job.ApplyRequest{Approve: o.plan().Plan.Digest[:12], Reason: "looked through"})
	}
	for name, c := range map[string]struct {
		run  func(o *office) ended
		want bool
	}{
		"an apply":        {func(o *office) ended { return o.apply(job.ApplyRequest{}) }, true},
		"a dry run":       {func(o *office) ended { return o.plan() }, false},
		"a saved plan":    {func(o *office) ended { return o.apply(job.ApplyRequest{Saved: o.saved()}) }, true},
		"an approved one": {approved, true},
		"a refused one": {func(o *office) ended {
			o.firstRun = false
			return o.apply(job.ApplyRequest{})
		}, false},
		"one approved by another plan's digest": {func(o *office) ended {
			return o.apply(job.ApplyRequest{Approve: strings.Repeat("0", 12)})
		}, false},
		"a filtered one": {func(o *office) ended {
			o.projects = []string{"24-017"}
			return o.apply(job.ApplyRequest{})
		}, false},
		"a saved plan of a filtered dry run": {func(o *office) ended {
			o.projects = []string{"24-017"}
			saved := o.saved()
			o.projects = nil
			return o.apply(job.ApplyRequest{Saved: saved})
		}, false},
		"a rollback": {func(o *office) ended {
			return end(o.job().Rollback(context.Background(), o.apply(job.ApplyRequest{}).Run.ID, job.ApplyRequest{}))
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if e := c.run(demoOffice(t)); e.Summary.Passed != c.want {
				t.Errorf("passed: %v, after %s", e.Summary.Passed, e.Summary.Message)
			}
		})
	}
}

func TestASavedPlanThatIsTooOldSaysSo(t *testing.T) {
	o := demoOffice(t)
	saved := o.saved()
	saved.CreatedAt = saved.CreatedAt.Add(-job.MaxPlanAge - time.Minute)
	e := o.apply(job.ApplyRequest{Saved: saved})
	e.expect(t, sync.ExitRefused, sync.Refused, "the saved plan is too old; nothing was written")
	expectError(t, e.err, "24 h 1 min old", "plan --out")
	o.expectWrites(0)
}

func TestWhatWasSoAlreadyIsNotToldAsApplied(t *testing.T) {
	o := demoOffice(t)
	saved := o.saved()
	first := o.apply(job.ApplyRequest{Saved: saved})
	writes := len(o.server.History())
	e := o.apply(job.ApplyRequest{Saved: saved})
	e.expect(t, sync.ExitIncomplete, sync.Incomplete, fmt.Sprintf("0 applied in 0 presets, %d already so", first.Summary.Results.Applied))
	o.expectWrites(writes)
	var b bytes.Buffer
	if err := reports.Text(&b, e.Record, reports.TextOptions{}); err != nil || !strings.HasPrefix(b.String(), "Nothing was applied; ") {
		t.Errorf("error %v, the report:\n%s", err, b.String())
	}
}

func TestAnIncompleteRunSaysWhetherNothingButStandingExceptionsIsLeft(t *testing.T) {
	for name, c := range map[string]struct {
		faults   []sandbox.Fault
		standing bool
	}{
		"people whom Procore does not know": {nil, true},
		"a write that failed, too":          {[]sandbox.Fault{{Kind: sandbox.FaultStatus, Status: 422, On: "PATCH */assignees", Nth: 2}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			e := demoOffice(t, c.faults...).apply(job.ApplyRequest{})
			e.expect(t, sync.ExitIncomplete, sync.Incomplete, "not_in_procore 2")
			if got := strings.Contains(e.Summary.Message, "; standing exceptions: "); got != c.standing {
				t.Errorf("the final line is %q", e.Summary.Message)
			}
		})
	}
}

func TestAnAnswerThatNeverComesIsAFailureAndNotTheEndOfTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		untilOfficeDay()
		o := demoOffice(t, sandbox.Fault{Kind: sandbox.FaultTimeout, On: "listWorkflowTemplates"})
		o.maxDuration = time.Hour
		e := o.apply(job.ApplyRequest{})
		e.expect(t, sync.ExitFailed, sync.RunFailed, "before anything was written")
		expectError(t, e.err, "no answer")
	})
}

func TestNothingReadInTimeIsNoVerdictOfAGate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		untilOfficeDay()
		o := newOffice(t, sandbox.DemoSample(), sandbox.Options{Latency: time.Second})
		o.maxDuration = 5 * time.Second
		e := o.apply(job.ApplyRequest{})
		e.expect(t, sync.ExitIncomplete, sync.Incomplete, "stopped before anything was written")
		expectError(t, e.err, "SYNC_MAX_DURATION")
		o.plan().expect(t, sync.ExitFailed, sync.RunFailed)
		o.expectWrites(0)
	})
}

func TestADryRunIsNeverIncomplete(t *testing.T) {
	o := demoOffice(t)
	ctx, cancel := context.WithCancel(context.Background())
	o.atLoad = func(string) { cancel() }
	end(o.job().Plan(ctx)).expect(t, sync.ExitFailed, sync.RunFailed)
	o = demoOffice(t)
	ctx, cancel = context.WithCancel(context.Background())
	o.atLoad = func(string) { cancel() }
	end(o.job().Apply(ctx, job.ApplyRequest{})).expect(t, sync.ExitIncomplete, sync.Incomplete, "stopped before anything was written")
	o.expectWrites(0)
}

func TestARunThatIsToldToStopAfterItsLastWriteSaysWhyItIsIncomplete(t *testing.T) {
	o := demoOffice(t)
	ctx, cancel := context.WithCancel(context.Background())
	j := o.job()
	j.Progress = func(phase string, done, total int) {
		if phase == "apply" && total > 0 && done == total {
			cancel()
		}
	}
	end(j.Apply(ctx, job.ApplyRequest{})).expect(t, sync.ExitIncomplete, sync.Incomplete, "stopped: the run was told to stop")
}

// Where the disk fails, what went wrong first is told beside the reports that could not be written.
func TestTheCauseIsToldBesideTheTroubleWithItsRecord(t *testing.T) {
	o := demoOffice(t)
	o.atLoad = func(runID string) {
		if err := os.RemoveAll(filepath.Join(o.dir, runID)); err != nil {
			t.Error(err)
		}
	}
	e := o.apply(job.ApplyRequest{})
	e.expect(t, sync.ExitFailed, sync.RunFailed, "before anything was written", "the record of the run is not whole")
	expectError(t, e.err, "store the plan", "write the run's reports")
	if strings.Contains(e.Summary.Message, o.dir) {
		t.Errorf("the final line quotes an error: %s", e.Summary.Message)
	}
	o.expectWrites(0)
}

func TestARunWithoutItsJournalIsNotRolledBack(t *testing.T) {
	o := demoOffice(t)
	first := o.apply(job.ApplyRequest{})
	writes := len(o.server.History())
	path := filepath.Join(o.dir, first.Run.ID, "journal.jsonl")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	lines := bytes.SplitAfter(bytes.TrimSpace(text), []byte("\n"))
	if err := os.WriteFile(path, append(append([]byte{}, lines[0]...), append(lines[len(lines)-1], '\n')...), 0o600); err != nil {
		t.Fatal(err)
	}
	e := end(o.job().Rollback(context.Background(), first.Run.ID, job.ApplyRequest{}))
	e.expect(t, sync.ExitFailed, sync.RunFailed)
	expectError(t, e.err, "no journal")
	o.expectWrites(writes)
}
