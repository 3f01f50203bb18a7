package hrsource

import (
	"strings"
	"unicode"
)

// dividers separate two values in one cell. The hard ones always do; the soft ones may also be part of a name. The wide
// ones belong to Chinese and Japanese text.
const (
	dividers     = ";|\uFF1B\uFF5C\n\r\v\f\u0085\u2028\u2029"
	softDividers = "/,\uFF0F\uFF0C\u3001"
)

// lineBreaks makes line breaks visible.
var lineBreaks = strings.NewReplacer("\r\n", `\n`, "\n", `\n`, "\r", `\n`, "\u2028", `\n`, "\u2029", `\n`)

// member reads the team or the role of the row. known reports whether the role map has one of that name.
func (j *judgement) member(column, cell string, known func(string) bool) string {
	cell = unformula(cell)
	if j.in.holdsSeveral(column, cell, known) {
		shown := clean(lineBreaks.Replace(strings.TrimSpace(cell)))
		j.fault(finding{
			column: column, value: shown, what: j.in.name(column) + " " + quote(shorten(shown)) + " holds more than one value",
			todo: "write one row for each", family: "several " + column, of: shown, others: "cells of " + j.in.name(column) + " with more than one value",
		})
		return ""
	}
	return j.text(column, value(cell))
}

// holdsSeveral reports whether a cell for a team or a role has several values.
func (in *Intake) holdsSeveral(column, cell string, known func(string) bool) bool {
	if !strings.ContainsAny(cell, dividers+softDividers) {
		return false
	}
	several, judged := in.several[column+cell]
	if !judged {
		several = isSeveral(cell, known)
		in.several[column+cell] = several
	}
	return several
}

func isSeveral(cell string, known func(string) bool) bool {
	cell = strings.TrimFunc(cell, unicode.IsSpace)
	if len(partsOf(cell, dividers)) > 1 {
		return true
	}
	if known == nil || known(clean(cell)) {
		return false
	}
	parts := partsOf(cell, softDividers)
	if len(parts) < 2 {
		return false
	}
	for _, part := range parts {
		if known(part) {
			return true
		}
	}
	return false
}

// partsOf splits a cell, leaving out empty parts.
func partsOf(cell, dividers string) []string {
	var parts []string
	for _, part := range strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune(dividers, r) }) {
		if part = clean(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}
