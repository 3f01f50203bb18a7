package hrsource

// RowFormat says how the text of a row becomes values, whether it comes from a file or from a table.
type RowFormat struct {
	StatusValues map[string]Status // from ParseStatusValues: more names of statuses than the usual ones
	Date         DateFormat        // from ParseDateFormat; zero: ISO 8601
}
