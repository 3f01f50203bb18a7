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

// RowFormat says how the text of a row becomes values, wherever it comes from.
type RowFormat struct {
	StatusValues map[string]Status // from ParseStatusValues: more names of statuses than the usual ones
	Date         DateFormat        // from ParseDateFormat; zero: ISO 8601
	Terms
}

// Terms are what rows are judged by that is not known before they are read.
type Terms struct {
	Today Date // who has left by then cannot contradict who is there; zero: no end date is judged

	// IsTeam and IsRole report whether the role map has a team, or a role, of this name: without them, a slash or a comma
	// is a part of a name.
	IsTeam, IsRole func(name string) bool
}
