package sync

import (
	"fmt"
	"time"

	"procore-assignee-sync/procore"
)

// Needs is what has to be read before a plan can be made, since a plan writes only presets, and relies only on people,
// that its own run has read. Each list is asked for only when the ones before it are empty.
type Needs struct {
	Presets []procore.PresetRef     // remembered, and the plan would write them or holds a change in them
	People  []procore.PresetRef     // remembered, and the only source for the login of somebody whom HR identifies by it
	Lists   []procore.AssigneeScope // lists of possible assignees

	// Foreseen is what will be asked for later, as far as can be told before the above is read.
	Foreseen Foreseen
}

// Foreseen counts the calls that a plan will need later.
type Foreseen struct {
	Assignees int // lists of possible assignees
	Looks     int // for running workflows of those who would be removed: one for each place, and one for each person there
}

// Forecast is what a run is about to ask of Procore, given before it reads the first preset. If nothing is remembered,
// it expects as many presets as projects are said to use the templates, and no changes.
type Forecast struct {
	Lists     int     `json:"lists"`     // of presets, by project and tool
	Presets   int     `json:"presets"`   // to be read
	Writes    int     `json:"writes"`    // presets that would be written, according to memory
	Assignees int     `json:"assignees"` // lists of possible assignees
	Looks     int     `json:"looks"`     // calls for running workflows of those who are watched already or would be removed
	Calls     int     `json:"calls"`     // all of these, counting two for each write
	Seconds   float64 `json:"seconds"`   // with the waits for the rate limit, as far as they are known
}

// Takes returns how long all of it takes, as far as that is known.
func (f Forecast) Takes() time.Duration { return time.Duration(f.Seconds * float64(time.Second)) }

// String returns the forecast in words.
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
