package ledger

import (
	"encoding/binary"
	"errors"
	"slices"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/snapshot"
)

// A memory is written compactly: numbers as varints, and each text, person and list of people in full only the first
// time, and by its number after that. In most companies the same people are in the same group of every project.

// encodeMemory encodes a memory. The same memory always gives the same bytes.
func encodeMemory(m *snapshot.Memory, company procore.CompanyID, host string) []byte {
	w := &memoryWriter{texts: map[string]int{}, people: map[procore.Login]int{}, assigneeLists: map[string]int{}, same: map[assigneesKey]int{}}
	w.text(string(company))
	w.text(host)
	w.number(m.Hourly.Limit)
	w.time(m.Hourly.LearnedAt)
	w.number(len(m.Templates))
	for _, t := range m.Templates {
		w.text(string(t.ID))
		w.number(t.Assigned + 1) // -1 means unknown
		w.number(t.Found)
	}
	w.number(len(m.Lists))
	for _, scope := range sortedScopes(m.Lists) {
		w.scope(scope)
		w.time(m.Lists[scope])
	}
	w.number(len(m.Presets))
	for i := range m.Presets {
		w.preset(&m.Presets[i], m.MustRead[m.Presets[i].Ref])
	}
	return w.out
}

type memoryWriter struct {
	out           []byte
	texts         map[string]int
	people        map[procore.Login]int
	assigneeLists map[string]int
	same          map[assigneesKey]int // shared lists are not compared twice
}

// assigneesKey identifies a list of people by its place in memory.
type assigneesKey struct {
	first *procore.Login
	count int
}

func (w *memoryWriter) number(n int) { w.out = binary.AppendUvarint(w.out, uint64(n)) }

func (w *memoryWriter) time(t time.Time) {
	if t.IsZero() {
		w.number(0)
		return
	}
	w.number(int(t.UnixMilli()))
}

// known writes the number of something that has been written before, or zero if it is new, in which case the caller
// writes it in full.
func known[T comparable](w *memoryWriter, seen map[T]int, v T) bool {
	n := seen[v]
	if n == 0 {
		seen[v] = len(seen) + 1
	}
	w.number(n)
	return n > 0
}

func (w *memoryWriter) text(s string) {
	if !known(w, w.texts, s) {
		w.number(len(s))
		w.out = append(w.out, s...)
	}
}

func (w *memoryWriter) person(l procore.Login) {
	if !known(w, w.people, l) {
		w.text(string(l.ID))
		w.text(l.Login)
		w.text(l.Name)
	}
}

func (w *memoryWriter) scope(s procore.AssigneeScope) {
	w.text(string(s.Project))
	w.text(s.Tool.Type)
	w.text(s.Tool.Subtype)
}

// assignees writes the people of a group.
func (w *memoryWriter) assignees(people []procore.Login) {
	at := assigneesKey{count: len(people)}
	if len(people) > 0 {
		at.first = &people[0]
	}
	if n := w.same[at]; n > 0 {
		w.number(n)
		return
	}
	key := make([]byte, 0, 256)
	for _, l := range people {
		key = append(key, l.ID...)
		key = append(key, 0)
		key = append(key, l.Login...)
		key = append(key, 0)
		key = append(key, l.Name...)
		key = append(key, 0)
	}
	if !known(w, w.assigneeLists, string(key)) {
		w.number(len(people))
		for _, l := range people {
			w.person(l)
		}
	}
	w.same[at] = w.assigneeLists[string(key)]
}

// preset writes a preset. If the next run has to read it anyway, it writes only where the preset is.
func (w *memoryWriter) preset(p *sync.PresetState, doubtful bool) {
	w.scope(p.Scope())
	w.text(string(p.Ref.Preset))
	w.text(string(p.TemplateID))
	if doubtful || p.ReadAt.IsZero() {
		w.time(time.Time{})
		return
	}
	w.time(p.ReadAt)
	w.text(string(p.Preset.Template.Published))
	w.number(map[bool]int{true: 1}[p.Preset.Valid])
	w.number(len(p.Preset.Memberships))
	for _, m := range p.Preset.Memberships {
		w.text(string(m.Group))
		w.assignees(m.Assignees)
	}
}

var errForeign = errors.New("it is of another company")

// decodeMemory decodes what encodeMemory wrote for this company and host. It never reads beyond the end, whatever the
// content claims.
func decodeMemory(content []byte, company procore.CompanyID, host string) (*snapshot.Memory, error) {
	r := &memoryReader{in: content}
	if r.text() != string(company) || r.text() != host {
		return nil, errors.Join(r.err, errForeign)
	}
	m := &snapshot.Memory{Lists: map[procore.AssigneeScope]time.Time{}}
	m.Hourly = snapshot.HourlyLimit{Limit: r.number(), LearnedAt: r.time()}
	m.Templates = list(r, func() snapshot.TemplateCount {
		return snapshot.TemplateCount{ID: procore.TemplateID(r.text()), Assigned: r.number() - 1, Found: r.number()}
	})
	for range r.count() {
		scope := r.scope()
		m.Lists[scope] = r.time()
	}
	m.Presets = list(r, r.preset)
	if r.err == nil && len(r.in) > 0 {
		r.fail()
	}
	if r.err != nil {
		return nil, r.err
	}
	return m, nil
}

// memoryReader reads a memory. After an error it returns only zero values.
type memoryReader struct {
	in            []byte
	err           error
	texts         []string
	people        []procore.Login
	assigneeLists [][]procore.Login
}

var errDamaged = errors.New("it is damaged")

func (r *memoryReader) fail() { r.in, r.err = nil, errDamaged }

func (r *memoryReader) number() int {
	n, size := binary.Uvarint(r.in)
	if size <= 0 || n > 1<<62 {
		r.fail()
		return 0
	}
	r.in = r.in[size:]
	return int(n)
}

// count reads the number of things that follow, each of which takes at least one byte.
func (r *memoryReader) count() int {
	n := r.number()
	if n > len(r.in) {
		r.fail()
		return 0
	}
	return n
}

// list reads a count and that many things.
func list[T any](r *memoryReader, read func() T) []T {
	n := r.count()
	const believed = 1 << 16 // limits what is allocated in advance
	things := make([]T, 0, min(n, believed))
	for range n {
		if r.err != nil {
			return nil
		}
		things = append(things, read())
	}
	return things
}

func (r *memoryReader) time() time.Time {
	n := r.number()
	if n == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(n)).UTC()
}

// met reads something by its number if it was read before, or else calls read.
func met[T any](r *memoryReader, seen *[]T, read func() T) T {
	n := r.number()
	switch {
	case n > len(*seen):
		r.fail()
	case n > 0:
		return (*seen)[n-1]
	case r.err == nil:
		at := len(*seen)
		*seen = append(*seen, *new(T))
		(*seen)[at] = read()
		return (*seen)[at]
	}
	var zero T
	return zero
}

func (r *memoryReader) text() string {
	return met(r, &r.texts, func() string {
		n := r.count()
		s := string(r.in[:n])
		r.in = r.in[n:]
		return s
	})
}

func (r *memoryReader) person() procore.Login {
	return met(r, &r.people, func() procore.Login {
		return procore.Login{ID: procore.LoginID(r.text()), Login: r.text(), Name: r.text()}
	})
}

func (r *memoryReader) assignees() []procore.Login {
	return met(r, &r.assigneeLists, func() []procore.Login { return list(r, r.person) })
}

func (r *memoryReader) scope() procore.AssigneeScope {
	return procore.AssigneeScope{
		Project: procore.ProjectID(r.text()), Tool: procore.ToolRef{Type: r.text(), Subtype: r.text()},
	}
}

func (r *memoryReader) preset() sync.PresetState {
	scope := r.scope()
	p := sync.PresetState{
		Ref:        procore.PresetRef{Project: scope.Project, Preset: procore.PresetID(r.text())},
		Tool:       scope.Tool,
		TemplateID: procore.TemplateID(r.text()),
		ReadAt:     r.time(),
	}
	if p.ReadAt.IsZero() {
		return p
	}
	p.Preset = procore.Preset{
		ID: p.Ref.Preset, Template: procore.PresetTemplate{ID: p.TemplateID, Published: procore.VersionID(r.text())},
		Valid: r.number() == 1,
		Memberships: list(r, func() procore.Membership {
			return procore.Membership{Group: procore.GroupUUID(r.text()), Assignees: r.assignees()}
		}),
	}
	return p
}

func sortedScopes(lists map[procore.AssigneeScope]time.Time) []procore.AssigneeScope {
	scopes := make([]procore.AssigneeScope, 0, len(lists))
	for scope := range lists {
		scopes = append(scopes, scope)
	}
	slices.SortFunc(scopes, sync.CompareScopes)
	return scopes
}
