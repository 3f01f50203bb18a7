package csvtable_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"procore-assignee-sync/hrsource/csvtable"
)

func people() csvtable.Options {
	return csvtable.Options{
		Columns:  []string{"employee_id", "email", "team", "role"},
		Required: [][]string{{"employee_id", "email"}, {"team"}},
		Settings: csvtable.Settings{Path: "HR_CSV", Columns: "HR_CSV_COLUMNS", Delimiter: "HR_CSV_DELIMITER", Encoding: "HR_CSV_ENCODING"},
	}
}

// readAll returns all rows, or the error.
func readAll(text string, opts csvtable.Options) ([]csvtable.Row, *csvtable.Table, error) {
	return drain(csvtable.Read("hr.csv", strings.NewReader(text), opts))
}

func drain(table *csvtable.Table, err error) ([]csvtable.Row, *csvtable.Table, error) {
	if err != nil {
		return nil, nil, err
	}
	var rows []csvtable.Row
	for {
		row, err := table.Next()
		if errors.Is(err, io.EOF) {
			return rows, table, nil
		}
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, row)
	}
}

func TestAFileThatIsDoubtfulIsRefused(t *testing.T) {
	utf8Hint := "it is not UTF-8: save it as CSV UTF-8, or set HR_CSV_ENCODING=windows-1252 if Excel or a Windows program saved it"
	for name, tc := range map[string]struct {
		text string
		opts func(*csvtable.Options)
		want string
	}{
		"empty file":       {text: "", want: "hr.csv: the file is empty; check whether its export failed"},
		"only a mark":      {text: "\xEF\xBB\xBF", want: "hr.csv: the file is empty; check whether its export failed"},
		"only blank lines": {text: "\n  \r\n\t\n", want: "hr.csv: the file is empty; check whether its export failed"},
		"header only":      {text: "email,team\n", want: "hr.csv: there is a header, but no row below it; check whether its export failed"},
		"header and rows of empty cells": {
			text: "email,team\n,\n , \n", want: "hr.csv: there is a header, but no row below it; check whether its export failed",
		},
		"missing column": {
			text: "email,Department\na@x.example,Concrete\n",
			want: `hr.csv:1: the header has no column "team"; it has "email", "Department": rename the column in the export, or say which it is in HR_CSV_COLUMNS`,
		},
		"several missing columns": {
			text: "\nName,Department\na,b\n",
			want: `hr.csv:2: the header has no column "employee_id" or "email", no column "team"; it has "Name", "Department": rename the column in the export, or say which it is in HR_CSV_COLUMNS`,
		},
		"missing renamed column": {
			text: "email,team,Role\na@x.example,Concrete,Foreman\n",
			opts: func(o *csvtable.Options) { o.Rename = map[string]string{"role": "Job Title", "team": "Crew"} },
			want: `hr.csv:1: the header has no column "Crew" (for team), no column "Job Title" (for role); it has "email", "team", "Role": rename the column in the export, or say which it is in HR_CSV_COLUMNS`,
		},
		"wrong delimiter": {
			text: "email:team\na@x.example:Concrete\n",
			want: `hr.csv:1: the header has no column "employee_id" or "email", no column "team"; the whole line was read as one cell: the file must begin with its header, and comma, semicolon, tab or pipe divide its cells, or say which in HR_CSV_DELIMITER`,
		},
		"wrong delimiter told": {
			text: "email,team\na@x.example,Concrete\n",
			opts: func(o *csvtable.Options) { o.Delimiter = ';' },
			want: `hr.csv:1: the header has no column "employee_id" or "email", no column "team"; the whole line was read as one cell: something else divides its cells than HR_CSV_DELIMITER says: correct it, or leave it out`,
		},
		"no header": {
			text: "00123,a@x.example,Concrete\n",
			want: `hr.csv:1: the header has no column "employee_id" or "email", no column "team"; this line looks like a row: the file must begin with its header`,
		},
		"header twice": {
			text: "email,team,E_Mail\na@x.example,Concrete,b\n",
			want: `hr.csv:1, column "E_Mail": the header has this column twice, as number 1 and 3; rename or remove one of them in the export`,
		},
		"unknown header twice": {
			text: "email,team,Cost Center,costcenter\na@x.example,Concrete,1,2\n",
			want: `hr.csv:1, column "costcenter": the header has this column twice, as number 3 and 4; rename or remove one of them in the export`,
		},
		"unterminated quote": {
			text: "email,team\na@x.example,A\nb@x.example,\"Concrete\nc@x.example,Steel\n",
			want: `hr.csv:3, column "team": a quote that is never closed; the export was cut, or a quote in a cell is not doubled`,
		},
		"unterminated quote in a file that goes on": {
			text: "email,team\na@x.example,A\nb@x.example,\"Concrete\n" + strings.Repeat("c@x.example,Steel\n", 100_000),
			want: `hr.csv:3, column "team": a quote that is never closed; the export was cut, or a quote in a cell is not doubled`,
		},
		"quote inside a bare cell": {
			text: "email,team\na@x.example,5\" pipe\n",
			want: `hr.csv:2, column "team": a quote inside a cell that does not begin with one; a cell with quotes must be quoted as a whole, and quotes in it doubled`,
		},
		"text after a quoted cell": {
			text: "email,team\n\n\"a@x.example\"x,A\n",
			want: `hr.csv:3, column "email": text after a closing quote; quotes inside a quoted cell must be doubled`,
		},
		"last empty cells left out": {
			text: "email,team,role\na@x.example,A,\nb@x.example,B\n",
			want: `hr.csv:3: the row has 2 cells, the header has 3; Excel leaves out the last empty cells of a row when it saves CSV: fill the last column in every row, or take the CSV that HR exports, not one that Excel has saved`,
		},
		"cut in the last row": {
			text: "email,team,role\na@x.example,A,F\nb@x.example,B",
			want: `hr.csv:3: the row has 2 cells, the header has 3; no newline follows: the export was cut here, or this is a report's footer`,
		},
		"ragged row, long, after a quoted line break": {
			text: "email,team\n\"a@x.example\",\"A\nB\"\n\nb@x.example,B,C\n",
			want: `hr.csv:5: the row has 3 cells, the header has 2; a cell with the delimiter in it must be quoted`,
		},
		"more cells, all of them empty": {
			text: "email,team\na@x.example,A,,\n",
			want: `hr.csv:2: the row has 4 cells, the header has 2; the cells beyond the header are empty: name their columns, or take them out of the export`,
		},
		"footer of one cell": {
			text: "email,team\na@x.example,A\nTotal: 2\n",
			want: `hr.csv:3: the row has 1 cell, the header has 2; this looks like a title or a footer of a report: take it out of the export`,
		},
		"footer of several cells": {
			text: "role,email,team\nF,a@x.example,A\nTotal,1\n",
			want: `hr.csv:3: the row has 2 cells, the header has 3; this looks like a title or a footer of a report: take it out of the export`,
		},
		"title": {
			text: "People of all teams\n\nemail;team\na@x.example;A\n",
			want: `hr.csv:1: this is not the header, which stands in line 3; the file must begin with its header: take the title above it out of the export`,
		},
		"title padded with delimiters, after Excel's line": {
			text: "sep=,\nPeople of all teams,,\nAs of 2026-11-23,,\nemail,team,role\na@x.example,A,F\n",
			want: `hr.csv:2: this is not the header, which stands in line 4; the file must begin with its header: take the title above it out of the export`,
		},
		"title above an unknown header": {
			text: "People of all teams,,\nMail,Crew,Role\na@x.example,A,F\n",
			want: `hr.csv:1: the header has no column "employee_id" or "email", no column "team"; this line looks like a title: the file must begin with its header`,
		},
		"old Macintosh lines": {
			text: "email,team\ra@x.example,A\r",
			want: "hr.csv:1: a carriage return without a line feed, in cell 2; save it with lines that end in LF or CRLF",
		},
		"not UTF-8": {
			text: "email,team\na@x.example,\"B\xE9ton\"\n",
			want: `hr.csv:2, column "team": bytes that cannot be decoded; ` + utf8Hint,
		},
		"not UTF-8, in the second line of a cell": {
			text: "email,team\n\na@x.example,\"one\r\ntw\xF6\"\n",
			want: `hr.csv:4, column "team": bytes that cannot be decoded; ` + utf8Hint,
		},
		"not UTF-8, in the header": {
			text: "email,team,R\xF4le\n",
			want: `hr.csv:1: bytes that cannot be decoded, in cell 3; ` + utf8Hint,
		},
		"not UTF-8, nothing to set": {
			text: "email,team\na@x.example,B\xE9ton\n",
			opts: func(o *csvtable.Options) { o.Settings = csvtable.Settings{} },
			want: `hr.csv:2, column "team": bytes that cannot be decoded; it is not UTF-8: save it as CSV UTF-8`,
		},
		"UTF-16 without a mark": {
			text: "e\x00m\x00a\x00i\x00l\x00",
			want: "hr.csv:1: a NUL byte; this is UTF-16 without a byte-order mark, or no CSV: save it as CSV UTF-8, or set HR_CSV_ENCODING=utf-16le",
		},
		"UTF-16 without a mark, the other way round": {
			text: "\x00e\x00m\x00a\x00i\x00l",
			want: "hr.csv:1: a NUL byte; this is UTF-16 without a byte-order mark, or no CSV: save it as CSV UTF-8, or set HR_CSV_ENCODING=utf-16be",
		},
		"UTF-32": {
			text: "\xFF\xFE\x00\x00e\x00\x00\x00m\x00\x00\x00a\x00\x00\x00i\x00\x00\x00l\x00\x00\x00",
			want: "hr.csv:1: a NUL byte; this is UTF-32, or no CSV: save it as CSV UTF-8",
		},
		"one NUL byte near the beginning": {
			text: "email,team\na@x.example,\"A\n\x00\"\n",
			want: `hr.csv:3, column "team": a NUL byte; the file is damaged: export it again`,
		},
		"NUL bytes far behind": {
			text: "email,team\n" + strings.Repeat("a@x.example,A\n", 10_000) + "\x00\x00\x00",
			want: `hr.csv:10002, column "email": a NUL byte; the file is damaged: export it again`,
		},
		"half a surrogate pair": {
			text: "\xFF\xFE" + utf16le("email,team\na@x.example,A") + "\x00\xD8" + utf16le("\n"),
			want: `hr.csv:2, column "team": bytes that cannot be decoded; the file is not the utf-16le that it was read as, or it is damaged`,
		},
		"odd byte at the end of UTF-16": {
			text: "\xFF\xFE" + utf16le("email,team\na@x.example,A") + "B",
			want: `hr.csv:2, column "team": bytes that cannot be decoded; the file is not the utf-16le that it was read as, or it is damaged`,
		},
		"byte that windows-1252 lacks": {
			text: "email,team\na@x.example,A\x81\n",
			opts: func(o *csvtable.Options) { o.Encoding = csvtable.Windows1252 },
			want: `hr.csv:2, column "team": bytes that cannot be decoded; the file is not the windows-1252 that it was read as, or it is damaged`,
		},
		"UTF-8 told to be windows-1252": {
			text: "email,team\na@x.example,Béton\n",
			opts: func(o *csvtable.Options) { o.Encoding = csvtable.Windows1252 },
			want: "hr.csv: it was read as windows-1252, but is UTF-8; read it as UTF-8: leave HR_CSV_ENCODING out",
		},
		"a mark against what was told": {
			text: "\xEF\xBB\xBFemail,team\na@x.example,A\n",
			opts: func(o *csvtable.Options) { o.Encoding = csvtable.Windows1252 },
			want: "hr.csv:1: its byte-order mark says utf-8, but it was to be read as windows-1252; let the mark decide: leave HR_CSV_ENCODING out",
		},
		"UTF-16 told, no mark": {
			text: "email,team\n",
			opts: func(o *csvtable.Options) { o.Encoding = csvtable.UTF16 },
			want: "hr.csv:1: there is no byte-order mark, so that the byte order of UTF-16 is unknown; save it as CSV UTF-8, or set HR_CSV_ENCODING to utf-16le or utf-16be",
		},
		"Excel workbook": {text: "PK\x03\x04\x14\x00", want: "hr.csv:1: this is an Excel workbook or a zip archive, not CSV; save it as CSV UTF-8"},
		"JSON list":      {text: "\xEF\xBB\xBF[\n  {\"email\": \"a@x.example\"}\n]\n", want: "hr.csv:1: this is JSON, not CSV; export it as CSV"},
		"JSON":           {text: "{ \"people\": []}", want: "hr.csv:1: this is JSON, not CSV; export it as CSV"},
		"a header in brackets is no JSON": {
			text: "[email],[team]\na@x.example,Concrete\n",
			want: `hr.csv:1: the header has no column "employee_id" or "email", no column "team"; it has "[email]", "[team]": rename the column in the export, or say which it is in HR_CSV_COLUMNS`,
		},
		"web page": {text: "<!DOCTYPE html><html>", want: "hr.csv:1: this is a web page, not CSV; the download failed, or was not signed in"},
		"endless line": {
			text: strings.Repeat("abcdefgh", 1<<18),
			want: "hr.csv:1: the record that begins here is longer than 1 MiB; this is no CSV, or its line breaks were lost",
		},
		"endless line below the header": {
			text: "email,team\n" + strings.Repeat("abcdefgh,", 1<<18),
			want: "hr.csv:2: the record that begins here is longer than 1 MiB; this is no CSV, or its line breaks were lost",
		},
	} {
		t.Run(name, func(t *testing.T) {
			opts := people()
			if tc.opts != nil {
				tc.opts(&opts)
			}
			_, _, err := readAll(tc.text, opts)
			var refused *csvtable.Error
			if !errors.As(err, &refused) {
				t.Fatalf("got %v, want a *csvtable.Error", err)
			}
			if err.Error() != tc.want {
				t.Errorf("got  %s\nwant %s", err, tc.want)
			}
		})
	}
}

func TestAFileThatCannotBeOpenedIsRefused(t *testing.T) {
	folder := t.TempDir()
	missing := filepath.Join(folder, "hr.csv")
	_, err := csvtable.Open(missing, people())
	if want := missing + ": cannot be opened: no such file or directory; check HR_CSV"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		t.Error("the cause is lost")
	}
	_, err = csvtable.Open(folder, people())
	if want := folder + ": cannot be read: it is a folder; check HR_CSV"; err == nil || err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
}

func TestAReadThatFailsIsRefused(t *testing.T) {
	broken := io.MultiReader(strings.NewReader("email,team\na@x.example,A\n"), iotest.ErrReader(errors.New("share went away")))
	_, _, err := drain(csvtable.Read("hr.csv", broken, people()))
	if want := "hr.csv: cannot be read: share went away"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestAFileThatChangesWhileItIsReadIsRefused(t *testing.T) {
	for name, change := range map[string]func(*os.File) error{
		"longer": func(f *os.File) error {
			_, err := f.WriteString("c@x.example,C\n")
			return err
		},
		"shorter": func(f *os.File) error { return f.Truncate(3) },
	} {
		t.Run(name, func(t *testing.T) {
			f, err := os.OpenFile(filepath.Join(t.TempDir(), "hr.csv"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			if _, err := f.WriteString("email,team\na@x.example,A\nb@x.example,B\n"); err != nil {
				t.Fatal(err)
			}
			table, err := csvtable.Open(f.Name(), people())
			if err != nil {
				t.Fatal(err)
			}
			defer table.Close()
			if err := change(f); err != nil {
				t.Fatal(err)
			}
			_, _, err = drain(table, nil)
			want := f.Name() + ": the file changed while it was read; wait until its export is finished, and run again"
			if err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

func TestAnErrorIsGivenAgain(t *testing.T) {
	table, err := csvtable.Read("hr.csv", strings.NewReader("email,team\na\n"), people())
	if err != nil {
		t.Fatal(err)
	}
	_, first := table.Next()
	_, second := table.Next()
	if first == nil || first != second {
		t.Errorf("first %v, then %v", first, second)
	}
}
