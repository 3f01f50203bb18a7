package ledger

import (
	"fmt"
	"io"
	"testing"
	"time"

	"procore-assignee-sync/migrations/pgtest"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/report"
)

// pastRecord is an ended run in which these people were added to a group of project 9, number 24-017.
func pastRecord(run sync.Run, logins ...string) sync.Record {
	run.FinishedAt = run.StartedAt.Add(time.Minute)
	rec := sync.Record{Run: run, Plan: &sync.Plan{Company: run.Company, Host: run.Host}, Summary: sync.Summary{Run: run, Outcome: sync.Done}}
	for i, login := range logins {
		rec.Changes = append(rec.Changes, sync.Change{
			Time: run.StartedAt.Add(time.Second), Project: "9", ProjectNumber: "24-017", ProjectName: "Harbour tower", TemplateID: "11",
			TemplateName: "Change orders", VersionID: "50", Preset: "7", GroupUUID: group, GroupName: "Legal / Review", Action: sync.Add,
			LoginID: procore.LoginID(fmt.Sprint(i + 1)), Login: login, Reason: "on the team", Source: "hr.csv:2", Status: sync.Applied,
			RequestID: "req",
		})
	}
	return rec
}

func keep(t testing.TB, l *Ledger, rec sync.Record) {
	t.Helper()
	r, err := l.Begin(rec.Run)
	must(t, err)
	_, err = r.Finish(t.Context(), rec, func() sync.Record { t.Error("the record is not whole"); return rec })
	must(t, err)
}

func TestHistoryIsTheSameFromTheFolderAndFromTheDatabase(t *testing.T) {
	url := pgtest.Ledger(t)
	dir := t.TempDir()
	l := openBoth(t, dir, url)
	approved := runOf(3, "apply")
	approved.Approved, approved.ApprovedBy, approved.Reason = "abc", "Jane Doe", "a reorganisation"
	other := runOf(4, "apply")
	other.Company = "2"
	keep(t, l, pastRecord(runOf(1, "apply"), "ann@example.com", "Bob@example.com"))
	keep(t, l, pastRecord(runOf(2, "plan"), "ann@example.com"))
	keep(t, l, pastRecord(approved, "Ann@Example.com", "fußball@example.com", "fussball@example.com"))
	keep(t, l, pastRecord(other, "ann@example.com"))

	for place, l := range map[string]*Ledger{
		"both": l, "folder": openBoth(t, dir, ""), "database": openBoth(t, t.TempDir(), url),
	} {
		for name, c := range map[string]struct {
			company procore.CompanyID
			filter  sync.HistoryFilter
			runs    []int
		}{
			"a person":                   {company, sync.HistoryFilter{Person: "ANN@example.com "}, []int{1, 3}},
			"of every company":           {"", sync.HistoryFilter{Person: "ann@example.com"}, []int{1, 3, 4}},
			"since a day":                {company, sync.HistoryFilter{Person: "ann@example.com", Since: night(2)}, []int{3}},
			"since the very moment":      {company, sync.HistoryFilter{Person: "ann@example.com", Since: night(1).Add(time.Second)}, []int{1, 3}},
			"beyond ASCII":               {company, sync.HistoryFilter{Person: "FUßBALL@example.com"}, []int{3}},
			"nobody":                     {company, sync.HistoryFilter{Person: "nobody@example.com"}, nil},
			"a part of a name":           {company, sync.HistoryFilter{Person: "ann@example"}, nil},
			"a project by its id":        {company, sync.HistoryFilter{Project: "9"}, []int{1, 1, 3, 3, 3}},
			"a project by its number":    {company, sync.HistoryFilter{Project: "24-017"}, []int{1, 1, 3, 3, 3}},
			"a group of it":              {company, sync.HistoryFilter{Project: "9", Group: "legal review"}, []int{1, 1, 3, 3, 3}},
			"a group that it has not":    {company, sync.HistoryFilter{Project: "9", Group: "Finance"}, nil},
			"a project that is not here": {company, sync.HistoryFilter{Project: "24"}, nil},
		} {
			list, err := l.History(t.Context(), c.company, c.filter)
			must(t, err)
			var runs []int
			for _, p := range list {
				runs = append(runs, p.Run.StartedAt.Day())
			}
			want(t, place+": "+name, runs, c.runs)
		}
		list, err := l.History(t.Context(), company, sync.HistoryFilter{Person: "ann@example.com", Since: night(2)})
		must(t, err)
		want(t, place+": on whose word", []string{list[0].Run.By, list[0].Run.ApprovedBy, list[0].Run.Reason, string(list[0].Outcome)},
			[]string{"job@node", "Jane Doe", "a reorganisation", "done"})
		want(t, place+": the change", list[0].Change, pastRecord(approved, "Ann@Example.com").Changes[0])
	}
}

func TestHistoryKnowsHowFarARunHasComeThatHasNotEnded(t *testing.T) {
	l, run := killed(t)
	list, err := whole(l).History(t.Context(), company, sync.HistoryFilter{Person: "p2@example.com"})
	must(t, err)
	want(t, "changes", len(list), 5)
	for _, p := range list {
		want(t, "run", p.Run.ID, run.ID)
		want(t, "outcome", p.Outcome, "")
	}
}

// A year of nights, in each of which a hundred people move; one of them is asked for.
func BenchmarkHistoryOf400Nights(b *testing.B) {
	l := whole(tempLedger(b))
	var logins []string
	for i := range 100 {
		logins = append(logins, fmt.Sprintf("person%d@example.com", i))
	}
	for n := range 400 {
		run := runOf(1, "apply")
		run.StartedAt = night(1).AddDate(0, 0, -n)
		run.ID = sync.NewRunID(run.StartedAt, func() uint32 { return uint32(n) })
		rec := pastRecord(run, logins...)
		f := create(b, l.folder, run)
		must(b, writeWhole(f.dir, changesFile, func(w io.Writer) error { return report.ChangesCSV(w, rec) }))
		must(b, writeWhole(f.dir, summaryFile, func(w io.Writer) error { return writeSummary(w, rec.Summary) }))
	}
	for b.Loop() {
		list, err := l.History(b.Context(), company, sync.HistoryFilter{Person: "person7@example.com"})
		if err != nil || len(list) != 400 {
			b.Fatalf("%d changes, %v", len(list), err)
		}
	}
}
