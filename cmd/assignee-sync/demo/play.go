// Package demo shows the whole job against the sandbox, step by step.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/report"
	"procore-assignee-sync/sync/report/check"
)

// Stage is what a demo runs on.
type Stage struct {
	Out    io.Writer
	Color  bool
	Job    func(context.Context) (j *job.Job, done func(), err error) // returns a job for the next step, as if it were a command of its own
	Ledger string                                                     // the folder of runs
	Kept   bool                                                       // whether the folder is kept
}

// Play shows the job step by step.
func Play(ctx context.Context, s Stage) error {
	d := &play{s}
	d.say("assignee-sync keeps the people in Procore's workflow groups equal to the teams that HR knows.")
	d.say("What follows is the whole job, on a simulated Procore that runs inside this command.")
	var runID string
	var seen *scene
	for _, act := range []func(*job.Job) error{
		func(j *job.Job) error { return d.hr(ctx, j) },
		func(j *job.Job) (err error) {
			seen, err = d.planned(ctx, j)
			return err
		},
		func(j *job.Job) (err error) {
			runID, err = d.applied(ctx, j)
			return err
		},
		func(j *job.Job) error { return d.look(ctx, j, seen) },
		func(j *job.Job) error { return d.again(ctx, j) },
		func(j *job.Job) error { return d.handedOver(ctx, j) },
	} {
		j, done, err := d.Job(ctx)
		if err != nil {
			return err
		}
		err = act(j)
		done()
		if err != nil {
			return err
		}
	}
	return d.behind(runID)
}

// play is a demo in progress.
type play struct{ Stage }

func (d *play) say(format string, args ...any) { fmt.Fprintf(d.Out, format+"\n", args...) }

// act begins the next step.
func (d *play) act(heading string) {
	if d.Color {
		heading = "\x1b[1m" + heading + "\x1b[0m"
	}
	d.say("\n%s\n", heading)
}

// hr shows what HR says.
func (d *play) hr(ctx context.Context, j *job.Job) error {
	d.act("1. What HR says")
	roster, err := j.Source(hrsource.Terms{Today: j.Today()}).Load(ctx)
	if err != nil {
		return err
	}
	r := check.New()
	r.Roster(roster, j.Today())
	return r.HRText(d.Out)
}

// planned shows the dry run, and returns the preset to look at afterwards.
func (d *play) planned(ctx context.Context, j *job.Job) (*scene, error) {
	d.act("2. What would change in Procore: `assignee-sync plan`, which changes nothing")
	rec, err := j.Plan(ctx)
	if err != nil {
		return nil, err
	}
	if err := report.Text(d.Out, rec, report.TextOptions{Color: d.Color}); err != nil {
		return nil, err
	}
	return newScene(ctx, j, rec.Plan)
}

// applied shows the run that writes, and returns its id.
func (d *play) applied(ctx context.Context, j *job.Job) (string, error) {
	d.act("3. Doing it: `assignee-sync apply`")
	d.say("Each preset is read again before it is written, its people as they were are kept on disk for `rollback`, and the")
	d.say("whole list is sent, since what is left out would be wiped. Groups that Procore fills go back as they came.\n")
	rec, err := j.Apply(ctx, job.ApplyRequest{})
	if err != nil {
		return "", err
	}
	if n := rec.Summary.Results; n.Failed+n.Conflict+n.NotAttempted > 0 || n.Applied == 0 {
		return "", fmt.Errorf("the demo's apply went wrong: %s", rec.Summary.Message)
	}
	if err := report.Text(d.Out, rec, report.TextOptions{Color: d.Color, ResultOnly: true}); err != nil {
		return "", err
	}
	d.say("\nThe command ends with: %s", rec.Summary.Message)
	d.say("4 rather than 0, since not all that HR wants could be done: what is left undone stands above, with what to do.")
	return rec.Run.ID, nil
}

// again plans a second time and finds nothing to do.
func (d *play) again(ctx context.Context, j *job.Job) error {
	d.act("5. Planning once more: running twice changes nothing the second time")
	rec, err := j.Plan(ctx)
	if err != nil {
		return err
	}
	if n := rec.Plan.Counts.PresetsToWrite; n > 0 {
		return fmt.Errorf("the demo's second plan would write %s", sync.Several(n, "preset"))
	}
	d.say("%s", rec.Summary.Message)
	return nil
}

// behind shows what a run leaves behind.
func (d *play) behind(runID string) error {
	d.act("7. What each run leaves behind, for whoever asks later")
	where := "runs"
	if d.Kept {
		where = d.Ledger
	}
	files, err := fs.Glob(os.DirFS(d.Ledger), runID+"/*")
	if err != nil || len(files) == 0 {
		return errors.Join(err, errors.New("the demo's plan left nothing behind"))
	}
	for _, f := range files {
		d.say("  %s", filepath.Join(where, f))
	}
	if d.Kept {
		d.say("\nOpen report.html in a browser; `LEDGER_DIR=%s assignee-sync runs` lists the runs.", where)
		return nil
	}
	d.say("\nThe demo has deleted them: `assignee-sync demo --keep DIR` keeps them, HR file and role map too.")
	return nil
}

// cells arranges names in two columns.
func cells(names []string) string {
	if len(names) == 0 {
		return "nobody"
	}
	return strings.Join(names, ", ")
}
