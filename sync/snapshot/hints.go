package snapshot

import (
	"cmp"
	"slices"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// LookEvery is how many runs in a row may trust the hints at most: the seventh looks again.
const LookEvery = 7

// Hints say where presets lived when all of them were last listed. They spare a run the listing of every project, and
// are no more than a hint of where to look: what is there is read from Procore each time. A wrong hint costs calls, or
// delays a new preset until the next look.
type Hints struct {
	LookedAt  time.Time      `json:"looked_at"`
	Runs      int            `json:"runs"`      // runs that trusted these hints since
	Templates []TemplateHint `json:"templates"` // by id
	Scopes    []ScopeHint    `json:"scopes"`    // by project, tool

	// Partial says that there was no time to look everywhere. Unreached are the presets that were not read then: the
	// next run begins with them.
	Partial   bool                `json:"partial,omitempty"`
	Unreached []procore.PresetRef `json:"unreached,omitempty"`
}

// TemplateHint is what a template was like at the last look. Any difference makes a run look again.
type TemplateHint struct {
	ID        procore.TemplateID `json:"id"`
	Tool      procore.ToolRef    `json:"tool"`
	Published procore.VersionID  `json:"published"`
	Assigned  int                `json:"assigned"`
	Found     int                `json:"found"`
}

// ScopeHint is which presets a project has for a tool.
type ScopeHint struct {
	Project procore.ProjectID  `json:"project_id,omitempty"`
	Tool    procore.ToolRef    `json:"tool"`
	Presets []procore.PresetID `json:"presets"`
}

// fresh says whether the hints may be trusted at all in one more run.
func (h *Hints) fresh() bool { return h != nil && h.Runs+1 < LookEvery }

// scopes gives the hinted presets of each scope whose tool's templates are all as they were.
func (h *Hints) scopes(templates []procore.Template) map[procore.AssigneeScope][]procore.PresetID {
	if !h.fresh() {
		return nil
	}
	known := make(map[procore.TemplateID]TemplateHint, len(h.Templates))
	for _, t := range h.Templates {
		known[t.ID] = t
	}
	changed := map[procore.ToolRef]bool{}
	for _, t := range templates {
		k, ok := known[t.ID]
		// A count that Procore leaves out can't show that a project came to use the template.
		if !ok || t.AssignedProjects == procore.AssignedUnknown || k.Published != t.Published || k.Assigned != t.AssignedProjects || k.Tool != t.Tool {
			changed[t.Tool] = true
		}
	}
	out := make(map[procore.AssigneeScope][]procore.PresetID, len(h.Scopes))
	for _, s := range h.Scopes {
		if !changed[s.Tool] && ascending(s.Presets) {
			out[procore.AssigneeScope{Project: s.Project, Tool: s.Tool}] = s.Presets
		}
	}
	return out
}

// ascending says whether the ids are in order, each once, as newHints leaves them: others are damaged.
func ascending(ids []procore.PresetID) bool {
	for i := 1; i < len(ids); i++ {
		if procore.CompareIDs(ids[i-1], ids[i]) >= 0 {
			return false
		}
	}
	return true
}

// unreached are the presets that the last run had no time for.
func (h *Hints) unreached() map[procore.PresetRef]bool {
	if h == nil || len(h.Unreached) == 0 {
		return nil
	}
	out := make(map[procore.PresetRef]bool, len(h.Unreached))
	for _, ref := range h.Unreached {
		out[ref] = true
	}
	return out
}

// found is how many presets of each template the hints promise.
func (h *Hints) found() map[procore.TemplateID]int {
	out := map[procore.TemplateID]int{}
	if h != nil {
		for _, t := range h.Templates {
			out[t.ID] = t.Found
		}
	}
	return out
}

// newHints remembers where the presets of a whole, unfiltered read live. runs is how many runs in a row have trusted
// hints instead of looking everywhere.
func newHints(s *sync.Snapshot, listed map[procore.AssigneeScope][]procore.PresetID, runs int) *Hints {
	h := &Hints{LookedAt: s.LookedAt, Runs: runs, Partial: s.Partial(), Unreached: s.Unreached}
	found := countPresets(s.Presets)
	for _, t := range s.Templates {
		h.Templates = append(h.Templates, TemplateHint{t.ID, t.Tool, t.Published, t.AssignedProjects, found[t.ID]})
	}
	for scope, presets := range listed {
		slices.SortFunc(presets, procore.CompareIDs)
		h.Scopes = append(h.Scopes, ScopeHint{scope.Project, scope.Tool, presets})
	}
	slices.SortFunc(h.Scopes, func(a, b ScopeHint) int {
		return cmp.Or(procore.CompareIDs(a.Project, b.Project), compareTools(a.Tool, b.Tool))
	})
	return h
}

func compareTools(a, b procore.ToolRef) int {
	return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.Subtype, b.Subtype))
}

func countPresets(presets []sync.PresetState) map[procore.TemplateID]int {
	n := map[procore.TemplateID]int{}
	for i := range presets {
		n[presets[i].TemplateID]++
	}
	return n
}
