package hrsource

import (
	"strings"
	"unicode/utf8"
)

// CleanID returns an employee id as it is compared, in HR and in Procore alike: trimmed and without characters that
// cannot be seen. A filler gives nothing, since it identifies nobody; leading zeros stay.
func CleanID(id string) string {
	if id = stripUnseen(id); IsFiller(id) {
		return ""
	}
	return id
}

// fillerWords are what people write into a field for an employee id that they must not leave empty, in lower case.
var fillerWords = map[string]bool{
	"n/a": true, "na": true, "#n/a": true, "none": true, "null": true, "nil": true, "tbd": true, "tba": true, "unknown": true,
	"contractor": true, "temp": true, "external": true,
}

// IsFiller reports whether an employee id stands for none, in any case: one of the usual words, `0`, `x`, `-`, `.` or `?`
// however often, or any other character four times and more, such as 999999.
func IsFiller(id string) bool {
	id = strings.ToLower(strings.TrimSpace(id))
	if fillerWords[id] {
		return true
	}
	first, size := utf8.DecodeRuneInString(id)
	if size == 0 || strings.Trim(id, string(first)) != "" {
		return false
	}
	return strings.ContainsRune("0x-.?", first) || utf8.RuneCountInString(id) >= 4
}
