package csvtable

import (
	"bufio"
	"bytes"
)

// foreign recognises, by its first bytes, a file that is not CSV but is often taken for it.
func foreign(raw *bufio.Reader) *fault {
	head, _ := raw.Peek(16)
	for _, kind := range []struct{ begins, what, hint string }{
		{"PK\x03\x04", "this is an Excel workbook or a zip archive, not CSV", "save it as CSV UTF-8"},
		{"\xD0\xCF\x11\xE0", "this is an old Excel workbook, not CSV", "save it as CSV UTF-8"},
		{"\x1F\x8B", "this is compressed (gzip)", "unpack it first"},
		{"%PDF-", "this is a PDF, not CSV", "export it as CSV"},
		{"<!doctype", "this is a web page, not CSV", "the download failed, or was not signed in"},
		{"<html", "this is a web page, not CSV", "the download failed, or was not signed in"},
		{"<?xml", "this is XML, not CSV", "export it as CSV"},
	} {
		if len(head) >= len(kind.begins) && bytes.EqualFold(head[:len(kind.begins)], []byte(kind.begins)) {
			return &fault{line: 1, what: kind.what, hint: kind.hint}
		}
	}
	if isJSON(head) {
		return &fault{line: 1, what: "this is JSON, not CSV", hint: "export it as CSV"}
	}
	return nil
}

// isJSON reports whether text begins like a JSON object, or a list of them. A header may contain a brace or bracket
// too, but not followed by a quote or a brace.
func isJSON(head []byte) bool {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")), " \t\r\n")
	next := bytes.TrimLeft(head[min(1, len(head)):], " \t\r\n")
	return bytes.HasPrefix(head, []byte("{")) && bytes.HasPrefix(next, []byte(`"`)) ||
		bytes.HasPrefix(head, []byte("[")) && bytes.HasPrefix(next, []byte("{"))
}
