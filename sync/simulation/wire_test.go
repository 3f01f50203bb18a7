package simulation_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	gosync "sync"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
)

// wire is the network between a run and the simulated Procore. It watches what goes over it, and at one chosen request
// it can kill the run, tell it to stop, or start another one beside it. A run that was killed gets no more answers, and
// the ledger is put back to what it was at that moment.
type wire struct {
	under http.RoundTripper
	s     *simulation
	n     *night

	mu     gosync.Mutex
	count  map[string]int // requests by kind
	readAt map[procore.PresetRef]time.Time
	dead   bool
	frozen map[string][]byte // the ledger's files at the kill

	fresh    map[procore.PresetRef]*reading // as the run read it last, until a write takes it
	before   map[procore.PresetRef]*reading // as it was read before its last write
	patches  map[procore.PresetRef]int      // writes that went out, without those that 401 sent back
	resent   map[procore.PresetRef]bool     // the last write of it was answered 401: the client sends it once more
	inFlight int                            // writes under way
	settled  bool                           // one write was checked by reading the preset again
	open     *procore.PresetRef             // a write was acknowledged, and not checked yet, before settled
	sent     map[procore.PresetRef][]procore.GroupWrite
	told     bool                            // the run was told to stop
	harmed   bool                            // an answer has shown that a write changed what it was not meant to
	touched  map[procore.PresetRef]touchings // what writes were to change

	last          map[procore.PresetRef]*reading           // presets as the run read them last, before its plan or after it
	workflows     map[procore.InstanceRef]sandbox.Instance // as read last, until an invitation takes it
	invited       int                                      // invitations that went out
	resentInvite  string                                   // the last one was answered 401: the client sends it once more
	resentAnswers int                                      // how many of the answers were such
	stepLost      bool                                     // an answer has shown that an invitation took somebody off a step
}

// touchings are the groups of a preset that a run's writes were to change, each with its people before the first.
type touchings map[procore.GroupUUID][]procore.LoginID

// moment is a point in a run: the nth request of a kind, before it is sent or after it was done.
type moment struct {
	kind  string // "GET preset", "PATCH", …; empty: never
	nth   int
	after bool
}

var errKilled = errors.New("the process is gone")

func (s *simulation) newWire(n *night) *wire {
	n.lastRead, n.readFirst = map[procore.PresetRef][]procore.GroupWrite{}, map[procore.PresetRef]bool{}
	n.planned = map[procore.PresetRef]*reading{}
	return &wire{
		under: s.server.Transport(), s: s, n: n,
		count: map[string]int{}, readAt: map[procore.PresetRef]time.Time{}, fresh: map[procore.PresetRef]*reading{}, before: map[procore.PresetRef]*reading{}, patches: map[procore.PresetRef]int{},
		resent: map[procore.PresetRef]bool{}, sent: map[procore.PresetRef][]procore.GroupWrite{}, touched: map[procore.PresetRef]touchings{},
		last: map[procore.PresetRef]*reading{}, workflows: map[procore.InstanceRef]sandbox.Instance{},
	}
}

// RoundTrip implements http.RoundTripper.
func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	kind, ref := requestKind(r)
	beside, dead, body := w.arrive(kind, ref, r)
	if dead {
		return nil, errKilled
	}
	if beside {
		w.s.runBeside(w.n)
	}
	res, err := w.under.RoundTrip(r)
	w.mu.Lock()
	defer w.mu.Unlock()
	if kind == "PATCH" {
		w.inFlight--
	}
	w.signals(kind, true)
	if w.dead || w.dies(kind, ref, true) {
		closeBody(res)
		return nil, errKilled
	}
	if err == nil {
		w.watch(kind, ref, res)
		w.watchWorkflow(kind, r, res, body)
	}
	return res, err
}

func closeBody(res *http.Response) {
	if res != nil {
		_ = res.Body.Close()
	}
}

// arrive notes a request, and says whether a run beside this one starts now, and whether this one is dead.
func (w *wire) arrive(kind string, ref procore.PresetRef, r *http.Request) (beside, dead bool, body []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count[kind]++
	if w.dead || w.dies(kind, ref, false) {
		return false, true, nil
	}
	told := w.told
	w.signals(kind, false)
	w.checkOthers(kind, r)
	if r.Method != http.MethodGet && kind != "POST token" {
		var err error
		if body, err = readBody(r); err != nil {
			w.breach("a write's body cannot be read: %v", err)
		}
	}
	if kind == postInvite {
		if told && w.n.concurrency == 1 && w.resentInvite != string(body) {
			w.breach("%s is sent after the run was told to stop", r.URL.Path)
		}
		w.checkInvite(r, body)
	}
	if kind == postAnswer {
		if told && w.n.concurrency == 1 && w.resentInvite != string(body) {
			w.breach("%s is sent after the run was told to stop", r.URL.Path)
		}
		w.checkAnswer(r, body)
	}
	if kind == "PATCH" {
		if told && w.n.concurrency == 1 && !w.resent[ref] {
			w.breach("preset %s is written after the run was told to stop", ref.Preset)
		}
		w.checkPatch(ref, body)
		w.inFlight++
	}
	return w.is(w.n.beside, kind, false), false, body
}

func readBody(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	return body, err
}

func (w *wire) breach(format string, args ...any) {
	w.n.breaches = append(w.n.breaches, fmt.Sprintf(format, args...))
}

func (w *wire) is(m moment, kind string, after bool) bool {
	return m.kind == kind && m.after == after && m.nth == w.count[kind]
}

// dies kills the run if this is the moment.
func (w *wire) dies(kind string, ref procore.PresetRef, after bool) bool {
	if !w.is(w.n.kill, kind, after) {
		return false
	}
	w.dead = true
	w.frozen = readTree(w.s.dir)
	w.s.tally.add("killed at " + kind + map[bool]string{true: ", after", false: ", before"}[after])
	if w.n.torn && !after && w.n.concurrency == 1 {
		w.tear(kind, ref)
	}
	return true
}

// tear makes the kill one in the middle of the journal's last line, if what that line tells of has not been done yet.
func (w *wire) tear(kind string, ref procore.PresetRef) {
	name := w.s.journalPath(w.n.runID)
	last := w.s.journal(w.n.runID, w.frozen[name]).last
	if kind == "PATCH" && last.Step == "intent" && last.Ref == ref || last.Step == "outcome" ||
		(kind == postInvite || kind == postAnswer) && last.Step == "intent" && last.Of != "" {
		if last.Step == "intent" && len(w.sent) == 0 && w.n.tear%3 == 0 { // or before it was remembered what may be written
			w.n.forgetNight(w.frozen)
			w.frozen[name] = cutLastLine(w.frozen[name], 0)
			w.s.tally.add("killed before it was remembered what may be written")
			return
		}
		w.frozen[name] = cutLastLine(w.frozen[name], w.n.tear)
		w.s.tally.add("killed while the journal's line " + last.Step + " was written")
	}
}

// signals tells the run to stop if this is the moment.
func (w *wire) signals(kind string, after bool) {
	if w.is(w.n.signal, kind, after) && !w.told {
		w.told = true
		w.n.stop()
		w.s.tally.add("told to stop at " + kind)
	}
}

func requestKind(r *http.Request) (string, procore.PresetRef) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	var ref procore.PresetRef
	for i, p := range parts {
		if p == "projects" && i+1 < len(parts) {
			ref.Project = procore.ProjectID(parts[i+1])
		}
		if p == "presets" && i+1 < len(parts) {
			ref.Preset = procore.PresetID(parts[i+1])
		}
	}
	switch {
	case r.Method == http.MethodPatch:
		return "PATCH", ref
	case ref.Preset != "":
		return "GET preset", ref
	case r.Method == http.MethodGet && len(parts) > 1 && parts[len(parts)-2] == "instances":
		return getInstance, ref
	default:
		return r.Method + " " + parts[len(parts)-1], ref
	}
}

// stopped is the context that a run is told to stop by.
func (n *night) stopped() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	n.ctx, n.stop = ctx, func() { cancel(errors.New("SIGTERM")) }
	return ctx
}
