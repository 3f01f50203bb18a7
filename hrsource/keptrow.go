package hrsource

import (
	"slices"
	"strings"
	"time"
)

// keptRow is a row as read, in little space: a roster may have a million of them.
type keptRow struct {
	own    string // employee id, e-mail, login and name, one after the other
	detail string
	sizes  [4]uint16 // of the parts of own

	source, team, role, project uint32 // numbers of interned texts
	line, row                   uint32
	start, end                  packedDate
	status                      uint8 // place in statuses
	emailValid                  bool
	mayHaveLeft                 bool // it says that its person has left, or can't be read where it would
}

var statuses = []Status{Active, Leave, Prehire, Terminated}

// keep keeps what was read of a row.
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

// setOwn puts what is the person's own into one piece of memory.
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

// validEmail is the e-mail where it is one.
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

// interned keeps each text once, and gives a number for it. Teams, roles and projects recur in every other row.
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
