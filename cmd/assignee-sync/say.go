package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"github.com/spf13/cobra"

	"procore-assignee-sync/cmd/assignee-sync/console"
	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
	"procore-assignee-sync/sync/report/guide"
)

// wantsJSON reports whether LOG_FORMAT asks for JSON in the environment, before settings are read.
func wantsJSON(environ []string) bool {
	return strings.EqualFold(strings.TrimSpace(variable(environ, "LOG_FORMAT")), "json")
}

// envFileWantsJSON reports whether LOG_FORMAT in the env file asks for JSON, for a command that ended before it read
// its settings.
func (a *app) envFileWantsJSON() bool {
	source, err := settings.NewSource(a.Environ, a.envFile)
	if err != nil {
		return wantsJSON(a.Environ)
	}
	config, _ := settings.Load(context.Background(), source, settings.Needs{}) // the command did not end because of problems here
	return config != nil && config.Log.JSON
}

// envFileOf returns the file that --env-file names on a command line, or nothing.
func envFileOf(args []string) string {
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--env-file="); ok {
			return value
		}
		if arg == "--env-file" && i+1 < len(args) {
			return args[i+1]
		}
	}
	return ""
}

// sayError prints what went wrong in a command, in words.
func (a *app) sayError(c *cobra.Command, err error) {
	var silent silentExit
	if err == nil || errors.As(err, &silent) {
		return
	}
	lines := []string{err.Error()}
	if what := guide.ToError(err); what != "" {
		lines = append(lines, what)
	}
	if !a.begun || exitCode(err, a.begun) == sync.ExitUsage {
		if c.HasParent() {
			lines = append(lines, fmt.Sprintf("`assignee-sync help %s` says more, with examples", strings.TrimPrefix(c.CommandPath(), "assignee-sync ")))
		} else {
			lines = append(lines, "`assignee-sync --help` lists the commands, `assignee-sync COMMAND --help` its flags")
		}
	}
	a.Fail("assignee-sync", a.pasteable(report.CleanLines(strings.Join(lines, "\n"))))
}

// lastLine returns the final line, or nothing after help or version.
func (a *app) lastLine(code int, err error) string {
	if a.last == "" && (err != nil || a.begun) {
		return lastWords(code, err)
	}
	return a.last
}

// sayLast writes the final line to standard error and, in a pod, to the termination message.
func (a *app) sayLast(code int, line string) {
	if line == "" {
		return
	}
	attrs := []any{"exit_code", code}
	if rec := a.record; rec != nil {
		attrs = append(attrs, "run_id", rec.Run.ID, "counts", countsOf(rec.Summary))
		if rec.Evidence != "" {
			attrs = append(attrs, "evidence", rec.Evidence[:sync.EvidenceDigits])
		}
	}
	a.Say(levelOf(code), line, attrs...)
	if a.TerminationLog != "" && inPod(a.Environ) {
		console.LeaveTermination(a.TerminationLog, line)
	}
}

// levelOf returns the log level for an exit code.
func levelOf(code int) slog.Level {
	switch code {
	case sync.ExitDone, sync.ExitChanges:
		return slog.LevelInfo
	case sync.ExitIncomplete:
		return slog.LevelWarn
	default:
		return slog.LevelError
	}
}

// lastCounts are the counts in the final line.
type lastCounts struct {
	Additions      int `json:"additions"` // planned
	Removals       int `json:"removals"`
	Applied        int `json:"applied"`
	Failed         int `json:"failed"`
	Conflict       int `json:"conflict"`
	Held           int `json:"held"`
	NotAttempted   int `json:"not_attempted"`
	PresetsWritten int `json:"presets_written"`
	Exceptions     int `json:"exceptions"`
	Undone         int `json:"undone"` // exceptions that left something undone
	APICalls       int `json:"api_calls"`

	Presets sync.PresetsRead `json:"presets"`
}

func countsOf(s sync.Summary) lastCounts {
	r := s.Results
	c := lastCounts{
		Additions: s.Planned.Additions, Removals: s.Planned.Removals, Applied: r.Applied, Failed: r.Failed, Conflict: r.Conflict,
		Held: r.Held, NotAttempted: r.NotAttempted, PresetsWritten: r.PresetsWritten, APICalls: s.CallsTotal,
		Presets: s.Presets,
	}
	for _, k := range s.Exceptions {
		c.Exceptions += k.Count
		c.Undone += k.Undone
	}
	return c
}

// ran stores a run's record for the final line. A record without a message has none to give.
func (a *app) ran(rec sync.Record) {
	a.record, a.last = nil, ""
	if rec.Summary.Message != "" {
		a.record, a.last = &rec, rec.FinalLine()
	}
}

// notRan drops the stored record, because something that it does not cover went wrong after the run.
func (a *app) notRan() { a.record, a.last = nil, "" }
