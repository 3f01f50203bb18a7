package main

import (
	"encoding/hex"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/ledger"
)

// untidy is what differs from one run to the next.
var untidy = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`\d{8}T\d{6}Z-[0-9a-f]{6}`), "RUN"},
	{regexp.MustCompile(`\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}(:\d{2}(\.\d+)?)?Z?`), "TIME"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "SANDBOX"},
	{regexp.MustCompile(`\bby \S+@\S+`), "by USER"},
	{regexp.MustCompile(`( in|, about) [0-9.]+ m?s\b`), "$1 DURATION"},
	{regexp.MustCompile(`Digest [0-9a-f]{12,}`), "Digest DIGEST"},
	{regexp.MustCompile(`--approve [0-9a-f]{12,}`), "--approve DIGEST"},
}

func tidy(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: tidy FILE")
	}
	text := strings.ReplaceAll(ts.ReadFile("stdout"), ts.Getenv("WORK"), "$WORK")
	for _, u := range untidy {
		text = u.pattern.ReplaceAllString(text, u.instead)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o644))
}

func lastRun(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: lastrun NAME")
	}
	entries, err := os.ReadDir(ts.MkAbs("runs"))
	ts.Check(err)
	newest, at := "", time.Time{}
	for _, e := range entries {
		// Ids tell no order within a second.
		info, err := os.Stat(ts.MkAbs("runs/" + e.Name() + "/journal.jsonl"))
		if err == nil && sync.IsRunID(e.Name()) && info.ModTime().After(at) {
			newest, at = e.Name(), info.ModTime()
		}
	}
	if newest == "" {
		ts.Fatalf("there is no run")
	}
	ts.Setenv(args[0], newest)
	ts.Setenv(args[0]+"_SHORT", ledger.ShortID(newest))
}

var digestText = regexp.MustCompile(`Digest ([0-9a-f]{12,})`)

func digest(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: digest NAME")
	}
	found := digestText.FindStringSubmatch(ts.ReadFile("stdout"))
	if found == nil {
		ts.Fatalf("no digest was printed")
	}
	ts.Setenv(args[0], found[1])
}

func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit FILE OLD NEW")
	}
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(text, args[1], args[2])), 0o644))
}

func unhex(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: unhex FILE HEX")
	}
	content, err := hex.DecodeString(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), content, 0o644))
}

// unchanged compares groups as sets of people; the order within a group may differ.
func unchanged(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 0 {
		ts.Fatalf("usage: unchanged")
	}
	s := stageOf(ts)
	for _, was := range s.start {
		is, _ := s.server.Preset(was.PresetRef)
		for _, group := range was.Memberships {
			if now := peopleOf(is.Memberships, group.UUID); !slices.Equal(now, slices.Sorted(slices.Values(group.LoginIDs))) {
				ts.Fatalf("preset %s, group %s: had %s, has %s", was.Preset, group.UUID, group.LoginIDs, now)
			}
		}
	}
}

func peopleOf(memberships []procore.GroupWrite, group procore.GroupUUID) []procore.LoginID {
	for _, m := range memberships {
		if m.UUID == group {
			return slices.Sorted(slices.Values(m.LoginIDs))
		}
	}
	return nil
}

// paste does what a reader does with a command that the last output suggested: gives it to the shell as it is, perhaps
// with something more after it.
func paste(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: paste CODE VERB [MORE]...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	suggestion := regexp.MustCompile("(?m)(?:`|^\\s*|: )(assignee-sync " + args[1] + "\\b[^`\n]*)")
	found := suggestion.FindAllStringSubmatch(ts.ReadFile("stdout")+ts.ReadFile("stderr"), -1)
	if len(found) == 0 {
		ts.Fatalf("no command with %s is suggested", args[1])
	}
	command := strings.Join(append([]string{found[len(found)-1][1]}, args[2:]...), " ")
	ts.Logf("$ %s", command)
	if got := codeOf(ts, ts.Exec("sh", "-c", command)); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
