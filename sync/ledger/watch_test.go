package ledger

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/migrations/pgtest"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/running"
)

func someWatched() running.WatchList {
	at := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	return running.WatchList{{
		Person: procore.Login{ID: "1", Login: "ann@example.com", Name: "Ann"}, Since: at, Left: true, Waits: true,
		Place: running.Place{Project: "501", ProjectNumber: "24-017", Tool: procore.ToolRef{Type: "correspondence", Subtype: "-12"}},
	}}
}

func watchLedger(t *testing.T, dir, url string) *Ledger {
	t.Helper()
	l, err := Open(context.Background(), Options{Dir: dir, DatabaseURL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func TestTheWatchListIsKeptInFolderAndDatabaseByCompany(t *testing.T) {
	t.Parallel()
	url, ctx := pgtest.Ledger(t), context.Background()
	if err := watchLedger(t, t.TempDir(), url).KeepWatched(ctx, "1", "api.example.com", someWatched()); err != nil {
		t.Fatal(err)
	}
	elsewhere := watchLedger(t, t.TempDir(), url) // another machine
	got, err := elsewhere.Watched(ctx, "1", "api.example.com")
	if diff := cmp.Diff(someWatched(), got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	if other, err := elsewhere.Watched(ctx, "2", "api.example.com"); len(other) > 0 || err != nil {
		t.Errorf("another company has %v, %v", other, err)
	}
}

func TestADamagedWatchListIsAnErrorAndNoEmptyList(t *testing.T) {
	t.Parallel()
	l, ctx := watchLedger(t, t.TempDir(), ""), context.Background()
	if err := l.KeepWatched(ctx, "1", "h", someWatched()); err != nil {
		t.Fatal(err)
	}
	path := l.watchPath("1", "h")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	text[len(text)-3] ^= 1
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if list, err := l.Watched(ctx, "1", "h"); err == nil || len(list) > 0 {
		t.Errorf("%v, %v", list, err)
	}
}

func TestWhatRunningWorkflowsWaitForIsReadBackFromFolderAndDatabase(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	want := []sync.Waiting{{
		Instance: "700", Item: "88", Project: "501", ProjectNumber: "24-017", ProjectName: "=Harbour", Tool: procore.ToolRef{Type: "correspondence", Subtype: "-12"},
		Step: "900", StepName: "Legal review", Person: procore.Login{ID: "1", Login: "ann@example.com", Name: "Ann"}, Required: true,
		StartedAt: at, OverdueAt: at.Add(time.Hour), Reason: procore.ReasonLeftCompany,
		Successors: []procore.Login{{ID: "2", Login: "bob@example.com"}, {ID: "3", Login: "cleo@example.com"}}, State: sync.WaitFailed, HTTPStatus: 422, RequestID: "req",
		Error: "no",
	}}
	for name, url := range map[string]string{"folder": "", "database": pgtest.Ledger(t)} {
		l, ctx := watchLedger(t, t.TempDir(), url), context.Background()
		rec := pgRecord("1", 1)
		rec.Waiting = want
		rec.Summary.Running = sync.CountWaiting(want)
		run, err := l.Begin(rec.Run)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := run.Finish(ctx, rec, func() sync.Record { return rec }); err != nil {
			t.Fatal(err)
		}
		past, err := l.Load(ctx, rec.Run.ID)
		if name == "database" {
			past, err = l.database.Load(ctx, rec.Run.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, past.Waiting); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
