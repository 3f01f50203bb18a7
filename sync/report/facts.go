package report

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"procore-assignee-sync/sync"
)

// fact is one line about the run: a label and a text.
type fact struct {
	Label, Text string
	fine        bool // fine print: on pages and in the workbook, not on a terminal
	names       bool // it names somebody
}

// facts says what the run is, who ran and approved it, and what was read with which rules. Calls and durations are in
// costs.
func facts(rec sync.Record) []fact {
	if rec.Run.Command == sync.CommandHandover || rec.Run.Command == sync.CommandRespond {
		return runFacts(rec) // no preset was read
	}
	return append(runFacts(rec), planFacts(rec)...)
}

func runFacts(rec sync.Record) []fact {
	run := rec.Run
	var list []fact
	if run.Company != "" {
		list = append(list, fact{Label: "Company", Text: Clean(string(run.Company)+" at "+run.Host) + suffixed(prefixed(" (", Clean(run.CompanyName)), ")")})
	}
	if run.ID != "" {
		list = append(list, fact{Label: "Run", Text: runLine(run), names: true})
	}
	if !run.StartedAt.IsZero() {
		when := moment(run.StartedAt)
		if !run.FinishedAt.IsZero() {
			when += " to " + moment(run.FinishedAt)
		}
		list = append(list, fact{Label: "Time", Text: when, fine: true})
	}
	if run.RollbackOf != "" {
		text := "run " + run.RollbackOf
		if run.Redoes != "" {
			text += ", a rollback: puts the changes of run " + run.Redoes + " back in"
		}
		list = append(list, fact{Label: "Undoes", Text: Clean(text)})
	}
	switch {
	case run.Approved != "" && rec.Summary.Outcome == sync.Refused:
		list = append(list, fact{Label: "Approved", Text: "no: the digest given, " + Clean(shortDigest(run.Approved)) + ", did not allow this plan"})
	case run.Approved != "":
		list = append(list,
			fact{Label: "Approved", Text: "by " + notGiven(run.ApprovedBy) + ", as digest " + Clean(shortDigest(run.Approved)), names: true},
			fact{Label: "Reason", Text: notGiven(run.Reason), names: true})
	case run.Reason != "":
		list = append(list, fact{Label: "Reason", Text: Clean(run.Reason), names: true})
	}
	if run.Version != "" {
		list = append(list, fact{Label: "Version", Text: "assignee-sync " + Clean(run.Version), fine: true})
	}
	return list
}

func notGiven(s string) string { return cmp.Or(Clean(s), sync.NotGiven) }

func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }

func runLine(r sync.Run) string {
	line := Clean(r.ID)
	if r.Command != "" {
		line += ", " + Clean(string(r.Command)) + either(r.Command == sync.CommandPlan, " (a dry run)", "")
	}
	if r.SavedPlan {
		line += " of a saved plan"
	}
	if r.By != "" {
		line += " by " + Clean(r.By)
	}
	return line
}

func planFacts(rec sync.Record) []fact {
	p := rec.Plan
	if p == nil {
		return nil
	}
	var list []fact
	add := func(fine bool, label, text string) { list = append(list, fact{Label: label, Text: text, fine: fine}) }
	if p.Roster.Source != "" {
		add(false, "HR data", rosterLine(p.Roster))
		if len(p.Roster.Columns.Used) > 0 {
			add(false, "Columns", Clean(p.Roster.Columns.String()))
		}
		add(true, "HR data's fingerprint", Clean(p.Roster.Fingerprint))
	}
	if p.RoleMap.Source != "" {
		add(false, "Role map", Clean(p.RoleMap.Source)+": "+sync.Several(p.RoleMap.Rules, "rule"))
		add(true, "Role map's fingerprint", Clean(p.RoleMap.Fingerprint))
	}
	c := p.Counts
	add(false, "Procore", fmt.Sprintf("%s, %s, %s with %s", sync.Several(c.Projects, "project"),
		sync.Several(c.Presets, "preset"), sync.Several(c.ManagedGroups, "managed group"), sync.Several(c.Memberships, "membership")))
	add(p.Mode != sync.Additive, "Mode", cmp.Or(string(p.Mode), "not known")+either(p.Mode == sync.Additive, ": nobody is removed", ""))
	add(true, "Limits", limitsLine(p.Limits))
	if p.Filtered {
		add(false, "Scope", "filtered by SYNC_TEMPLATES or SYNC_PROJECTS")
	}
	if p.Digest != "" {
		add(true, "Digest", Clean(p.Digest))
	}
	return list
}

func limitsLine(l sync.Limits) string {
	line := fmt.Sprintf("at most %d %% of all memberships removed, %d %% of a group", l.MaxRemovalPercent, l.MaxGroupRemovalPercent)
	if l.MaxRemovals != nil {
		line += ", " + sync.Grouped(*l.MaxRemovals) + " removals in all"
	}
	return line + either(l.AllowEmptyGroups, "; groups may become empty", "; no group may become empty")
}

func rosterLine(r sync.RosterFacts) string {
	line := fmt.Sprintf("%s: %s; %s %s", Clean(r.Source), sync.Several(r.Rows, "row"), sync.Several(r.Members, "person"), either(r.Members == 1, "is a member today", "are members today"))
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
	if r.First {
		line += "; nothing to compare with: no run of this HR source has passed yet"
	}
	return line
}

// costs says what reading took and what applying is expected to take; nothing if that is not known.
func costs(rec sync.Record) []fact {
	var list []fact
	s := rec.Summary
	if line := s.Presets.String(); line != "" {
		list = append(list, fact{Label: "Presets", Text: line})
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
		list = append(list, fact{Label: either(isPlan(rec), "So far", "Took"), Text: line})
	}
	if s.Watched != nil {
		list = append(list, fact{Label: "Watched", Text: s.Watched.String()})
	}
	if e := s.Estimate; e != nil && isPlan(rec) {
		list = append(list, fact{Label: "To apply", Text: estimateLine(*e)})
	}
	return list
}

func estimateLine(e sync.Estimate) string {
	line := sync.Several(e.Calls, "API call")
	if e.Looks > 0 {
		line += fmt.Sprintf(" (%s of them only look for running workflows that wait for somebody who was removed)", sync.Grouped(e.Looks))
	}
	line += ", about " + seconds(e.Seconds)
	if e.FitsHour != nil {
		line += either(*e.FitsHour, "; fits what is left of this hour's limit", "; waits for the next hour's limit")
	}
	if e.FitsDeadline != nil {
		line += either(*e.FitsDeadline, "; fits SYNC_MAX_DURATION", "; longer than SYNC_MAX_DURATION: the rest is left to the next run")
	}
	return line
}
