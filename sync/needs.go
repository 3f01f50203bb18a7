package sync

import (
	"fmt"
	"time"

	"procore-assignee-sync/procore"
)

// Needs is what has to be read before a plan can be made: a plan writes only what was read in its own run, and goes only by
// people whom that run has read. What comes later is asked for once nothing before it is needed any more.
type Needs struct {
	Presets []procore.PresetRef     // remembered, and the plan would write them or holds a change of theirs
	People  []procore.PresetRef     // remembered, and nothing else says what login somebody has whom HR knows by it
	Lists   []procore.AssigneeScope // lists of possible assignees

	// Foreseen is what will be asked besides, as far as can be told before the above is read.
	Foreseen Foreseen
}

// Foreseen counts the calls that a plan will ask for later.
type Foreseen struct {
	Assignees int // lists of possible assignees
	Looks     int // for running workflows of those who would be removed: one for each place, and for each of them there
}

// Forecast is what a run is about to ask of Procore, told before it reads the first preset. Where nothing is remembered,
// as many presets are expected as projects are said to use the templates, and no changes.
type Forecast struct {
	Lists     int     `json:"lists"`     // of presets, by project and tool
	Presets   int     `json:"presets"`   // to be read
	Writes    int     `json:"writes"`    // presets that would be written, as far as is remembered
	Assignees int     `json:"assignees"` // lists of possible assignees
	Looks     int     `json:"looks"`     // calls for running workflows of those who are watched already, or would be removed
	Calls     int     `json:"calls"`     // all of it, with two for each write
	Seconds   float64 `json:"seconds"`   // with the waits for the rate limit, as far as it is known
}

// Takes is how long all of it takes, as far as it is known.
func (f Forecast) Takes() time.Duration { return time.Duration(f.Seconds * float64(time.Second)) }

// String says it for a person.
func (f Forecast) String() string {
	text := fmt.Sprintf("this run asks Procore about %s times: %s and %s", Grouped(f.Calls), Several(f.Presets, "preset"),
		Several(f.Lists, "list")+" of presets")
	if f.Writes > 0 {
		text += fmt.Sprintf(", and %s by what is remembered", either(f.Writes == 1, "1 preset differs", Several(f.Writes, "preset")+" differ"))
	}
	if f.Looks > 0 {
		text += fmt.Sprintf("; %s of them for running workflows", Grouped(f.Looks))
	}
	if f.Takes() < time.Minute {
		return text + "; that takes less than a minute"
	}
	return text + fmt.Sprintf("; that takes about %s", Lasting(f.Takes().Round(time.Minute)))
}
