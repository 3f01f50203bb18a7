package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	gosync "sync"
	"testing"
	"testing/synctest"
	"time"

	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
)

// listener keeps what is written and when.
type listener struct {
	mu    gosync.Mutex
	text  bytes.Buffer
	times []time.Time
}

func (l *listener) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.times = append(l.times, time.Now())
	return l.text.Write(b)
}

// longestSilence is the longest time from begin to end in which nothing was written.
func (l *listener) longestSilence(begin, end time.Time) time.Duration {
	longest := time.Duration(0)
	for _, t := range append(l.times, end) {
		longest, begin = max(longest, t.Sub(begin)), t
	}
	return longest
}

// slowRun runs a command in virtual time against a Procore that allows 60 calls an hour.
func slowRun(t *testing.T, args []string, terminal bool, set ...string) (heard *listener, took time.Duration) {
	t.Helper()
	dir := t.TempDir()
	sample := sandbox.NewSample(sandbox.SampleOptions{Seed: 1, Projects: 30, Templates: 3})
	if _, err := writeSample(dir, sample, ""); err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		server := sandbox.New(sample.Company, sandbox.Options{Hourly: 60})
		heard = &listener{}
		time.Sleep(time.Until(demoStart)) // on which everyone of the sample has begun to work
		begin := time.Now()
		code := realMain(context.Background(), process{
			Args: args,
			Environ: append([]string{
				"PROCORE_API_URL=http://127.0.0.1:1", "PROCORE_LOGIN_URL=http://127.0.0.1:1", "PROCORE_COMPANY_ID=" + string(sample.Company.ID),
				"PROCORE_CLIENT_ID=" + sandbox.DefaultClientID, "PROCORE_CLIENT_SECRET=" + sandbox.DefaultClientSecret,
				"HR_CSV=" + filepath.Join(dir, "hr.csv"), "ROLE_MAP=" + filepath.Join(dir, "role-map.csv"),
				"LEDGER_DIR=" + filepath.Join(dir, "runs"), "SYNC_FIRST_RUN=allow",
			}, set...),
			Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: heard, StderrTTY: terminal, Transport: server.Transport(),
		})
		end := time.Now()
		if code != sync.ExitDone && code != sync.ExitIncomplete {
			t.Errorf("exit %d: %s", code, &heard.text)
		}
		if silent := heard.longestSilence(begin, end); silent > time.Minute {
			t.Errorf("it was silent for %s: %s", silent, &heard.text)
		}
		took = end.Sub(begin)
	})
	if took < time.Hour {
		t.Fatalf("the run took only %s: no hour's limit was met", took)
	}
	return heard, took
}

func TestARunThatWaitsForHoursIsNeverSilentForLongerThanAMinute(t *testing.T) {
	for _, args := range [][]string{{"plan"}, {"check"}, {"apply", "--yes"}} {
		t.Run(args[0]+" in a text log", func(t *testing.T) {
			heard, _ := slowRun(t, args, false)
			for _, want := range []string{
				`msg="reading HR data" phase=hr`, `msg="listing presets`, `waits for the hourly limit`, "window=hourly until=", "ends=",
			} {
				if !strings.Contains(heard.text.String(), want) {
					t.Errorf("%s is not told in %s", want, &heard.text)
				}
			}
		})
		t.Run(args[0]+" on a terminal", func(t *testing.T) {
			heard, _ := slowRun(t, args, true)
			if strings.Contains(heard.text.String(), "level=INFO") {
				t.Errorf("the log tells it too: %s", &heard.text)
			}
			for _, want := range []string{" min) for the hourly limit", ", ends at about ", "listing presets "} {
				if !strings.Contains(heard.text.String(), want) {
					t.Errorf("%q is not shown", want)
				}
			}
			for _, line := range strings.Split(strings.ReplaceAll(heard.text.String(), "\r\x1b[K", "\n"), "\n") {
				if strings.Contains(line, "waits until") && len(line) >= 80 {
					t.Errorf("it is wider than the terminal: %q", line)
				}
			}
		})
	}
}

func TestWithLogFormatJSONAllOfStandardErrorIsJSONTheFinalLineIncluded(t *testing.T) {
	heard, _ := slowRun(t, []string{"apply", "--yes"}, true, "LOG_FORMAT=json")
	var waits, minutes int
	var last map[string]any
	for line := range strings.Lines(heard.text.String()) {
		last = nil
		if err := json.Unmarshal([]byte(line), &last); err != nil {
			t.Fatalf("%v: %q", err, line)
		}
		if last["window"] == "hourly" && last["until"] != nil {
			waits++
		}
		if last["phase"] == "preset lists" && last["done"] != nil && last["total"] != nil {
			minutes++
		}
	}
	if waits < 60 || minutes < 60 {
		t.Errorf("%d records tell of a wait, %d of how far the listing is", waits, minutes)
	}
	counts, _ := last["counts"].(map[string]any)
	if last["exit_code"] != 4.0 || !sync.IsRunID(fmt.Sprint(last["run_id"])) || counts["applied"] == nil ||
		!strings.HasPrefix(fmt.Sprint(last["msg"]), "exit 4, incomplete: ") || last["level"] != "WARN" {
		t.Errorf("the final line is %v", last)
	}
}

func TestEveryEndOfACommandIsJSONWithLogFormatJSON(t *testing.T) {
	envFile := filepath.Join(t.TempDir(), "json.env")
	if err := os.WriteFile(envFile, []byte("LOG_FORMAT=json\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args, environ []string
		code          float64
	}{
		{[]string{"plan", "--env-file", envFile}, []string{"LOG_FORMAT="}, 78},
		{[]string{"plan", "--env-file", envFile, "--nope"}, []string{"LOG_FORMAT="}, 64},
		{[]string{"plan", "--env-file", envFile, "--format", "x"}, []string{"LOG_FORMAT="}, 64},
		{[]string{"plan"}, nil, 78},
		{[]string{"plan", "--nope"}, nil, 64},
		{[]string{"plna"}, nil, 64},
		{[]string{"runs", "--env-file", "/nowhere"}, nil, 78},
		{[]string{"runs"}, []string{"LEDGER_DIR=" + t.TempDir()}, 0},
		{[]string{"apply"}, nil, 64},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			var stderr bytes.Buffer
			realMain(context.Background(), process{
				Args: c.args, Environ: append([]string{"LOG_FORMAT=json"}, c.environ...), Stdin: strings.NewReader(""), Stdout: &bytes.Buffer{}, Stderr: &stderr,
			})
			var last map[string]any
			for line := range strings.Lines(stderr.String()) {
				last = nil
				if err := json.Unmarshal([]byte(line), &last); err != nil {
					t.Fatalf("%v: %q", err, line)
				}
			}
			if last["exit_code"] != c.code || !strings.HasPrefix(fmt.Sprint(last["msg"]), fmt.Sprintf("exit %v, ", c.code)) {
				t.Errorf("the final line is %v", last)
			}
		})
	}
}
