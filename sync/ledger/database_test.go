package ledger

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	gosync "sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"procore-assignee-sync/migrations"
	"procore-assignee-sync/migrations/pgdial"
	"procore-assignee-sync/migrations/pgtest"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/apply"
)

func databaseAt(t *testing.T, url string) *database {
	t.Helper()
	p, err := openDatabase(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

var (
	firstNight = time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC)
	yearLater  = firstNight.AddDate(1, 0, 0)
)

// pgRecord is a whole record of an apply that passed, so many nights after the first.
func pgRecord(company procore.CompanyID, night int) sync.Record {
	started := firstNight.AddDate(0, 0, night)
	run := sync.Run{
		ID: sync.NewRunID(started, func() uint32 { return uint32(night) }), Company: company, Host: "api.procore.com",
		Command: sync.CommandApply, StartedAt: started, FinishedAt: started.Add(90 * time.Second), By: "job@pod", PID: 7,
		Version: "1.2.3", HRSource: "csv:hr.csv",
	}
	limit := 12
	return sync.Record{
		Run: run,
		Changes: []sync.Change{{
			Time: started.Add(time.Minute), Project: "77", ProjectNumber: "24-017", ProjectName: "Harbour tower",
			TemplateID: "11", TemplateName: "Commitments", VersionID: "21", Preset: "812", GroupUUID: "g-1",
			GroupName: "Cost reviewer", Action: sync.Add, LoginID: "9007199254740993", Login: "ann@example.org",
			PersonName: "Ann Lee", EmployeeID: "00123", Reason: sync.Only("team Controls"), Source: sync.Positions{"hr.csv:14"},
			Status: sync.Applied, HTTPStatus: 200, RequestID: "req-1",
		}, {
			Project: "562949953421312", TemplateID: "11", TemplateName: "Commitments", VersionID: "21", Preset: "90",
			GroupUUID: "g-1", GroupName: "Cost reviewer", Action: sync.Remove, LoginID: "5", Login: "bob@example.org",
			Reason: sync.CauseLeft.Reason(""), Status: sync.Held,
		}},
		Exceptions: []sync.Exception{
			{Kind: sync.Ambiguous, Subject: "zoe@example.org", Detail: "two people", Source: sync.Positions{"hr.csv:3"}},
			{
				Kind: sync.HeldEmptyGroup, Subject: "Cost reviewer", Detail: "nobody left", TemplateName: "Commitments",
				GroupName: "Cost reviewer", Project: "77",
			},
		},
		Summary: sync.Summary{
			Run: run, Outcome: sync.Done, Passed: true, Message: "done", Digest: strings.Repeat("ab", 32),
			Roster:  sync.RosterFacts{Source: "hr.csv", Key: "csv:hr.csv", Rows: 100 + night, Accepted: 100, Members: 98},
			Planned: sync.PlanCounts{Additions: 1}, Results: sync.ResultCounts{Applied: 1, Held: 1, PresetsWritten: 1},
			Exceptions: []sync.KindCount{{Kind: sync.Ambiguous, Count: 1}}, Limits: sync.Limits{MaxRemovals: &limit},
			Managed:   []sync.ManagedGroup{{TemplateName: "Commitments", GroupName: "Cost reviewer"}},
			Durations: []sync.PhaseDuration{{Phase: "hr", Seconds: 0.25}},
		},
	}
}

func pgSteps(rec sync.Record) apply.JournalFile {
	ref := procore.PresetRef{Project: "77", Preset: "812"}
	return apply.JournalFile{
		Run: rec.Run, Finished: true,
		Intents: []apply.Intent{{
			Time: rec.Run.StartedAt, Ref: ref, VersionID: "21", Attempt: 1,
			Before:  []procore.Membership{{Group: "g-1", Assignees: []procore.Login{{ID: "5", Login: "bob@example.org"}}}, {Group: "g-2"}},
			Changed: []procore.GroupUUID{"g-1"},
			Send:    []procore.GroupWrite{{UUID: "g-1", LoginIDs: []procore.LoginID{"5", "9007199254740993"}}, {UUID: "g-2"}},
		}},
		Outcomes: []apply.WriteOutcome{{Time: rec.Run.StartedAt, Ref: ref, Status: sync.Applied, HTTPStatus: 200, RequestID: "req-1"}},
	}
}

func TestADatabaseWithoutTheSchemaIsRefusedWithWhatToRun(t *testing.T) {
	url := pgtest.Database(t)
	one := 1
	for _, prepare := range []func() error{
		func() error { return nil },
		func() error {
			_, err := migrations.Migrate(t.Context(), url, migrations.Ledger, migrations.Options{To: &one})
			return err
		},
	} {
		must(t, prepare())
		_, err := openDatabase(t.Context(), url)
		var not *NotMigratedError
		if !errors.As(err, &not) || !strings.Contains(err.Error(), "`assignee-sync migrate ledger`") {
			t.Errorf("got %v", err)
		}
	}
}

func TestADatabaseThatCanNotHoldEveryNameIsRefused(t *testing.T) {
	base := pgtest.Database(t)
	u, err := url.Parse(base)
	must(t, err)
	u.Path += "_latin1"
	name := strings.TrimPrefix(u.Path, "/")
	pgtest.Exec(t, base, "create database "+name+" template template0 encoding 'LATIN1' locale 'C'")
	t.Cleanup(func() { pgtest.Exec(t, base, "drop database "+name+" with (force)") })
	_, err = migrations.Migrate(t.Context(), u.String(), migrations.Ledger, migrations.Options{})
	must(t, err)
	if _, err := openDatabase(t.Context(), u.String()); err == nil || !strings.Contains(err.Error(), "LATIN1") {
		t.Errorf("got %v", err)
	}
}

func TestARunIsReadBackAsItWasWritten(t *testing.T) {
	p := databaseAt(t, pgtest.Ledger(t))
	rec := pgRecord("42", 0)
	must(t, p.writeWhole(t.Context(), rec, pgSteps(rec)))
	got, err := p.load(t.Context(), rec.Run.ID)
	must(t, err)
	want := &PastRun{Summary: rec.Summary, Steps: pgSteps(rec), Changes: rec.Changes, Exceptions: rec.Exceptions}
	same := cmp.Options{cmpopts.EquateEmpty(), cmpopts.IgnoreFields(PastRun{}, "Plan")}
	if diff := cmp.Diff(want, got, same); diff != "" {
		t.Error(diff)
	}
	var groups []string
	for _, preset := range got.Plan.Plan.Presets {
		groups = append(groups, fmt.Sprint(preset.Ref.Preset, " ", preset.ProjectName, " ", preset.Groups[0].Name))
	}
	if !slices.Equal(groups, []string{"812 Harbour tower Cost reviewer", "90  Cost reviewer"}) {
		t.Errorf("its plan names %q", groups)
	}
}

func TestWritingARunAgainReplacesItButForItsJournal(t *testing.T) {
	p := databaseAt(t, pgtest.Ledger(t))
	rec := pgRecord("42", 0)
	begun := sync.Record{Run: rec.Run, Summary: sync.Summary{Run: rec.Run}}
	begun.Run.FinishedAt, begun.Summary.FinishedAt = time.Time{}, time.Time{}
	for _, write := range []sync.Record{begun, rec, rec} {
		must(t, p.writeWhole(t.Context(), write, pgSteps(rec)))
	}
	rec.Changes, rec.Exceptions = rec.Changes[:1], nil
	must(t, p.writeRun(t.Context(), rec))
	got, err := p.load(t.Context(), rec.Run.ID)
	must(t, err)
	if len(got.Changes) != 1 || len(got.Exceptions) != 0 || len(got.Steps.Intents) != 1 || got.Summary.Outcome != sync.Done {
		t.Errorf("got %+v", got)
	}
	runs, err := p.runs(t.Context(), Filter{})
	if err != nil || len(runs) != 1 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
}

func TestARunThatHasNotEndedHasNoOutcome(t *testing.T) {
	url := pgtest.Ledger(t)
	p := databaseAt(t, url)
	run := pgRecord("42", 0).Run
	run.FinishedAt = time.Time{}
	must(t, p.writeRun(t.Context(), sync.Record{Run: run, Summary: sync.Summary{Run: run}}))
	var open bool
	err := pgtest.Connect(t, url).QueryRow(t.Context(),
		"select num_nulls(outcome, exit_code, finished_at) = 3 from sync_runs").Scan(&open)
	if err != nil || !open {
		t.Errorf("it looks ended: %v", err)
	}
}

func TestARunIdOfAnotherCompanyIsNotOverwritten(t *testing.T) {
	p := databaseAt(t, pgtest.Ledger(t))
	must(t, p.writeRun(t.Context(), pgRecord("42", 0)))
	if err := p.writeRun(t.Context(), pgRecord("43", 0)); err == nil || !strings.Contains(err.Error(), "another company") {
		t.Errorf("got %v", err)
	}
	got, err := p.load(t.Context(), pgRecord("42", 0).Run.ID)
	if err != nil || got.Summary.Company != "42" || len(got.Changes) != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAWriteThatFailsLeavesNothingOfTheRun(t *testing.T) {
	url := pgtest.Ledger(t)
	p := databaseAt(t, url)
	rec := pgRecord("42", 0)
	rec.Exceptions[1].Kind = "Not A Kind"
	if err := p.writeRun(t.Context(), rec); err == nil || !strings.Contains(err.Error(), "sync_exceptions_kind_word") {
		t.Errorf("got %v", err)
	}
	var rows int
	err := pgtest.Connect(t, url).QueryRow(t.Context(),
		"select (select count(*) from sync_runs) + (select count(*) from sync_changes)").Scan(&rows)
	if err != nil || rows != 0 {
		t.Errorf("%d rows are left, %v", rows, err)
	}
}

// A run without its journal would look as if there were nothing to roll back.
func TestARunWhoseJournalCanNotBeWrittenIsNotWritten(t *testing.T) {
	url := pgtest.Ledger(t)
	p := databaseAt(t, url)
	rec := pgRecord("42", 0)
	pgtest.Exec(t, url, "alter table sync_journal add constraint full_disk check (false)")
	if err := p.writeWhole(t.Context(), rec, pgSteps(rec)); err == nil || !strings.Contains(err.Error(), "sync_journal") {
		t.Errorf("got %v", err)
	}
	runs, err := p.runs(t.Context(), Filter{})
	if err != nil || len(runs) != 0 {
		t.Errorf("%d runs, %v", len(runs), err)
	}
}

func TestTextThatPostgresCanNotHoldIsWrittenAllTheSame(t *testing.T) {
	p := databaseAt(t, pgtest.Ledger(t))
	rec := pgRecord("42", 0)
	rec.Changes[0].Error = "<html>\x00\xff</html>"
	rec.Summary.Message = "zero \x00, and \\u0000 as text, and a quote \""
	must(t, p.writeRun(t.Context(), rec))
	got, err := p.load(t.Context(), rec.Run.ID)
	must(t, err)
	if got.Changes[0].Error != "<html>\uFFFD\uFFFD</html>" {
		t.Errorf("the error is %q", got.Changes[0].Error)
	}
	if got.Summary.Message != "zero \uFFFD, and \\u0000 as text, and a quote \"" {
		t.Errorf("the message is %q", got.Summary.Message)
	}
}

func TestTheBaselineIsTheLastPassedRunOfCompanyHostAndSource(t *testing.T) {
	p := databaseAt(t, pgtest.Ledger(t))
	none, err := p.baseline(t.Context(), "42", "api.procore.com", "csv:hr.csv", yearLater)
	if err != nil || none.Last != nil || none.SameSource != nil {
		t.Errorf("of an empty ledger: %+v, %v", none, err)
	}
	change := func(night int, edit func(*sync.Record)) {
		rec := pgRecord("42", night)
		edit(&rec)
		rec.Summary.Run = rec.Run
		must(t, p.writeRun(t.Context(), rec))
	}
	change(1, func(*sync.Record) {})
	change(2, func(r *sync.Record) { r.Run.HRSource = "postgres:other" })
	change(3, func(r *sync.Record) { r.Summary.Passed = false })
	change(4, func(r *sync.Record) { r.Run.Host = "sandbox.procore.com" })
	change(5, func(r *sync.Record) { r.Run.Company = "43" })
	change(500, func(*sync.Record) {})                                                             // under a clock that was ahead
	got, err := p.baseline(t.Context(), "42", "api.procore.com", "csv:hr-20261126.csv", yearLater) // of a dated name
	must(t, err)
	if got.Last == nil || got.Last.Roster.Rows != 102 {
		t.Errorf("the last passed run is %+v", got.Last)
	}
	want := pgRecord("42", 1).Summary
	if diff := cmp.Diff(&want, got.SameSource, cmpopts.EquateEmpty()); diff != "" {
		t.Errorf("the last of the same source: %s", diff)
	}
	if got, err := p.baseline(t.Context(), "42", "api.procore.com", "hris", yearLater); err != nil || got.Last == nil || got.SameSource != nil {
		t.Errorf("of a new source: %+v, %v", got, err)
	}
}

func TestRunsAreListedNewestFirstForOneCompanyOrAll(t *testing.T) {
	p := databaseAt(t, pgtest.Ledger(t))
	for night, company := range []procore.CompanyID{"42", "43", "42", "42"} {
		must(t, p.writeRun(t.Context(), pgRecord(company, night)))
	}
	for want, filter := range map[string]Filter{
		"103 102 101 100": {},
		"103 102 100":     {Company: "42"},
		"103 102":         {Company: "42", Host: "api.procore.com", Limit: 2},
		"":                {Host: "elsewhere"},
	} {
		runs, err := p.runs(t.Context(), filter)
		must(t, err)
		var rows []string
		for _, run := range runs {
			rows = append(rows, fmt.Sprint(run.Roster.Rows))
		}
		if got := strings.Join(rows, " "); got != want {
			t.Errorf("%+v: got %q, want %q", filter, got, want)
		}
	}
}

func TestARunThatIsNotThereIsSaidNotToExist(t *testing.T) {
	p := databaseAt(t, pgtest.Ledger(t))
	if _, err := p.load(t.Context(), "20261123T020000Z-3f9a1c"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

func TestPruningKeepsWhatALaterRunNeeds(t *testing.T) {
	p := databaseAt(t, pgtest.Ledger(t))
	write := func(company procore.CompanyID, night int, edit func(*sync.Record)) {
		rec := pgRecord(company, night)
		edit(&rec)
		rec.Summary.Run = rec.Run
		must(t, p.writeRun(t.Context(), rec))
	}
	write("42", 1, func(r *sync.Record) { r.Run.HRSource = "postgres:db" }) // the last passed of its source
	write("42", 2, func(*sync.Record) {})                                   // passed, and another passed later
	write("42", 3, func(r *sync.Record) { r.Summary.Outcome = "" })         // not ended
	write("42", 4, func(r *sync.Record) { r.Summary.Passed = false })
	write("42", 5, func(*sync.Record) {}) // the last passed
	write("43", 6, func(r *sync.Record) { r.Summary.Passed = false })
	write("42", 30, func(r *sync.Record) { r.Summary.Passed = false })
	write("42", 7, func(r *sync.Record) { // closed late
		r.Summary.Passed, r.Summary.Outcome, r.Run.FinishedAt = false, sync.Interrupted, firstNight.AddDate(0, 0, 25)
	})
	write("42", 500, func(*sync.Record) {}) // under a clock that was ahead
	now := firstNight.AddDate(0, 0, 40)
	must(t, p.prune(t.Context(), "42", "api.procore.com", 0, now))
	if runs, err := p.runs(t.Context(), Filter{}); err != nil || len(runs) != 9 {
		t.Errorf("zero days: %d runs left, %v", len(runs), err)
	}
	must(t, p.prune(t.Context(), "42", "api.procore.com", 20, now))
	runs, err := p.runs(t.Context(), Filter{})
	must(t, err)
	var kept []int
	for _, run := range runs {
		kept = append(kept, run.Roster.Rows-100)
	}
	if !slices.Equal(kept, []int{500, 30, 7, 6, 5, 3, 1}) {
		t.Errorf("kept the runs of nights %v", kept)
	}
}

func TestADatabaseThatIsAwayIsNamedWithoutItsPassword(t *testing.T) {
	url := pgtest.Ledger(t)
	p := databaseAt(t, url)
	var err error
	p.db, err = pgdial.Open("postgres://u:hush@127.0.0.1:1/ledger", pgdial.Options{Setting: "LEDGER_DATABASE_URL"})
	must(t, err)
	err = p.writeRun(t.Context(), pgRecord("42", 0))
	if pgdial.KindOf(err) != pgdial.Unreachable || !strings.Contains(err.Error(), "LEDGER_DATABASE_URL") ||
		strings.Contains(err.Error(), "hush") {
		t.Errorf("got %v", err)
	}
}

func TestTheWritersRightsSuffice(t *testing.T) {
	url := pgtest.Ledger(t)
	pgtest.Exec(t, url, migrations.RolesSQL)
	p := databaseAt(t, pgtest.As(t, url, "assignee_sync_ledger_writer"))
	must(t, p.canWrite(t.Context()))
	release, err := p.lock(t.Context(), "42", "api.procore.com", Holder{Host: "pod", PID: 1, RunID: "r"})
	must(t, err)
	_, err = p.lock(t.Context(), "42", "api.procore.com", Holder{})
	var held *HeldError
	if !errors.As(err, &held) || held.RunID != "r" {
		t.Errorf("the holder is not named: %v", err)
	}
	rec := pgRecord("42", 0)
	must(t, p.writeWhole(t.Context(), rec, pgSteps(rec)))
	must(t, p.checkLocks(t.Context()))
	_, err = p.load(t.Context(), rec.Run.ID)
	must(t, err)
	_, err = p.baseline(t.Context(), "42", "api.procore.com", "csv:hr.csv", yearLater)
	must(t, err)
	must(t, p.prune(t.Context(), "42", "api.procore.com", 1, yearLater))
	must(t, release())
}

func TestARightThatIsMissingIsFoundBeforeTheRun(t *testing.T) {
	url := pgtest.Ledger(t)
	pgtest.Exec(t, url, migrations.RolesSQL)
	pgtest.Exec(t, url, "revoke insert on sync_watch from assignee_sync_ledger_writer; revoke update on sync_runs from assignee_sync_ledger_writer")
	err := databaseAt(t, pgtest.As(t, url, "assignee_sync_ledger_writer")).canWrite(t.Context())
	if pgdial.KindOf(err) != pgdial.Denied || !strings.Contains(err.Error(), "sync_runs, sync_watch: grant what migrations/roles.sql grants") {
		t.Errorf("got %v", err)
	}
}

// Twenty companies' jobs, each in a process of its own as far as the database can tell, lock, write and read at once.
func TestTwentyCompaniesRunAtOnceAgainstOneLedger(t *testing.T) {
	url := pgtest.Ledger(t)
	const companies, nights = 20, 3
	var group gosync.WaitGroup
	errs := make([]error, companies)
	for i := range companies {
		group.Go(func() { errs[i] = runNights(url, procore.CompanyID(fmt.Sprint(1000+i)), nights) })
	}
	group.Wait()
	must(t, errors.Join(errs...))

	p := databaseAt(t, url)
	runs, err := p.runs(t.Context(), Filter{})
	if err != nil || len(runs) != companies*nights {
		t.Errorf("%d runs, %v", len(runs), err)
	}
	for i := range companies {
		runs, err := p.runs(t.Context(), Filter{Company: procore.CompanyID(fmt.Sprint(1000 + i))})
		if err != nil || len(runs) != nights {
			t.Errorf("company %d: %d runs, %v", 1000+i, len(runs), err)
		}
	}
}

// runNights is a company's job, night after night.
func runNights(url string, company procore.CompanyID, nights int) error {
	ctx := context.Background()
	for night := range nights {
		p, err := openDatabase(ctx, url)
		if err != nil {
			return err
		}
		rec := pgRecord(company, night)
		rec.Run.ID = fmt.Sprintf("%s-%06x", rec.Run.StartedAt.Format("20060102T150405Z"), company)
		rec.Summary.Run = rec.Run
		release, err := p.lock(ctx, company, rec.Run.Host, Holder{Host: "pod", PID: night, RunID: rec.Run.ID, Company: company})
		if err != nil {
			return err
		}
		base, err := p.baseline(ctx, company, rec.Run.Host, rec.Run.HRSource, yearLater)
		switch {
		case err != nil:
			return err
		case night == 0 && base.Last != nil, night > 0 && (base.Last == nil || base.Last.Roster.Rows != 99+night):
			return fmt.Errorf("company %s, night %d: the baseline is %+v", company, night, base.Last)
		}
		if err := errors.Join(p.writeWhole(ctx, rec, pgSteps(rec)), p.checkLocks(ctx), release(), p.close()); err != nil {
			return err
		}
	}
	return nil
}
