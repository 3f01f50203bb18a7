package apply

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"net/http"
	"slices"
	gosync "sync"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// fault is what goes wrong with one request to the fake.
type fault struct {
	edit    func(*procore.Preset)                           // somebody's edit, before the request
	err     error                                           // the request fails, before it does anything
	lost    error                                           // a write takes effect, and its answer is lost
	ignored bool                                            // a write is acknowledged as it was sent, and does nothing
	silent  bool                                            // a write's answer says nothing of groups
	after   func(*procore.Preset)                           // a write has this side effect
	answer  func([]procore.GroupWrite) []procore.GroupWrite // what a write's answer says instead
	wait    time.Duration
}

// fakeProcore is a Procore in memory. faults says what goes wrong with the nth request of a kind ("read", "write",
// "possible", "pause") to a preset, from 1.
type fakeProcore struct {
	mu       gosync.Mutex
	presets  map[procore.PresetRef]procore.Preset
	possible map[procore.AssigneeScope][]procore.Login
	faults   func(kind string, ref procore.PresetRef, n int) fault
	counts   map[string]int
	events   []string // "read 1", "intent 1", "write 1", "outcome 1 applied" in the order of their beginning
	writes   map[procore.PresetRef][][]procore.GroupWrite
	departed []procore.LoginID // who may not be assigned any more
	inFlight int
	most     int
}

func newFake(presets ...procore.Preset) *fakeProcore {
	f := &fakeProcore{
		presets: map[procore.PresetRef]procore.Preset{}, possible: map[procore.AssigneeScope][]procore.Login{},
		counts: map[string]int{}, writes: map[procore.PresetRef][][]procore.GroupWrite{},
	}
	for _, p := range presets {
		f.presets[refOf(p.ID)] = p
	}
	return f
}

func refOf(id procore.PresetID) procore.PresetRef { return procore.PresetRef{Project: "9", Preset: id} }

func (f *fakeProcore) begin(ctx context.Context, kind string, ref procore.PresetRef) (fault, error) {
	f.mu.Lock()
	f.events = append(f.events, kind+" "+string(ref.Preset))
	id := kind + " " + string(ref.Preset)
	f.counts[id]++
	n := f.counts[id]
	f.inFlight++
	f.most = max(f.most, f.inFlight)
	f.mu.Unlock()
	var ft fault
	if f.faults != nil {
		ft = f.faults(kind, ref, n)
	}
	if ft.wait > 0 {
		select {
		case <-time.After(ft.wait):
		case <-ctx.Done():
			return ft, ctx.Err()
		}
	}
	return ft, ctx.Err()
}

func (f *fakeProcore) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.inFlight--
}

func (f *fakeProcore) edit(ref procore.PresetRef, change func(*procore.Preset)) {
	if change == nil {
		return
	}
	p := clonePreset(f.presets[ref])
	change(&p)
	f.presets[ref] = p
}

func (f *fakeProcore) Preset(ctx context.Context, ref procore.PresetRef) (procore.Preset, error) {
	defer f.end()
	ft, err := f.begin(ctx, "read", ref)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.edit(ref, ft.edit)
	if err = errors.Join(err, ft.err); err != nil {
		return procore.Preset{}, err
	}
	return clonePreset(f.presets[ref]), nil
}

func (f *fakeProcore) UpdateAssignees(ctx context.Context, ref procore.PresetRef, list []procore.GroupWrite) (procore.AssigneesResult, error) {
	defer f.end()
	ft, err := f.begin(ctx, "write", ref)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.edit(ref, ft.edit)
	if err = errors.Join(err, ft.err); err != nil {
		return procore.AssigneesResult{}, err
	}
	f.writes[ref] = append(f.writes[ref], list)
	if !ft.ignored {
		f.edit(ref, func(p *procore.Preset) { replaceAll(p, list) })
		f.edit(ref, ft.after)
	}
	if ft.lost != nil {
		return procore.AssigneesResult{}, ft.lost
	}
	res := procore.AssigneesResult{HTTPStatus: 200, RequestID: "req-" + string(ref.Preset)}
	switch {
	case ft.silent:
	case ft.answer != nil:
		res.Memberships = ft.answer(list)
	case ft.ignored:
		res.Memberships = asWrites(f.presets[ref].Memberships)
	default:
		res.Memberships = asWrites(f.presets[ref].Memberships)
	}
	return res, nil
}

// replaceAll does what Procore does: the list replaces all memberships.
func replaceAll(p *procore.Preset, list []procore.GroupWrite) {
	p.Memberships = nil
	for _, g := range list {
		m := procore.Membership{Group: g.UUID, Assignees: []procore.Login{}}
		for _, id := range g.LoginIDs {
			m.Assignees = append(m.Assignees, login(id))
		}
		p.Memberships = append(p.Memberships, m)
	}
}

func asWrites(list []procore.Membership) []procore.GroupWrite {
	out := []procore.GroupWrite{}
	for _, m := range list {
		g := procore.GroupWrite{UUID: m.Group, LoginIDs: []procore.LoginID{}}
		for _, who := range m.Assignees {
			g.LoginIDs = append(g.LoginIDs, who.ID)
		}
		out = append(out, g)
	}
	return out
}

func (f *fakeProcore) PossibleAssignees(ctx context.Context, scope procore.AssigneeScope) iter.Seq2[procore.Login, error] {
	return func(yield func(procore.Login, error) bool) {
		for _, who := range f.possible[scope] {
			if !yield(who, nil) {
				return
			}
		}
	}
}

func (f *fakeProcore) Pause(ctx context.Context, attempt int, cause error) error {
	f.mu.Lock()
	f.events = append(f.events, "pause")
	f.mu.Unlock()
	select {
	case <-time.After(time.Second):
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// journalFake keeps the journal in memory, in the fake's order of events.
type journalFake struct {
	f        *fakeProcore
	full     func(kind string) error // what the disk says
	intents  []Intent
	outcomes []WriteOutcome
}

func (j *journalFake) Intent(i Intent) error {
	j.f.mu.Lock()
	defer j.f.mu.Unlock()
	if j.full != nil {
		if err := j.full("intent"); err != nil {
			return err
		}
	}
	j.f.events = append(j.f.events, "intent "+string(i.Ref.Preset))
	j.intents = append(j.intents, i)
	return nil
}

func (j *journalFake) Outcome(o WriteOutcome) error {
	j.f.mu.Lock()
	defer j.f.mu.Unlock()
	if j.full != nil {
		if err := j.full("outcome"); err != nil {
			return err
		}
	}
	j.f.events = append(j.f.events, fmt.Sprintf("outcome %s %s", o.Ref.Preset, o.Status))
	j.outcomes = append(j.outcomes, o)
	return nil
}

func (j *journalFake) file() JournalFile {
	return JournalFile{Run: sync.Run{ID: testRunID}, Intents: j.intents, Outcomes: j.outcomes}
}

const testRunID = "20261123T020000Z-3f9a1c"

// The groups of the tests' presets: two that are managed, one that is not, and one of those that is empty.
const (
	reviewers = procore.GroupUUID("g-reviewers")
	approvers = procore.GroupUUID("g-approvers")
	creators  = procore.GroupUUID("g-creators")
	nobodies  = procore.GroupUUID("g-nobodies")
)

func login(id procore.LoginID) procore.Login {
	return procore.Login{ID: id, Login: "p" + string(id) + "@example.com"}
}

func members(group procore.GroupUUID, ids ...procore.LoginID) procore.Membership {
	m := procore.Membership{Group: group, Assignees: []procore.Login{}}
	for _, id := range ids {
		m.Assignees = append(m.Assignees, login(id))
	}
	return m
}

// samplePreset has creators and nobodies, which are not managed, around the managed groups.
func samplePreset(id procore.PresetID) procore.Preset {
	return procore.Preset{
		ID: id, Valid: true, Manager: "77", Template: procore.PresetTemplate{ID: "5", Published: "50"},
		Memberships: []procore.Membership{
			members(creators, "8", "9"), members(reviewers, "2", "1"), members(nobodies), members(approvers, "3"),
		},
		Individual: []procore.IndividualAssignees{{Step: "s", Logins: []procore.StepLogin{{ID: "6"}}}},
	}
}

func clonePreset(p procore.Preset) procore.Preset {
	p.Memberships = slices.Clone(p.Memberships)
	for i := range p.Memberships {
		p.Memberships[i].Assignees = slices.Clone(p.Memberships[i].Assignees)
	}
	p.Individual = slices.Clone(p.Individual)
	return p
}

// set returns an edit that gives a group other people.
func set(group procore.GroupUUID, ids ...procore.LoginID) func(*procore.Preset) {
	return func(p *procore.Preset) {
		for i := range p.Memberships {
			if p.Memberships[i].Group == group {
				p.Memberships[i] = members(group, ids...)
				return
			}
		}
		p.Memberships = append(p.Memberships, members(group, ids...))
	}
}

// planFor plans reviewers 1, 4 (2 leaves, 4 comes) and leaves approvers as they are, for each preset.
func planFor(presets ...procore.Preset) *sync.Plan {
	plan := &sync.Plan{Company: "1", Host: "api.example.com"}
	for _, state := range presets {
		p := sync.PresetPlan{
			Ref: refOf(state.ID), ProjectNumber: "24-017", ProjectName: "Harbour tower", TemplateID: "5",
			TemplateName: "Change orders", VersionID: "50", Tool: procore.ToolRef{Type: "commitments"},
		}
		lists := inLists(state.Memberships)
		p.Groups = []sync.GroupPlan{
			{UUID: reviewers, Name: "Reviewers", Before: lists[reviewers], After: sync.InOrder(lists[reviewers], []procore.LoginID{"1", "4"})},
			{UUID: approvers, Name: "Approvers", Before: lists[approvers], After: lists[approvers]},
		}
		addToPlan(plan, p, state)
	}
	return plan
}

func addToPlan(plan *sync.Plan, p sync.PresetPlan, state procore.Preset) {
	var changed []sync.GroupPlan
	n := labelsOf(&p, nil)
	n.learnAll(state.Memberships)
	for _, g := range p.Groups {
		if !sync.SameLogins(g.Before, g.After) {
			changed = append(changed, g)
			plan.Changes = append(plan.Changes, changesOfGroup(&p, g, n, "not in the roster")...)
		}
	}
	if len(changed) > 0 {
		p.Write = sync.Payload(state.Memberships, changed)
	}
	plan.Presets = append(plan.Presets, p)
}

// tester is what *testing.T and *rapid.T have in common.
// applied is one call of Apply and all that it left.
type applied struct {
	*Result
	fake    *fakeProcore
	journal *journalFake
}

func apply(ctx context.Context, f *fakeProcore, plan *sync.Plan, opts Options) applied {
	j := &journalFake{f: f}
	return applied{Plan(ctx, plan, f, j, opts), f, j}
}

// statuses returns how often each status came out, and fails where a change is missing or told twice.
func (a applied) statuses(t tester, plan *sync.Plan) map[sync.Status]int {
	t.Helper()
	if len(a.Changes) != len(plan.Changes) {
		t.Fatalf("%d changes came back of %d", len(a.Changes), len(plan.Changes))
	}
	counts := map[sync.Status]int{}
	for i, c := range a.Changes {
		want := plan.Changes[i]
		if c.Ref() != want.Ref() || c.GroupUUID != want.GroupUUID || c.LoginID != want.LoginID || c.Action != want.Action {
			t.Fatalf("change %d is another one: %+v", i, c)
		}
		counts[c.Status]++
	}
	return counts
}

func (a applied) holds(t tester, id procore.PresetID, group procore.GroupUUID, want ...procore.LoginID) {
	t.Helper()
	got := inLists(a.fake.presets[refOf(id)].Memberships)[group]
	if !slices.Equal(got, want) {
		t.Errorf("preset %s, group %s holds %v, want %v", id, group, got, want)
	}
}

func status(code int) error {
	return &procore.APIError{
		Endpoint: "updateProjectPresetAssignees", Method: http.MethodPatch, Status: code,
		Message: http.StatusText(code), RequestID: "req-err",
	}
}

func noAnswer() error {
	return &procore.NetworkError{Endpoint: "updateProjectPresetAssignees", Method: http.MethodPatch, Err: errors.New("connection reset")}
}
