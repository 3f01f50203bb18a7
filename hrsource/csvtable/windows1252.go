package csvtable

import (
	"bufio"
	"bytes"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// windows1252Reader decodes Windows-1252, and checks whether the bytes are in fact UTF-8.
type windows1252Reader struct {
	raw     *bufio.Reader
	pending []byte
	chunk   [1024]byte

	beyondASCII bool // a byte above 0x7F has been read
	notUTF8     bool
	tail        []byte // an incomplete UTF-8 sequence at the end of what was read
}

func (w *windows1252Reader) Read(p []byte) (int, error) {
	if len(w.pending) == 0 {
		n, err := w.raw.Read(w.chunk[:])
		if n == 0 {
			return 0, err
		}
		w.watch(w.chunk[:n])
		w.pending = decodeWindows1252(w.pending[:0], w.chunk[:n])
	}
	n := copy(p, w.pending)
	w.pending = w.pending[n:]
	return n, nil
}

func decodeWindows1252(into, from []byte) []byte {
	for _, b := range from {
		r := charmap.Windows1252.DecodeByte(b)
		if r == utf8.RuneError { // not assigned
			into = append(into, undecodable)
			continue
		}
		into = utf8.AppendRune(into, r)
	}
	return into
}

func (w *windows1252Reader) watch(chunk []byte) {
	if w.notUTF8 {
		return
	}
	text := chunk
	if len(w.tail) > 0 {
		text = slices.Concat(w.tail, chunk)
	}
	for len(text) > 0 {
		if text[0] < utf8.RuneSelf {
			text = text[1:]
			continue
		}
		w.beyondASCII = true
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 {
			if utf8.FullRune(text) {
				w.notUTF8 = true
				return
			}
			break
		}
		text = text[size:]
	}
	w.tail = bytes.Clone(text)
}

// isUTF8 reports, at the end of the file, whether it was UTF-8 all along. Text in Windows-1252 never looks like UTF-8
// by chance.
func (w *windows1252Reader) isUTF8() bool {
	return w.beyondASCII && !w.notUTF8 && len(w.tail) == 0
}
