package main

import (
	"bytes"
	"fmt"
	"testing"
	"time"
)

func TestProgressIsShownOnATerminalOnlyAndGivesWayToText(t *testing.T) {
	clock := time.Unix(0, 0)
	var out bytes.Buffer
	s := &screen{w: &out, terminal: true, now: func() time.Time { return clock }}
	step := func(done int, after time.Duration) {
		clock = clock.Add(after)
		s.progress("presets", done, 3)
	}
	step(1, time.Hour)
	step(2, time.Millisecond) // too soon to be worth showing
	fmt.Fprintln(s, "a line")
	step(2, time.Second)
	step(3, 0) // the end
	want := "presets 1/3" + clearLine + "a line\n" + "presets 2/3" + clearLine
	if out.String() != want {
		t.Errorf("got  %q\nwant %q", out.String(), want)
	}

	out.Reset()
	s = &screen{w: &out, now: func() time.Time { return clock }}
	s.progress("presets", 1, 3)
	fmt.Fprintln(s, "a line")
	if out.String() != "a line\n" {
		t.Errorf("without a terminal: %q", out.String())
	}
}
