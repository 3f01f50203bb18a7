package sync

import (
	"fmt"
	"strconv"
	"time"
)

// Several returns a count with its noun: "1 preset", "12,345 presets", "2 people".
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

// Grouped writes a number with thousands separators: 12,345.
func Grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Lasting writes a duration for people: "0.4 s", "40 s", "12 min", "3 h 20 min".
func Lasting(d time.Duration) string {
	switch rounded := d.Round(time.Minute); {
	case d < 10*time.Second:
		return strconv.FormatFloat(d.Round(100*time.Millisecond).Seconds(), 'f', -1, 64) + " s"
	case d.Round(time.Second) < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Round(time.Second).Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(rounded.Minutes()))
	case rounded%time.Hour == 0:
		return fmt.Sprintf("%d h", int(rounded.Hours()))
	default:
		return fmt.Sprintf("%d h %d min", int(rounded.Hours()), int(rounded.Minutes())%60)
	}
}
