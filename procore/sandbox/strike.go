package sandbox

import (
	"encoding/binary"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
)

// armedFault is a fault and its counts.
type armedFault struct {
	Fault

	mu   sync.Mutex
	met  int            // requests that On has selected
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

// faultSet is the faults that apply to one request.
type faultSet []Fault

// String returns them as ParseFaults reads them.
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

// faultsFor counts a request for every fault, and returns those that apply to it.
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

// chooses reports whether On selects the request.
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

// strikes counts a request, and reports whether the fault applies to it.
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

// draw returns the random numbers for a request that is made for the count-th time.
func (f *Fault) draw(fingerprint uint64, count int) *rand.Rand {
	return rand.New(rand.NewPCG(f.Seed, fingerprint+uint64(count)*0x9e3779b97f4a7c15))
}

// fingerprint is equal for requests that ask for the same thing.
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

// glob reports whether text matches a pattern in which a star stands for any characters.
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
