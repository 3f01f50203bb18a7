package csvtable

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

var fuzzOptions = Options{
	Columns:  []string{"employee_id", "email", "team"},
	Required: [][]string{{"employee_id", "email"}, {"team"}},
}

// FuzzRead holds that any bytes, in any encoding, give rows in the order of their lines or an *Error, and valid text.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"email,team\na@x.example,A\n",
		"\uFEFF\uFEFF\"email\",\"team\"\n=\"a@x.example\" , \u200E\"A\"\u200E\n",
		"People,,\nemail;team;x\na@x.example;A\n",
		"email,team,x\nTotal,1\n",
		"sep=;\n\u00EF\u00BB\u00BFemail;team\na@x.example;A;;",
	} {
		f.Add([]byte(text), "", byte(0))
	}
	f.Fuzz(func(t *testing.T, data []byte, encoding string, delim byte) {
		opts := fuzzOptions
		if slices.Contains([]string{UTF8, UTF16, UTF16LE, UTF16BE, Windows1252}, encoding) {
			opts.Encoding = encoding
		}
		if strings.IndexByte(delimiters, delim) >= 0 {
			opts.Delimiter = rune(delim)
		}
		table, err := Read("hr.csv", bytes.NewReader(data), opts)
		for line := 0; err == nil; {
			var row Row
			if row, err = table.Next(); err != nil {
				break
			}
			if row.Line <= line || len(row.Cells) != len(opts.Columns) {
				t.Fatalf("after line %d: %+v", line, row)
			}
			line = row.Line
			for _, cell := range row.Cells {
				if !utf8.ValidString(cell) || strings.ContainsRune(cell, 0) || cell != trim(cell) {
					t.Fatalf("line %d: cell %q", line, cell)
				}
			}
		}
		if refused := (*Error)(nil); !errors.Is(err, io.EOF) && !errors.As(err, &refused) {
			t.Fatalf("%T: %v", err, err)
		}
	})
}

// FuzzParse holds that what we accept, the standard library reads in the same way.
func FuzzParse(f *testing.F) {
	f.Add("a,b\n\"c\nd\",\"\"\"e\"\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		p := newParser(bufio.NewReader(strings.NewReader(text)), ',')
		theirs := csv.NewReader(strings.NewReader(text))
		theirs.FieldsPerRecord = -1
		theirs.LazyQuotes = true // they refuse spaces around quotes, which we allow
		for {
			err := p.next()
			if err != nil {
				return
			}
			if strings.ContainsAny(text, " \t\r\"") || strings.ContainsFunc(text, IsUnseen) {
				continue // compared below only where both have one reading
			}
			want, err := theirs.Read()
			for err == nil && strings.TrimSpace(strings.Join(want, "")) == "" {
				want, err = theirs.Read()
			}
			if line, _ := theirs.FieldPos(0); err != nil || line != p.start {
				t.Fatalf("line %d, theirs %d, %v", p.start, line, err)
			}
			for i := range want {
				want[i] = trim(want[i])
			}
			if got := p.cells(); !slices.Equal(got, want) {
				t.Fatalf("line %d: %q, theirs %q", p.start, got, want)
			}
		}
	})
}

// FuzzParseQuoted holds that cells survive being quoted, whatever is in them, and that lines stay true.
func FuzzParseQuoted(f *testing.F) {
	f.Add("a", "two\nlines", `"`)
	f.Fuzz(func(t *testing.T, a, b, c string) {
		cells := []string{"x" + a, b, c}
		var quoted []string
		for _, cell := range cells {
			quoted = append(quoted, `"`+strings.ReplaceAll(cell, `"`, `""`)+`"`)
		}
		text := strings.Join(quoted, ",") + "\nnext\n"
		p := newParser(bufio.NewReader(strings.NewReader(text)), ',')
		err := p.next()
		if !utf8.ValidString(text) || strings.ContainsRune(text, 0) || len(text) > MaxRecordBytes {
			if err == nil {
				t.Fatalf("%q was accepted", text)
			}
			return
		}
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for i, cell := range cells {
			if want := strings.ReplaceAll(cell, "\r\n", "\n"); string(p.cell(i)) != want {
				t.Fatalf("cell %d is %q, want %q", i, p.cell(i), want)
			}
		}
		if err := p.next(); err != nil || p.start != 1+strings.Count(text, "\n")-1 {
			t.Fatalf("the next record begins on line %d of %q: %v", p.start, text, err)
		}
	})
}

// FuzzMatchHeader holds that a matched column is where its name is, and that two names for one column never pass.
func FuzzMatchHeader(f *testing.F) {
	f.Add("Employee ID", "E_Mail", "Team", "team")
	f.Fuzz(func(t *testing.T, a, b, c, rename string) {
		opts := fuzzOptions
		if FoldHeader(rename) != "" {
			opts.Rename = map[string]string{"team": rename}
		}
		names := []string{trim(a), trim(b), trim(c)}
		h, wrong := matchHeader(names, 1, opts)
		folded := map[string]int{}
		for _, name := range names {
			folded[FoldHeader(name)]++
		}
		delete(folded, "")
		for name, count := range folded {
			if count > 1 && wrong == nil {
				t.Fatalf("%q stands %d times in %q", name, count, names)
			}
		}
		if wrong != nil {
			if wrong.what == "" || wrong.hint == "" {
				t.Fatalf("a refusal without a reason: %+v", wrong)
			}
			return
		}
		for i, column := range opts.Columns {
			if at := h.at[i]; at >= 0 && FoldHeader(names[at]) != FoldHeader(headerName(column, opts)) {
				t.Fatalf("%s is taken from %q", column, names[at])
			}
		}
		if h.at[2] < 0 || h.at[0] < 0 && h.at[1] < 0 {
			t.Fatalf("a required column is missing in %q", names)
		}
	})
}

// FuzzDecode holds that every decoder gives valid text and marks, whatever it is fed and however it is read.
func FuzzDecode(f *testing.F) {
	f.Add([]byte("\xFF\xFEa\x00"), byte(1))
	f.Fuzz(func(t *testing.T, data []byte, step byte) {
		for _, encoding := range []string{"", UTF16LE, UTF16BE, Windows1252} {
			whole, f := newDecoder(bufio.NewReader(bytes.NewReader(data)), encoding)
			if f != nil {
				continue
			}
			want, err := io.ReadAll(whole)
			if err != nil {
				t.Fatal(err)
			}
			bit, f := newDecoder(bufio.NewReader(bytes.NewReader(data)), encoding)
			if f != nil {
				t.Fatal(f)
			}
			var got []byte
			buf := make([]byte, int(step)%9+1)
			for err == nil {
				var n int
				n, err = bit.Read(buf)
				got = append(got, buf[:n]...)
			}
			if !errors.Is(err, io.EOF) || !bytes.Equal(got, want) {
				t.Fatalf("%s in steps of %d: %q, want %q, %v", encoding, len(buf), got, want, err)
			}
			if whole.encoding != UTF8 && !utf8.Valid(bytes.ReplaceAll(want, []byte{undecodable}, nil)) {
				t.Fatalf("%s: %q", encoding, want)
			}
		}
	})
}
