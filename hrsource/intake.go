package hrsource

// rawRow is one HR row as text, before anything is judged.
type rawRow struct {
	At                                                                             Position
	EmployeeID, Email, ProcoreLogin, Name, Team, Role, Project, Status, Start, End string

	// TypedDates says that Start and End come from date columns: ISO 8601, whatever RowFormat.Date says.
	TypedDates bool
}

// intake takes rows in the order of their positions, judges them, and gives the roster.
type intake struct{ format RowFormat }

func newIntake(format RowFormat) *intake { return &intake{format: format} }

func (in *intake) add(row rawRow) {}

// finish fills Members, Rejected, Accepted, Duplicates and Rows.
func (in *intake) finish(r *Roster) {}
