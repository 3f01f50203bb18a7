// Package sandbox is a simulated Procore: an http.Handler that keeps a company's directory, workflow templates and
// presets in memory, serves the endpoints that the job uses, and is at least as strict as Procore about tokens,
// headers, filters, pages and bodies. It stands for both hosts: /oauth/token of the login host and /rest/… of the API
// host, under any base path.
//
// It remembers every write with the memberships before and after, distinguishes writes from edits made by hand,
// enforces rate limits, and can fail in all the ways in which a network and a busy platform fail (Fault). The same
// server answers over a real socket (ServeHTTP) and in process (Transport), including in a testing/synctest bubble.
//
// NewSample and DemoSample make sample companies with their HR data; the same options give the same bytes.
package sandbox

import (
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"procore-assignee-sync/procore"
)

// Server is a simulated Procore. It is an http.Handler and safe for concurrent use.
type Server struct {
	opts    Options
	id      procore.CompanyID
	tokens  tokens
	limiter limiter
	calls   callLog
	faults  []*armedFault

	mu      sync.RWMutex
	company *Company
	index   index
	history []Write
	edits   []Edit
	onRuns  []InstanceWrite
	byHand  []InstanceEdit
	replies map[string]idempotent // by Idempotency-Token
	changes int                   // writes and edits so far, of presets and of instances

	requestIDs atomic.Int64
}

// New returns a server that starts from a copy of company, which it never changes. It panics if a fault in the options
// is impossible; ParseFaults never returns such a fault.
func New(company *Company, opts Options) *Server {
	if opts.ClientID == "" {
		opts.ClientID = DefaultClientID
	}
	if opts.ClientSecret == "" {
		opts.ClientSecret = DefaultClientSecret
	}
	if opts.TokenLife == 0 {
		opts.TokenLife = DefaultTokenLife
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	s := &Server{
		opts:    opts,
		id:      company.ID,
		tokens:  tokens{life: opts.TokenLife},
		calls:   callLog{keep: opts.LogRequests},
		faults:  armFaults(opts.Faults),
		company: company.clone(),
	}
	s.limiter.set(opts.Hourly, opts.TenSecond)
	s.company.startBefore(opts.Now())
	s.index = indexOf(s.company)
	return s
}

// SetLimits changes the rate limits from now on, as Procore may at any time; zero means no limit.
func (s *Server) SetLimits(hourly, tenSecond int) { s.limiter.set(hourly, tenSecond) }

// SetFaults changes what goes wrong from now on. It panics where New would.
func (s *Server) SetFaults(faults []Fault) {
	armed := armFaults(faults)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = armed
}

// History returns every applied write in the order in which they were applied.
func (s *Server) History() []Write {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.history)
}

// Edits returns every change by hand, in order.
func (s *Server) Edits() []Edit {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.edits)
}

// Snapshot returns a deep copy of all presets as they are now, ordered by project and id.
func (s *Server) Snapshot() []Preset {
	s.mu.RLock()
	defer s.mu.RUnlock()
	presets := make([]Preset, len(s.company.Presets))
	for i, p := range s.company.Presets {
		presets[i] = p.clone()
	}
	return presets
}

// Preset returns a deep copy of one preset as it is now, and whether there is one.
func (s *Server) Preset(ref procore.PresetRef) (Preset, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	at, ok := s.index.preset(s.company, ref)
	if !ok {
		return Preset{}, false
	}
	return s.company.Presets[at].clone(), true
}

// Company returns a deep copy of the company as it is now.
func (s *Server) Company() *Company {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.company.clone()
}

// Edit changes one preset as somebody would by hand; it is recorded separately from the history of writes. It reports
// whether there is such a preset.
func (s *Server) Edit(ref procore.PresetRef, change func(*Preset)) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	at, ok := s.index.preset(s.company, ref)
	if !ok {
		return false
	}
	before := s.company.Presets[at]
	draft := before.clone()
	change(&draft)
	after := draft.clone() // so that keeping the draft changes nothing here
	after.PresetRef, after.Template = before.PresetRef, before.Template
	after.UpdatedAt = s.opts.Now()
	s.company.Presets[at] = after
	s.recordEdit(before, after)
	return true
}

// Change changes anything in the company: people leave, projects are added, a template is published anew. Presets and
// workflows that differ afterwards, or are new, are recorded as edits. It copies the whole company.
func (s *Server) Change(change func(*Company)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	was, wasIndex := s.company, s.index
	s.company = was.clone()
	change(s.company)
	s.index = indexOf(s.company)
	for _, after := range s.company.Instances {
		var before Instance
		if at, ok := wasIndex.instance(was, after.InstanceRef); ok {
			before = was.Instances[at]
		}
		if !reflect.DeepEqual(before, after) {
			s.recordInstanceEdit(before, after)
		}
	}
	for _, after := range s.company.Presets {
		var before Preset
		if at, ok := wasIndex.preset(was, after.PresetRef); ok {
			before = was.Presets[at]
		}
		if !before.equal(after) {
			s.recordEdit(before, after)
		}
	}
}

// recordEdit appends to the edits. The caller holds the lock.
func (s *Server) recordEdit(before, after Preset) {
	s.changes++
	s.edits = append(s.edits, Edit{Seq: s.changes, Time: s.opts.Now(), Ref: after.PresetRef, Before: before, After: after})
}

// Defaults for credentials and token life.
const (
	DefaultClientID     = "sandbox-client"
	DefaultClientSecret = "sandbox-secret"
	DefaultTokenLife    = 5400 * time.Second
)

// Options say how the simulated Procore behaves. The zero Options give a server without limits and faults.
type Options struct {
	ClientID, ClientSecret string        // default DefaultClientID and DefaultClientSecret
	TokenLife              time.Duration // default DefaultTokenLife

	// Hourly and TenSecond are how many API calls each window allows; zero means no limit. Every answer's headers show
	// the window with fewer calls left, or a million calls in ten seconds if there is no limit. Requests for tokens go
	// to another host and do not count, nor do requests without a valid token.
	Hourly, TenSecond int

	// StrictAssignees refuses a write (422) for every login in it that is not a possible assignee. If it is not set,
	// only logins that the preset did not have in that group before are checked.
	StrictAssignees bool

	// DropOmittedGroups makes a group that a write leaves out vanish from the preset, instead of remaining there empty.
	DropOmittedGroups bool

	// MergeGroups leaves groups that a write leaves out as they are, as the other public description of the endpoint
	// says.
	MergeGroups bool

	// BareAnswers makes the answer to a write say nothing about groups.
	BareAnswers bool

	// OlderOptionNames uses the name available_responses for a step's options, as Procore's tutorial does.
	OlderOptionNames bool

	// FlatInstances returns a running workflow without wrapping it in "data".
	FlatInstances bool

	Faults  []Fault          // in order; all that match a request apply, but only the first one's answer is given
	Latency time.Duration    // how long each API call takes
	Now     func() time.Time // nil means time.Now

	// LogRequests keeps every request for Requests. CallCounts works without it.
	LogRequests bool
}
