package hrsource

import (
	"maps"
	"slices"
	"strings"
)

// Intake takes rows in the order of their positions, judges each by itself and then all together, and returns the
// roster. It knows nothing about where rows come from.
type Intake struct {
	format RowFormat
	use    ColumnUse
	called map[string]string // canonical column → the source's name for it, if that differs

	chunks [][]keptRow     // all rows in order, in pieces, so that growing copies nothing
	faults map[int][]fault // by row
	asRead map[int]Row     // rows with faults of their own
	causes causes
	texts  interned

	filled    [columnCount]bool
	statuses  statusReader
	dates     dateReader
	several   map[string]bool // cells of team and role → whether they hold several values
	nullDates map[string]*NullDate
}

// chunkRows is the number of rows in one piece.
const chunkRows = 1024

// NewIntake returns an intake for a source with these columns, whose text is read as format says. Whether the columns
// are filled is found out from the rows.
func NewIntake(format RowFormat, use ColumnUse) *Intake {
	in := &Intake{
		format: format, use: use, called: map[string]string{}, faults: map[int][]fault{}, asRead: map[int]Row{},
		several: map[string]bool{}, nullDates: map[string]*NullDate{},
	}
	in.statuses.init(format)
	in.dates.init()
	for _, column := range use.Used {
		if foldColumn(column.Header) != foldColumn(column.Name) {
			in.called[column.Name] = column.Header
		}
	}
	return in
}

// Add adds the next row. Rows must come in the order of their positions.
func (in *Intake) Add(raw Row) {
	row, faults := in.judge(raw)
	if len(faults) > 0 {
		in.faults[in.len()], in.asRead[in.len()] = faults, raw
	}
	if n := len(in.chunks); n == 0 || len(in.chunks[n-1]) == chunkRows {
		in.chunks = append(in.chunks, make([]keptRow, 0, chunkRows))
	}
	last := &in.chunks[len(in.chunks)-1]
	*last = append(*last, row)
}

func (in *Intake) len() int {
	if len(in.chunks) == 0 {
		return 0
	}
	return (len(in.chunks)-1)*chunkRows + len(in.chunks[len(in.chunks)-1])
}

func (in *Intake) row(i int) *keptRow { return &in.chunks[i/chunkRows][i%chunkRows] }

// Finish fills in the roster except for where it comes from: members, rejected rows and their causes, counts, columns
// and null dates. The intake must not be used afterwards.
func (in *Intake) Finish(r *Roster) {
	seen := newIndex(in.len())
	in.findContradictions(seen)
	in.causes.advise(statusFamily, in.statusTodo)
	in.causes.advise(formatFamily, in.dateTodo)
	in.causes.advise(dayFamily, in.dayTodo)
	r.Rows = in.len()
	r.Accepted = r.Rows - len(in.faults)
	r.Rejected = in.rejected()
	r.Causes = in.causes.list()
	r.Columns = in.columns()
	r.NullDates = in.listNullDates()
	r.Members = in.members(r.Accepted, seen)
	r.Duplicates = r.Accepted - len(r.Members)
}

// columns returns the columns that were read, and whether they are filled.
func (in *Intake) columns() ColumnUse {
	use := ColumnUse{Used: slices.Clone(in.use.Used), Unused: append([]string{}, in.use.Unused...)}
	for i := range use.Used {
		use.Used[i].Filled = in.filled[slices.Index(Columns, use.Used[i].Name)]
	}
	return use
}

func (in *Intake) listNullDates() []NullDate {
	var list []NullDate
	for _, text := range slices.Sorted(maps.Keys(in.nullDates)) {
		list = append(list, *in.nullDates[text])
	}
	return list
}

// rejected returns the rows with faults, in order.
func (in *Intake) rejected() []RejectedRow {
	var rejected []RejectedRow
	for _, i := range slices.Sorted(maps.Keys(in.faults)) {
		row, faults := in.row(i), in.faults[i]
		reasons := make([]string, len(faults))
		var wrong []string
		for n, fault := range faults {
			reasons[n] = joinHint(fault.what, in.causes.all[fault.cause].Todo)
			wrong = append(wrong, fault.columns...)
		}
		slices.Sort(wrong)
		as, kept := in.asRead[i]
		if !kept {
			as = in.rowOf(row)
		}
		rejected = append(rejected, RejectedRow{
			At:           in.position(row),
			Column:       faults[0].columns[0],
			Value:        faults[0].value,
			Reason:       strings.Join(reasons, "; "),
			EmployeeID:   row.employeeID(),
			Email:        row.email(),
			ProcoreLogin: row.login(),
			Team:         in.texts.text(row.team),
			As:           as,
			WrongColumns: slices.Compact(wrong),
		})
	}
	return rejected
}

func (in *Intake) member(row *keptRow) Member {
	return Member{
		EmployeeID:   row.employeeID(),
		Email:        row.email(),
		ProcoreLogin: row.login(),
		Name:         row.name(),
		Team:         in.texts.text(row.team),
		Role:         in.texts.text(row.role),
		Project:      in.texts.text(row.project),
		Status:       statuses[row.status],
		Start:        row.start.date(),
		End:          row.end.date(),
	}
}

// rowOf returns a kept row as text.
func (in *Intake) rowOf(row *keptRow) Row {
	m := in.member(row)
	return Row{
		At: in.position(row), EmployeeID: m.EmployeeID, Email: m.Email, ProcoreLogin: m.ProcoreLogin, Name: m.Name, Team: m.Team,
		Role: m.Role, Project: m.Project, Status: string(m.Status), StartDate: m.Start.String(), EndDate: m.End.String(),
	}
}

func (in *Intake) position(row *keptRow) Position {
	return Position{Source: in.texts.text(row.source), Line: int(row.line), Row: int(row.row), Detail: row.detail}
}

// name returns a column's name for messages: the canonical one, and the source's own if that differs.
func (in *Intake) name(column string) string {
	if called, ok := in.called[column]; ok {
		return column + " (" + quote(called) + ")"
	}
	return column
}
