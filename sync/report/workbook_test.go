package report

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"procore-assignee-sync/sync"
)

// workbookRecord is an apply with what spreadsheets like to spoil.
func workbookRecord() sync.Record {
	rec := richApply()
	rec.Plan.Sources = []sync.SourceRow{
		{Source: "hr.csv:14", EmployeeID: "00001", Email: "ada@example.com", Name: "Ädä Lövelace-Šimůnková 李", Team: "Größe & Maß", Status: "active", StartDate: "2026-01-02"},
		{Source: "hr.csv:15", EmployeeID: "9007203254740995", Email: "=HYPERLINK(\"http://evil.example\",\"x\")", Name: "1E+11", Team: "-2+3", Role: "+1", Project: "@SUM(A1)", Status: "TRUE"},
	}
	rec.Changes[0].Preset, rec.Changes[0].EmployeeID = "9007203254740995", "000123"
	rec.Changes[0].PersonName = "Jürgen Weiß"
	return rec
}

func TestEveryCellOfTheWorkbookIsTextWhateverTheInput(t *testing.T) {
	cellTag := regexp.MustCompile(`<c [^>]*>`)
	rapid.Check(t, func(t *rapid.T) {
		rec := hostileRecord(t)
		rec.Plan.Sources = []sync.SourceRow{{Source: "hr.csv:2", Name: hostile().Draw(t, "name"), Team: hostile().Draw(t, "team")}}
		book := drawn(t, XLSX, rec)
		archive, err := zip.NewReader(strings.NewReader(book), int64(len(book)))
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range archive.File {
			if !strings.HasPrefix(part.Name, "xl/worksheets/") {
				continue
			}
			text := readPart(t, part)
			if strings.Contains(text, "<f>") || strings.Contains(text, "<f ") || strings.Contains(text, "<hyperlink") {
				t.Fatalf("%s has a formula or a link", part.Name)
			}
			for _, tag := range cellTag.FindAllString(text, -1) {
				if !strings.Contains(tag, `t="inlineStr"`) {
					t.Fatalf("%s has a cell that is no text: %s", part.Name, tag)
				}
			}
		}
		f, err := excelize.OpenReader(strings.NewReader(book))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := f.GetRows("Sources")
		if err != nil {
			t.Fatal(err)
		}
		if want := cleanCell(rec.Plan.Sources[0].Name); len(rows) != 2 || cellAt(rows[1], 4) != want {
			t.Fatalf("%q is read back, want %q", rows, want)
		}
	})
}

// cellAt returns a cell of a row, which ends with its last cell that is not empty.
func cellAt(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return ""
}

func readPart(t *rapid.T, part *zip.File) string {
	r, err := part.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheWorkbookOfOneRecordIsAlwaysTheSameBytes(t *testing.T) {
	want := render(t, XLSX, workbookRecord())
	for range 5 {
		if !bytes.Equal(want, render(t, XLSX, workbookRecord())) {
			t.Fatal("the same record gave another workbook")
		}
	}
}

func TestTheWorkbookHasItsSheetsWithFrozenHeadersAndFilters(t *testing.T) {
	f, err := excelize.OpenReader(bytes.NewReader(render(t, XLSX, workbookRecord())))
	if err != nil {
		t.Fatal(err)
	}
	names := f.GetSheetList()
	if !slices.Equal(names, []string{"Summary", "People", "To do", "Changes", "Sources"}) {
		t.Errorf("sheets %q", names)
	}
	filters := f.GetDefinedName()
	for _, name := range names {
		panes, err := f.GetPanes(name)
		if err != nil || !panes.Freeze || panes.YSplit != 1 {
			t.Errorf("sheet %s: panes %+v, error %v", name, panes, err)
		}
		if !slices.ContainsFunc(filters, func(d excelize.DefinedName) bool { return strings.HasPrefix(d.RefersTo, "'"+name+"'!$A$1:") }) {
			t.Errorf("sheet %s has no filter: %+v", name, filters)
		}
		if width, err := f.GetColWidth(name, "A"); err != nil || width < 15 {
			t.Errorf("sheet %s: its first column is %v wide, error %v", name, width, err)
		}
	}
}

// TestASpreadsheetProgramReadsTheWorkbookWhole opens the workbook with LibreOffice, as an office worker would.
func TestTheWorkbookShowsAndPrintsLongTextsWhole(t *testing.T) {
	rec := workbookRecord()
	rec.Summary.Message = strings.Repeat("held_empty_group 1, ", 20)
	f, err := excelize.OpenReader(bytes.NewReader(render(t, XLSX, rec)))
	if err != nil {
		t.Fatal(err)
	}
	for row, want := range map[int]float64{3: lineHeight, 5: 4 * lineHeight} { // the outcome, and the final line
		if got, err := f.GetRowHeight("Summary", row); err != nil || got != want {
			t.Errorf("row %d is %v points high, want %v (%v)", row, got, want, err)
		}
	}
	for _, name := range f.GetSheetList() {
		layout, err := f.GetPageLayout(name)
		if err != nil {
			t.Fatal(err)
		}
		if *layout.Orientation != "landscape" || *layout.FitToWidth != 1 {
			t.Errorf("sheet %s is printed %s on %d pages beside each other", name, *layout.Orientation, *layout.FitToWidth)
		}
	}
}

func TestASpreadsheetProgramReadsTheWorkbookWhole(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		missing(t, "no soffice found, so report.xlsx was not opened: install the package libreoffice-calc")
	}
	dir := t.TempDir()
	book := filepath.Join(dir, "report.xlsx")
	if err := os.WriteFile(book, render(t, XLSX, workbookRecord()), 0o600); err != nil {
		t.Fatal(err)
	}
	// Comma, quotation mark, UTF-8, from the first row, cells as they are shown, every sheet into a file of its own.
	const everySheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
	convert := exec.CommandContext(t.Context(), soffice, "-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--headless",
		"--convert-to", everySheet, "--outdir", dir, book)
	if out, err := convert.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for sheet, want := range map[string][][2]string{
		"Changes": {{"preset_id", "9007203254740995"}, {"employee_id", "000123"}, {"person_name", "Jürgen Weiß"}, {"project_id", "562949953421312"}, {"login", "=cmd|' /C calc'!A0@example.com"}},
		"Sources": {{"employee_id", "00001"}, {"employee_id", "9007203254740995"}, {"name", "Ädä Lövelace-Šimůnková 李"}, {"name", "1E+11"}, {"team", "-2+3"}, {"role", "+1"}, {"project", "@SUM(A1)"}, {"status", "TRUE"}, {"email", `=HYPERLINK("http://evil.example","x")`}, {"start_date", "2026-01-02"}},
		"People":  {{"Person", "Jürgen Weiß"}, {"Group", "Reviewer"}, {"Status", "conflict"}},
		"To do":   {{"Kind", "not_in_procore"}, {"Accepted until", ""}, {"Who or what", "00200 new00@example.com"}},
		"Summary": {{"What", "Exit code"}},
	} {
		rows := readSheet(t, filepath.Join(dir, "report-"+sheet+".csv"))
		for _, w := range want {
			column := slices.Index(rows[0], w[0])
			if column < 0 || !slices.ContainsFunc(rows[1:], func(row []string) bool { return row[column] == w[1] }) {
				t.Errorf("sheet %s has no %s %q: %q", sheet, w[0], w[1], rows)
			}
		}
	}
}

func readSheet(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%s: %v", path, err)
	}
	return rows
}
