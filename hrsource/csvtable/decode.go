package csvtable

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// undecodable replaces, in decoded text, whatever is invalid in the file's encoding. It is never valid UTF-8, so the
// parser finds it and knows its line.
const undecodable = 0xFF

var byteOrderMarks = []struct{ encoding, mark string }{
	{UTF8, "\xEF\xBB\xBF"},
	{UTF16LE, "\xFF\xFE"},
	{UTF16BE, "\xFE\xFF"},
}

// marksInText are a second byte-order mark, and one that was once mistaken for text.
var marksInText = []string{"\uFEFF", "\u00EF\u00BB\u00BF"}

// skipMarks skips further byte-order marks: a script may have added one to a file that already had one.
func skipMarks(text *bufio.Reader) {
	for found := true; found; {
		found = false
		for _, mark := range marksInText {
			if head, _ := text.Peek(len(mark)); string(head) == mark {
				_, _ = text.Discard(len(mark)) // it was just peeked at
				found = true
			}
		}
	}
}

// decoder converts the file's bytes to UTF-8.
type decoder struct {
	io.Reader
	encoding string
	latin    *windows1252Reader // set if the encoding is Windows-1252
}

// newDecoder looks for a byte-order mark, skips it, and decodes the rest as the mark or told says.
func newDecoder(raw *bufio.Reader, told string) (decoder, *fault) {
	marked := ""
	for _, bom := range byteOrderMarks {
		if head, _ := raw.Peek(len(bom.mark)); string(head) == bom.mark {
			marked = bom.encoding
			_, _ = raw.Discard(len(bom.mark)) // it was just peeked at
			break
		}
	}
	switch {
	case marked == "" && told == "":
		marked = UTF8
	case marked == "" && told == UTF16:
		return decoder{}, &fault{
			line: 1, what: "there is no byte-order mark, so that the byte order of UTF-16 is unknown",
			hint: "save it as CSV UTF-8", mend: mendEncoding, or: ", or set %s to utf-16le or utf-16be",
		}
	case marked == "":
		marked = told
	case told != "" && told != marked && (told != UTF16 || marked == UTF8):
		return decoder{}, &fault{
			line: 1, what: fmt.Sprintf("its byte-order mark says %s, but it was to be read as %s", marked, told),
			hint: "let the mark decide", mend: mendEncoding, or: ": leave %s out",
		}
	}
	switch marked {
	case UTF16LE:
		return decoder{Reader: &utf16Reader{raw: raw, order: binary.LittleEndian}, encoding: marked}, nil
	case UTF16BE:
		return decoder{Reader: &utf16Reader{raw: raw, order: binary.BigEndian}, encoding: marked}, nil
	case Windows1252:
		latin := &windows1252Reader{raw: raw}
		return decoder{Reader: latin, encoding: marked, latin: latin}, nil
	default:
		return decoder{Reader: raw, encoding: marked}, nil
	}
}

// wide finds text with several bytes for each character that is about to be read byte by byte: for Latin letters, half
// or three quarters of the bytes are NUL. A single NUL byte is damage, which the parser finds, along with its column.
func wide(head []byte, encoding string) *fault {
	var nul [2]int // by whether their offset is even or odd
	for i, b := range head {
		if b == 0 {
			nul[i%2]++
		}
	}
	f := &fault{line: 1, what: "a NUL byte", hint: "this is UTF-16 without a byte-order mark, or no CSV: save it as CSV UTF-8", mend: mendEncoding}
	few := len(head) / 8
	switch {
	case nul[0]+nul[1] <= 2*few:
		return nil
	case encoding != UTF16LE && encoding != UTF16BE && nul[0] <= few:
		f.or = ", or set %s=" + UTF16LE
	case encoding != UTF16LE && encoding != UTF16BE && nul[1] <= few:
		f.or = ", or set %s=" + UTF16BE
	default:
		f.hint, f.mend = "this is UTF-32, or no CSV: save it as CSV UTF-8", mendNothing
	}
	return f
}

// utf16Reader decodes UTF-16. Half a surrogate pair and an odd last byte become undecodable.
type utf16Reader struct {
	raw     *bufio.Reader
	order   binary.ByteOrder
	pending []byte // decoded, but not returned yet for lack of room
	buf     [utf8.UTFMax]byte
}

func (u *utf16Reader) Read(p []byte) (int, error) {
	n := copy(p, u.pending)
	u.pending = u.pending[n:]
	for n+utf8.UTFMax <= len(p) {
		text, err := u.char()
		if err != nil {
			if n > 0 {
				return n, nil
			}
			return 0, err
		}
		n += copy(p[n:], text)
	}
	if n == 0 && len(p) > 0 {
		text, err := u.char()
		if err != nil {
			return 0, err
		}
		n = copy(p, text)
		u.pending = append([]byte(nil), text[n:]...)
	}
	return n, nil
}

// char returns the next character as UTF-8. It is valid until the next call.
func (u *utf16Reader) char() ([]byte, error) {
	unit, err := u.unit()
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return append(u.buf[:0], undecodable), nil
	}
	if err != nil {
		return nil, err
	}
	r := rune(unit)
	if utf16.IsSurrogate(r) {
		next, _ := u.raw.Peek(2)
		if len(next) < 2 {
			return append(u.buf[:0], undecodable), nil
		}
		if r = utf16.DecodeRune(r, rune(u.order.Uint16(next))); r == utf8.RuneError {
			return append(u.buf[:0], undecodable), nil
		}
		_, _ = u.raw.Discard(2) // it was just peeked at
	}
	return utf8.AppendRune(u.buf[:0], r), nil
}

// unit returns the next 16 bits, or io.ErrUnexpectedEOF if only one byte is left.
func (u *utf16Reader) unit() (uint16, error) {
	pair, err := u.raw.Peek(2)
	if len(pair) == 2 {
		unit := u.order.Uint16(pair)
		_, err = u.raw.Discard(2)
		return unit, err
	}
	if errors.Is(err, io.EOF) && len(pair) == 1 {
		_, _ = u.raw.Discard(1) // it was just peeked at
		return 0, io.ErrUnexpectedEOF
	}
	return 0, err
}
