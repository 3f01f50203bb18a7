package hrsource

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"procore-assignee-sync/hrsource/csvtable"
)

// ParseColumns parses HR_CSV_COLUMNS: `email=Work Email,team=Department`, canonical column to the file's header. A
// header that contains a comma or an equals sign is written in double quotes. It reports everything that is wrong at
// once.
func ParseColumns(s string) (map[string]string, error) {
	columns := make(map[string]string)
	entries, wrong := settingEntries(s)
	for _, entry := range entries {
		column := strings.ToLower(entry.name)
		_, twice := columns[column]
		header := strings.TrimSpace(unquote(entry.value))
		switch {
		case !slices.Contains(Columns, column):
			wrong = append(wrong, fmt.Errorf("%q is none of our columns: they are %s", entry.name, strings.Join(Columns, ", ")))
		case twice:
			wrong = append(wrong, fmt.Errorf("%s is named twice", column))
		case header == "":
			wrong = append(wrong, fmt.Errorf("%s: the name of the column in the file is missing", column))
		default:
			columns[column] = header
		}
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	return columns, nil
}

// NamedTwice returns the headers that HR_CSV_COLUMNS says to read and HR_CSV_IGNORE says to ignore, in the order of
// [Columns].
func NamedTwice(columns map[string]string, ignore []string) []string {
	var both []string
	for _, column := range Columns {
		header, named := columns[column]
		if named && slices.ContainsFunc(ignore, func(ignored string) bool { return foldColumn(ignored) == foldColumn(header) }) {
			both = append(both, header)
		}
	}
	return both
}

// ParseStatusValues parses HR_STATUS_VALUES: `terminated=T|Left,active=Hired`, status to the values that mean it. A
// value that contains a comma or a bar is written in double quotes. The keys of the result are folded as a row's status
// is. It reports everything that is wrong at once.
func ParseStatusValues(s string) (map[string]Status, error) {
	values := make(map[string]Status)
	entries, wrong := settingEntries(s)
	for _, entry := range entries {
		status := Status(strings.ToLower(entry.name))
		if !slices.Contains([]Status{Active, Leave, Prehire, Terminated}, status) {
			wrong = append(wrong, fmt.Errorf("%q is not a status: they are active, leave, prehire and terminated", entry.name))
			continue
		}
		for _, value := range splitOutsideQuotes(entry.value, '|') {
			name := foldStatus(unquote(value))
			other, known := values[name]
			switch {
			case name == "":
				wrong = append(wrong, fmt.Errorf("%s: a value is missing", status))
			case known && other != status:
				wrong = append(wrong, fmt.Errorf("%q cannot be both %s and %s", strings.TrimSpace(unquote(value)), other, status))
			default:
				values[name] = status
			}
		}
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	return values, nil
}

// ParseDelimiter reads HR_CSV_DELIMITER: comma, semicolon, bar, or `tab`. Empty text gives 0: found from the header.
func ParseDelimiter(s string) (rune, error) {
	switch s {
	case "":
		return 0, nil
	case "\t":
		return '\t', nil
	}
	switch trimmed := strings.ToLower(strings.TrimSpace(s)); trimmed {
	case ",", ";", "|":
		return rune(trimmed[0]), nil
	case "tab", `\t`:
		return '\t', nil
	}
	return 0, fmt.Errorf("%q is not a delimiter: it is one of , ; | or the word tab", s)
}

// ParseEncoding reads HR_CSV_ENCODING, and gives its name as csvtable has it. Empty text stays empty: UTF-8, or UTF-16
// where the file begins with its byte-order mark.
func ParseEncoding(s string) (string, error) {
	switch strings.NewReplacer("-", "", "_", "", " ", "").Replace(strings.ToLower(s)) {
	case "":
		return "", nil
	case "utf8":
		return csvtable.UTF8, nil
	case "utf16":
		return csvtable.UTF16, nil
	case "utf16le":
		return csvtable.UTF16LE, nil
	case "utf16be":
		return csvtable.UTF16BE, nil
	case "windows1252", "cp1252":
		return csvtable.Windows1252, nil
	}
	return "", fmt.Errorf("%q is not an encoding that can be read: it is one of utf-8, utf-16, utf-16le, utf-16be, windows-1252", s)
}

// settingEntry is one `name=value` of a setting; the value still has its quotes.
type settingEntry struct{ name, value string }

// settingEntries splits `a=b,c=d`, and says all that is wrong with it. Empty text has no entries.
func settingEntries(s string) (entries []settingEntry, wrong []error) {
	if strings.TrimSpace(s) == "" {
		return nil, nil
	}
	if strings.Count(s, `"`)%2 != 0 {
		return nil, []error{errors.New("a double quote is not closed")}
	}
	for i, text := range splitOutsideQuotes(s, ',') {
		name, value, ok := strings.Cut(text, "=")
		if name = strings.TrimSpace(name); !ok || name == "" {
			wrong = append(wrong, fmt.Errorf("entry %d, %q: it must be name=value", i+1, strings.TrimSpace(text)))
			continue
		}
		entries = append(entries, settingEntry{name, value})
	}
	return entries, wrong
}

// splitOutsideQuotes splits at every sep that is not between double quotes.
func splitOutsideQuotes(s string, sep rune) []string {
	quoted := false
	var parts []string
	from := 0
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
		case r == sep && !quoted:
			parts = append(parts, s[from:i])
			from = i + len(string(sep))
		}
	}
	return append(parts, s[from:])
}

// unquote takes away double quotes around a value, and halves doubled ones in it.
func unquote(s string) string {
	trimmed := strings.TrimSpace(s)
	if len(trimmed) >= 2 && strings.HasPrefix(trimmed, `"`) && strings.HasSuffix(trimmed, `"`) {
		return strings.ReplaceAll(trimmed[1:len(trimmed)-1], `""`, `"`)
	}
	return trimmed
}

// setting writes a setting so that it can be pasted into a shell or an env file.
func setting(name, value string) string {
	switch {
	case !strings.ContainsAny(value, "\"$`\\"):
		return name + `="` + value + `"`
	case !strings.Contains(value, "'"):
		return name + "='" + value + "'"
	default:
		return name + `="` + strings.NewReplacer(`"`, `\"`, "$", `\$`, "`", "\\`", `\`, `\\`).Replace(value) + `"`
	}
}

// SettingValue returns a value as it stands in a setting such as HR_CSV_COLUMNS: in quotes where it has one of the
// characters that part values there.
func SettingValue(value, parting string) string {
	if !strings.ContainsAny(value, parting+`"`) {
		return value
	}
	return `"` + strings.ReplaceAll(value, `"`, `""`) + `"`
}
