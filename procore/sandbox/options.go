package sandbox

import "time"

// Credentials and token life that New uses where Options say nothing.
const (
	DefaultClientID     = "sandbox-client"
	DefaultClientSecret = "sandbox-secret"
	DefaultTokenLife    = 5400 * time.Second
)

// Options say how the simulated Procore behaves. The zero Options give a server without limits and faults.
type Options struct {
	ClientID, ClientSecret string        // DefaultClientID and DefaultClientSecret where empty
	TokenLife              time.Duration // DefaultTokenLife where zero

	// Hourly and TenSecond are how many API calls each window allows; zero is no limit. Every answer's headers tell of the
	// window nearer to its end, and of a million calls in ten seconds where there is none. Requests for tokens go to
	// another host and count for neither, and so do those without a valid token.
	Hourly, TenSecond int

	// StrictAssignees refuses a write (422) for every login in it that is not a possible assignee. Otherwise only for
	// those whom the preset did not have in that group before.
	StrictAssignees bool

	// DropOmittedGroups lets a group that a write leaves out vanish from the preset, instead of staying there empty.
	DropOmittedGroups bool

	// MergeGroups leaves alone the groups that a write leaves out: the other public description of the endpoint.
	MergeGroups bool

	// BareAnswers lets the answer to a write say nothing of groups.
	BareAnswers bool

	// OlderOptionNames calls the answers that a step offers available_responses, as Procore's tutorial does.
	OlderOptionNames bool

	// FlatInstances answers with a running workflow without wrapping it in "data".
	FlatInstances bool

	Faults  []Fault          // in this order; all that match a request apply, of answers the first
	Latency time.Duration    // how long each API call takes
	Now     func() time.Time // time.Now where nil

	// LogRequests keeps every request for Requests. CallCounts counts without it.
	LogRequests bool
}
