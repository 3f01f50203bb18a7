package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// hostile draws text such as HR or Procore might send: any characters, mixed with what is known to do harm.
func hostile() *rapid.Generator[string] {
	harm := rapid.SampledFrom([]string{
		"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "\ufeff=1", "＝1", ";=1", "x;\"=1", "\"=1",
		"</title><script>alert(1)</script>", "</style><img src=x onerror=alert(1)>", "\" onmouseover=\"alert(1)", "'",
		"\x1b[2J", "\x1b]0;owned\x07", "\u009b31m", "\u202egnp.exe", "\x00", "\x7f", "\xff\xfe", "|", "`", "<!--", "]]>",
		"javascript:alert(1)", "'=1", "''\t", "{{.}}", "%s", "\r\n", "\u2028",
	})
	return rapid.Custom(func(t *rapid.T) string {
		parts := rapid.SliceOfN(rapid.OneOf(rapid.StringN(0, 4, -1), harm), 0, 3).Draw(t, "parts")
		return strings.Join(parts, "")
	})
}

func hostileRecord(t *rapid.T) sync.Record {
	text := func(label string) string { return hostile().Draw(t, label) }
	status := rapid.SampledFrom([]sync.Status{sync.Planned, sync.Applied, sync.Failed, sync.Conflict, sync.Held, sync.NotAttempted})
	rec := richPlan()
	rec.Run.By, rec.Run.Reason, rec.Summary.Message = text("by"), text("why"), text("message")
	rec.Plan.Roster.Source, rec.Plan.RoleMap.Source = text("hr"), text("map")
	rec.Plan.Gates[0].Figure, rec.Plan.Gates[0].Allow = text("figure"), text("allow")
	rec.Changes = rapid.SliceOfN(rapid.Custom(func(*rapid.T) sync.Change {
		return sync.Change{
			Project: procore.ProjectID(text("project")), ProjectNumber: text("number"), ProjectName: text("project name"),
			TemplateID: procore.TemplateID(text("template")), TemplateName: text("template name"), GroupName: text("group"),
			Action: sync.Add, LoginID: procore.LoginID(text("id")), Login: text("login"), PersonName: text("name"),
			EmployeeID: text("employee"), Reason: sync.ReadReason(text("reason")), Source: sync.Positions{text("source")}, Status: status.Draw(t, "status"),
			RequestID: text("request"), Error: text("error"),
		}
	}), 0, 3).Draw(t, "changes")
	rec.Exceptions = rapid.SliceOfN(rapid.Custom(func(*rapid.T) sync.Exception {
		return sync.Exception{
			Kind: sync.NotInProcore, Subject: text("subject"), Detail: text("detail"), TemplateName: text("template"),
			GroupName: text("group"), Source: sync.Positions{text("source")}, Incomplete: true,
		}
	}), 0, 3).Draw(t, "exceptions")
	return rec
}

func drawn(t *rapid.T, write writer, rec sync.Record) string {
	var buf bytes.Buffer
	if err := write(&buf, rec); err != nil {
		t.Fatal(err)
	}
	return buf.String()
}

func TestNoCellOfAnyInputStartsAFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rec := hostileRecord(t)
		for name, write := range map[string]writer{"changes": ChangesCSV, "exceptions": ExceptionsCSV} {
			out := drawn(t, write, rec)
			for _, separator := range []rune{',', ';', '\t'} {
				for _, cell := range cellsAsASpreadsheetCuts(out, separator) {
					if runsAsFormula(cell) {
						t.Fatalf("%s.csv, cut at %q: the cell %q starts a formula", name, separator, cell)
					}
				}
			}
		}
	})
}

// cellsAsASpreadsheetCuts returns the cells of a CSV file. At a comma the quoting is honoured; at another separator the
// cuts are made blindly, as a spreadsheet does that was set to one.
func cellsAsASpreadsheetCuts(out string, separator rune) []string {
	if separator != ',' {
		return strings.FieldsFunc(out, func(r rune) bool { return r == separator || r == '\n' || r == '\r' })
	}
	r := csv.NewReader(strings.NewReader(out))
	var cells []string
	for {
		row, err := r.Read()
		if err == io.EOF {
			return cells
		}
		cells = append(cells, row...)
	}
}

// runsAsFormula is written without a look at the code that prevents it.
func runsAsFormula(cell string) bool {
	if strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") {
		return true
	}
	cell = strings.TrimLeft(cell, " \"\u00a0\ufeff\u200b\u3000")
	for _, start := range []string{"=", "+", "-", "@", "＝", "＋", "－", "＠"} {
		if strings.HasPrefix(cell, start) {
			return true
		}
	}
	return false
}

func TestACellComesBackAsItWasUnlessItWouldRun(t *testing.T) {
	for in, want := range map[string]string{
		"O'Brien, \"Bob\"":    "O'Brien, \"Bob\"",
		"two\nlines":          "two\nlines",
		"hr.csv:14;hr.csv:20": "hr.csv:14;hr.csv:20",
		"00123":               "00123",
		"a-b+c=d@e":           "a-b+c=d@e",
		"=1+1":                "'=1+1",
		"-5":                  "'-5",
		"  @x":                "'  @x",
		"\tx":                 "'\tx",
		"x;=1":                "x;'=1",
		"x\n=1":               "x\n'=1",
		"esc \x1b[2J":         "esc ␛[2J",
		"Müller 李 \u202eabc":  "Müller 李 \ufffdabc",
	} {
		rec := sync.Record{Changes: []sync.Change{{PersonName: in}}}
		var buf bytes.Buffer
		if err := ChangesCSV(&buf, rec); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&buf).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		if got := rows[1][15]; got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
}

func TestACellThatWasKeptFromRunningIsReadBackAsItWas(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rec := sync.Record{Changes: []sync.Change{{PersonName: hostile().Draw(t, "name")}}}
		rows, err := csv.NewReader(strings.NewReader(drawn(t, ChangesCSV, rec))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		want := cleanCell(rec.Changes[0].PersonName)
		if got := ReadCell(rows[1][15]); got != want {
			t.Fatalf("%q was written, %q is read back", want, got)
		}
	})
}

// headers are the first lines of the CSV files, as whoever reads them by program knows them.
var headers = map[string]string{
	"changes": "run_id,time,company_id,project_id,project_number,project_name,template_id,template_name,version_id,preset_id," +
		"group_uuid,group_name,action,login_id,login,person_name,employee_id,reason,source,status,http_status,request_id,error",
	"exceptions": "run_id,kind,subject,detail,template_name,group_name,project_id,source,accepted_until,accepted_why",
	"sources":    "source,employee_id,email,procore_login,name,team,role,project,status,start_date,end_date",
	"access": "run_id,project_id,project_number,project_name,template_id,template_name,preset_id,group_uuid,group_name,managed," +
		"login_id,login,person_name,employee_id,decision,why,source,read_at",
	"running": "run_id,instance_id,item_id,project_id,project_number,project_name,tool_type,tool_subtype,step_occurrence_id," +
		"step_name,login_id,login,person_name,required,started_at,overdue_at,reason,successor_ids,successors,state,http_status," +
		"request_id,error",
}

func TestTheCSVAlwaysHasItsHeaderAndAllItsRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rec := hostileRecord(t)
		rows := len(rec.Plan.Sources)
		for _, f := range []struct {
			name  string
			write writer
			rows  int
		}{
			{"changes", ChangesCSV, len(rec.Changes)},
			{"exceptions", ExceptionsCSV, len(rec.Exceptions)},
			{"sources", SourcesCSV, rows},
			{"access", AccessCSV, len(rec.Access)},
			{"running", RunningCSV, len(rec.Waiting)},
		} {
			rows, err := csv.NewReader(strings.NewReader(drawn(t, f.write, rec))).ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			if len(rows) != f.rows+1 || strings.Join(rows[0], ",") != headers[f.name] {
				t.Fatalf("%s: %d rows for %d, header %q", f.name, len(rows), f.rows, rows[0])
			}
		}
	})
}

func TestNoInputReachesTheTerminalAsAControlCharacter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rec := hostileRecord(t)
		for _, format := range []string{"txt", "md", "html"} {
			for _, r := range drawn(t, formats()[format], rec) {
				if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r)) {
					t.Fatalf("%s holds %U", format, r)
				}
			}
		}
	})
}

// ownTag is every tag that the template itself writes. No value from a record stands inside one.
var ownTag = regexp.MustCompile(`^<(?:!doctype html|meta [a-z-]+="[^"<>]*"(?: content="[^"<>]*")?|link rel="icon" href="data:,"` +
	`|a href="#[a-z]+"|script type="application/json" id="index"|(?:input|form|label|button|option|select|nav)(?: [a-z-]+="[a-zA-Z, -]*")*` +
	`|/?(?:html|head|title|style|script|body|header|main|section|h[1-4]|p|dl|div|dt|dd|span|ul|li|a|strong|nav|form|label|select|option|button|table|thead|tbody|tr|th|td|small|code|b|br)` +
	`(?: [a-z-]+="[A-Za-z0-9_ -]*"| hidden)*)>`)

func TestNoInputBreaksOutOfThePage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		out := drawn(t, HTML, hostileRecord(t))
		out, script, _ := strings.Cut(out, `<script>`)
		if own := pageScript + "</script>\n</body>\n</html>\n"; script != own {
			t.Fatalf("after the page's own script comes %.80q", script)
		}
		for i, r := range out {
			if r == '<' && !ownTag.MatchString(out[i:]) {
				t.Fatalf("the page has markup that is not its own: %.80q", out[i:])
			}
		}
		if n := strings.Count(out, "<style"); n != 1 {
			t.Fatalf("the page has %d style elements", n)
		}
	})
}

func TestNoInputMakesMarkdownMarkup(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rec := sync.Record{Exceptions: []sync.Exception{{Kind: sync.TeamUnused, Subject: hostile().Draw(t, "subject")}}}
		out := drawn(t, formats()["md"], rec)
		_, rest, _ := strings.Cut(out, "| --- | --- | --- | --- |\n")
		row, _, _ := strings.Cut(rest, "\n")
		if strings.Count(row, "|")-strings.Count(row, `\|`) != 5 {
			t.Fatalf("the row has other cells than four: %q", row)
		}
		if strings.ContainsAny(row, "<>") {
			t.Fatalf("the row holds HTML: %q", row)
		}
	})
}

func TestTheJSONIsOneDocumentWhateverTheInput(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rec := hostileRecord(t)
		var got struct {
			Digest     string
			Changes    []json.RawMessage
			Exceptions []json.RawMessage
		}
		if err := json.Unmarshal([]byte(drawn(t, JSON, rec)), &got); err != nil {
			t.Fatal(err)
		}
		if got.Digest != digest || len(got.Changes) != len(rec.Changes) || len(got.Exceptions) != len(rec.Exceptions) {
			t.Fatalf("the document lost something: %+v", got)
		}
	})
}

func TestAnExceptionIsAcceptedByItsCellOfTheCSVWhateverTheSubject(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := sync.Exception{Kind: sync.TeamUnused, Subject: "x" + hostile().Draw(t, "subject")}
		if rapid.Bool().Draw(t, "starts a formula") {
			e.Subject = "=" + e.Subject
		}
		rows, err := csv.NewReader(strings.NewReader(drawn(t, ExceptionsCSV, sync.Record{Exceptions: []sync.Exception{e}}))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var file strings.Builder
		w := csv.NewWriter(&file)
		_ = w.WriteAll([][]string{{"kind", "subject", "until", "why"}, {rows[1][1], rows[1][2], "2027-03-31", "known"}})
		accepted, err := sync.ReadAcceptances("accepted.csv", strings.NewReader(file.String()))
		if err != nil {
			t.Fatalf("%v: %q", err, file.String())
		}
		list := []sync.Exception{e}
		if accepted.Mark(list, hrsource.Date{Year: 2027, Month: 1, Day: 1}); !list[0].Accepted {
			t.Fatalf("%q is not accepted by %q", e.Subject, rows[1][2])
		}
	})
}
