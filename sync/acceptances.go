package sync

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/hrsource/csvtable"
)

// Acceptances is the content of SYNC_ACCEPTED_EXCEPTIONS: exceptions that somebody has accepted until a date. An
// accepted exception is still listed but no longer makes the run incomplete.
type Acceptances struct {
	by map[acceptedKey]acceptance
}

// acceptedKey identifies what is accepted. A subject may have been copied from a cell of exceptions.csv or from a page,
// where an apostrophe keeps it from being run as a formula and unprintable characters are replaced; these are ignored,
// and so are spaces.
type acceptedKey struct {
	kind    Kind
	subject string // folded by case, without spaces
}

func keyOfAccepted(kind Kind, subject string) acceptedKey {
	return acceptedKey{kind, FoldText(strings.Map(func(r rune) rune {
		if r == '\'' || r == unicode.ReplacementChar || r >= '\u2400' && r <= '\u2421' ||
			unicode.IsSpace(r) || unicode.IsControl(r) || csvtable.IsUnseen(r) {
			return -1
		}
		return r
	}, subject))}
}

type acceptance struct {
	until hrsource.Date // the last day
	why   string
}

// acceptable are the kinds that can be accepted: those about how HR, role map and Procore relate to each other, which
// come back every night. What happens to a single write can't be accepted in advance.
var acceptable = []Kind{
	Ambiguous, DuplicateGroupName, FilterUnused, GroupLost, HeldEmptyGroup, HeldGroupRemovals, HeldNoProjectRows, HeldSeparation,
	HeldTeamMissing, HeldUnresolved, Inactive, InvisibleKind, MatchedByNumber, NoSuccessor, NotAssignable, NotInProcore, NullDate,
	PresetInvalid, ProjectUnknown, Protected, RowRejected, RuleUnused, RunningWaits, Separation, TeamUnused, TemplateSkipped,
	UnmanagedDomain, UnreadableKind, UnterminatedLastRow,
}

// events are the kinds that can't be accepted.
var events = []Kind{ConflictKind, FailedKind, NotAttemptedKind}

// Mark marks the exceptions that are accepted on the given day, with the last day on which they are, and why. A nil
// Acceptances accepts nothing.
func (a *Acceptances) Mark(exceptions []Exception, today hrsource.Date) {
	if a == nil {
		return
	}
	for i := range exceptions {
		e := &exceptions[i]
		if found, ok := a.by[keyOfAccepted(e.Kind, e.Subject)]; ok && !found.until.Before(today) {
			e.Accepted, e.AcceptedUntil, e.AcceptedWhy = true, found.until.String(), found.why
		}
	}
}

// acceptedRow is one row of the file.
type acceptedRow struct {
	Kind    string `csv:"kind"`
	Subject string `csv:"subject"`
	Until   string `csv:"until"`
	Why     string `csv:"why"`
}

// ReadAcceptances reads the CSV columns kind, subject, until (a day, ISO 8601) and why. name is the file's name in
// messages. It reports all wrong rows at once, each with its line; an error is a *ConfigError.
func ReadAcceptances(name string, r io.Reader) (*Acceptances, error) {
	table, err := csvtable.Read(name, r, csvtable.Options{
		Columns:    []string{"kind", "subject", "until", "why"},
		Required:   [][]string{{"kind"}, {"subject"}, {"until"}, {"why"}},
		AllowEmpty: true,
	})
	if err != nil {
		return nil, &ConfigError{"accepted exceptions: " + err.Error()}
	}
	a := &Acceptances{by: map[acceptedKey]acceptance{}}
	var wrong []string
	for row, err := range csvtable.Rows[acceptedRow](table) {
		if err != nil {
			wrong = append(wrong, err.Error())
			break
		}
		if err := a.accept(row.Value); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s:%d: %v", name, row.Line, err))
		}
	}
	if len(wrong) > 0 {
		return nil, &ConfigError{"accepted exceptions: " + strings.Join(wrong, "\n")}
	}
	return a, nil
}

// accept adds one row. If two rows accept the same exception, the later day counts.
func (a *Acceptances) accept(row acceptedRow) error {
	kind := Kind(strings.ToLower(row.Kind))
	switch {
	case slices.Contains(events, kind):
		return fmt.Errorf("kind %q can't be accepted: it is what happened to a single write", row.Kind)
	case !slices.Contains(acceptable, kind):
		return fmt.Errorf("there is no kind %q: write it as exceptions.csv does", row.Kind)
	case row.Subject == "":
		return errors.New("subject is empty: write it as exceptions.csv does")
	case row.Why == "":
		return errors.New("why is empty: say why it is accepted, for whoever comes after you")
	}
	day, err := time.Parse(time.DateOnly, row.Until)
	if err != nil {
		return fmt.Errorf("until is %q: write the last day on which it is accepted, such as 2027-03-31", row.Until)
	}
	key, until := keyOfAccepted(kind, row.Subject), hrsource.DateOf(day)
	if a.by[key].until.Before(until) {
		a.by[key] = acceptance{until, row.Why}
	}
	return nil
}
