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

// Options are the options of Plan. A zero value means the default named beside the field.
type Options struct {
	Concurrency int                   // presets written at the same time; default 8
	MaxAttempts int                   // how often one preset is sent at most; default 6
	Now         func() time.Time      // default time.Now
	Progress    func(done, total int) // called after each preset that had something to send, one call at a time
	Deadline    time.Time             // no write starts after it; zero means none
	First       []procore.PresetRef   // presets to begin with; the others follow in the plan's order
	Grace       time.Duration         // how long requests in flight may take after a stop; default 30 s
	Log         *slog.Logger          // nil means no logging
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
// Each preset is read again right before it is sent. If a managed group or the published version has moved, or if
// everything is as planned already, nothing is sent. What is sent is the whole list as just read, with only the planned
// groups replaced, and only after the journal has it on disk. The answer is compared with what was sent. If the answer
// to a write was lost, the preset is read before anything is sent again.
//
// The first write goes alone and is checked by reading the whole preset again; the others follow concurrently, and the
// failure of one preset does not stop the others. No new write starts once ctx has ended, the deadline has passed, the
// first write has failed its check, a write has changed something that it was not meant to, ten presets in a row have
// failed with the same answer, or the journal can't be written. Requests in flight then have Grace to end. The cause of
// ctx, if it has one, is given as the reason.
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
	verdicts []verdict   // by the same index; the zero verdict means not reached
	sent     atomic.Bool // a PATCH was sent

	failures streak

	progress *sync.Progress
	mu       gosync.Mutex
	writes   []sync.Write
}

// alone writes one preset after the other until one write has been checked, and returns how many presets that took.
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
	_ = g.Wait() // workers record failures themselves, so that one does not stop the others
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

// note records how long writing a preset took.
func (a *applying) note(i int, began time.Time) {
	v := a.verdicts[i]
	a.mu.Lock()
	defer a.mu.Unlock()
	a.writes = append(a.writes, sync.Write{
		Ref: a.plan.Presets[i].Ref, Status: v.status, HTTPStatus: v.httpStatus, RequestID: v.requestID, Began: began, Ended: v.at,
	})
}
