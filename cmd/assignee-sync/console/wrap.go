package console

import (
	"bytes"
	"io"
	"strings"
	"unicode/utf8"
)

const (
	// hanging is how much farther the rest of a broken line is indented.
	hanging = 4
	// narrowest is the width below which lines are not broken: there would be more margin than text.
	narrowest = 40
	// pasted precedes an unquoted command, which stays on one line so that it can be pasted.
	pasted = ": assignee-sync "
)

// wrapper breaks lines that are wider than the terminal between words, and indents what follows. It writes whole lines
// only.
type wrapper struct {
	w     io.Writer
	width int
	rest  []byte // of a line that has not ended
}

func (w *wrapper) Write(b []byte) (int, error) {
	w.rest = append(w.rest, b...)
	end := bytes.LastIndexByte(w.rest, '\n') + 1
	if end == 0 {
		return len(b), nil
	}
	_, err := io.WriteString(w.w, wrapped(string(w.rest[:end]), w.width))
	w.rest = append(w.rest[:0], w.rest[end:]...)
	return len(b), err
}

// wrapped breaks the lines of a text. It never breaks within quotation marks or backquotes, or a line that ends with a
// command: settings and commands must stay pasteable.
func wrapped(s string, width int) string {
	if width < narrowest {
		return s
	}
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if columns(line) > width && !strings.Contains(line, pasted) {
			lines[i] = broken(line, width)
		}
	}
	return strings.Join(lines, "\n")
}

func broken(line string, width int) string {
	margin := len(line) - len(strings.TrimLeft(line, " ")) + hanging
	rows, row := []string{}, ""
	for _, word := range words(line) {
		if row != "" && columns(row+strings.TrimRight(word, " ")) > width {
			rows = append(rows, strings.TrimRight(row, " "))
			row = strings.Repeat(" ", margin)
		}
		row += word
	}
	return strings.Join(append(rows, row), "\n")
}

// words splits a line after the spaces at which it may be broken. The first word includes the line's margin.
func words(line string) []string {
	var list []string
	begun, quote := 0, rune(0)
	for i, r := range line {
		switch {
		case r == quote:
			quote = 0
		case quote != 0:
		case (r == '"' || r == '`') && strings.ContainsRune(line[i+1:], r):
			quote = r
		case r == ' ' && !strings.HasPrefix(line[i+1:], " ") && strings.Trim(line[begun:i], " ") != "":
			list = append(list, line[begun:i+1])
			begun = i + 1
		}
	}
	return append(list, line[begun:])
}

// columns is how wide a line is on a terminal, colours aside.
func columns(s string) int {
	n := utf8.RuneCountInString(s)
	for {
		_, rest, found := strings.Cut(s, "\x1b[")
		code, after, ends := strings.Cut(rest, "m")
		if !found || !ends {
			return n
		}
		n -= len("\x1b[") + len(code) + len("m")
		s = after
	}
}
