package console

import (
	"bytes"
	"fmt"
	"testing"
)

func TestTheLineOfProgressGivesWayToTextAndFitsTheTerminal(t *testing.T) {
	var out bytes.Buffer
	width := 0
	s := &screen{w: &out, width: func() int { return width }}
	s.show("presets 1/3")
	fmt.Fprintln(s, "a line")
	fmt.Fprintln(s, "another one")
	width = 12
	s.show("presets 2/3 and more")
	s.show("")
	s.show("")
	want := "presets 1/3" + clearLine + "a line\nanother one\npresets 2/3" + clearLine
	if out.String() != want {
		t.Errorf("got  %q\nwant %q", out.String(), want)
	}
}
