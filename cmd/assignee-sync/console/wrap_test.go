package console

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestALineThatIsTooWideIsBrokenBetweenWordsAndSetFartherIn(t *testing.T) {
	const quoted = "set HR_CSV_IGNORE=\"Employment Status\" or \"Worker Status\" for the next run"
	for _, c := range []struct{ name, line, want string }{
		{"short", "    to do: nothing", "    to do: nothing"},
		{"long", "    to do: look at the group's team in HR and in the map", "    to do: look at the group's team in HR\n        and in the map"},
		{"coloured", "  \x1b[33mheld_empty_group (2): nobody but protected would stay\x1b[0m", "  \x1b[33mheld_empty_group (2): nobody but\n      protected would stay\x1b[0m"},
		{"quoted", quoted, "set HR_CSV_IGNORE=\"Employment Status\" or\n    \"Worker Status\" for the next run"},
		{"an inch mark", "a pipe of 12\" and 14 feet of the same that is laid", "a pipe of 12\" and 14 feet of the same\n    that is laid"},
		{"a command", "To apply exactly this plan: assignee-sync apply --approve 0123456789ab", "To apply exactly this plan: assignee-sync apply --approve 0123456789ab"},
		{"one word", strings.Repeat("x", 50), strings.Repeat("x", 50)},
		{"a table", "  Legal         1 person in 3 presets    2 people", "  Legal         1 person in 3 presets\n      2 people"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var out strings.Builder
			w := &wrapper{w: &out, width: 41}
			fmt.Fprint(w, c.line[:3])
			fmt.Fprint(w, c.line[3:]+"\nand on")
			if out.String() != c.want+"\n" {
				t.Errorf("got\n%s\nwant\n%s", out.String(), c.want)
			}
			if untouched := wrapped(c.line, 0); untouched != c.line {
				t.Errorf("without a terminal it is %q", untouched)
			}
		})
	}
}

func TestNoWordIsLostOrMadeByBreakingLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := rapid.StringMatching("[ a-z\"`]{0,120}").Draw(t, "line")
		got := wrapped(line, rapid.IntRange(narrowest, 80).Draw(t, "width"))
		if a, b := strings.Fields(line), strings.Fields(got); strings.Join(a, " ") != strings.Join(b, " ") {
			t.Fatalf("%q became %q", line, got)
		}
	})
}

func TestOnlyATerminalBreaksLines(t *testing.T) {
	var out, errs strings.Builder
	long := strings.Repeat("word ", 20) + "end"
	for _, width := range []int{0, 50} {
		out.Reset()
		errs.Reset()
		c := New(Options{Stdout: &out, Stderr: &errs, Terminal: true, OutTerminal: true, Width: func() int { return width }})
		fmt.Fprintln(c.Prose(), long)
		c.Tell("%s", long)
		c.Close()
		for name, got := range map[string]string{"output": out.String(), "errors": errs.String()} {
			if broken := strings.Count(got, "\n") > 1; broken != (width > 0) {
				t.Errorf("%s on a terminal of %d columns:\n%s", name, width, got)
			}
		}
	}
}
