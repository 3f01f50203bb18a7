package hrsource

// Row is one HR row as a source has it: text in the canonical columns, before anything is judged.
type Row struct {
	At Position

	EmployeeID, Email, ProcoreLogin, Name, Team, Role, Project, Status, StartDate, EndDate string

	// TypedDates says that StartDate and EndDate come from date columns: they are ISO 8601, whatever RowFormat.Date says.
	TypedDates bool
}

// Columns are the canonical columns of HR data.
var Columns = []string{
	"employee_id", "email", "procore_login", "name", "team", "role", "project", "status", "start_date", "end_date",
}

// Places in Columns, for what is kept of each.
const (
	employeeIDColumn = iota
	emailColumn
	procoreLoginColumn
	nameColumn
	teamColumn
	roleColumn
	projectColumn
	statusColumn
	startDateColumn
	endDateColumn
	columnCount
)
