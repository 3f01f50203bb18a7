package hrsource

import (
	"slices"
	"strings"
	"time"
)

// keptRow is a row as read, stored compactly since a roster may have a million of them.
type keptRow struct {
	own    string // employee id, e-mail, login and name, concatenated
	detail string
	sizes  [4]uint16 // lengths of the parts of own

	source, team, role, project uint32 // indexes of interned texts
	line, row                   uint32
	start, end                  packedDate
	status                      uint8 // index in statuses
	emailValid                  bool
	mayHaveLeft                 bool // the row says that its person has left, or the cells that would say so can't be read
}

var statuses = []Status{Active, Leave, Prehire, Terminated}

// keep stores what was read from a row.
func (in *Intake) keep(at Position, m Member, emailValid bool) keptRow {
	row := keptRow{
		source: in.texts.number(at.Source),
		line:   uint32(at.Line), // lines and rows are bounded
		row:    uint32(at.Row),  // lines and rows are bounded
		detail: at.Detail,
		team:   in.texts.number(m.Team), role: in.texts.number(m.Role), project: in.texts.number(m.Project),
		start: packDate(m.Start), end: packDate(m.End),
		status: uint8(slices.Index(statuses, m.Status)), emailValid: emailValid, // there are four
	}
	row.setOwn(m.EmployeeID, m.Email, m.ProcoreLogin, m.Name)
	return row
}

// setOwn stores what is the person's own in one piece of memory.
func (r *keptRow) setOwn(id, email, login, name string) {
	r.own = id + email + login + name
	for i, part := range [...]string{id, email, login, name} {
		r.sizes[i] = uint16(len(part)) // longestCell is less
	}
}

func (r *keptRow) part(i int) string {
	from := 0
	for _, size := range r.sizes[:i] {
		from += int(size)
	}
	return r.own[from : from+int(r.sizes[i])]
}

func (r *keptRow) employeeID() string { return r.part(0) }
func (r *keptRow) email() string      { return r.part(1) }
func (r *keptRow) login() string      { return r.part(2) }
func (r *keptRow) name() string       { return r.part(3) }

// validEmail returns the e-mail if it is valid.
func (r *keptRow) validEmail() string {
	if !r.emailValid {
		return ""
	}
	return r.email()
}

// packedDate is a Date in four bytes; 0 is none.
type packedDate uint32

func packDate(d Date) packedDate {
	return packedDate(d.Year)<<16 | packedDate(d.Month)<<8 | packedDate(d.Day) // years have four digits
}

func (p packedDate) date() Date {
	return Date{Year: int(p >> 16), Month: time.Month(p >> 8 & 0xFF), Day: int(p & 0xFF)}
}

// interned stores each text once and gives it a number. The same teams, roles and projects occur in many rows.
type interned struct {
	numbers map[string]uint32
	texts   []string
}

func (t *interned) number(text string) uint32 {
	if n, ok := t.numbers[text]; ok {
		return n
	}
	if t.numbers == nil {
		t.numbers = make(map[string]uint32)
	}
	n := uint32(len(t.texts))  // there are far fewer rows than 2^32
	text = strings.Clone(text) // not a part of the whole row
	t.texts = append(t.texts, text)
	t.numbers[text] = n
	return n
}

func (t *interned) text(n uint32) string { return t.texts[n] }
