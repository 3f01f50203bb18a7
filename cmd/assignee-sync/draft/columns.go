package draft

import (
	"slices"
	"strings"
	"unicode"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/hrsource/csvtable"
)

// usual are the names that exports give our columns, in several languages, folded as fold does; the first one that an
// export has is used. If a name can mean two things, the cells decide.
var usual = map[string][]string{
	"employee_id": {
		"employeeid", "employeenumber", "employeeno", "employee#", "empid", "empno", "associateid", "workerid", "personid", "personnumber",
		"personnelnumber", "staffid", "staffnumber", "payrollnumber", "userid", "filenumber", "badgenumber", "employee",
		"personalnummer", "personalnr", "persnr", "mitarbeiternummer", "mitarbeiternr", "mitarbeiterid", "manr", "stammnummer", "mitarbeiter",
		"matricule", "numérodesalarié", "númerodeempleado", "legajo", "matricola", "personeelsnummer", "anställningsnummer",
	},
	"email": {
		"email", "workemail", "emailwork", "emailaddress", "workemailaddress", "businessemail", "companyemail", "primaryemail",
		"workcontactworkemail", "mail", "emailadresse", "dienstlicheemail", "emailgeschäftlich", "geschäftlicheemail", "adresseemail",
		"courriel", "mél", "correo", "correoelectrónico", "emailaziendale", "emailadres", "epost",
	},
	"procore_login": {"procoreemail", "procorelogin", "procoreuser"},
	"name": {
		"name", "fullname", "employeename", "displayname", "payrollname", "legalname", "preferredname", "worker", "workername",
		"lastnamefirstname", "employee", "vorundnachname", "namevorname", "nachnamevorname", "mitarbeitername", "mitarbeiter",
		"nometprénom", "nombrecompleto", "nomecompleto", "naam", "namn", "lastname", "nachname", "familienname", "nom", "nombre", "cognome", "sortname",
	},
	"team": {
		"team", "teamname", "crew", "department", "departmentname", "dept", "homedepartmentdescription", "homedepartment",
		"supervisoryorganization", "organization", "organizationalunit", "orgunit", "orglevel2", "orglevel1", "division", "costcenter",
		"abteilung", "abteilungsname", "organisationseinheit", "orgeinheit", "bereich", "kolonne", "mannschaft", "kostenstelle",
		"service", "département", "equipe", "équipe", "departamento", "equipo", "cuadrilla", "reparto", "afdeling", "avdelning",
	},
	"role": {
		"role", "rolename", "jobtitle", "jobtitledescription", "businesstitle", "position", "positiontitle", "title", "jobdescription", "class",
		"function", "job", "funktion", "stelle", "planstelle", "stellenbezeichnung", "positionsbezeichnung", "tätigkeit", "rolle", "beruf", "berufsbezeichnung",
		"poste", "fonction", "puesto", "cargo", "mansione", "functie", "befattning",
	},
	"project": {
		"project", "projectnumber", "projectno", "projectid", "projectcode", "job", "jobnumber", "jobno", "jobcode", "defaultjob",
		"projekt", "projektnummer", "projektnr", "baustelle", "baustellennummer", "bauvorhaben", "chantier", "projet", "obra", "proyecto", "cantiere",
	},
	"status": {
		"employmentstatus", "employeestatus", "workerstatus", "positionstatus", "status", "empstatus", "hrstatus", "employmentstate",
		"employmentstatuscode", "statuscode", "active", "isactive", "activeyn", "beschäftigungsstatus", "mitarbeiterstatus", "personalstatus", "aktiv",
		"statut", "estado", "situación", "stato",
	},
	"start_date": {
		"startdate", "lasthiredate", "hiredate", "dateofhire", "joiningdate", "dateofjoining", "entrydate", "originalhiredate", "start",
		"eintrittsdatum", "eintritt", "einstellungsdatum", "beginn", "dateembauche", "datedembauche", "dateentrée", "datedentrée",
		"fechadealta", "fechadeingreso", "dataassunzione", "indienst", "datumindienst", "anställningsdatum",
	},
	"end_date": {
		"enddate", "terminationdate", "termdate", "dateoftermination", "lastday", "lastdayofwork", "lastworkingday", "leavingdate",
		"dateofleaving", "endofemployment", "exitdate", "austrittsdatum", "austritt", "ende", "vertragsende", "datesortie", "datedesortie",
		"fechadebaja", "datacessazione", "uitdienst", "datumuitdienst", "slutdatum",
	},
}

// fold folds headers for comparison: only letters, digits and #, ignoring case.
func fold(header string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || r == '#' {
			return unicode.ToLower(r)
		}
		return -1
	}, header)
}

// columns finds our columns among the export's.
func (d *HR) columns(c content) {
	taken := map[string]bool{}
	take := func(column, header string) {
		d.Columns = append(d.Columns, Column{column, header})
		taken[header] = true
	}
	for _, column := range hrsource.Columns {
		if header, told := d.CSV.Columns[column]; told {
			take(column, header)
		}
	}
	for _, column := range hrsource.Columns {
		if d.header(column) != "" {
			continue
		}
		if header := find(column, c, taken); header != "" {
			take(column, header)
		}
	}
	if d.header("email") == "" {
		for _, header := range c.headers {
			if !taken[header] && most(c.column(header), func(cell string) bool { return strings.Contains(cell, "@") }) {
				take("email", header)
				break
			}
		}
	}
	d.CSV.Columns = map[string]string{}
	for _, found := range d.Columns {
		if csvtable.FoldHeader(found.Header) != csvtable.FoldHeader(found.Name) {
			d.CSV.Columns[found.Name] = found.Header
		}
	}
	d.order()
}

// projectColumn uses a column with another name for the project if its cells are the company's projects. Without a
// project column everybody would count for every project.
func (d *HR) projectColumn(c content, projects map[string]bool) {
	if d.header("project") != "" || len(projects) == 0 {
		return
	}
	for _, header := range c.headers {
		cells := c.column(header)
		if d.takes(header) || allEmpty(cells) || !most(cells, func(cell string) bool { return projects[strings.ToLower(cell)] }) {
			continue
		}
		d.Columns = append(d.Columns, Column{"project", header})
		d.CSV.Columns["project"], d.ByCells = header, header
		d.order()
		return
	}
}

// takes reports whether a header is used for a column.
func (d *HR) takes(header string) bool {
	return slices.ContainsFunc(d.Columns, func(c Column) bool { return c.Header == header })
}

// order sorts the columns in our own order.
func (d *HR) order() {
	slices.SortStableFunc(d.Columns, func(a, b Column) int {
		return slices.Index(hrsource.Columns, a.Name) - slices.Index(hrsource.Columns, b.Name)
	})
}

// find returns the most likely header for a column, or nothing.
func find(column string, c content, taken map[string]bool) string {
	for _, name := range append([]string{fold(column)}, usual[column]...) {
		for _, header := range c.headers {
			if fold(header) == name && !taken[header] && fits(column, c.column(header)) {
				return header
			}
		}
	}
	return ""
}

// fits reports whether cells can belong to a column, if its name alone does not tell.
func fits(column string, cells []string) bool {
	hasDigit := func(cell string) bool { return strings.ContainsAny(cell, "0123456789") }
	isWord := func(cell string) bool { return !hasDigit(cell) && !strings.Contains(cell, "@") }
	switch column {
	case "employee_id", "project":
		return most(cells, hasDigit)
	case "email", "procore_login":
		return most(cells, func(cell string) bool { return strings.Contains(cell, "@") })
	case "name":
		return most(cells, isWord)
	case "start_date", "end_date":
		return most(cells, hasDigit)
	case "role":
		return !most(cells, hasDigit) || allEmpty(cells)
	default:
		return true
	}
}

// most reports whether most of the cells that are not empty satisfy such. It is true if all are empty.
func most(cells []string, such func(string) bool) bool {
	yes, all := 0, 0
	for _, cell := range cells {
		if isNone(cell) {
			continue
		}
		all++
		if such(cell) {
			yes++
		}
	}
	return 2*yes >= all
}

func allEmpty(cells []string) bool {
	return !slices.ContainsFunc(cells, func(cell string) bool { return !isNone(cell) })
}

// isNone reports whether a cell is empty or holds what databases write for an empty value.
func isNone(cell string) bool { return cell == "" || strings.EqualFold(cell, "null") || cell == "-" }

// header returns the export's header for a column, or nothing if there is none.
func (d *HR) header(column string) string {
	for _, c := range d.Columns {
		if c.Name == column {
			return c.Header
		}
	}
	return ""
}
