package settings

import (
	"bytes"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	textunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

const byteOrderMark = '\uFEFF'

// decode decodes an env file or a mounted secret: UTF-8, or UTF-16 if it begins with a byte-order mark, as PowerShell
// writes it. It removes the mark.
func decode(content []byte) (string, error) {
	text, _, err := transform.Bytes(textunicode.BOMOverride(transform.Nop), content)
	switch {
	case err != nil:
		return "", err
	case bytes.IndexByte(text, 0) >= 0:
		return "", errors.New("it holds NUL bytes, as UTF-16 without a byte-order mark does: save it as UTF-8")
	case !utf8.Valid(text):
		return "", errors.New("it holds bytes that are no UTF-8: save it as UTF-8")
	case bytes.ContainsRune(text, utf8.RuneError):
		return "", errors.New("it holds characters that can't be decoded: save it as UTF-8")
	}
	return strings.TrimLeft(string(text), string(byteOrderMark)), nil
}

// trim removes what surrounds a value without being part of it: spaces, line ends and byte-order marks.
func trim(value string) string {
	return strings.TrimFunc(value, func(r rune) bool { return unicode.IsSpace(r) || r == byteOrderMark })
}

// inQuotes reports whether a whole value is in one pair of quotes.
func inQuotes(value string) bool {
	last := len(value) - 1
	return last > 0 && (value[0] == '"' || value[0] == '\'') && strings.IndexByte(value[1:], value[0]) == last-1
}
