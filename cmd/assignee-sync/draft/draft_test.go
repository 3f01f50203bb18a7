package draft

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"procore-assignee-sync/hrsource"
)

// read drafts from a file.
func read(t *testing.T, path string) *HR {
	t.Helper()
	d, err := ReadHR(t.Context(), hrsource.CSV{Path: path}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "export.csv")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// What is proposed for the exports of eight HR systems loads all of their rows, as the settings beside them do.
func TestEverySampleExportIsReadByWhatIsProposedForIt(t *testing.T) {
	files, err := filepath.Glob("../../../testdata/hr/*.csv")
	if err != nil || len(files) < 9 {
		t.Fatalf("found %d samples, %v", len(files), err)
	}
	count := regexp.MustCompile(`: (\d+) rows, (\d+) accepted`)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			golden, err := os.ReadFile(strings.TrimSuffix(file, ".csv") + ".golden")
			if err != nil {
				t.Fatal(err)
			}
			d := read(t, file)
			if d.Trouble != nil || d.Rejected > 0 || len(d.ToDo()) > 0 {
				t.Errorf("trouble %v, rejected %v, to do %q", d.Trouble, d.Causes, d.ToDo())
			}
			want := count.FindStringSubmatch(string(golden))
			if got := []string{strconv.Itoa(d.Rows), strconv.Itoa(d.Accepted)}; want == nil || !slices.Equal(got, want[1:]) {
				t.Errorf("rows and accepted are %v, the golden file says %v", got, want)
			}
			for _, column := range []string{"employee_id", "name", "team", "role", "status", "start_date"} {
				if d.header(column) == "" {
					t.Errorf("no column is taken for %s: %v", column, d.Headers)
				}
			}
		})
	}
}

const german = "Personalnummer;Nachname, Vorname;E-Mail-Adresse;Abteilung;Funktion;Status;Eintritt;Austritt;Kostenstelle\n" +
	"000231;Müller, Jörg;joerg.mueller@example.com;Projektleitung;Projektleiter;Aktiv;1.4.16;;4100\n" +
	"000318;Weiß, Anna;anna.weiss@example.com;Recht;Juristin;Elternzeit;15.9.19;;4200\n" +
	"000402;Schäfer, Uwe;uwe.schaefer@example.com;Finanzen;Controller;Ausgeschieden;1.2.18;31.10.26;4400\n"

func TestAGermanExportIsUnderstood(t *testing.T) {
	d := read(t, write(t, german))
	env := d.EnvFile(Settings{CompanyID: "8812", HRCSV: "/hr.csv", RoleMap: "/role-map.csv"})
	for _, line := range []string{
		"PROCORE_COMPANY_ID=8812", "PROCORE_CLIENT_ID=", "PROCORE_CLIENT_SECRET=", "HR_CSV=/hr.csv",
		`HR_CSV_COLUMNS='employee_id=Personalnummer,email=E-Mail-Adresse,name="Nachname, Vorname",team=Abteilung,role=Funktion,` +
			`start_date=Eintritt,end_date=Austritt'`,
		"HR_STATUS_VALUES=active=Aktiv,leave=Elternzeit,terminated=Ausgeschieden", "HR_DATE_FORMAT=D.M.YY", "ROLE_MAP=/role-map.csv",
	} {
		if !strings.Contains(env, line+"\n") {
			t.Errorf("%s is missing in\n%s", line, env)
		}
	}
	if d.Accepted != 3 || d.Rejected > 0 || len(d.ToDo()) > 0 {
		t.Errorf("%d accepted, rejected %v, to do %q", d.Accepted, d.Causes, d.ToDo())
	}
}

// germanRows are so many rows, the last of them with this date.
func germanRows(n int, last string) string {
	var b strings.Builder
	b.WriteString("Personalnummer;E-Mail;Abteilung;Ort;Status;Eintritt\n")
	for i := range n {
		day := fmt.Sprintf("%02d.%02d.2019", 1+i%28, 1+i%12)
		if i == n-1 {
			day = last
		}
		fmt.Fprintf(&b, "%05d;a%d@example.com;Recht;21-00%d;aktiv;%s\n", 100+i, i, i%4, day)
	}
	return b.String()
}

func TestOneWrongDateHidesNoFormat(t *testing.T) {
	d := read(t, write(t, germanRows(60, "31.13.2026")))
	if len(d.Dates) != 1 || d.Dates[0].String() != "DD.MM.YYYY" || d.Accepted != 59 || d.Rejected != 1 {
		t.Errorf("dates %v, %d accepted, %d rejected: %v", d.Dates, d.Accepted, d.Rejected, d.Causes)
	}
	var out strings.Builder
	if err := d.Print(&out, nil); err != nil || !strings.Contains(out.String(), "csv:61") {
		t.Errorf("the row with the wrong date is not named, %v:\n%s", err, out.String())
	}
	if d = read(t, write(t, germanRows(8, "12/30/2019"))); len(d.Dates) > 0 {
		t.Errorf("of a few rows one is no slip: %v", d.Dates)
	}
}

// Many rows may have one date, the day on which a company was bought: one slip among them is a slip all the same.
func TestOneWrongDateHidesNoFormatWhereManyRowsHaveTheSameDate(t *testing.T) {
	var b strings.Builder
	b.WriteString("ID,Email,Team,Hire Date\n")
	for i := range 30 {
		fmt.Fprintf(&b, "E%d,a%d@example.com,Legal,03/16/2023\n", i, i)
	}
	b.WriteString("E99,a99@example.com,Legal,13/45/2025\n")
	d := read(t, write(t, b.String()))
	if len(d.Dates) != 1 || d.Dates[0].String() != "MM/DD/YYYY" || d.Accepted != 30 {
		t.Errorf("dates %v, %d accepted: %v", d.Dates, d.Accepted, d.Causes)
	}
}

func TestWhatWasToldOfStatusesIsInTheNewDraftToo(t *testing.T) {
	path := write(t, strings.ReplaceAll(germanRows(20, "01.02.2020"), "aktiv", "dabei"))
	told, err := hrsource.ParseStatusValues("active=dabei")
	if err != nil {
		t.Fatal(err)
	}
	d, err := ReadHR(t.Context(), hrsource.CSV{Path: path, Format: hrsource.RowFormat{StatusValues: told}}, nil)
	if err != nil || !strings.Contains(d.EnvFile(Settings{}), "HR_STATUS_VALUES=active=dabei\n") {
		t.Errorf("%v:\n%s", err, d.EnvFile(Settings{}))
	}
}

func TestAColumnWhoseCellsAreProjectsIsTakenForTheProject(t *testing.T) {
	path := write(t, germanRows(20, "01.02.2020"))
	d, err := ReadHR(t.Context(), hrsource.CSV{Path: path}, map[string]bool{"21-000": true, "21-001": true, "21-002": true})
	if err != nil || d.header("project") != "Ort" || d.ByCells != "Ort" {
		t.Errorf("project is %q, %v", d.header("project"), err)
	}
	if d = read(t, path); d.header("project") != "" {
		t.Errorf("without knowing projects %q is taken for one", d.header("project"))
	}
}

func TestWhatNobodyCanKnowIsLeftOpen(t *testing.T) {
	d := read(t, write(t, "Mail,Crew,Status,Start\na@example.com,A,Active,01/02/2020\nb@example.com,A,\"On tour, abroad\",03/04/2021\n"))
	env := d.EnvFile(Settings{HRCSV: "hr.csv", RoleMap: "/company/role-map.csv", NoRules: true})
	for _, line := range []string{
		`# HR_STATUS_VALUES='?="On tour, abroad"'`, "# HR_DATE_FORMAT=MM/DD/YYYY", "# HR_DATE_FORMAT=DD/MM/YYYY",
		"# ROLE_MAP=/company/role-map.csv\nROLE_MAP=names",
	} {
		if !strings.Contains(env, line+"\n") {
			t.Errorf("%s is missing in\n%s", line, env)
		}
	}
	if len(d.ToDo()) != 2 {
		t.Errorf("to do: %q", d.ToDo())
	}
	d = read(t, write(t, "Mail,Crew,Start\na@example.com,A,01/22/2020\nb@example.com,A,23.03.2021\n"))
	if env := d.EnvFile(Settings{}); !strings.Contains(env, "\n# HR_DATE_FORMAT=") || len(d.ToDo()) != 1 {
		t.Errorf("dates of two kinds: to do %q, and\n%s", d.ToDo(), env)
	}
	d = read(t, write(t, "Number,Colour\n1,red\n"))
	if d.Trouble == nil || len(d.ToDo()) != 2 {
		t.Errorf("trouble %v, to do %q", d.Trouble, d.ToDo())
	}
}

func TestATeamIsProposedForAGroupOfLikeName(t *testing.T) {
	teams := []Team{
		{"Legal", nil},
		{"Safety (R. Calloway)", []string{"Safety Manager"}},
		{"Project Management", []string{"Project Manager"}},
		{"CC-1300 Buchhaltung", nil},
		{"Bauleitung", []string{"Bauleiter"}},
	}
	groups := []Group{
		{"A", "Legal"},
		{"A", "legal review"},
		{"A", "Safety Review"},
		{"A", "Project Manager"},
		{"A", "Accounting"},
		{"A", "Superintendent"},
		{"A", "Project Executive"},
		{"B", "Legal"},
	}
	want := []Rule{
		{"A", "Legal", "Legal", "*"},
		{"A", "legal review", "Legal", "*"},
		{"A", "Safety Review", "Safety (R. Calloway)", "*"},
		{"A", "Project Manager", "Project Management", "Project Manager"},
		{"A", "Accounting", "CC-1300 Buchhaltung", "*"},
		{"A", "Superintendent", "Bauleitung", "Bauleiter"},
		{"A", "Project Executive", "", ""},
		{"B", "Legal", "Legal", "*"},
	}
	got := Rules(groups, teams)
	if !slices.Equal(got, want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	text, proposed := RoleMapFile(got, teams)
	if proposed != 7 || !strings.Contains(text, "\n# A,Project Executive,TEAM,*\n") || !strings.Contains(text, "\nA,Accounting,CC-1300 Buchhaltung,*\n") {
		t.Errorf("%d proposed:\n%s", proposed, text)
	}
	path := write(t, text)
	rows, _, err := hrsource.LoadRoleMapCSV(path)
	if err != nil || len(rows) != proposed {
		t.Errorf("it is read as %d rules, %v", len(rows), err)
	}
}

func TestARowOfTheRoleMapIsOneLineWhateverTheNamesInIt(t *testing.T) {
	groups := []Group{{"# 1 \"A\", B", "Legal"}, {"C", "Zone\n7"}, {"# C", "Zone\r\n8"}}
	text, proposed := RoleMapFile(Rules(groups, []Team{{"Legal", nil}}), nil)
	if !strings.Contains(text, "\n# C,Zone 7,TEAM,*\n# \"# C\",Zone 8,TEAM,*\n") {
		t.Errorf("not one line each:\n%s", text)
	}
	rows, _, err := hrsource.LoadRoleMapCSV(write(t, text))
	if err != nil || len(rows) != 1 || proposed != 1 || rows[0].Template != `# 1 "A", B` {
		t.Errorf("it is read as %v, %v:\n%s", rows, err, text)
	}
}
