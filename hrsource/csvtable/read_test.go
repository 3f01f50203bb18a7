package csvtable_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"procore-assignee-sync/hrsource/csvtable"
)

func encode(text string, e encoding.Encoding) string {
	encoded, err := e.NewEncoder().String(text)
	if err != nil {
		panic(fmt.Sprintf("a test's own text does not encode: %v", err))
	}
	return encoded
}

func utf16le(text string) string {
	return encode(text, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM))
}

func TestTrueLinesAreKept(t *testing.T) {
	text := "\n\nemail,team\r\n" + // 3
		"a@x.example,\"two\r\nlines\"\n" + // 4
		"\n   \n" +
		"b@x.example,B\r\r\n" + // 8
		" , \n" +
		"\"c@x.example\" , \" three\n\n\"\"lines\"\"\" \n" + // 10
		"d@x.example,D" // 13
	rows, table, err := readAll(text, people())
	if err != nil {
		t.Fatal(err)
	}
	want := []csvtable.Row{
		{Line: 4, Cells: []string{"", "a@x.example", "two\nlines", ""}},
		{Line: 8, Cells: []string{"", "b@x.example", "B", ""}},
		{Line: 10, Cells: []string{"", "c@x.example", "three\n\n\"lines\"", ""}},
		{Line: 13, Cells: []string{"", "d@x.example", "D", ""}},
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	if table.UnterminatedLine() != 13 {
		t.Errorf("unterminated line %d, want 13", table.UnterminatedLine())
	}
}

func TestCharactersThatCannotBeSeenAreNoText(t *testing.T) {
	for name, text := range map[string]string{
		"two marks":                     "\uFEFF\uFEFFemail,team\na@x.example,A\n",
		"two marks before a quote":      "\uFEFF\uFEFF\"email\",\"team\"\na@x.example,A\n",
		"three marks":                   "\uFEFF\uFEFF\uFEFF\"email\",team\na@x.example,A\n",
		"two marks in UTF-16":           "\xFF\xFE\xFF\xFE" + utf16le("\"email\",team\na@x.example,A\n"),
		"a mark that was text once":     "\uFEFFï»¿\"email\",team\na@x.example,A\n",
		"a mark in the quotes":          "\"\uFEFFemail\",team\na@x.example,A\n",
		"two marks before Excel's line": "\uFEFF\uFEFFsep=;\nemail;team\na@x.example;A\n",
		"marks of direction":            "\u200Eemail\u200F,\u202Ateam\u202C\n\u200Ea@x.example,\u2066A\u2069\n",
		"marks around quotes":           "email,team\n\u200E\"a@x.example\"\u200E , \u00AD\"A\"\u00A0\n",
		"a mark after the last quote":   "email,team\n\"a@x.example\",\"A\"\u200E",
	} {
		t.Run(name, func(t *testing.T) {
			rows, _, err := readAll(text, people())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"", "a@x.example", "A", ""}, rows[0].Cells); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestColumnsThatAreNotReadAreKnown(t *testing.T) {
	opts := people()
	opts.Ignore = []string{"Note", "ROLE"}
	rows, table, err := readAll("note,email,Cost Center,,team,Role,note\nx,a@x.example,1,,A,F,y\n", opts)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"note", "Cost Center", "Role", "note"}, table.Unused()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"", "a@x.example", "A", ""}, rows[0].Cells); diff != "" {
		t.Error(diff)
	}
	if table.Has("role") || table.Has("employee_id") || !table.Has("team") || table.HeaderLine() != 1 {
		t.Error("it is not known which columns the file has")
	}
}

func TestALastLineWithANewlineIsNotReported(t *testing.T) {
	for _, end := range []string{"\n", "\r\n", "\n\n", "\n  "} {
		_, table, err := readAll("email,team\na@x.example,A"+end, people())
		if err != nil {
			t.Fatal(err)
		}
		if table.UnterminatedLine() != 0 {
			t.Errorf("end %q: line %d is reported", end, table.UnterminatedLine())
		}
	}
}

func TestTheDelimiterIsFoundFromTheHeader(t *testing.T) {
	for name, header := range map[string]string{
		"comma":                             "email,team,role",
		"semicolon":                         "email;team;role",
		"tab":                               "email\tteam\trole",
		"pipe":                              "email|team|role",
		"semicolon beside commas":           "Name, first, last, middle;email;team;role",
		"comma inside quotes":               `"Name, first, last; middle";email;team;role`,
		"announced":                         "sep=;\r\nemail;team;role",
		"quoted":                            `"email";"team";"role"`,
		"quoted header over several lines":  "\"a,\nb,c\"|email|team|role",
		"after blank lines, and with a BOM": "\xEF\xBB\xBF\n\nemail;team;role",
	} {
		t.Run(name, func(t *testing.T) {
			delim := strings.Trim(header[strings.Index(header, "team")-2:strings.Index(header, "team")], `l"`)
			cells := strings.Count(header, delim) - strings.Count(header, "sep="+delim) + 1
			row := strings.Repeat(`""`+delim, cells-3) + strings.Join([]string{"a@x.example", "A", "F"}, delim)
			if name == "comma inside quotes" {
				row = strings.Join([]string{"n", "a@x.example", "A", "F"}, delim)
			}
			rows, _, err := readAll(header+"\n"+row+"\n", people())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff([]string{"", "a@x.example", "A", "F"}, rows[0].Cells); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAToldDelimiterIsTaken(t *testing.T) {
	opts := people()
	opts.Delimiter = '|'
	rows, _, err := readAll("email|team|a,b,c,d\na@x.example|A|1,2\n", opts)
	if err != nil {
		t.Fatal(err)
	}
	if rows[0].Cells[2] != "A" {
		t.Errorf("got %q", rows[0].Cells)
	}
}

func TestHeadersAreMatchedWithoutCaseSpacesAndUnderscores(t *testing.T) {
	opts := people()
	opts.Rename = map[string]string{"team": "Cost Center"}
	rows, table, err := readAll(" EMPLOYEE ID ,\u00a0E mail\u200b,cost_center,Team,,\n1,a@x.example,A,ignored,,\n", opts)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1", "a@x.example", "A", ""}, rows[0].Cells); diff != "" {
		t.Error(diff)
	}
	if got := table.ColumnName("team"); got != "cost_center" {
		t.Errorf("team is called %q", got)
	}
}

func TestAHeaderWithoutRowsIsATableWhereAllowed(t *testing.T) {
	opts := people()
	opts.AllowEmpty = true
	rows, _, err := readAll("email,team\n", opts)
	if err != nil || len(rows) != 0 {
		t.Errorf("got %v, %v", rows, err)
	}
}

func TestEveryEncodingGivesTheSameRows(t *testing.T) {
	const text = "email,team,role\r\nzoë@x.example,Béton – armé,\"Polier\n“Süd”\"\r\nb@x.example,€uro,ﬁne\r\n"
	latin := strings.ReplaceAll(text, "ﬁ", "fi")
	for name, tc := range map[string]struct{ encoding, text, bytes string }{
		"UTF-8":                  {"", text, text},
		"UTF-8, told":            {csvtable.UTF8, text, text},
		"UTF-8 with a BOM":       {"", text, "\xEF\xBB\xBF" + text},
		"UTF-16 LE with a BOM":   {"", text, "\xFF\xFE" + utf16le(text)},
		"UTF-16 BE with a BOM":   {csvtable.UTF16, text, "\xFE\xFF" + encode(text, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM))},
		"UTF-16 LE, told":        {csvtable.UTF16LE, text, utf16le(text)},
		"beyond the basic plane": {"", text + "🏗@x.example,🏗,\n", "\xFF\xFE" + utf16le(text+"🏗@x.example,🏗,\n")},
		"windows-1252":           {csvtable.Windows1252, latin, encode(latin, charmap.Windows1252)},
	} {
		t.Run(name, func(t *testing.T) {
			want, _, err := readAll(tc.text, people())
			if err != nil {
				t.Fatal(err)
			}
			opts := people()
			opts.Encoding = tc.encoding
			got, _, err := readAll(tc.bytes, opts)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestTheFingerprintIsTheFilesSHA256(t *testing.T) {
	text := "\xEF\xBB\xBFemail,team\r\n" + strings.Repeat("a@x.example,A\r\n", 20_000)
	_, table, err := readAll(text, people())
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256([]byte(text))
	if want := hex.EncodeToString(sum[:]); table.Fingerprint() != want {
		t.Errorf("got %s, want %s", table.Fingerprint(), want)
	}
}

// endless returns bytes for ever, so that a test ends only if reading stops by itself.
type endless struct{ next func() byte }

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = e.next()
	}
	return len(p), nil
}

func TestEndlessFilesAreLeftSoon(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for name, next := range map[string]func() byte{
		"random bytes":        func() byte { return byte(random.Uint32()) },
		"one line":            func() byte { return 'x' },
		"one quoted cell":     func() byte { return "\"x\n"[min(random.IntN(1<<20), 2)] },
		"delimiters":          func() byte { return ',' },
		"NUL bytes":           func() byte { return 0 },
		"spaces without line": func() byte { return ' ' },
	} {
		t.Run(name, func(t *testing.T) {
			if _, _, err := drain(csvtable.Read("hr.csv", endless{next}, people())); err == nil {
				t.Error("it was read to its end")
			}
			text := "email,team\na@x.example,A\n"
			at := 0
			first := endless{func() byte {
				if at++; at <= len(text) {
					return text[at-1]
				}
				return next()
			}}
			if _, _, err := drain(csvtable.Read("hr.csv", first, people())); err == nil {
				t.Error("it was read to its end below a header")
			}
		})
	}
}

func TestWhatIsWrittenAsCSVIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[a-zé,;|"\n \t€🏗]{0,6}[a-z]`)
		delim := rapid.SampledFrom([]string{",", ";", "\t", "|"}).Draw(t, "delimiter")
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
		count := rapid.IntRange(1, 5).Draw(t, "rows")
		text := strings.Join([]string{"email", "team", "role"}, delim) + end
		var want []csvtable.Row
		line := 2
		for range count {
			cells := []string{cell.Draw(t, "email"), cell.Draw(t, "team"), cell.Draw(t, "role")}
			quoted := make([]string, len(cells))
			for i, c := range cells {
				quoted[i] = `"` + strings.ReplaceAll(c, `"`, `""`) + `"`
				cells[i] = strings.TrimSpace(c)
			}
			want = append(want, csvtable.Row{Line: line, Cells: append([]string{""}, cells...)})
			record := strings.Join(quoted, delim)
			line += 1 + strings.Count(record, "\n")
			text += record + end
		}
		got, _, err := readAll(text, people())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
