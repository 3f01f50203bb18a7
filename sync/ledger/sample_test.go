package ledger

import (
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
)

const (
	company = procore.CompanyID("7000000000001")
	host    = "api.example.com"
	group   = procore.GroupUUID("g-reviewers")
)

// night is the start of the nth run of the tests.
func night(n int) time.Time { return time.Date(2026, 11, n, 2, 0, 0, 0, time.UTC) }

func runOf(n int, command sync.Command) sync.Run {
	return sync.Run{
		ID: sync.NewRunID(night(n), func() uint32 { return uint32(n) }), Company: company, Host: host, Command: command,
		StartedAt: night(n), By: "job@node", PID: 12, Version: "test", HRSource: "csv:hr.csv",
	}
}

func tempLedger(t testing.TB) *folder {
	t.Helper()
	l, err := openFolder(filepath.Join(t.TempDir(), "runs"))
	if err != nil {
		t.Fatal(err)
	}
	l.now = func() time.Time { return night(28) }
	return l
}

func create(t testing.TB, l *folder, run sync.Run) *runFolder {
	t.Helper()
	f, err := l.create(run)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// finish ends a run as one that has passed, or not.
func finish(t testing.TB, f *runFolder, run sync.Run, passed bool) {
	t.Helper()
	run.FinishedAt = run.StartedAt.Add(time.Minute)
	must(t, f.finish(sync.Record{Run: run, Plan: &sync.Plan{}, Summary: sync.Summary{Run: run, Outcome: sync.Done, Passed: passed}}))
	_, err := f.in.attest(run, nil)
	must(t, err)
}

// whole is a ledger over a folder alone.
func whole(f *folder) *Ledger {
	return &Ledger{folder: f, log: slog.New(slog.DiscardHandler), now: f.now}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func want[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func refOf(id procore.PresetID) procore.PresetRef { return procore.PresetRef{Project: "9", Preset: id} }

func membership(ids ...procore.LoginID) []procore.Membership {
	m := procore.Membership{Group: group, Assignees: []procore.Login{}}
	for _, id := range ids {
		m.Assignees = append(m.Assignees, procore.Login{ID: id, Login: "p" + string(id) + "@example.com"})
	}
	return []procore.Membership{m}
}

// intent is that preset id loses 1 and gains 2.
func intent(id procore.PresetID) apply.Intent {
	return apply.Intent{
		Time: night(1), Ref: refOf(id), VersionID: "50", Attempt: 1, Before: membership("1"),
		Changed: []procore.GroupUUID{group}, Send: []procore.GroupWrite{{UUID: group, LoginIDs: []procore.LoginID{"2"}}},
	}
}

func outcome(id procore.PresetID, s sync.Status) apply.WriteOutcome {
	return apply.WriteOutcome{Time: night(1), Ref: refOf(id), Status: s, HTTPStatus: 200, RequestID: "req-" + string(id)}
}

// samplePlan has the write that intent announces, for each preset, and the one who comes as its change.
func samplePlan(ids ...procore.PresetID) *sync.Plan {
	plan := &sync.Plan{Company: company, Host: host, Mode: sync.Authoritative}
	for _, id := range ids {
		send := intent(id).Send
		plan.Presets = append(plan.Presets, sync.PresetPlan{
			Ref: refOf(id), ProjectName: "Harbour tower", TemplateName: "Change orders", VersionID: "50", Write: send,
			Groups: []sync.GroupPlan{{UUID: group, Name: "Reviewers", Before: []procore.LoginID{"1"}, After: []procore.LoginID{"2"}}},
		})
		plan.Changes = append(plan.Changes, sync.Change{
			Project: "9", ProjectName: "Harbour tower", TemplateName: "Change orders", VersionID: "50", Preset: id,
			GroupUUID: group, GroupName: "Reviewers", Action: sync.Add, LoginID: "2", Login: "p2@example.com",
			Reason: sync.Only("on the team"), Status: sync.Planned,
		})
	}
	return plan
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return !errors.Is(err, os.ErrNotExist)
}
