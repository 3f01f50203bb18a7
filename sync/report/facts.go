package report

import (
	"fmt"
	"strings"

	"procore-assignee-sync/sync"
)

// fact is one line of what the report is about: a label and what it says.
type fact struct{ Label, Text string }

// facts says what was read, by which rules, and what the run is.
func facts(rec sync.Record) []fact {
	var list []fact
	if rec.Run.Company != "" {
		list = append(list, fact{"Company", Clean(string(rec.Run.Company) + " at " + rec.Run.Host)})
	}
	if rec.Run.ID != "" {
		list = append(list, fact{"Run", runLine(rec.Run)})
	}
	if rec.Run.RollbackOf != "" {
		list = append(list, fact{"Undoes", "run " + Clean(rec.Run.RollbackOf)})
	}
	p := rec.Plan
	if p == nil {
		return list
	}
	if p.Roster.Source != "" {
		list = append(list, fact{"HR data", rosterLine(p.Roster)})
	}
	if p.RoleMap.Source != "" {
		list = append(list, fact{"Role map", Clean(p.RoleMap.Source) + ": " + sync.Several(p.RoleMap.Rules, "rule")})
	}
	c := p.Counts
	list = append(list, fact{"Procore", fmt.Sprintf("%s, %s, %s with %s", sync.Several(c.Projects, "project"),
		sync.Several(c.Presets, "preset"), sync.Several(c.ManagedGroups, "managed group"), sync.Several(c.Memberships, "person"))})
	if p.Mode == sync.Additive {
		list = append(list, fact{"Mode", "additive: nobody is removed"})
	}
	if p.Filtered {
		list = append(list, fact{"Scope", "filtered by SYNC_TEMPLATES or SYNC_PROJECTS"})
	}
	return list
}

func runLine(r sync.Run) string {
	line := Clean(r.ID)
	if r.Command != "" {
		line += ", " + Clean(r.Command)
	}
	if r.SavedPlan {
		line += " of a saved plan"
	}
	if r.By != "" {
		line += " by " + Clean(r.By)
	}
	return line
}

func rosterLine(r sync.RosterFacts) string {
	line := fmt.Sprintf("%s: %s, %s today", Clean(r.Source), sync.Several(r.Rows, "row"), sync.Several(r.Members, "person"))
	var extra []string
	if r.Rejected > 0 {
		extra = append(extra, sync.Grouped(r.Rejected)+" rejected")
	}
	if r.Duplicates > 0 {
		extra = append(extra, sync.Several(r.Duplicates, "exact duplicate"))
	}
	if len(extra) > 0 {
		line += " (" + strings.Join(extra, ", ") + ")"
	}
	return line
}

// costs says what reading took and what applying is expected to take; nothing where it is not known.
func costs(rec sync.Record) []fact {
	var list []fact
	s := rec.Summary
	if e := s.Estimate; e != nil && isPlan(rec) {
		list = append(list, fact{"To apply", estimateLine(*e)})
	}
	if s.CallsTotal > 0 {
		var took float64
		for _, d := range s.Durations {
			took += d.Seconds
		}
		line := sync.Several(s.CallsTotal, "API call")
		if took > 0 {
			line += " in " + seconds(took)
		}
		if s.Pacing.WaitedSeconds > 0 {
			line += ", of which " + seconds(s.Pacing.WaitedSeconds) + " waiting for the rate limit"
		}
		list = append(list, fact{either(isPlan(rec), "So far", "Took"), line})
	}
	if !s.LookedAt.IsZero() {
		list = append(list, fact{"Presets", "last listed for every project on " + s.LookedAt.UTC().Format("2006-01-02 15:04 UTC")})
	}
	return list
}

func estimateLine(e sync.Estimate) string {
	line := fmt.Sprintf("%s, about %s", sync.Several(e.Calls, "API call"), seconds(e.Seconds))
	if e.FitsHour != nil {
		line += either(*e.FitsHour, "; fits what is left of this hour's limit", "; waits for the next hour's limit")
	}
	if e.FitsDeadline != nil {
		line += either(*e.FitsDeadline, "; fits SYNC_MAX_DURATION", "; longer than SYNC_MAX_DURATION: the rest is left to the next run")
	}
	return line
}

// approvable says whether approving the plan would let anything be written.
func approvable(p *sync.Plan) bool {
	for _, g := range p.Gates {
		if g.Gate == sync.GateNoPresets || g.Gate == sync.GateNoManaged {
			return false
		}
	}
	return len(p.Gates) > 0 && p.Digest != ""
}

// gatesTitle says what the tripped gates mean for the run.
func gatesTitle(rec sync.Record) string {
	limits := sync.Several(len(rec.Plan.Gates), "limit")
	if rec.Run.Approved != "" && rec.Summary.Outcome != sync.Refused {
		title := "Approved in spite of " + limits
		if rec.Run.Reason != "" {
			title += " (" + Clean(rec.Run.Reason) + ")"
		}
		return title
	}
	return "Refused by " + limits + ": nothing is written"
}
