package main

import (
	"context"
	"fmt"
	"log/slog"
	gosync "sync"
	"time"

	"procore-assignee-sync/cmd/assignee-sync/notify"
	"procore-assignee-sync/cmd/assignee-sync/settings"
	"procore-assignee-sync/cmd/assignee-sync/telemetry"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
)

// others is who else is told how a command ended.
type others struct {
	command sync.Command // the command in progress
	began   time.Time
	notify  settings.Notify
}

// patience bounds how long telling others may take in total.
const patience = 5 * time.Second

// tellOthers tells the collector and SYNC_NOTIFY_URL, concurrently, how the command ended. If that fails there is a
// warning, but the exit code stays the same.
func (a *app) tellOthers(ctx context.Context, code int, line string) {
	if !a.others.command.LeavesRun() || line == "" {
		return
	}
	// Tell them even if the run was told to stop.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	var untold, unsent error
	var both gosync.WaitGroup
	if want := telemetry.Asked(a.Environ); want.Traces || want.Metrics {
		run := telemetry.Run{
			Command: a.others.command, Version: versionText(), ExitCode: code, Began: a.others.began, Ended: a.now(), Record: a.record,
		}
		both.Go(func() { untold = telemetry.Send(ctx, want, run) })
	}
	if n := a.others.notify; n.URL != "" && a.others.command == sync.CommandApply && (n.Always || notify.IsProblem(code)) {
		m := notify.Message{Line: line, ExitCode: code, Record: a.record}
		if code == sync.ExitRefused && a.record != nil && a.record.Plan != nil && report.Approvable(a.record.Plan) {
			m.Approve = report.Approval(a.record.Plan, a.record.Run)
		}
		both.Go(func() { unsent = notify.Send(ctx, n.URL.Reveal(), m) })
	}
	both.Wait()
	a.warn("the OpenTelemetry collector was not told", untold)
	a.warn("the notice was not sent", unsent)
}

func (a *app) warn(what string, err error) {
	if err != nil {
		a.Say(slog.LevelWarn, fmt.Sprintf("warning: %s: %v", what, err))
	}
}

func (a *app) now() time.Time {
	if a.Now == nil {
		return time.Now()
	}
	return a.Now()
}
