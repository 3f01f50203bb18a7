package hrsource

// Row is one HR row as a source has it: text in the canonical columns, before it is judged.
type Row struct {
	At Position

	EmployeeID, Email, ProcoreLogin, Name, Team, Role, Project, Status, StartDate, EndDate string

	// TypedDates means that StartDate and EndDate come from date columns: they are ISO 8601, whatever RowFormat.Date
	// says.
	TypedDates bool
}

// Columns are the canonical columns of HR data.
var Columns = []string{
	"employee_id", "email", "procore_login", "name", "team", "role", "project", "status", "start_date", "end_date",
}

// Indexes in Columns.
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
	StatusValues map[string]Status // from ParseStatusValues: names of statuses besides the usual ones
	Date         DateFormat        // from ParseDateFormat; zero: ISO 8601
	Terms
}

// Terms are what rows are judged against that does not come from the source.
type Terms struct {
	Today Date // people who have left by then can't contradict others; if zero, end dates are not considered

	// IsTeam and IsRole report whether the role map has a team, or a role, of this name. If nil, a slash or a comma
	// counts as part of a name.
	IsTeam, IsRole func(name string) bool
}
