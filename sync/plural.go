package sync

import "strconv"

// Several returns a count with its noun, as a person writes it: "1 preset", "12,345 presets", "2 people".
func Several(n int, noun string) string {
	switch {
	case n == 1:
		return "1 " + noun
	case noun == "person":
		return Grouped(n) + " people"
	default:
		return Grouped(n) + " " + noun + "s"
	}
}

// Grouped writes a number in groups of three digits: 12,345.
func Grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
