package sync

import (
	"slices"
	"strings"
)

// Reason says why a change is planned, held or not made. The column reason of changes.csv holds its text, which String
// writes and ReadReason reads.
type Reason struct {
	Hold      Kind      // set if the change is held
	Because   []Because // what HR, the role map or Procore says
	AlreadySo bool      // apply found it made already when it read the preset again, and sent nothing
}

// Because is one thing on which a reason rests.
type Because struct {
	Says  string
	Rule  string // the role map's rule that led there; empty if none did
	Cause Cause  // of a removal, and only in the first element: Says begins with it
}

// Only returns a reason that rests on a single thing.
func Only(says string) Reason { return Reason{Because: []Because{{Says: says}}} }

// Cause is the underlying cause of a removal.
type Cause string

// The causes of removals. A removal that undoes another run's change has none.
const (
	CauseLeft       Cause = "left"           // HR has them as terminated
	CauseEnded      Cause = "ended"          // the end date of their HR rows has passed
	CauseNotStarted Cause = "not started"    // their start date is still to come
	CauseMoved      Cause = "moved"          // HR has them on another team, in another role, or on other projects
	CauseNoRule     Cause = "no rule"        // the role map changed
	CauseNotInHR    Cause = "not in HR data" // HR has no row of them
)

// Causes returns all causes, in the order in which reports show them: those that most deserve a look come first.
func Causes() []Cause {
	return []Cause{CauseNotInHR, CauseNoRule, CauseMoved, CauseNotStarted, CauseEnded, CauseLeft}
}

// Reason returns the reason for a removal with this cause: the cause's words, followed by rest.
func (c Cause) Reason(rest string) Reason {
	return Reason{Because: []Because{{Says: string(c) + rest, Cause: c}}}
}

// Cause returns the cause of a removal, or nothing if the reason has none.
func (r Reason) Cause() Cause {
	if len(r.Because) == 0 {
		return ""
	}
	return r.Because[0].Cause
}

const (
	holdEnd   = ": "
	partEnd   = "; "
	ruleBegin = " (rule "
	ruleEnd   = ")"
	// alreadySo ends the reason of a change that was found made already.
	alreadySo = "already so when read again; nothing sent"
)

// String returns the text of the column reason.
func (r Reason) String() string {
	var parts []string
	for _, b := range r.Because {
		if b.Rule != "" {
			parts = append(parts, b.Says+ruleBegin+b.Rule+ruleEnd)
		} else {
			parts = append(parts, b.Says)
		}
	}
	if r.AlreadySo {
		parts = append(parts, alreadySo)
	}
	text := strings.Join(parts, partEnd)
	if r.Hold != "" {
		return string(r.Hold) + holdEnd + text
	}
	return text
}

// Says returns what the reason rests on, without hold and rules. Each thing occurs once: the same person on the same
// team is one thing, however many rules of the role map lead there.
func (r Reason) Says() string {
	var parts []string
	for _, b := range r.Because {
		if !slices.Contains(parts, b.Says) {
			parts = append(parts, b.Says)
		}
	}
	if r.AlreadySo {
		parts = append(parts, alreadySo)
	}
	return strings.Join(parts, partEnd)
}

// ReadReason reads back the column reason. For any text, String returns the same text again.
func ReadReason(text string) Reason {
	var r Reason
	if hold, rest, found := strings.Cut(text, holdEnd); found && Kind(hold).holds() {
		r.Hold, text = Kind(hold), rest
	}
	if text == alreadySo {
		r.AlreadySo, text = true, ""
	} else if before, found := strings.CutSuffix(text, partEnd+alreadySo); found {
		r.AlreadySo, text = true, before
		if before == "" {
			r.Because = []Because{{}}
		}
	}
	if text == "" {
		return r
	}
	for _, part := range cutUnquoted(text) {
		b := Because{Says: part}
		if at := strings.LastIndex(part, ruleBegin); at >= 0 && strings.HasSuffix(part, ruleEnd) && len(part) > at+len(ruleBegin+ruleEnd) {
			b = Because{Says: part[:at], Rule: part[at+len(ruleBegin) : len(part)-len(ruleEnd)]}
		}
		r.Because = append(r.Because, b)
	}
	r.Because[0].Cause = readCause(r.Because[0].Says)
	return r
}

// readCause returns the cause with which a text begins, if there is one.
func readCause(text string) Cause {
	for _, c := range Causes() {
		rest, found := strings.CutPrefix(text, string(c))
		if found && (rest == "" || strings.ContainsRune(": ,", rune(rest[0]))) {
			return c
		}
	}
	return ""
}

// cutUnquoted cuts a text into its parts. A separator may also occur in a team's name, in quotes.
func cutUnquoted(text string) []string {
	var parts []string
	quoted, from := false, 0
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case !quoted && strings.HasPrefix(text[i:], partEnd):
			parts, from = append(parts, text[from:i]), i+len(partEnd)
			i = from - 1
		}
	}
	return append(parts, text[from:])
}

// MarshalText writes the reason as String does, for JSON.
func (r Reason) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (r *Reason) UnmarshalText(text []byte) error {
	*r = ReadReason(string(text))
	return nil
}
