package main

import (
	"errors"
	"fmt"
	"strings"

	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/report/guide"
)

// usagef returns an error for a command line that makes no sense.
func usagef(format string, args ...any) error {
	return coded(sync.ExitUsage, fmt.Errorf(format, args...))
}

// coded returns err with an exit code.
func coded(code int, err error) error { return &job.ExitError{Code: code, Err: err} }

// settingError names the setting that an error is about. The termination message shows the name, but not the error's
// text.
type settingError struct {
	setting string
	err     error
}

func (e *settingError) Error() string { return e.err.Error() }

// Unwrap returns the cause.
func (e *settingError) Unwrap() error { return e.err }

// Setting returns the name of the setting.
func (e *settingError) Setting() string { return e.setting }

// silentExit ends the command with an exit code after everything has been said.
type silentExit int

func (e silentExit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// ExitCode returns the code.
func (e silentExit) ExitCode() int { return int(e) }

// exitCode returns the exit code for an error. An error without one comes from the parsing of the command line, if no
// command had begun.
func exitCode(err error, begun bool) int {
	var coded interface{ ExitCode() int }
	switch {
	case err == nil:
		return sync.ExitDone
	case errors.As(err, &coded):
		return coded.ExitCode()
	case begun:
		return sync.ExitFailed
	default:
		return sync.ExitUsage
	}
}

// lastWords returns the final line of a command that ended in an error without a record: the meaning of the exit code
// and the names of settings, but not the error's text, which may contain personal data.
func lastWords(code int, err error) string {
	var wrong *settings.Error
	if errors.As(err, &wrong) {
		return fmt.Sprintf("exit %d, %s: %s", code, guide.ExitMeaning(code), strings.Join(wrong.Names(), ", "))
	}
	var held *ledger.HeldError
	if errors.As(err, &held) && held.RunID != "" {
		return fmt.Sprintf("exit %d, locked: run %s holds the lock", code, held.RunID)
	}
	var named *settingError
	if errors.As(err, &named) {
		return fmt.Sprintf("exit %d, %s: %s", code, guide.ExitMeaning(code), named.setting)
	}
	return fmt.Sprintf("exit %d, %s", code, guide.ExitMeaning(code))
}
