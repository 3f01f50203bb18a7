package sync

import (
	"time"

	"procore-assignee-sync/procore"
)

// Record is what a run leaves behind: files, Postgres and reports are all written from it.
type Record struct {
	Run        Run
	Plan       *Plan // nil if the run failed before it had one
	Changes    []Change
	Exceptions []Exception
	Access     []AccessRow // who is in every group after the run; nil if it was not asked for
	Summary    Summary
	// Waiting holds the people for whom running workflows wait: running.csv. It is nil if the run did not look.
	Waiting []Waiting
	// Responses is what a run answered on running workflows.
	Responses []Response
	Writes    []Write // in the order in which they ended; not stored

	// Evidence is the sha256, in hex, of the run's manifest; empty until it has one.
	Evidence string
}

// EvidenceDigits is how many digits of the evidence a run's final line shows.
const EvidenceDigits = 12

// FinalLine returns the last line that a run prints: its message, and the first digits of its evidence if it has any.
// It holds no personal data.
func (r Record) FinalLine() string {
	if r.Evidence == "" {
		return r.Summary.Message
	}
	return r.Summary.Message + "; evidence " + r.Evidence[:EvidenceDigits]
}

// TimeOver is why a run stops when it has used up its time.
const TimeOver = "the time allowed for the run is over (SYNC_MAX_DURATION)"

// ToldToStop is why a run stops when it is told to, for instance by SIGTERM.
const ToldToStop = "the run was told to stop"

// NotGiven is recorded for an approved run in place of who approved it, or why, if that was not given.
const NotGiven = "not given"

// Outcome is how a run ended, in a word.
type Outcome string

// The outcomes.
const (
	Done        Outcome = "done"
	Incomplete  Outcome = "incomplete"
	Refused     Outcome = "refused"
	RunFailed   Outcome = "failed"
	Interrupted Outcome = "interrupted"
)

// Summary is summary.json.
type Summary struct {
	Run
	Outcome  Outcome `json:"outcome"`
	ExitCode int     `json:"exit_code"`
	Message  string  `json:"message"` // the final line; no personal data
	// Passed reports whether the run was an unfiltered apply that no gate refused, or that was approved, and ended 0 or
	// 4.
	Passed bool   `json:"passed"`
	Digest string `json:"digest,omitempty"`

	Roster     RosterFacts         `json:"roster,omitzero"`
	RoleMap    RoleMapFacts        `json:"role_map,omitzero"`
	Planned    PlanCounts          `json:"planned,omitzero"`
	Results    ResultCounts        `json:"results"`
	Exceptions []KindCount         `json:"exceptions"` // by kind, sorted
	Gates      []TrippedGate       `json:"gates"`
	Limits     Limits              `json:"limits,omitzero"`
	Calls      []procore.CallCount `json:"api_calls"`
	CallsTotal int                 `json:"api_calls_total"`
	Pacing     procore.PacingStats `json:"pacing,omitzero"`
	Durations  []PhaseDuration     `json:"durations"` // in order
	Presets    PresetsRead         `json:"presets"`
	Running    *WaitCounts         `json:"running,omitempty"`          // nil if the run did not look for running workflows
	Watched    *WatchCounts        `json:"watched,omitempty"`          // only of a dry run, which does not look: the people on the watch list
	Responses  []Response          `json:"responses,omitempty"`        // in the order in which they were asked for
	Forecast   *Forecast           `json:"forecast,omitempty"`         // of the run, made before it read the first preset
	LookedAt   time.Time           `json:"presets_listed_at,omitzero"` // when presets were last listed everywhere
	Estimate   *Estimate           `json:"estimate,omitempty"`         // of the apply, made with the plan

	Managed   []ManagedGroup      `json:"managed_groups,omitempty"`
	Invisible []InvisibleProjects `json:"invisible_projects,omitempty"`

	// Unattempted are the presets that an apply was to write and did not get to; the next apply begins with them.
	Unattempted []procore.PresetRef `json:"not_attempted_presets,omitempty"`
}

// ResultCounts counts changes (people in groups) by what became of them, and presets written.
type ResultCounts struct {
	Planned        int `json:"planned"`
	Applied        int `json:"applied"`
	AlreadySo      int `json:"already_so,omitempty"` // those of Applied that were found made already, so that nothing was sent
	Failed         int `json:"failed"`
	Conflict       int `json:"conflict"`
	Held           int `json:"held"`
	NotAttempted   int `json:"not_attempted"`
	PresetsWritten int `json:"presets_written"`
}

// KindCount says how many exceptions of a kind there were, how many were accepted, and how many left something undone.
type KindCount struct {
	Kind     Kind `json:"kind"`
	Count    int  `json:"count"`
	Accepted int  `json:"accepted,omitempty"`
	Undone   int  `json:"undone,omitempty"`
	// Which names those that left something undone, if some of the kind did and others did not.
	Which []string `json:"undone_which,omitempty"`
}

// PhaseDuration is how long a phase of the run took.
type PhaseDuration struct {
	Phase   string    `json:"phase"` // hr, snapshot, plan, apply
	Began   time.Time `json:"-"`
	Seconds float64   `json:"seconds"`
}

// Write is how writing one preset went, for traces.
type Write struct {
	Ref          procore.PresetRef
	Status       Status
	HTTPStatus   int
	RequestID    string
	Began, Ended time.Time
}

// Estimate is the expected cost of applying the plan.
type Estimate struct {
	Calls   int     `json:"calls"`           // two for each preset to write, one more to check the first, and the looks
	Looks   int     `json:"looks,omitempty"` // those for running workflows, at least
	Seconds float64 `json:"seconds"`         // including waits for the rate limit, as far as they are known
	// FitsHour reports whether the calls fit into the rest of this hour's limit; nil if no limit is known.
	FitsHour *bool `json:"fits_hour,omitempty"`
	// FitsDeadline reports whether the apply will end within SYNC_MAX_DURATION; nil if that is not set.
	FitsDeadline *bool `json:"fits_deadline,omitempty"`
}

// Baseline is what a run compares itself with. Either field may be nil.
type Baseline struct {
	Last       *PassedRun // the last passed run of this company and host
	SameSource *PassedRun // the last passed run that also read this HR source
}

// AsOf returns the baseline without runs that began after now. Their clock was ahead, and otherwise they would remain
// the baseline until the clock has caught up.
func (b Baseline) AsOf(now time.Time) Baseline {
	if b.Last != nil && b.Last.StartedAt.After(now) {
		b.Last = nil
	}
	if b.SameSource != nil && b.SameSource.StartedAt.After(now) {
		b.SameSource = nil
	}
	return b
}

// PassedRun is what is kept of a passed run: its summary.
type PassedRun = Summary
