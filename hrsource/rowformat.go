package hrsource

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
