package job

import (
	"context"
	"fmt"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/planner"
	"procore-assignee-sync/sync/snapshot"
)

// inputs reads everything that a plan is made from: HR first, since it fails sooner and costs nothing.
func (r *run) inputs(ctx context.Context) (planner.Inputs, error) {
	in := planner.Inputs{Policy: r.Policy, Accepted: r.Accepted, Separation: r.Separation, Now: r.rec.Run.StartedAt}
	in.Today = r.today()
	err := r.phase("hr", func() (err error) {
		if in.RoleMap, err = r.LoadRoleMap(ctx); err != nil {
			return fmt.Errorf("the role map: %w", err)
		}
		in.Roster, err = r.Source(in.RoleMap.Terms(in.Today)).Load(ctx)
		return err
	})
	if err != nil {
		return in, err
	}
	if in.Baseline, err = r.Ledger.Baseline(ctx, r.Company, r.Host, in.Roster.Key); err != nil {
		return in, err
	}
	r.beginWith(in.Baseline)
	err = r.phase("snapshot", func() error { return r.read(ctx, &in) })
	return in, err
}

// read fills the snapshot, possible assignees included.
func (r *run) read(ctx context.Context, in *planner.Inputs) error {
	ctx, cancel := r.withDeadline(ctx)
	defer cancel()
	opts := r.readOptions()
	opts.All = in.Baseline.Last == nil
	s, known, err := snapshot.Read(ctx, r.Procore, opts, func(s *sync.Snapshot) sync.Needs {
		in.Snapshot = s
		return planner.Needed(*in)
	})
	if err != nil {
		return err
	}
	known.Hourly = r.known.Hourly
	in.Snapshot, r.known = s, known
	r.rec.Run.CompanyName = companyName(s.Projects)
	r.lookedAt, r.partial, r.presets = s.LookedAt, s.Partial(), s.Reading()
	return nil
}

// companyName returns the company's name as the projects give it.
func companyName(projects []procore.Project) string {
	for _, p := range projects {
		if p.CompanyName != "" {
			return p.CompanyName
		}
	}
	return ""
}

// today returns the day on which the run began.
func (r *run) today() hrsource.Date { return hrsource.DateOf(r.rec.Run.StartedAt.In(r.location())) }

func (j *Job) location() *time.Location {
	if j.Location == nil {
		return time.UTC
	}
	return j.Location
}

func (r *run) readOptions() snapshot.Options {
	opts := snapshot.Options{
		Company:     r.Company,
		Host:        r.Host,
		Templates:   r.Templates,
		Projects:    r.Projects,
		Concurrency: r.Concurrency,
		ReadDays:    r.ReadDays,
		Place:       r.location(),
		Forecast:    r.forecast,
		Now:         r.now,
		Progress:    r.Progress,
	}
	if r.MaxDuration > 0 {
		opts.PresetsBy = r.rec.Run.StartedAt.Add(time.Duration(readShare * float64(r.MaxDuration)))
	}
	if !r.Refresh {
		opts.Memory = r.known
	}
	return opts
}

// readShare is the share of SYNC_MAX_DURATION that may be spent on reading presets; the rest is for writing. What is
// not read in time is left to the next run.
const readShare = 0.6

// beginWith makes the apply begin with the presets that the last one did not get to.
func (r *run) beginWith(b sync.Baseline) {
	if b.Last != nil {
		r.first = b.Last.Unattempted
	}
}
