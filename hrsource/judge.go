package hrsource

import (
	"fmt"
	"slices"
	"strings"
)

// longestCell is the greatest length of a cell, in bytes. HR's real values are far shorter; a longer one comes from a
// misplaced quote.
const longestCell = 1000

const digits = "0123456789"

// judgement collects what is wrong with one row.
type judgement struct {
	in     *Intake
	raw    Row
	faults []fault
}

// finding is what a judgement has found wrong.
type finding struct {
	column string // canonical; may be empty
	also   string // another column that may be at fault
	value  string // the offending value; empty if it is personal
	what   string // what is wrong with this row
	todo   string // what to do about it; may be empty

	family string // rows whose findings have the same family and value have the same cause
	of     string // that value; if empty, the whole family is one cause
	common string // what is wrong with all rows of the cause, if what is about this row only
	others string // the name for further causes of the family that are combined into one
}

// fault records a finding.
func (j *judgement) fault(f finding) {
	j.faults = append(j.faults, j.in.blame(j.in.len(), j.raw.At, f))
}

// blame turns a finding into a fault of a row.
func (in *Intake) blame(row int, at Position, f finding) fault {
	place := in.causes.note(causeKey{f.family, f.of}, row, at, func() cause {
		what := f.common
		if what == "" {
			what = f.what
		}
		return cause{RejectedCause: RejectedCause{Column: f.column, What: what, Todo: f.todo}, others: f.others}
	})
	columns := []string{f.column}
	if f.also != "" {
		columns = append(columns, f.also)
	}
	return fault{place, columns, shorten(f.value), f.what}
}

// judge judges a row by itself. What can't be read stays empty in the row.
func (in *Intake) judge(raw Row) (keptRow, []fault) {
	j := judgement{in: in, raw: raw}
	if j.isNobody() {
		return in.keep(raw.At, Member{Status: Active}, false), j.faults
	}
	m := Member{EmployeeID: j.employeeID()}
	var emailValid bool
	m.Email, emailValid = j.address("email", raw.Email)
	m.ProcoreLogin, _ = j.address("procore_login", raw.ProcoreLogin)
	j.identity()
	m.Name = j.length("name", clean(unformula(raw.Name)))
	m.Team = j.member("team", raw.Team, in.format.IsTeam)
	if value(raw.Team) == "" {
		j.fault(finding{column: "team", what: in.name("team") + " is empty", family: "no team"})
	}
	m.Role = j.member("role", raw.Role, in.format.IsRole)
	m.Project = j.project()
	status, statusKnown := j.status()
	m.Status = status
	endKnown := j.dates(&m)
	if !statusKnown && endKnown && in.hasLeft(&m) {
		in.statuses.wrong[foldStatus(stripUnseen(value(unformula(raw.Status))))].ended++
	}
	j.noteFilled(&m)

	row := in.keep(raw.At, m, emailValid)
	row.mayHaveLeft = !statusKnown || !endKnown || in.hasLeft(&m)
	return row, j.faults
}

// hasLeft reports whether a row says that its person has left.
func (in *Intake) hasLeft(m *Member) bool {
	return m.Status == Terminated || !m.End.IsZero() && m.End.Before(in.format.Today)
}

// noteFilled records the columns in which the row has a value, even one that can't be read.
func (j *judgement) noteFilled(m *Member) {
	raw, filled := &j.raw, &j.in.filled
	for column, has := range [columnCount]bool{
		employeeIDColumn:   CleanID(value(raw.EmployeeID)) != "",
		emailColumn:        value(raw.Email) != "",
		procoreLoginColumn: value(raw.ProcoreLogin) != "",
		nameColumn:         value(raw.Name) != "",
		teamColumn:         value(raw.Team) != "",
		roleColumn:         value(raw.Role) != "",
		projectColumn:      m.Project != EveryProject || value(raw.Project) != "" && value(raw.Project) != "*",
		statusColumn:       value(raw.Status) != "",
		startDateColumn:    !m.Start.IsZero() || j.has("start_date"),
		endDateColumn:      !m.End.IsZero() || j.has("end_date"),
	} {
		filled[column] = filled[column] || has
	}
}

// has reports whether something is wrong with a column of the row.
func (j *judgement) has(column string) bool {
	return slices.ContainsFunc(j.faults, func(f fault) bool { return f.columns[0] == column })
}

// isNobody finds rows that are not about a person at all: a report's title or footer, or a repeated header.
func (j *judgement) isNobody() bool {
	raw := &j.raw
	id, team := value(raw.EmployeeID), value(raw.Team)
	filled := 0
	for _, cell := range []string{
		raw.EmployeeID, raw.Email, raw.ProcoreLogin, raw.Name, raw.Team, raw.Role, raw.Project, raw.Status, raw.StartDate, raw.EndDate,
	} {
		if value(cell) != "" {
			filled++
		}
	}
	switch {
	case j.isHeader("team", team) && (j.isHeader("employee_id", id) || j.isHeader("email", value(raw.Email))):
		j.fault(finding{
			what: "this is the header once more", todo: "take it out: several exports were put into one file", family: "header again",
		})
	case team == "" && filled <= 2 && !isAddress(FoldAddress(raw.Email)) && !mayBeID(id):
		j.fault(finding{
			what: "this looks like a title or a footer of a report, not like a person", todo: "take it out of the export", family: "footer",
		})
	default:
		return false
	}
	return true
}

// mayBeID reports whether text looks like an employee id rather than like words.
func mayBeID(text string) bool {
	return IsFiller(text) || strings.ContainsAny(text, digits) && !strings.ContainsAny(text, " :=")
}

// isHeader reports whether a cell is the name of its own column.
func (j *judgement) isHeader(column, cell string) bool {
	if cell == "" {
		return false
	}
	i := slices.IndexFunc(j.in.use.Used, func(used UsedColumn) bool { return used.Name == column })
	return i >= 0 && strings.EqualFold(j.in.use.Used[i].Header, cell)
}

// length rejects a cell that is too long to be intended.
func (j *judgement) length(column, cell string) string {
	if len(cell) > longestCell {
		j.fault(finding{
			column: column, what: fmt.Sprintf("%s has more than %d characters", j.in.name(column), longestCell),
			todo: "look for a quote that is not closed", family: "too long " + column,
		})
		return ""
	}
	return cell
}
