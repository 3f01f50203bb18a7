package ledger

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
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

// watching adds somebody to a list.
func watching(more ...running.Watched) func(running.WatchList) running.WatchList {
	return func(list running.WatchList) running.WatchList { return list.With(more) }
}

func TestTheWatchListIsKeptInFolderAndDatabaseByCompany(t *testing.T) {
	t.Parallel()
	url, ctx := pgtest.Ledger(t), context.Background()
	if err := watchLedger(t, t.TempDir(), url).ChangeWatched(ctx, "1", "api.example.com", watching(someWatched()...)); err != nil {
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
	if err := l.ChangeWatched(ctx, "1", "h", watching(someWatched()...)); err != nil {
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

// The folder's list is damaged, or the database away, while one person after the other comes to be watched, on two
// machines that lose their folders once the database has what they have. Once all can be read again, everybody is watched.
func TestNobodyWhoIsWatchedIsForgottenByAReadThatFailed(t *testing.T) {
	t.Parallel()
	url, ctx := pgtest.Ledger(t), context.Background()
	for seed := range uint64(3) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		company := procore.CompanyID(strconv.FormatUint(seed+1, 10))
		dirs := []string{t.TempDir(), t.TempDir()}
		for n := range 10 {
			machine := rnd.IntN(len(dirs))
			l := watchLedger(t, dirs[machine], url)
			path := l.watchPath(company, "h")
			good, readErr := os.ReadFile(path)
			damaged, away := readErr == nil && rnd.IntN(3) == 0, rnd.IntN(3) == 0
			unread := !away && rnd.IntN(3) == 0 // the database answers, but not with a list
			if damaged {
				write(t, path, []byte("damaged"))
			}
			if away {
				pgtest.Exec(t, url, "alter table sync_watch rename to away")
			}
			if unread {
				pgtest.Exec(t, url, `alter table sync_watch add column if not exists was jsonb;
					update sync_watch set was = entries, entries = '"no list"'`)
			}
			who := someWatched()[0]
			who.Person.ID = procore.LoginID(strconv.Itoa(n))
			if err := l.ChangeWatched(ctx, company, "h", watching(who)); err == nil && (damaged || away) {
				t.Fatalf("no error, damaged %v, away %v", damaged, away)
			}
			if damaged {
				aside, err := putAside(path)
				if err != nil || len(aside) != 1 {
					t.Fatalf("the damaged list was not put aside: %v, %v", aside, err)
				}
				write(t, aside[0], good) // somebody mended it
			}
			if away {
				pgtest.Exec(t, url, "alter table away rename to sync_watch")
			}
			if unread {
				pgtest.Exec(t, url, `update sync_watch set entries = was where entries = '"no list"'`)
			}
			if rnd.IntN(2) > 0 {
				continue
			}
			if err := l.ChangeWatched(ctx, company, "h", watching()); err != nil {
				t.Fatal(err)
			}
			dirs[machine] = t.TempDir() // what it had, the database has
		}
		for _, dir := range dirs { // each brings what it alone has to the database
			if err := watchLedger(t, dir, url).ChangeWatched(ctx, company, "h", watching()); err != nil {
				t.Fatal(err)
			}
		}
		list, err := watchLedger(t, t.TempDir(), url).Watched(ctx, company, "h")
		if len(list) != 10 || err != nil {
			t.Errorf("seed %d: %d of 10 are watched, %v", seed, len(list), err)
		}
	}
}

func write(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
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
			past, err = l.database.load(ctx, rec.Run.ID)
		}
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, past.Waiting); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
