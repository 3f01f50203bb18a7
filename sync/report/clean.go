package report

import (
	"strings"
	"unicode"
)

// Clean returns s fit for one line of a terminal or a page: line breaks and tabs become spaces, other control characters
// become their visible pictures (ESC is shown as ␛), and characters that turn the reading direction or cannot be
// decoded become U+FFFD. So a name from HR or Procore can neither move the cursor nor disguise what stands beside it.
func Clean(s string) string { return strings.Map(cleanLine, s) }

// CleanLines is Clean for a message of several lines, of which each is cleaned by itself.
func CleanLines(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' {
			return r
		}
		return cleanLine(r)
	}, s)
}

// cleanCell is Clean for a CSV cell, where line breaks and tabs may stay: the quoting carries them. Every line break
// becomes a line feed, since a CSV reader may make one of a carriage return and a line feed.
func cleanCell(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch r {
		case '\n', '\t':
			return r
		case '\r':
			return '\n'
		default:
			return cleanLine(r)
		}
	}, s)
}

const (
	pictures       = 0x2400 // the block of pictures for control characters starts with that of NUL
	pictureOfDEL   = '\u2421'
	lineSeparator  = '\u2028'
	paragraphBreak = '\u2029'
)

func cleanLine(r rune) rune {
	switch {
	case r == '\n', r == '\r', r == '\t', r == lineSeparator, r == paragraphBreak:
		return ' '
	case r < ' ':
		return pictures + r
	case r == 0x7f:
		return pictureOfDEL
	case unicode.IsControl(r), turnsDirection(r):
		return unicode.ReplacementChar
	default:
		return r
	}
}

// turnsDirection reports whether r overrides, embeds or isolates a writing direction (Unicode Standard Annex 9), or marks
// one. A real name in a right-to-left script needs none of them.
func turnsDirection(r rune) bool { return unicode.Is(unicode.Bidi_Control, r) }
