package sandbox

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"procore-assignee-sync/procore"
)

// armedFault is a fault with its counts.
type armedFault struct {
	Fault

	mu   sync.Mutex
	met  int            // requests that On chose
	each map[uint64]int // the same, by what was asked; kept only where a condition needs it
}

func armFaults(faults []Fault) []*armedFault {
	armed := make([]*armedFault, len(faults))
	for i, f := range faults {
		if err := f.check(); err != nil {
			panic("sandbox: " + err.Error())
		}
		armed[i] = &armedFault{Fault: f, each: make(map[uint64]int)}
	}
	return armed
}

// faultSet is the faults that meet one request.
type faultSet []Fault

// String gives them as ParseFaults reads them.
func (set faultSet) String() string {
	if len(set) == 0 {
		return ""
	}
	texts := make([]string, len(set))
	for i, f := range set {
		texts[i] = f.String()
	}
	return strings.Join(texts, "; ")
}

func (set faultSet) has(kind FaultKind) bool {
	return slices.ContainsFunc(set, func(f Fault) bool { return f.Kind == kind })
}

// faultsFor counts a request for every fault and gives those that meet it.
func (s *Server) faultsFor(c *call) faultSet {
	s.mu.RLock()
	faults := s.faults
	s.mu.RUnlock()
	if len(faults) == 0 {
		return nil
	}
	var set faultSet
	fingerprint := c.fingerprint()
	for _, f := range faults {
		if f.chooses(c) && f.strikes(fingerprint) {
			set = append(set, f.Fault)
		}
	}
	return set
}

// chooses says whether On names the request.
func (f *armedFault) chooses(c *call) bool {
	if f.On == "" {
		return c.op != opCreateToken
	}
	method, path, ok := strings.Cut(f.On, " ")
	if !ok {
		return glob(f.On, c.Operation)
	}
	return glob(method, c.Method) && glob(path, c.Path)
}

// strikes counts a request and says whether the fault meets it.
func (f *armedFault) strikes(fingerprint uint64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.met++
	count := f.met
	if f.Each || f.Probability > 0 {
		f.each[fingerprint]++
	}
	if f.Each {
		count = f.each[fingerprint]
	}
	switch {
	case f.Nth > 0 && count != f.Nth,
		f.Every > 0 && count%f.Every != 0,
		f.First > 0 && count > f.First,
		f.After > 0 && count <= f.After:
		return false
	}
	return f.Probability == 0 || f.draw(fingerprint, f.each[fingerprint]).Float64() < f.Probability
}

// draw gives the random numbers that belong to one request, the count-th of its like.
func (f *Fault) draw(fingerprint uint64, count int) *rand.Rand {
	return rand.New(rand.NewPCG(f.Seed, fingerprint+uint64(count)*0x9e3779b97f4a7c15))
}

// fingerprint is the same for requests that ask the same.
func (c *call) fingerprint() uint64 {
	hash := fnv.New64a()
	for _, part := range []string{c.Method, c.Path, c.query.Encode(), string(c.body)} {
		var length [8]byte
		binary.LittleEndian.PutUint64(length[:], uint64(len(part)))
		_, _ = hash.Write(length[:])
		_, _ = hash.Write([]byte(part))
	}
	return hash.Sum64()
}

// glob matches text against a pattern in which a star stands for any run of characters.
func glob(pattern, text string) bool {
	parts := strings.Split(pattern, "*")
	last := len(parts) - 1
	if last == 0 {
		return pattern == text
	}
	rest, ok := strings.CutPrefix(text, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1:last] {
		if _, rest, ok = strings.Cut(rest, part); !ok {
			return false
		}
	}
	return strings.HasSuffix(rest, parts[last])
}

// withFaults does a request with all that goes wrong.
func (s *Server) withFaults(c *call) reply {
	for _, f := range c.faults {
		switch f.Kind {
		case FaultRevoke:
			s.tokens.revoke()
		case FaultEdit:
			s.editByHand(c, f)
		}
	}
	if c.op != opCreateToken && !pause(c.ctx, s.opts.Latency) {
		return reply{effect: effectHang}
	}
	for _, f := range c.faults {
		if f.replaces() {
			return s.replace(c, f)
		}
	}
	r := s.process(c)
	for _, f := range c.faults {
		r = f.spoil(r)
	}
	return r
}

// replaces says whether the fault takes the place of the answer.
func (f Fault) replaces() bool {
	switch f.Kind {
	case FaultStatus, FaultRefuse, FaultReset, FaultTimeout:
		return true
	default:
		return false
	}
}

// replace gives the fault in place of the answer, after doing what was asked if the fault says so.
func (s *Server) replace(c *call, f Fault) reply {
	if f.Applied {
		s.process(c)
	}
	switch f.Kind {
	case FaultRefuse:
		return reply{effect: effectRefuse}
	case FaultReset:
		return reply{effect: effectReset}
	case FaultTimeout:
		return reply{effect: effectHang, over: f.Delay}
	}
	r := c.fail(f.Status, "Something went wrong on purpose: "+strconv.Itoa(f.Status)+" "+http.StatusText(f.Status)+".")
	if f.RetryAfter != "" {
		r.header.Set("Retry-After", f.RetryAfter)
	}
	return r
}

// spoil does to an answer what the network, or a proxy on the way, may do.
func (f Fault) spoil(r reply) reply {
	if r.effect != effectNone {
		return r
	}
	switch f.Kind {
	case FaultSlow:
		r.effect, r.over = effectSlow, f.Delay
	case FaultTruncate:
		r.effect = effectTruncate
	case FaultHTML:
		r.status = http.StatusOK
		r.header.Set("Content-Type", "text/html; charset=utf-8")
		r.body = []byte("<!DOCTYPE html>\n<title>Down for maintenance</title>\n<p>We will be back soon.</p>\n")
	case FaultContentType:
		r.header.Set("Content-Type", "text/html; charset=utf-8")
	case FaultInvalidJSON:
		r.status = http.StatusOK
		r.body = r.body[:len(r.body)/2]
	}
	return r
}

// spoilPage changes which rows a page gives, and which page its link to the next names.
func (set faultSet) spoilPage(first, end, next, per int) (int, int, int) {
	if set.has(FaultRepeatPage) {
		if first > 0 {
			end = first
			first = max(first-per, 0)
		}
		next--
	}
	if set.has(FaultShortPage) && end > first {
		end--
	}
	return first, end, next
}

func (set faultSet) spoilTotal(total int) int {
	if set.has(FaultMovingTotal) {
		return total + 1
	}
	return total
}

// editByHand changes a preset as someone in Procore's own pages would.
func (s *Server) editByHand(c *call, f Fault) {
	if f.Edit != nil {
		f.Edit(s, c.Request)
		return
	}
	random := f.draw(c.fingerprint(), 0)
	ref, ok := s.presetToEdit(c, random)
	if !ok {
		return
	}
	newcomer := s.someoneFor(ref, random)
	s.Edit(ref, func(p *Preset) {
		if len(p.Memberships) == 0 {
			return
		}
		g := &p.Memberships[random.IntN(len(p.Memberships))]
		if len(g.LoginIDs) > 0 && random.IntN(2) == 0 {
			at := random.IntN(len(g.LoginIDs))
			g.LoginIDs = slices.Delete(slices.Clone(g.LoginIDs), at, at+1)
		} else if newcomer != "" && !slices.Contains(g.LoginIDs, newcomer) {
			g.LoginIDs = append(slices.Clone(g.LoginIDs), newcomer)
		}
	})
}

// presetToEdit gives the preset that a request is about, else any.
func (s *Server) presetToEdit(c *call, random *rand.Rand) (procore.PresetRef, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	ref := procore.PresetRef{Project: procore.ProjectID(c.ids.project), Preset: procore.PresetID(c.ids.id)}
	if _, ok := s.index.preset(s.company, ref); ok {
		return ref, true
	}
	if len(s.company.Presets) == 0 {
		return ref, false
	}
	return s.company.Presets[random.IntN(len(s.company.Presets))].PresetRef, true
}

// someoneFor gives a possible assignee of a preset; empty where there is none.
func (s *Server) someoneFor(ref procore.PresetRef, random *rand.Rand) procore.LoginID {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, ok := s.index.preset(s.company, ref)
	if !ok {
		return ""
	}
	scope := procore.AssigneeScope{Project: ref.Project}
	if t := s.index.template(s.company, s.company.Presets[at].Template); t != nil {
		scope.Tool = t.Tool
	}
	people := s.index.possible(s.company, scope)
	if len(people) == 0 {
		return ""
	}
	return s.company.Users[people[random.IntN(len(people))]].ID
}
