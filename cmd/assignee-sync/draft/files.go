package draft

import (
	"encoding/csv"
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/hrsource"
)

// Settings are the values of settings that do not come from the export, by name; none of them is a secret.
type Settings struct {
	CompanyID, APIURL, LoginURL, HRCSV, LedgerDir string

	RoleMap string // the draft of the role map
	NoRules bool   // it has no rules yet
}

// EnvFile returns the proposed settings as an env file. Secrets are left to be filled in.
func (d *HR) EnvFile(s Settings) string {
	f := &envFile{}
	f.comment("Settings of assignee-sync, as `assignee-sync init` proposes them. `assignee-sync help settings` lists all there are.",
		"The environment wins over what is here.")
	f.section("Procore. Id and secret of the service account, a Developer Managed Service Account, are better mounted as files",
		"(PROCORE_CLIENT_SECRET_FILE) or set in the environment.")
	f.set("PROCORE_COMPANY_ID", s.CompanyID)
	f.set("PROCORE_CLIENT_ID", "")
	f.set("PROCORE_CLIENT_SECRET", "")
	f.setIf("PROCORE_API_URL", s.APIURL)
	f.setIf("PROCORE_LOGIN_URL", s.LoginURL)
	f.section("HR data.")
	f.set("HR_CSV", s.HRCSV)
	f.setIf("HR_CSV_ENCODING", d.CSV.Encoding)
	if d.CSV.Delimiter != 0 {
		f.set("HR_CSV_DELIMITER", delimiterName(d.CSV.Delimiter))
	}
	f.setIf("HR_CSV_COLUMNS", d.columnsText())
	f.setIf("HR_CSV_IGNORE", listText(d.CSV.Ignore))
	d.statusLines(f)
	d.dateLines(f)
	f.section("Which teams fill which groups.")
	if s.NoRules {
		f.comment("No rule could be proposed: complete the role map, and put the first line in the place of the second. Until then a group",
			"is filled by the team of the same name.")
		f.comment(settings.EnvLine("ROLE_MAP", s.RoleMap))
		f.set("ROLE_MAP", settings.RoleMapNames)
	} else {
		f.set("ROLE_MAP", s.RoleMap)
	}
	f.section("Where runs leave their reports, whatever folder a command is called from.")
	f.set("LEDGER_DIR", s.LedgerDir)
	return f.String()
}

func delimiterName(r rune) string {
	if r == '\t' {
		return "tab"
	}
	return string(r)
}

// columnsText returns the value of HR_CSV_COLUMNS.
func (d *HR) columnsText() string {
	var entries []string
	for _, c := range d.Columns {
		if header, renamed := d.CSV.Columns[c.Name]; renamed {
			entries = append(entries, c.Name+"="+hrsource.SettingValue(header, ",="))
		}
	}
	return strings.Join(entries, ",")
}

// statusLines writes HR_STATUS_VALUES, and what is left to complete in it.
func (d *HR) statusLines(f *envFile) {
	var open []string
	for _, s := range d.Statuses {
		if s.Meaning == "" {
			open = append(open, s.Text)
		}
	}
	if len(open) > 0 {
		f.comment(fmt.Sprintf("Nobody can say what these values of %q mean: put active, leave, prehire or terminated for ?, and take off the #.",
			d.header("status")), settings.EnvLine("HR_STATUS_VALUES", statusText(d.guessed(), open)))
	}
	f.setIf("HR_STATUS_VALUES", statusText(d.guessed(), nil))
}

func statusText(known map[hrsource.Status][]string, open []string) string {
	var entries []string
	add := func(status string, texts []string) {
		quoted := make([]string, len(texts))
		for i, text := range texts {
			quoted[i] = hrsource.SettingValue(text, ",|=")
		}
		if len(texts) > 0 {
			entries = append(entries, status+"="+strings.Join(quoted, "|"))
		}
	}
	for _, status := range []hrsource.Status{hrsource.Active, hrsource.Leave, hrsource.Prehire, hrsource.Terminated} {
		add(string(status), known[status])
	}
	add("?", open)
	return strings.Join(entries, ",")
}

// dateLines writes HR_DATE_FORMAT, or the formats to choose from.
func (d *HR) dateLines(f *envFile) {
	if len(d.Dates) == 1 {
		f.set("HR_DATE_FORMAT", d.Dates[0].String())
		return
	}
	if d.NoFormat {
		f.comment("No one way of writing dates fits those of the file. Say here which it is, and take off the #.",
			settings.EnvLine("HR_DATE_FORMAT", "MM/DD/YYYY"))
	}
	if len(d.Dates) == 0 {
		return
	}
	f.comment("The dates can be read in more than one way. Take the # off the right one.")
	for _, format := range d.Dates {
		f.comment(settings.EnvLine("HR_DATE_FORMAT", format.String()))
	}
}

// RoleMapFile returns a role map: the proposed rules, and the others as comments to complete.
func RoleMapFile(rules []Rule, teams []Team) (text string, proposed int) {
	var b strings.Builder
	b.WriteString("template,group,team,role\n")
	var open []string
	for _, r := range rules {
		if r.Team == "" {
			open = append(open, csvLine(r.Template, r.Group, "TEAM", "*"))
			continue
		}
		proposed++
		b.WriteString(csvLine(r.Template, r.Group, r.Team, r.Role))
	}
	comment := func(lines ...string) {
		for _, line := range lines {
			b.WriteString("# " + strings.TrimRight(line, "\n") + "\n")
		}
	}
	if len(rules) == 0 {
		comment("With credentials `init` lists templates and groups here. One row for each group, such as:",
			"Subcontract approval,Legal,Legal,*")
	}
	if len(open) > 0 {
		comment("Groups for which no team could be proposed: put the team for TEAM, and take off the #. What stays so is not touched.")
		comment(open...)
	}
	if len(teams) > 0 {
		comment("The teams of the HR file, each with its roles:")
		for _, t := range teams {
			comment(strings.TrimSuffix(t.Name+": "+strings.Join(t.Roles, ", "), ": "))
		}
	}
	return b.String(), proposed
}

// csvLine returns a row as one line, since a comment ends with the line: runs of blanks in a name become one space. A
// cell that would make the row a comment is quoted.
func csvLine(cells ...string) string {
	var b strings.Builder
	w := csv.NewWriter(&b)
	for i, cell := range cells {
		cells[i] = strings.Join(strings.Fields(cell), " ")
	}
	_ = w.Write(cells) // writing to a strings.Builder never fails
	w.Flush()
	line := b.String()
	if first, rest, _ := strings.Cut(line, ","); strings.HasPrefix(first, "#") {
		return `"` + first + `",` + rest
	}
	return line
}

// listText returns a comma-separated list of names.
func listText(names []string) string {
	quoted := slices.Clone(names)
	for i, name := range quoted {
		quoted[i] = hrsource.SettingValue(name, ",")
	}
	return strings.Join(quoted, ",")
}

// envFile is an env file being written.
type envFile struct{ strings.Builder }

func (f *envFile) comment(lines ...string) {
	for _, line := range lines {
		f.WriteString("# " + line + "\n")
	}
}

func (f *envFile) section(lines ...string) {
	f.WriteString("\n")
	f.comment(lines...)
}

func (f *envFile) set(name, value string) { f.WriteString(settings.EnvLine(name, value) + "\n") }

func (f *envFile) setIf(name, value string) {
	if value != "" {
		f.set(name, value)
	}
}
