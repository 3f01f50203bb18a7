package report

import "procore-assignee-sync/sync"

// mark is the sign and the words for a change. The words are empty if the sign says it all.
type mark struct {
	sign  string
	words string
}

// markOf returns a mark that never claims more than what happened. In a plan that was refused, what was not attempted
// is shown as planned.
func markOf(action sync.Action, status sync.Status, asPlan bool) mark {
	add := action == sync.Add
	switch status {
	case sync.Held:
		return mark{"!", either(add, "held, not added", "held, not removed")}
	case sync.Failed:
		return mark{"x", either(add, "failed to add", "failed to remove")}
	case sync.Conflict:
		return mark{"x", either(add, "conflict, not added", "conflict, not removed")}
	case sync.NotAttempted:
		if !asPlan {
			return mark{"?", either(add, "not attempted, to add", "not attempted, to remove")}
		}
	case sync.Planned, sync.Applied:
	}
	return mark{either(add, "+", "-"), ""}
}

// spelled returns in words, for a page, what the terminal's sign says.
func (m mark) spelled(action sync.Action, asPlan bool) string {
	switch {
	case m.words != "":
		return sentence(m.words)
	case asPlan:
		return either(action == sync.Add, "Add", "Remove")
	default:
		return either(action == sync.Add, "Added", "Removed")
	}
}

// class returns the CSS class for the mark's colour.
func (m mark) class() string {
	switch m.sign {
	case "+":
		return "add"
	case "-":
		return "remove"
	case "x":
		return "bad"
	default:
		return "warn"
	}
}

// The ANSI colours of the terminal report. Nothing is said by colour alone.
const (
	bold   = "1"
	faint  = "2"
	red    = "31"
	green  = "32"
	yellow = "33"
)

// paint returns s in a colour if colours are wanted.
func (t *text) paint(code, s string) string {
	if !t.opts.Color || code == "" {
		return s
	}
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

func colorOf(sign string) string {
	switch sign {
	case "+":
		return green
	case "-", "x":
		return red
	default:
		return yellow
	}
}
