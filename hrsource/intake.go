package hrsource

import (
	"slices"
	"strings"
)

// rawRow is one HR row as text, before anything is judged.
type rawRow struct {
	At                                                                             Position
	EmployeeID, Email, ProcoreLogin, Name, Team, Role, Project, Status, Start, End string

	// TypedDates says that Start and End come from date columns: they are ISO 8601, whatever RowFormat.Date says.
	TypedDates bool
}

// intake takes rows in the order of their positions, judges each by itself and then all together, and gives the
// roster. It knows nothing of where rows come from.
type intake struct {
	format RowFormat
	called map[string]string // canonical column → what the source calls it, where that differs

	chunks [][]keptRow        // all rows in order, in pieces, so that growing copies nothing
	faults map[int][]rowFault // by row
	texts  interned

	statusPlaces map[string]uint8 // known cells of the status column → place in statuses
}

// rowFault is one thing that is wrong with a row.
type rowFault struct{ column, value, reason string }

// chunkRows is how many rows are in one piece.
const chunkRows = 1024

// newIntake takes how text becomes values.
func newIntake(format RowFormat) *intake {
	return &intake{format: format, faults: make(map[int][]rowFault), statusPlaces: make(map[string]uint8)}
}

// add takes the next row. Rows come in the order of their positions.
func (in *intake) add(raw rawRow) {
	row, faults := in.judge(raw)
	if len(faults) > 0 {
		in.faults[in.len()] = faults
	}
	if n := len(in.chunks); n == 0 || len(in.chunks[n-1]) == chunkRows {
		in.chunks = append(in.chunks, make([]keptRow, 0, chunkRows))
	}
	last := &in.chunks[len(in.chunks)-1]
	*last = append(*last, row)
}

func (in *intake) len() int {
	if len(in.chunks) == 0 {
		return 0
	}
	return (len(in.chunks)-1)*chunkRows + len(in.chunks[len(in.chunks)-1])
}

func (in *intake) row(i int) *keptRow { return &in.chunks[i/chunkRows][i%chunkRows] }

// finish fills Members, Rejected, Accepted, Duplicates and Rows. The intake is spent then.
func (in *intake) finish(r *Roster) {
	seen := newIndex(in.len())
	in.findContradictions(seen)
	r.Rows = in.len()
	r.Accepted = r.Rows - len(in.faults)
	r.Rejected = in.rejected()
	r.Members = in.members(r.Accepted, seen)
	r.Duplicates = r.Accepted - len(r.Members)
}

// rejected gives the rows with faults, in order.
func (in *intake) rejected() []RejectedRow {
	var rejected []RejectedRow
	for _, i := range in.faulty() {
		row, faults := in.row(i), in.faults[i]
		reasons := make([]string, len(faults))
		for n, fault := range faults {
			reasons[n] = fault.reason
		}
		rejected = append(rejected, RejectedRow{
			At:           in.position(row),
			Column:       faults[0].column,
			Value:        faults[0].value,
			Reason:       strings.Join(reasons, "; "),
			EmployeeID:   row.employeeID(),
			Email:        row.email(),
			ProcoreLogin: row.login(),
			Team:         in.texts.text(row.team),
		})
	}
	return rejected
}

// faulty gives the rows that have faults, in order.
func (in *intake) faulty() []int {
	rows := make([]int, 0, len(in.faults))
	for i := range in.faults {
		rows = append(rows, i)
	}
	slices.Sort(rows)
	return rows
}

func (in *intake) member(row *keptRow) Member {
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

func (in *intake) position(row *keptRow) Position {
	return Position{Source: in.texts.text(row.source), Line: int(row.line), Row: int(row.row), Detail: row.detail}
}
