package running

import (
	"context"
	"errors"
	"iter"
	"slices"
	gosync "sync"
	"time"

	"golang.org/x/sync/errgroup"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Reader is the part of Procore that looking needs. *procore.Client implements it.
type Reader interface {
	Instances(context.Context, procore.AssigneeScope, procore.InstanceFilter) iter.Seq2[procore.InstanceSummary, error]
	Instance(context.Context, procore.InstanceRef) (procore.Instance, error)
	Presets(context.Context, procore.AssigneeScope) iter.Seq2[procore.PresetSummary, error]
	Preset(context.Context, procore.PresetRef) (procore.Preset, error)
	Version(context.Context, procore.VersionID) (procore.TemplateVersion, error)
}

// LookOptions say how to look.
type LookOptions struct {
	Managed []sync.ManagedGroup // the groups that the role map fills

	// Templates lists all templates. It is called at most once, and only if a list of presets leaves out their names.
	// If it is nil, they stay unknown.
	Templates func(context.Context) ([]procore.Template, error)

	Concurrency int // places looked at concurrently; default 1
	Now         time.Time
	All         bool // look for everybody on the list, not only those who are due

	// Room reports whether the limits leave room for another call; nil means that they do.
	Room func() bool
	// Progress is called with how many places are done. It may be nil.
	Progress func(done, total int)
}

// Findings is the result of a look.
type Findings struct {
	// Waiting holds the people for whom a workflow waits, and the places that could not be read or were not looked at;
	// sorted.
	Waiting []sync.Waiting
	// List is the watch list after the look, without those for whom nothing can be waiting any more.
	List WatchList
}

// Look looks for everybody on the watch list who is due. Procore's lists are only a hint: each workflow that they name
// is read, and what was read decides. Failures are in the findings. Nothing is written.
func Look(ctx context.Context, r Reader, list WatchList, opts LookOptions) Findings {
	due := list
	if !opts.All {
		due = list.Due(opts.Now)
	}
	looked := map[entryKey]bool{}
	for _, e := range due {
		looked[e.key()] = true
	}
	var out Findings
	for _, e := range list {
		if !looked[e.key()] {
			out.List = append(out.List, e)
		}
	}
	places := due.places()
	found := make([]Findings, len(places))
	done := sync.NewProgress(opts.Progress, len(places))
	var g errgroup.Group
	g.SetLimit(max(1, opts.Concurrency))
	versions := newVersions(r)
	templates := gosync.OnceValues(func() ([]procore.Template, error) {
		if opts.Templates == nil {
			return nil, nil
		}
		return opts.Templates(ctx)
	})
	for i, place := range places {
		g.Go(func() error {
			defer done.Step()
			v := &view{Reader: r, opts: opts, versions: versions, templates: templates, scope: place[0].Scope()}
			found[i] = v.look(ctx, place)
			return nil
		})
	}
	_ = g.Wait() // each place reports what went wrong with it
	for _, f := range found {
		out.Waiting = append(out.Waiting, f.Waiting...)
		out.List = append(out.List, f.List...)
	}
	sync.SortWaiting(out.Waiting)
	out.List.sort()
	return out
}

// errNoRoom is the error of a call for which the limits leave no room.
var errNoRoom = errors.New("the hour's limit (less PROCORE_RESERVE_PERCENT) or SYNC_MAX_DURATION leaves no room to look: " +
	"the next run looks")

// look looks at one place for those on the list. If nothing there is old enough for anybody, it does not look for them
// one by one. If something was waiting for them at the last look, it checks that only once nothing is waiting any more.
func (v *view) look(ctx context.Context, list WatchList) Findings {
	var out Findings
	for _, e := range list {
		over := false
		var err error
		if !e.Waits {
			over, err = v.isOver(ctx, e.Since)
		}
		var rows []sync.Waiting
		if err == nil && !over {
			rows, err = v.person(ctx, e)
		}
		if err == nil && len(rows) == 0 && e.Waits {
			over, err = v.isOver(ctx, e.Since)
		}
		out.Waiting = append(out.Waiting, rows...)
		switch {
		case err != nil:
			failed := v.unseen(WatchList{e}, err)
			out.Waiting = append(out.Waiting, failed.Waiting...)
			out.List = append(out.List, failed.List...)
		case !over:
			out.List = append(out.List, e.after(rows, v.opts.Now))
		}
	}
	return out
}

// after returns the entry after a look that found these rows.
func (w Watched) after(rows []sync.Waiting, now time.Time) Watched {
	w.Waits = slices.ContainsFunc(rows, func(row sync.Waiting) bool { return row.State == sync.Waits })
	w.Next = time.Time{}
	if len(rows) == 0 {
		w.Next = now.Add(lookAgainAfter).UTC()
	}
	return w
}

// isOver reports whether every workflow still running in the place started after a removal, and so copied a preset
// without the person. The place is listed once.
func (v *view) isOver(ctx context.Context, since time.Time) (bool, error) {
	if !v.listed {
		v.running, v.notListed = v.active(ctx, "")
		v.listed = true
	}
	return v.notListed == nil && !anyOlder(v.running, since), v.notListed
}

// active lists the running workflows of the place, either all or those of one person.
func (v *view) active(ctx context.Context, person procore.LoginID) ([]procore.InstanceSummary, error) {
	if err := v.room(); err != nil {
		return nil, err
	}
	return collect(v.Instances(ctx, v.scope, procore.InstanceFilter{Active: true, Assignee: person}))
}

func (v *view) room() error {
	if v.opts.Room != nil && !v.opts.Room() {
		return errNoRoom
	}
	return nil
}

// clocksDiffer is how much Procore's clock and this machine's may differ.
const clocksDiffer = 5 * time.Minute

// anyOlder reports whether a workflow may have started before the given moment, which was measured by another clock. A
// workflow that does not say when it started counts as old.
func anyOlder(active []procore.InstanceSummary, since time.Time) bool {
	for _, i := range active {
		if i.StartedAt.IsZero() || i.StartedAt.Before(since.Add(clocksDiffer)) {
			return true
		}
	}
	return false
}

// unseen records for each entry that the person was not looked for, or could not be. All of them stay on the list.
func (v *view) unseen(list WatchList, err error) Findings {
	state := sync.WaitUnreadable
	if notLooked(err) {
		state = sync.WaitNotLooked
	}
	out := Findings{List: list}
	for _, e := range list {
		row := rowOf(e)
		row.State, row.Error = state, err.Error()
		out.Waiting = append(out.Waiting, row)
	}
	return out
}

// notLooked reports whether there was no room for a look, rather than a refusal by Procore.
func notLooked(err error) bool {
	var budget *procore.BudgetError
	return errors.Is(err, errNoRoom) || errors.As(err, &budget) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func rowOf(e Watched) sync.Waiting {
	reason := procore.ReasonLeftProject
	if e.Left {
		reason = procore.ReasonLeftCompany
	}
	return sync.Waiting{
		Project: e.Project, ProjectNumber: e.ProjectNumber, ProjectName: e.ProjectName, Tool: e.Tool, Person: e.Person, Reason: reason,
	}
}

func collect[T any](list iter.Seq2[T, error]) ([]T, error) {
	var out []T
	for v, err := range list {
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}
