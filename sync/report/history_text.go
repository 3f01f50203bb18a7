package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"procore-assignee-sync/sync"
)

// HistoryText writes what happened to a person or in a project, person by person: first what took effect, newest first,
// then what did not, each with when, where, why, by which run and with whose approval. It ends with where it looked.
// about says whose history it is.
func HistoryText(w io.Writer, about string, f sync.HistoryFilter, h *sync.History) error {
	var b strings.Builder
	if h.None() {
		fmt.Fprintf(&b, "nothing is known of %s%s\n", Clean(about), Clean(sync.NearHint(h.Near)))
	} else {
		fmt.Fprintf(&b, "%s: %s\n", Clean(about), historyTotals(h))
	}
	for _, p := range peopleOf(f, h) {
		fmt.Fprintf(&b, "\n%s%s\n", personText(p.name, p.login, p.id), prefixed(", employee id ", p.employee))
		for _, e := range p.inOrder() {
			e.write(&b)
		}
	}
	fmt.Fprintf(&b, "%s%s\n", either(h.None(), "", "\n"), lookedAt(h.Looked))
	_, err := io.WriteString(w, b.String())
	return err
}

func historyTotals(h *sync.History) string {
	runs := map[string]bool{}
	for _, p := range h.Changes {
		runs[p.Run.ID] = true
	}
	for _, p := range h.Invited {
		runs[p.Run.ID] = true
	}
	for _, p := range h.LeftOut {
		runs[p.Run.ID] = true
	}
	text := sync.Several(len(h.Changes), "change")
	if n := len(h.Invited); n > 0 {
		text += ", " + sync.Several(n, "hand-over")
	}
	if n := len(h.LeftOut); n > 0 {
		text += ", " + sync.Grouped(n) + " left out by a rollback"
	}
	return text + " in " + sync.Several(len(runs), "run")
}

// lookedAt says where a history was looked for, how far back that goes, and what it leaves out.
func lookedAt(l sync.Looked) string {
	where := Clean(l.Place)
	if l.Runs == 0 {
		return "Looked in " + where + ": no run is there that was more than a dry run"
	}
	return fmt.Sprintf("Looked in %s: %s since %s, dry runs left out", where, sync.Several(l.Runs, "run"), l.First.UTC().Format(time.DateOnly))
}

func (e *event) write(b *strings.Builder) {
	where, places := e.where()
	fmt.Fprintf(b, "  %s  %s %s %s", moment(e.last), e.who, e.what, e.group)
	switch {
	case places == 1:
		fmt.Fprintf(b, " of %s\n", where[0])
	case e.reach.presets == nil:
		fmt.Fprintf(b, " in %s\n", sync.Several(places, "place"))
	default:
		fmt.Fprintf(b, " in %s\n", e.reach.spread())
	}
	if n := len(e.runs); n > 1 {
		fmt.Fprintf(b, "    so in %s, first at %s\n", sync.Several(n, "run"), moment(e.first))
	}
	if places > 1 {
		for _, line := range where {
			fmt.Fprintf(b, "    in:  %s\n", line)
		}
	}
	for _, why := range e.whys {
		fmt.Fprintf(b, "    why: %s\n", why)
	}
	fmt.Fprintf(b, "    by:  %s\n", e.by)
	if e.but != "" {
		fmt.Fprintf(b, "    but: %s\n", e.but)
	}
}

// where lists the places by template, and counts them.
func (e *event) where() (lines []string, places int) {
	for _, t := range e.templates {
		lines = append(lines, t+", "+someOf(e.places[t]))
		places += len(e.places[t])
	}
	return lines, places
}

// onWhoseWord says which run it was, who ran it, and who approved it and why, if that was given and applies.
func onWhoseWord(run sync.Run, outcome sync.Outcome) string {
	line := fmt.Sprintf("run %s, %s by %s", run.ID, run.Command, run.By)
	if run.RollbackOf != "" {
		line += ", undoing run " + run.RollbackOf
	}
	switch {
	case run.Approved != "" && outcome == sync.Refused:
		line += ", refused: the approval given did not allow its plan"
	case outcome == sync.Refused:
		line += ", refused"
	case run.Approved != "":
		line += ", approved" + either(notGiven(run.ApprovedBy) == sync.NotGiven, ", by whom was not given", " by "+run.ApprovedBy)
	}
	if run.Reason != "" && run.Reason != sync.NotGiven {
		line += ": " + run.Reason
	}
	return Clean(line)
}
