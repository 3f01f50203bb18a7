package running

import (
	"context"
	"errors"
	"iter"
	"time"

	"golang.org/x/sync/errgroup"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Reader is what looking needs of Procore. *procore.Client is one.
type Reader interface {
	Instances(context.Context, procore.AssigneeScope, procore.InstanceFilter) iter.Seq2[procore.InstanceSummary, error]
	Instance(context.Context, procore.InstanceRef) (procore.Instance, error)
	Presets(context.Context, procore.AssigneeScope) iter.Seq2[procore.PresetSummary, error]
	Preset(context.Context, procore.PresetRef) (procore.Preset, error)
	Version(context.Context, procore.VersionID) (procore.TemplateVersion, error)
}

// LookOptions say how to look.
type LookOptions struct {
	Managed     []sync.ManagedGroup // the groups that the role map fills
	Templates   []procore.Template  // for their names, where a list of presets leaves them out
	Concurrency int                 // places looked at at once; 1
	Now         time.Time
	All         bool // look for everybody on the list, not only for those who are due

	// Room reports whether the limits leave room for another call; nil: they do.
	Room func() bool
	// Progress is told how many places are done. nil: nobody is.
	Progress func(done, total int)
}

// Findings is what a look came to.
type Findings struct {
	// Waiting holds those for whom a workflow waits, and what could not be read or was not looked at; sorted.
	Waiting []sync.Waiting
	// List is the watch list after the look: without those for whom nothing can wait any more.
	List WatchList
}

// Look looks for everybody on the watch list who is due. Procore's lists are taken as a hint, and each workflow that
// they name is read: what was read is the truth. What fails is in the findings; nothing is written.
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
	done := newProgress(opts.Progress, len(places))
	var g errgroup.Group
	g.SetLimit(max(1, opts.Concurrency))
	versions := newVersions(r)
	for i, place := range places {
		g.Go(func() error {
			defer done.step()
			v := &view{Reader: r, opts: opts, versions: versions, scope: place[0].Scope()}
			found[i] = v.look(ctx, place)
			return nil
		})
	}
	_ = g.Wait() // each place says what went wrong with it
	for _, f := range found {
		out.Waiting = append(out.Waiting, f.Waiting...)
		out.List = append(out.List, f.List...)
	}
	sync.SortWaiting(out.Waiting)
	out.List.sort()
	return out
}

// errNoRoom is a call that the limits leave no room for.
var errNoRoom = errors.New("the hour's limit (less PROCORE_RESERVE_PERCENT) or SYNC_MAX_DURATION leaves no room to look: " +
	"the next run looks")

// look looks at one place for those on the list.
func (v *view) look(ctx context.Context, list WatchList) Findings {
	active, err := v.active(ctx, "")
	if err != nil {
		return v.unseen(list, err)
	}
	var out Findings
	for _, e := range list {
		if !anyOlder(active, e.Since) {
			continue // every workflow that still runs has copied a preset without them
		}
		rows, err := v.person(ctx, e)
		out.Waiting = append(out.Waiting, rows...)
		if err != nil {
			failed := v.unseen(WatchList{e}, err)
			out.Waiting = append(out.Waiting, failed.Waiting...)
			out.List = append(out.List, failed.List...)
			continue
		}
		e.Waits, e.Next = len(rows) > 0, time.Time{}
		if !e.Waits {
			e.Next = v.opts.Now.Add(lookAgainAfter).UTC()
		}
		out.List = append(out.List, e)
	}
	return out
}

// active lists the workflows of the place that run, of anybody or of one person.
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

// anyOlder reports whether a workflow may have started before that moment. One that does not say when is taken as old.
func anyOlder(active []procore.InstanceSummary, since time.Time) bool {
	for _, i := range active {
		if i.StartedAt.IsZero() || i.StartedAt.Before(since) {
			return true
		}
	}
	return false
}

// unseen says of each entry that it was not looked for, or could not be. All of them stay on the list.
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

// notLooked tells a look that there was no room for from one that Procore refused.
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
