package hrsource

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestColumnsAreReadFromTheirSetting(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"":                                    {},
		" ":                                   {},
		"email=Work Email,team=Department":    {"email": "Work Email", "team": "Department"},
		` EMAIL = Work Email , team=Org=Unit`: {"email": "Work Email", "team": "Org=Unit"},
		`name="Last name, First name",team=A`: {"name": "Last name, First name", "team": "A"},
		`name="a ""b"", c"`:                   {"name": `a "b", c`},
		"employee_id=Employee #,email=Work Contact: Work Email": {"employee_id": "Employee #", "email": "Work Contact: Work Email"},
		"email=Mail,procore_login=Mail":                         {"email": "Mail", "procore_login": "Mail"},
	} {
		got, err := ParseColumns(text)
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestStatusValuesAreReadFromTheirSetting(t *testing.T) {
	got, err := ParseStatusValues(`terminated=T|Left, active = Hired|"Full-Time"|"a, b|c",terminated=Gone,leave=1`)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]Status{
		"t": Terminated, "left": Terminated, "gone": Terminated, "hired": Active, "full time": Active, "a b c": Active, "1": Leave,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDelimitersAndEncodingsAreReadFromTheirSettings(t *testing.T) {
	for text, want := range map[string]rune{"": 0, ",": ',', ";": ';', "|": '|', "tab": '\t', "TAB": '\t', "\t": '\t', `\t`: '\t', " ; ": ';'} {
		if got, err := ParseDelimiter(text); err != nil || got != want {
			t.Errorf("%q is %q, %v", text, got, err)
		}
	}
	for text, want := range map[string]string{
		"": "", "utf-8": "utf-8", "UTF8": "utf-8", "utf-16": "utf-16", "UTF-16LE": "utf-16le", "utf_16be": "utf-16be",
		"windows-1252": "windows-1252", "CP1252": "windows-1252",
	} {
		if got, err := ParseEncoding(text); err != nil || got != want {
			t.Errorf("%q is %q, %v", text, got, err)
		}
	}
}

func TestWrongSettingsAreRefusedAllAtOnce(t *testing.T) {
	columns := func(s string) error { _, err := ParseColumns(s); return err }
	statuses := func(s string) error { _, err := ParseStatusValues(s); return err }
	delimiter := func(s string) error { _, err := ParseDelimiter(s); return err }
	encoding := func(s string) error { _, err := ParseEncoding(s); return err }
	const ours = "they are employee_id, email, procore_login, name, team, role, project, status, start_date, end_date"
	for _, tc := range []struct {
		parse      func(string) error
		text, want string
	}{
		{columns, "email", `entry 1, "email": it must be name=value`},
		{columns, "email=A,", `entry 2, "": it must be name=value`},
		{columns, "mail=A,b", "entry 2, \"b\": it must be name=value\n\"mail\" is none of our columns: " + ours},
		{columns, "=A", `entry 1, "=A": it must be name=value`},
		{columns, `name="a, b`, "a double quote is not closed"},
		{columns, "emial=A,team=,role=B,role=C", `"emial" is none of our columns: ` + ours + "\nteam: the name of the column in the file is missing\nrole is named twice"},
		{statuses, "gone=T", `"gone" is not a status: they are active, leave, prehire and terminated`},
		{statuses, "active=A|,leave=a", "active: a value is missing\n\"a\" cannot be both active and leave"},
		{delimiter, "x", `"x" is not a delimiter: it is one of , ; | or the word tab`},
		{delimiter, " ", `" " is not a delimiter: it is one of , ; | or the word tab`},
		{encoding, "latin-9", `"latin-9" is not an encoding that can be read: it is one of utf-8, utf-16, utf-16le, utf-16be, windows-1252`},
	} {
		if err := tc.parse(tc.text); err == nil || err.Error() != tc.want {
			t.Errorf("%s\ngot  %v\nwant %s", tc.text, err, tc.want)
		}
	}
}

func TestStatusesHaveTheirUsualNames(t *testing.T) {
	format := RowFormat{StatusValues: map[string]Status{"hired": Active, "inactive": Leave}}
	for text, want := range map[string]Status{
		"": Active, "active": Active, "ACTIVE": Active, "Current Employee": Active,
		"On Leave": Leave, "leave-of-absence": Leave, "LOA": Leave, "Unpaid Leave": Leave, "Active - On Leave": Leave,
		"Pre-Hire": Prehire, "PREHIRE": Prehire, "pre_hire": Prehire, "Future Hire": Prehire,
		"Terminated": Terminated, "Retired": Terminated, "No longer employed": Terminated,
		"Hired": Active, "Inactive": Leave, // as told
	} {
		if got, ok := format.StatusOf(text); !ok || got != want {
			t.Errorf("%q is %q, %v; want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"T", "Left", "Suspended", "-", "???", "yes"} {
		if got, ok := format.StatusOf(text); ok {
			t.Errorf("%q is taken for %q", text, got)
		}
	}
}
