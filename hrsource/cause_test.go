package hrsource

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// told returns what is said of a roster's rejected rows.
func told(r *Roster) []string {
	var lines []string
	for _, cause := range r.Causes {
		lines = append(lines, cause.String())
	}
	return lines
}

func TestOneCauseIsOneLineHoweverManyRowsItHits(t *testing.T) {
	row := func(i int, rest string) string { return fmt.Sprintf("%d,p%d@x.example,,,Legal,,,%s\n", i, i, rest) }
	many := func(n int, rest string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(row(100+i, rest))
		}
		return b.String()
	}
	for name, tc := range map[string]struct {
		rows string
		want []string
	}{
		"a status": {
			many(2052, "aktiv,,") + row(1, "active,,"),
			[]string{`status 'aktiv' is not known: 2,052 rows, first hr.csv:2; set HR_STATUS_VALUES="active=aktiv"`},
		},
		"several statuses, with one setting for all of them": {
			many(3, "Aktiv,,") + row(1, "ausgetreten,,") + row(2, "AKTIV,,") + row(3, "beurlaubt,,") + row(4, "Zombie,,"),
			[]string{
				`status 'Aktiv' is not known: 4 rows, first hr.csv:2; set HR_STATUS_VALUES="active=Aktiv,leave=beurlaubt,terminated=ausgetreten,?=Zombie" with active, leave, prehire or terminated for ? (hr.csv:2; hr.csv:3; hr.csv:4; hr.csv:6)`,
				`status 'ausgetreten' is not known: 1 row, hr.csv:5; set HR_STATUS_VALUES="active=Aktiv,leave=beurlaubt,terminated=ausgetreten,?=Zombie" with active, leave, prehire or terminated for ?`,
				`status 'beurlaubt' is not known: 1 row, hr.csv:7; set HR_STATUS_VALUES="active=Aktiv,leave=beurlaubt,terminated=ausgetreten,?=Zombie" with active, leave, prehire or terminated for ?`,
				`status 'Zombie' is not known: 1 row, hr.csv:8; set HR_STATUS_VALUES="active=Aktiv,leave=beurlaubt,terminated=ausgetreten,?=Zombie" with active, leave, prehire or terminated for ?`,
			},
		},
		"a word that most rows have, and one that all who ended have": {
			many(30, "at work,,") + row(1, "gone home,,2020-01-31") + row(2, "gone home,,2021-01-31"),
			[]string{
				`status 'at work' is not known: 30 rows, first hr.csv:2; set HR_STATUS_VALUES="active=at work,terminated=gone home" if that is what it means`,
				`status 'gone home' is not known: 2 rows, first hr.csv:32; set HR_STATUS_VALUES="active=at work,terminated=gone home" if that is what it means (hr.csv:32; hr.csv:33)`,
			},
		},
		"a word with what the setting divides by": {
			row(1, `"T|L, 'x'",,`) + row(2, ",,"),
			[]string{`status 'T|L, 'x'' is not known: 1 row, hr.csv:2; set HR_STATUS_VALUES="?=\"T|L, 'x'\"" with active, leave, prehire or terminated for ?`},
		},
		"dates of both columns, with the format that fits all": {
			many(40, ",31.01.2020,") + row(1, ",,28.02.2031") + row(2, ",1.3.2020,"),
			[]string{`start_date '31.01.2020' is not a date like YYYY-MM-DD: 42 rows, first hr.csv:2; set HR_DATE_FORMAT="D.M.YYYY", which fits all of them`},
		},
		"dates that do not tell day and month apart": {
			row(1, ",01/02/2020,03/04/2021"),
			[]string{`start_date '01/02/2020' is not a date like YYYY-MM-DD: 1 row, hr.csv:2; set HR_DATE_FORMAT="DD/MM/YYYY" or HR_DATE_FORMAT="MM/DD/YYYY", whichever HR means: both fit all of them`},
		},
		"dates with dots, where nobody puts the month first": {
			row(1, ",01.02.2020,03.04.2021"),
			[]string{`start_date '01.02.2020' is not a date like YYYY-MM-DD: 1 row, hr.csv:2; set HR_DATE_FORMAT="DD.MM.YYYY", which fits all of them`},
		},
		"dates in words": {
			row(1, `,"September 3, 2020",`) + row(2, `,"May 13, 2020",`),
			[]string{`start_date 'September 3, 2020' is not a date like YYYY-MM-DD: 2 rows, first hr.csv:2; set HR_DATE_FORMAT="MMM D, YYYY", which fits all of them (hr.csv:2; hr.csv:3)`},
		},
		"dates in two ways": {
			row(1, ",2020-01-31,") + row(2, ",31/01/2020,") + row(3, ",30/01/2020,"),
			[]string{`start_date '31/01/2020' is not a date like YYYY-MM-DD: 2 rows, first hr.csv:3; HR writes dates in two ways, YYYY-MM-DD and DD/MM/YYYY: let it export all of them in one (hr.csv:3; hr.csv:4)`},
		},
		"fillers": {
			strings.Repeat("N/A,,,,Legal,,,,,\n", 25) + "tbd,,,,Legal,,,,,\n",
			[]string{
				"employee_id 'N/A' identifies nobody, and there is no email: 25 rows, first hr.csv:2; write the person's own id or e-mail",
				"employee_id 'tbd' identifies nobody, and there is no email: 1 row, hr.csv:27; write the person's own id or e-mail",
			},
		},
		"two things in one row": {
			many(2, "aktiv,soon,"),
			[]string{
				`status 'aktiv' is not known: 2 rows, first hr.csv:2; set HR_STATUS_VALUES="active=aktiv" (hr.csv:2; hr.csv:3)`,
				`start_date 'soon' is not a date like YYYY-MM-DD: 2 rows, first hr.csv:2; correct it in HR (hr.csv:2; hr.csv:3)`,
			},
		},
		"a word among dates of another format does not fit it": {
			"1,a@x.example,,,Legal,,,,31.12.2020,foo\n",
			[]string{
				`start_date '31.12.2020' is not a date like YYYY-MM-DD: 1 row, hr.csv:2; set HR_DATE_FORMAT="DD.MM.YYYY", which fits all of them`,
				`end_date 'foo' is not a date like YYYY-MM-DD: 1 row, hr.csv:2; correct it in HR`,
			},
		},
		"what only follows from an unknown status is not told": {
			"1,a@x.example,,,Legal,,,weg,,\n2,a@x.example,,,Legal,,,aktiv,,\n1,b@x.example,,,Legal,,,weg,,\n",
			[]string{
				`status 'weg' is not known: 2 rows, first hr.csv:2; set HR_STATUS_VALUES="active=aktiv,?=weg" with active, leave, prehire or terminated for ? (hr.csv:2; hr.csv:4)`,
				`status 'aktiv' is not known: 1 row, hr.csv:3; set HR_STATUS_VALUES="active=aktiv,?=weg" with active, leave, prehire or terminated for ?`,
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			roster := mustLoad(t, header+tc.rows, func(c *CSV) { c.Format.Today = Date{2026, 11, 26} })
			if diff := cmp.Diff(tc.want, told(roster)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestYesAndNoAreStatusesOfAColumnThatAsksForIt(t *testing.T) {
	text := "employee_id,team,Is Active\n1,Legal,Yes\n2,Legal,no\n"
	lines := told(mustLoad(t, text, func(c *CSV) { c.Columns = map[string]string{"status": "Is Active"} }))
	if want := `set HR_STATUS_VALUES="active=Yes,terminated=no"`; len(lines) != 2 || !strings.Contains(lines[0], want) {
		t.Errorf("got %q", lines)
	}
	lines = told(mustLoad(t, strings.Replace(text, "Is Active", "status", 1), nil))
	if want := `set HR_STATUS_VALUES="?=Yes|no"`; len(lines) != 2 || !strings.Contains(lines[0], want) {
		t.Errorf("got %q", lines)
	}
}

func TestASettingThatIsProposedReadsTheRows(t *testing.T) {
	for _, text := range []string{"aktiv", "T|L, 'x'", `say "gone"`, "a, b", "$HOME", "it's", "x=y"} {
		rows := header + `1,,,,Legal,,,"` + strings.ReplaceAll(text, `"`, `""`) + "\",,\n"
		roster := mustLoad(t, rows, func(c *CSV) { c.Format.StatusValues = map[string]Status{"left": Terminated} })
		_, setting, _ := strings.Cut(roster.Causes[0].Todo, "HR_STATUS_VALUES=")
		value := unshell(t, setting)
		values, err := ParseStatusValues(strings.Replace(value, "?=", "active=", 1))
		if err != nil || values["left"] != Terminated {
			t.Fatalf("%s: %v, %v", setting, values, err)
		}
		again := mustLoad(t, rows, func(c *CSV) { c.Format.StatusValues = values })
		if len(again.Rejected) > 0 {
			t.Errorf("with %s: %v", setting, again.Rejected)
		}
	}
}

// unshell reads the word that text begins with as a shell does.
func unshell(t *testing.T, text string) string {
	t.Helper()
	var b strings.Builder
	quote := rune(text[0])
	escaped := false
	for _, r := range text[1:] {
		switch {
		case escaped:
			b.WriteRune(r)
			escaped = false
		case r == '\\' && quote == '"':
			escaped = true
		case r == quote:
			return b.String()
		case quote == '"' && (r == '$' || r == '`'):
			t.Fatalf("a shell would change %s", text)
		default:
			b.WriteRune(r)
		}
	}
	t.Fatalf("%s has no end", text)
	return ""
}

func TestManyCausesOfOneKindAreGathered(t *testing.T) {
	var rows strings.Builder
	for i := range 60 {
		fmt.Fprintf(&rows, "%d,,,,Legal,,,free text %d,,\n", i+1000, i)
	}
	for i := range 30 {
		fmt.Fprintf(&rows, "%d,a%d@x.example,,,Legal,,,,,\n%d,b%d@x.example,,,Legal,,,,,\n", i+5000, i, i+5000, i)
	}
	lines := told(mustLoad(t, header+rows.String(), nil))
	if len(lines) != 22 {
		t.Fatalf("%d lines: %s", len(lines), strings.Join(lines, "\n"))
	}
	for _, want := range []string{
		"50 more values of status that are not known: 50 rows, first hr.csv:12; this is another column than the status of employment: ",
		"20 more employee_ids with more than one e-mail: 40 rows, first hr.csv:82; ",
	} {
		if !strings.Contains(strings.Join(lines, "\n"), want) {
			t.Errorf("nothing says %s:\n%s", want, strings.Join(lines, "\n"))
		}
	}
}
