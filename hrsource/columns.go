package hrsource

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"procore-assignee-sync/hrsource/csvtable"
)

// ColumnUse says which columns of a source were read, and which were not.
type ColumnUse struct {
	Used   []UsedColumn `json:"used"`   // in the order of Columns
	Unused []string     `json:"unused"` // as the source calls them, in its order
}

// String lists the columns: `employee_id, team ("Department"), status; not used: "Cost Center"`.
func (c ColumnUse) String() string {
	used := make([]string, len(c.Used))
	for i, column := range c.Used {
		used[i] = column.Name
		if foldColumn(column.Header) != foldColumn(column.Name) {
			used[i] += " (" + strconv.Quote(column.Header) + ")"
		}
	}
	line := strings.Join(used, ", ")
	if len(c.Unused) == 0 {
		return line
	}
	unused := make([]string, len(c.Unused))
	for i, header := range c.Unused {
		unused[i] = strconv.Quote(header)
	}
	return line + "; not used: " + strings.Join(unused, ", ")
}

// UsedColumn is a canonical column that the source has.
type UsedColumn struct {
	Name   string `json:"name"`   // canonical
	Header string `json:"header"` // what the source calls it
	Filled bool   `json:"filled"` // whether any row has a value in it other than a placeholder
}

// Filled returns the canonical columns in which any row has a value.
func (c ColumnUse) Filled() []string {
	var filled []string
	for _, column := range c.Used {
		if column.Filled {
			filled = append(filled, column.Name)
		}
	}
	return filled
}

// usualNames are the names that HR systems give the optional columns, compared without regard to case, spaces and
// underscores. A column that has been renamed to one of these must not pass for an absent one: people who have left
// would become active again, and everyone would be on every project.
var usualNames = map[string][]string{
	"status": {
		"employment status", "employment state", "employee status", "worker status", "hr status", "emp status", "active", "is active",
	},
	"end_date": {
		"termination date", "term date", "last day", "last day of work", "last working day", "leaving date", "date of leaving",
		"end of employment", "exit date",
	},
	"start_date": {"hire date", "date of hire", "start", "joining date", "date of joining", "entry date"},
	"project":    {"project number", "project no", "project id", "project code", "job", "job number", "job no", "job code"},
	"role":       {"job title", "position", "title", "role name", "function"},

	"procore_login": {"procore email", "procore user"},
}

// lookalike is a column that is not read, and the canonical column that it usually is.
type lookalike struct{ column, header string }

// lookalikes returns the unused columns that usually are a canonical column that is absent, in the order of the source.
func (c ColumnUse) lookalikes() []lookalike {
	absent := map[string]string{} // folded usual name → canonical column
	for column, names := range usualNames {
		if slices.ContainsFunc(c.Used, func(used UsedColumn) bool { return used.Name == column }) {
			continue
		}
		for _, name := range names {
			absent[foldColumn(name)] = column
		}
	}
	var found []lookalike
	for _, header := range c.Unused {
		if column, ok := absent[foldColumn(header)]; ok {
			found = append(found, lookalike{column, header})
		}
	}
	return found
}

// foldColumn makes names of columns comparable.
func foldColumn(name string) string { return csvtable.FoldHeader(name) }

// firstOfEach keeps only the first lookalike of each canonical column.
func firstOfEach(found []lookalike) []lookalike {
	var first []lookalike
	for _, one := range found {
		if !slices.ContainsFunc(first, func(other lookalike) bool { return other.column == one.column }) {
			first = append(first, one)
		}
	}
	return first
}

// describeLookalikes says which columns are absent, and which columns are there instead.
func describeLookalikes(found []lookalike) string {
	var absent, headers []string
	for _, one := range found {
		if !slices.Contains(absent, one.column) {
			absent = append(absent, one.column)
		}
		headers = append(headers, `"`+one.header+`"`)
	}
	return "there is no column " + inWords(absent, "or") + ", but " + inWords(headers, "and") + ", which may be what is meant"
}

// inWords lists things as in a sentence.
func inWords(things []string, word string) string {
	if len(things) < 2 {
		return strings.Join(things, "")
	}
	last := len(things) - 1
	return strings.Join(things[:last], ", ") + " " + word + " " + things[last]
}

// refuseUsualNames refuses a file with a renamed column, unless the settings say what it is.
func (c CSV) refuseUsualNames(file string, line int, use ColumnUse) error {
	ignored := map[string]bool{}
	for _, header := range c.Ignore {
		ignored[foldColumn(header)] = true
	}
	found := slices.DeleteFunc(use.lookalikes(), func(one lookalike) bool { return ignored[foldColumn(one.header)] })
	if len(found) == 0 {
		return nil
	}
	columns := maps.Clone(c.Columns)
	if columns == nil {
		columns = map[string]string{}
	}
	for _, one := range firstOfEach(found) {
		columns[one.column] = one.header
	}
	ignore := slices.Clone(c.Ignore)
	for _, one := range found {
		ignore = append(ignore, one.header)
	}
	return &SourceError{
		File: file, Line: line, What: describeLookalikes(found),
		Hint: "set " + columnsSetting(columns) + " to read it so, or " + ignoreSetting(ignore) + " to leave it out",
	}
}

// columnsSetting returns the setting HR_CSV_COLUMNS for the given columns.
func columnsSetting(columns map[string]string) string {
	var entries []string
	for _, column := range Columns {
		if header, ok := columns[column]; ok {
			entries = append(entries, column+"="+SettingValue(header, ","))
		}
	}
	return setting("HR_CSV_COLUMNS", strings.Join(entries, ","))
}

// ignoreSetting returns the setting HR_CSV_IGNORE for the given headers.
func ignoreSetting(headers []string) string {
	entries := make([]string, len(headers))
	for i, header := range headers {
		entries[i] = SettingValue(header, ",")
	}
	return setting("HR_CSV_IGNORE", strings.Join(entries, ","))
}
