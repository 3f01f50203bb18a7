package apply

import (
	"context"
	"log/slog"
	gosync "sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// Options says how Plan goes about it. Zero values take the default named beside them.
type Options struct {
	Concurrency int                   // presets written at the same time; 8
	MaxAttempts int                   // how often one preset is sent at most; 6
	Now         func() time.Time      // time.Now
	Progress    func(done, total int) // told after each preset that had something to send; one call at a time
	Deadline    time.Time             // no write starts after it; zero: none
	First       []procore.PresetRef   // presets to begin with; the others follow in the plan's order
	Grace       time.Duration         // after a stop, how long what is in flight may still take; 30 s
	Log         *slog.Logger          // nil: nothing is logged
}

func (o Options) withDefaults() Options {
	if o.Concurrency <= 0 {
		o.Concurrency = 8
	}
	if o.MaxAttempts <= 0 {
		o.MaxAttempts = 6
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Grace <= 0 {
		o.Grace = 30 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Plan writes the presets that the plan changes, and accounts for every change of the plan.
//
// Each preset is read again right before it is sent: where a managed group or the published version moved, nothing is
// sent; where all is as planned already, neither. What is sent is the whole list as just read, with only the planned
// groups put in, after the journal has it on disk. The answer is compared with what was sent. A write whose answer was
// lost is looked at before it is sent again.
//
// The first write goes alone and is checked by reading the whole preset again; the others follow concurrently, and one
// preset's failure does not stop them. No new write starts once ctx has ended, the deadline has passed, the first write
// did not pass its check, a write changed something that it was not meant to, ten presets in a row failed with the same
// answer, or the journal can't be written. What is
// in flight then ends within Grace. The cause of ctx, if it has one, is given as the reason.
func Plan(ctx context.Context, plan *sync.Plan, w Writer, j Journal, opts Options) *Result {
	opts = opts.withDefaults()
	s := newStopper(ctx, opts.Deadline, opts.Grace)
	defer s.close()
	a := &applying{
		stopper: s, plan: plan, w: w, journal: j, opts: opts,
		verdicts: make([]verdict, len(plan.Presets)), changes: byPreset(plan.Changes),
	}
	for i := range plan.Presets {
		if plan.Presets[i].Changed() {
			a.work = append(a.work, i)
		}
	}
	a.progress = sync.NewProgress(opts.Progress, len(a.work))
	first := make(map[procore.PresetRef]bool, len(opts.First))
	for _, ref := range opts.First {
		first[ref] = true
	}
	sync.PutFirst(a.work, func(i int) bool { return first[plan.Presets[i].Ref] })
	a.rest(a.alone())
	return a.result()
}

// applying is one call of Plan.
type applying struct {
	*stopper
	plan    *sync.Plan
	w       Writer
	journal Journal
	opts    Options

	changes  map[procore.PresetRef][]sync.Change
	work     []int       // the presets to write, as indexes into plan.Presets
	verdicts []verdict   // by the same index; the zero verdict: not reached
	sent     atomic.Bool // a PATCH left

	failures streak

	progress *sync.Progress
	mu       gosync.Mutex
	writes   []sync.Write
}

// alone writes one preset after the other until a write has been checked, and says how many presets that took.
func (a *applying) alone() int {
	for n, i := range a.work {
		if a.stopped() {
			return n
		}
		a.one(i, true)
		if a.verdicts[i].checked {
			return n + 1
		}
	}
	return len(a.work)
}

// rest writes the presets from the nth on, several at a time.
func (a *applying) rest(n int) {
	var g errgroup.Group
	g.SetLimit(a.opts.Concurrency)
	for _, i := range a.work[n:] {
		if a.stopped() {
			break
		}
		g.Go(func() error {
			if !a.stopped() {
				a.one(i, false)
			}
			return nil
		})
	}
	_ = g.Wait() // the workers record what went wrong, so that one does not stop the others
}

func (a *applying) one(i int, first bool) {
	p := &a.plan.Presets[i]
	w := &presetWrite{applying: a, plan: p, labels: labelsOf(p, a.changes[p.Ref]), first: first}
	began := a.opts.Now()
	a.verdicts[i] = w.run()
	a.note(i, began)
	if a.failures.longEnough(a.verdicts[i]) {
		a.stop(streakReason(a.verdicts[i]))
	}
	a.progress.Step()
}

// note keeps how long the writing of a preset took.
func (a *applying) note(i int, began time.Time) {
	v := a.verdicts[i]
	a.mu.Lock()
	defer a.mu.Unlock()
	a.writes = append(a.writes, sync.Write{
		Ref: a.plan.Presets[i].Ref, Status: v.status, HTTPStatus: v.httpStatus, RequestID: v.requestID, Began: began, Ended: v.at,
	})
}
