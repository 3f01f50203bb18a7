package sync

import (
	"slices"
	"strings"
)

// Reason says why a change is planned, held or was left: what it rests on, each part of it, and what came of it. The
// column reason of changes.csv is its text, which String writes and ReadReason reads.
type Reason struct {
	Hold      Kind      // of a change that a hold keeps from being made
	Because   []Because // what HR, the role map or Procore says
	AlreadySo bool      // an apply found it made when it read the preset again, and sent nothing
}

// Because is one thing that a reason rests on.
type Because struct {
	Says  string
	Rule  string // of the role map, that led there; empty where none did
	Cause Cause  // of a removal, of the first thing alone: Says begins with it
}

// Only returns a reason that rests on one thing alone.
func Only(says string) Reason { return Reason{Because: []Because{{Says: says}}} }

// Cause is what a removal comes down to.
type Cause string

// The causes of removals. One that puts back what another run changed has none.
const (
	CauseLeft       Cause = "left"           // HR has them as terminated
	CauseEnded      Cause = "ended"          // the end date of their HR rows has passed
	CauseNotStarted Cause = "not started"    // their start date is still to come
	CauseMoved      Cause = "moved"          // HR has them on another team, in another role, or on other projects
	CauseNoRule     Cause = "no rule"        // the role map changed
	CauseNotInHR    Cause = "not in HR data" // HR has no row of theirs
)

// Causes returns all of them, in the order in which reports show them: those first that most deserve a look.
func Causes() []Cause {
	return []Cause{CauseNotInHR, CauseNoRule, CauseMoved, CauseNotStarted, CauseEnded, CauseLeft}
}

// Reason returns the reason of a removal of this cause: its words are the cause's, then the rest.
func (c Cause) Reason(rest string) Reason {
	return Reason{Because: []Because{{Says: string(c) + rest, Cause: c}}}
}

// Cause returns the cause of a removal; it is empty where the reason has none.
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
	// alreadySo ends the reason of a change that was found made.
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

// Says returns what the reason rests on, each thing once, without hold and rules: the same person on the same team is told
// of in one way, however many rules of the role map lead there.
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

// ReadReason reads the column reason back. Whatever the text is, the reason's own text is the same again.
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

// readCause reads the cause that a text begins with, if it does with one.
func readCause(text string) Cause {
	for _, c := range Causes() {
		rest, found := strings.CutPrefix(text, string(c))
		if found && (rest == "" || strings.ContainsRune(": ,", rune(rest[0]))) {
			return c
		}
	}
	return ""
}

// cutUnquoted cuts a text into its parts. What ends a part may stand in a team's name, in quotes.
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
