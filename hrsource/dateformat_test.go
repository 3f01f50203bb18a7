package hrsource

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDatesAreReadInTheirFormat(t *testing.T) {
	const iso = "is not a date like YYYY-MM-DD"
	told := func(format string) string { return "is not a date like " + format }
	for _, tc := range []struct{ format, text, want, err string }{
		{text: "", want: ""},
		{text: "2026-01-31", want: "2026-01-31"},
		{text: " 2026-01-31 ", want: "2026-01-31"},
		{text: "20260131", want: "2026-01-31"},
		{text: "9999-12-31", want: "9999-12-31"},
		{text: "0000-00-00", want: ""},
		{text: "0000-00-00 00:00:00", want: ""},
		{text: "00000000", want: ""},
		{format: "MM/DD/YYYY", text: "00/00/0000", want: ""},
		{text: "2024-02-29", want: "2024-02-29"},
		{text: "2026-02-29", err: "is a day that does not exist"},
		{text: "2026-13-01", err: "is a day that does not exist"},
		{text: "2026-00-10", err: "is a day that does not exist"},
		{text: "0000-01-01", err: "is a day that does not exist"},
		{text: "2026-1-2", err: iso},
		{text: "2026-01-02x", err: iso},
		{text: "02/01/2026", err: iso},
		{text: "tomorrow", err: iso},
		{text: "-", err: iso},

		{text: "2026-01-02T00:00:00Z", want: "2026-01-02"},
		{text: "2026-01-02 00:00:00", want: "2026-01-02"},
		{text: "2026-01-02T00:00:00.000+02:00", want: "2026-01-02"},
		{text: "2026-01-02 00:00:00+00", want: "2026-01-02"},
		{text: "2026-01-02 09:30", want: "2026-01-02"},
		{text: "2026-01-02T23:59:59.999", want: "2026-01-02"},
		{text: "2026-01-02T23:00:00Z", err: "has a time of day in some time zone, so that the day is not certain"},
		{text: "2026-01-02 25:00", err: iso},
		{text: "2026-01-02 midnight", err: iso},
		{format: "M/D/YYYY", text: "1/2/2026 12:00:00 AM", want: "2026-01-02"},
		{format: "M/D/YYYY", text: "1/2/2026 12:30 PM", want: "2026-01-02"},
		{format: "M/D/YYYY", text: "1/2/2026 13:30 PM", err: told("M/D/YYYY")},

		{format: "MM/DD/YYYY", text: "01/31/2026", want: "2026-01-31"},
		{format: "MM/DD/YYYY", text: "31/01/2026", err: "is a day that does not exist"},
		{format: "MM/DD/YYYY", text: "1/31/2026", err: told("MM/DD/YYYY")},
		{format: "MM/DD/YYYY", text: "2026-01-31", err: told("MM/DD/YYYY")},
		{format: "D.M.YY", text: "3.9.19", want: "2019-09-03"},
		{format: "D.M.YY", text: "31.12.69", want: "1969-12-31"},
		{format: "D.M.YY", text: "31.12.68", want: "2068-12-31"},
		{format: "D.M.YY", text: "31.12.2019", err: told("D.M.YY")},
		{format: "DD-MMM-YYYY", text: "03-SEP-2019", want: "2019-09-03"},
		{format: "DD-MMM-YYYY", text: "03-may-2019", want: "2019-05-03"},
		{format: "DD-MMM-YYYY", text: "03-Sept-2019", want: "2019-09-03"},
		{format: "DD-MMM-YYYY", text: "03-SEPT.-2019", want: "2019-09-03"},
		{format: "D MMM YYYY", text: "3 Sept. 2019", want: "2019-09-03"},
		{format: "D. MMM YYYY", text: "3. July 2019", want: "2019-07-03"},
		{format: "DD.MMM.YYYY", text: "03.Sept.2019", want: "2019-09-03"},
		{format: "DMMMYY", text: "3sept19", want: "2019-09-03"},
		{format: "MMM D, YYYY", text: "Sept. 3, 2019 12:00 AM", want: "2019-09-03"},
		{format: "DD-MMM-YYYY", text: "03-Septe-2019", err: told("DD-MMM-YYYY")},
		{format: "DD-MMM-YYYY", text: "03-09-2019", err: told("DD-MMM-YYYY")},
		{format: "DD-MMMM-YYYY", text: "03-Sept-2019", err: told("DD-MMMM-YYYY")},
		{format: "YYYY_M_D", text: "2019_9_3", want: "2019-09-03"},
		{format: "YYYY.MM.DD", text: "2019.09.03", want: "2019-09-03"},
		{format: "DD-MMM-YYYY", text: "31-Feb-2019", err: "is a day that does not exist"},
		{format: "MMMM D, YYYY", text: "September 3, 2019", want: "2019-09-03"},
		{format: "yyyymmdd", text: "20190903", want: "2019-09-03"},
		{format: "dd.mm.yyyy", text: "03.09.2019", want: "2019-09-03"},
		{text: "45678", err: "is a spreadsheet's day number"},
	} {
		t.Run(fmt.Sprintf("%s as %s", tc.text, tc.format), func(t *testing.T) {
			format, err := ParseDateFormat(tc.format)
			if err != nil {
				t.Fatal(err)
			}
			got, err := format.Parse(tc.text)
			if err == nil {
				err = errors.New("")
			}
			if got.String() != tc.want || err.Error() != tc.err {
				t.Errorf("got %q, %v; want %q, %s", got, err, tc.want, tc.err)
			}
		})
	}
}

func TestADateThatMeansNoneIsNone(t *testing.T) {
	nulls := []struct{ year, month, day int }{
		{0, 0, 0},
		{1, 1, 1},
		{1601, 1, 1},
		{1753, 1, 1},
		{1899, 11, 30},
		{1899, 12, 30},
		{1899, 12, 31},
		{1900, 1, 0},
		{1900, 1, 1},
		{1970, 1, 1},
	}
	for _, layout := range []string{"", "MM/DD/YYYY", "M/D/YYYY", "DD.MM.YYYY", "D.M.YYYY", "YYYYMMDD", "YYYY.MM.DD", "DDMMYYYY"} {
		format := dateFormat(layout)
		for _, null := range nulls {
			text := strings.NewReplacer("YYYY", fmt.Sprintf("%04d", null.year), "MM", fmt.Sprintf("%02d", null.month), "M", fmt.Sprint(null.month),
				"DD", fmt.Sprintf("%02d", null.day), "D", fmt.Sprint(null.day)).Replace(format.String())
			for _, after := range []string{"", " 00:00:00", "T00:00:00.000Z"} {
				if date, err := format.Parse(text + after); err != nil || !date.IsZero() {
					t.Errorf("%q as %s is %s, %v", text+after, format, date, err)
				}
			}
		}
		for _, day := range []Date{{1900, 1, 2}, {1899, 12, 29}, {1970, 1, 2}, {2000, 1, 1}, {1900, 1, 15}, {9999, 12, 31}} {
			if date, err := format.Parse(format.write(day)); err != nil || date != day {
				t.Errorf("%s as %s is %s, %v", day, format, date, err)
			}
		}
	}
	for layout, text := range map[string]string{"D-MMM-YY": "0-Jan-00", "MM/DD/YY": "01/00/00", "D.M.YY": "00.00.00", "DD-MMM-YYYY": "00-Jan-1900"} {
		if date, err := dateFormat(layout).Parse(text); err != nil || !date.IsZero() {
			t.Errorf("%q as %s is %s, %v", text, layout, date, err)
		}
	}
	if _, err := (DateFormat{}).Parse("1901-01-00"); err == nil {
		t.Error("any day zero is none")
	}
}

func TestADateFormatThatCannotWorkIsRefused(t *testing.T) {
	for format, want := range map[string]string{
		"MM/DD":         "it needs a year (YYYY), a month (MM) and a day (DD), once each",
		"YYYY-MM-MM":    "it needs a year (YYYY), a month (MM) and a day (DD), once each",
		"YYYY-YY-MM-DD": "it needs a year (YYYY), a month (MM) and a day (DD), once each",
		"DMYYYY":        "after M or D, which may be one digit or two, something must divide it from the next number; or write MM and DD",
		"2006-01-02":    "'2' means nothing in it; write it with YYYY, MM and DD, such as DD.MM.YYYY",
		"%d.%m.%Y":      "'Y' means nothing in it; write it with YYYY, MM and DD, such as DD.MM.YYYY",
		"iso":           "'I' means nothing in it; write it with YYYY, MM and DD, such as DD.MM.YYYY",
		"DD.MM.YYYY T":  "'T' means nothing in it; write it with YYYY, MM and DD, such as DD.MM.YYYY",
	} {
		t.Run(format, func(t *testing.T) {
			_, err := ParseDateFormat(format)
			if err == nil || !strings.HasSuffix(err.Error(), want) {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

// write writes a date as a format says.
func (f DateFormat) write(d Date) string {
	layout, _ := f.layouts("-")
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Format(layout)
}

func TestADateThatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		format, err := ParseDateFormat(rapid.SampledFrom([]string{
			"", "YYYYMMDD", "MM/DD/YYYY", "M/D/YYYY", "D.M.YY", "DD-MMM-YYYY", "MMMM D, YYYY", "YY/M/D", "DMMMYY",
		}).Draw(t, "format"))
		if err != nil {
			t.Fatal(err)
		}
		first, last := 1, 9999
		if format.shortYear() {
			first, last = 1969, 2068
		}
		year := rapid.IntRange(first, last).Draw(t, "year")
		want := DateOf(time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 364).Draw(t, "day")))
		if nullDates[want] {
			t.Skip("it means none")
		}
		text := format.write(want)
		if got, err := format.Parse(text); err != nil || got != want {
			t.Fatalf("%s as %s is read as %s, %v; want %s", text, format, got, err, want)
		}
	})
}

// FuzzDate holds that whatever is read as a date exists, and is written back as a text that gives the same date.
func FuzzDate(f *testing.F) {
	for _, seed := range [][2]string{
		{"MM/DD/YYYY", "01/31/2026"},
		{"DD-MMM-YYYY", "03-Sept.-2026"},
		{"D.M.YY", "1.1.00"},
		{"YYYY_M_D", "1900_1_0"},
		{"", "1900-01-00T00:00:00Z"},
		{"YYYY.MM.DD", "1900.01.15"},
		{"MMMM D, YYYY", "September 3, 2026 12:00 AM"},
		{"DDMMYYYY", "00011900"},
	} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, layout, text string) {
		format, err := ParseDateFormat(layout)
		if err != nil {
			return
		}
		date, err := format.Parse(text)
		if err != nil || date.IsZero() {
			return
		}
		if there := DateOf(time.Date(date.Year, date.Month, date.Day, 0, 0, 0, 0, time.UTC)); there != date {
			t.Fatalf("%q as %q is read as %v", text, layout, date)
		}
		if again, err := format.Parse(format.write(date)); err != nil || again != date {
			t.Fatalf("%q as %q is %s, then %s, %v", text, layout, date, again, err)
		}
	})
}

func TestOneWrongDateAmongManyHidesNoProposal(t *testing.T) {
	in := NewIntake(RowFormat{}, ColumnUse{Used: []UsedColumn{{Name: "email"}, {Name: "team"}, {Name: "start_date"}}})
	for i := range 30 {
		day := fmt.Sprintf("%02d.03.2020", 1+i)
		if i == 29 {
			day = "31.13.2026"
		}
		in.Add(Row{At: Position{Source: "hr.csv", Line: i + 2}, Email: fmt.Sprintf("a%d@example.com", i), Team: "Legal", StartDate: day})
	}
	var roster Roster
	in.Finish(&roster)
	want := `set HR_DATE_FORMAT="DD.MM.YYYY", which fits all of them but '31.13.2026'`
	if len(roster.Causes) == 0 || roster.Causes[0].Todo != want {
		t.Errorf("the causes are %v, want %q to be done", roster.Causes, want)
	}
}
