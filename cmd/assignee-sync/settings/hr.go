package settings

import (
	"errors"
	"io"
	"strings"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/migrations/pgdial"
)

// readHR reads the settings that say where HR data is and how it is written.
func (c *Config) readHR(t texts, problems *problemList) {
	format := hrsource.RowFormat{
		StatusValues: parsed(problems, "HR_STATUS_VALUES", t.StatusValues, hrsource.ParseStatusValues),
		Date:         parsed(problems, "HR_DATE_FORMAT", t.DateFormat, hrsource.ParseDateFormat),
	}
	csv := hrsource.CSV{
		Path:      t.HRCSV,
		Columns:   parsed(problems, "HR_CSV_COLUMNS", t.CSVColumns, hrsource.ParseColumns),
		Ignore:    problems.names("HR_CSV_IGNORE", t.CSVIgnore),
		Delimiter: parsed(problems, "HR_CSV_DELIMITER", t.CSVDelimiter, hrsource.ParseDelimiter),
		Encoding:  parsed(problems, "HR_CSV_ENCODING", t.CSVEncoding, hrsource.ParseEncoding),
		Format:    format,
	}
	for _, header := range hrsource.NamedTwice(csv.Columns, csv.Ignore) {
		problems.addClash("HR_CSV_COLUMNS", "and HR_CSV_IGNORE both name %q: take it out of one of them", header)
	}
	c.HR.DatabaseURL = problems.databaseURL("HR_DATABASE_URL", t.HRDatabaseURL, false)
	switch {
	case t.HRCSV == "" && problems.fileTold("HR_DATABASE_URL"):
	case t.HRCSV == "" && t.HRDatabaseURL == "":
		problems.addMissing("HR_CSV", "and HR_DATABASE_URL are both missing: set one of them, where the HR data is")
	case t.HRCSV != "" && t.HRDatabaseURL != "":
		problems.addClash("HR_CSV", "and HR_DATABASE_URL are both set: HR data comes from one of them, unset the other")
	case t.HRCSV != "":
		c.HR.Setting, c.HR.FromStdin = "HR_CSV", csv.Path == "-"
		c.HR.Source = func(stdin io.Reader, terms hrsource.Terms) hrsource.Source {
			source := csv
			source.Stdin, source.Format.Terms = stdin, terms
			return source
		}
	default:
		c.HR.Setting = "HR_DATABASE_URL"
		postgres := hrsource.Postgres{URL: c.HR.DatabaseURL.Reveal(), Query: t.HRQuery, Format: format}
		c.HR.Source = func(_ io.Reader, terms hrsource.Terms) hrsource.Source {
			source := postgres
			source.Location, source.Format.Terms = c.Location, terms
			return source
		}
	}
}

// readRoleMap reads the setting that says where the role map is.
func (c *Config) readRoleMap(t texts, problems *problemList) {
	c.HR.RoleMap = strings.TrimSpace(t.RoleMap)
	switch {
	case c.HR.RoleMap == "":
		problems.addMissing("ROLE_MAP", "is missing: set it to the path of a CSV file template,group,team,role, to %q (%s in the HR"+
			" database) or to %q (a group is filled by the team of the same name)", RoleMapTable, "role_mappings", RoleMapNames)
	case c.HR.RoleMap == RoleMapTable && problems.fileTold("HR_DATABASE_URL"):
	case c.HR.RoleMap == RoleMapTable && t.HRDatabaseURL == "":
		problems.addClash("ROLE_MAP", "is %q, which is in the HR database: set HR_DATABASE_URL, or name a file", RoleMapTable)
	}
}

// parsed reads a setting with the parser of the package that uses it. An empty setting gives the parser's zero value.
func parsed[T any](problems *problemList, setting, text string, parse func(string) (T, error)) T {
	var zero T
	if text == "" {
		return zero
	}
	value, err := parse(text)
	if err != nil {
		problems.add(setting, "is wrong: %v", err)
		return zero
	}
	return value
}

// databaseURL checks a Postgres URL without ever showing it.
func (p *problemList) databaseURL(setting string, url Secret, required bool) Secret {
	if url == "" {
		if required {
			p.missingSecret(setting, "the database's address, postgres://user:password@host:5432/database")
		}
		return ""
	}
	_, err := pgdial.Open(url.Reveal(), pgdial.Options{Setting: setting})
	if wrong := (*pgdial.Error)(nil); errors.As(err, &wrong) {
		p.add(setting, "%s", wrong.URLFault())
	}
	return url
}
