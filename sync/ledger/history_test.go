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
			LoginID: procore.LoginID(fmt.Sprint(i + 1)), Login: login, Reason: sync.Only("on the team"), Source: sync.Positions{"hr.csv:2"}, Status: sync.Applied,
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
	approved := runOf(3, sync.CommandApply)
	approved.Approved, approved.ApprovedBy, approved.Reason = "abc", "Jane Doe", "a reorganisation"
	other := runOf(4, sync.CommandApply)
	other.Company = "2"
	keep(t, l, pastRecord(runOf(1, sync.CommandApply), "ann@example.com", "Bob@example.com"))
	keep(t, l, pastRecord(runOf(2, sync.CommandPlan), "ann@example.com"))
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
			h, err := l.History(t.Context(), c.company, c.filter)
			must(t, err)
			var runs []int
			for _, p := range h.Changes {
				runs = append(runs, p.Run.StartedAt.Day())
			}
			want(t, place+": "+name, runs, c.runs)
		}
		h, err := l.History(t.Context(), company, sync.HistoryFilter{Person: "ann@example.com", Since: night(2)})
		must(t, err)
		list := h.Changes
		want(t, place+": on whose word", []string{list[0].Run.By, list[0].Run.ApprovedBy, list[0].Run.Reason, string(list[0].Outcome)},
			[]string{"job@node", "Jane Doe", "a reorganisation", "done"})
		want(t, place+": the change", list[0].Change, pastRecord(approved, "Ann@Example.com").Changes[0])
	}
}

func TestHistoryFindsAPersonByAnyNameAndTellsOfHandOversAndOfWhomARollbackLeftOut(t *testing.T) {
	url := pgtest.Ledger(t)
	dir := t.TempDir()
	l := openBoth(t, dir, url)
	first := pastRecord(runOf(1, sync.CommandApply), "ann@example.com", "bob@example.com")
	first.Changes[0].PersonName, first.Changes[0].EmployeeID, first.Changes[0].LoginID = "Ann-Müller  Lee", "E-0042", "7001"
	keep(t, l, first)
	keep(t, l, pastRecord(runOf(2, sync.CommandPlan), "zoe@example.com"))
	back := sync.Record{Run: runOf(3, sync.CommandRollback), Plan: &sync.Plan{Company: company, Host: host}, Summary: sync.Summary{Outcome: sync.Incomplete}}
	back.Run.RollbackOf, back.Run.FinishedAt = first.Run.ID, night(3).Add(time.Minute)
	back.Summary.Run = back.Run
	back.Exceptions = []sync.Exception{
		{Kind: sync.NotAssignable, Subject: "ann@example.com", Detail: "can't be put back", TemplateName: "Change orders", GroupName: "Legal / Review", Project: "9"},
		{Kind: sync.Protected, Subject: "ann@example.com", Detail: "stays", TemplateName: "Change orders", GroupName: "Legal / Review", Project: "9"},
	}
	keep(t, l, back)
	again := back
	again.Run = runOf(5, sync.CommandRollback)
	again.Run.RollbackOf, again.Run.FinishedAt = first.Run.ID, night(5).Add(time.Minute)
	again.Summary = sync.Summary{Run: again.Run, Outcome: sync.Refused, ExitCode: sync.ExitRefused} // put nobody back, and so left nobody out
	keep(t, l, again)
	invites := sync.Record{Run: runOf(4, sync.CommandHandover), Summary: sync.Summary{Outcome: sync.Done, Running: &sync.WaitCounts{Invited: 1, Waiting: 1}}}
	invites.Run.FinishedAt = night(4).Add(time.Minute)
	invites.Summary.Run = invites.Run
	waits := sync.Waiting{
		Instance: "12", Item: "3", Project: "9", ProjectNumber: "24-017", Tool: procore.ToolRef{Type: "change_orders"}, Step: "5", StepName: "Legal",
		Person: procore.Login{ID: "1", Login: "bob@example.com", Name: "Bob"}, Reason: "original_assignee_left_company",
		Successors: []procore.Login{{ID: "7001", Login: "ann@example.com"}}, State: sync.WaitInvited, StartedAt: night(1),
	}
	invites.Waiting = []sync.Waiting{waits, waits}
	invites.Waiting[1].State, invites.Waiting[1].Instance = sync.Waits, "13"
	keep(t, l, invites)

	for place, l := range map[string]*Ledger{
		"both": l, "folder": openBoth(t, dir, ""), "database": openBoth(t, t.TempDir(), url),
	} {
		for who, n := range map[string][3]int{ // changes, invitations, left out
			"ann@example.com": {1, 1, 1},
			"ann müller LEE":  {1, 0, 1}, // running.csv has no successor's name
			"e-0042":          {1, 0, 1},
			"7001":            {1, 1, 1},
			"bob@example.com": {1, 1, 0},
			"ann":             {},
			"zoe@example.com": {}, // of a dry run alone
		} {
			h, err := l.History(t.Context(), company, sync.HistoryFilter{Person: who})
			must(t, err)
			want(t, place+": "+who, [3]int{len(h.Changes), len(h.Invited), len(h.LeftOut)}, n)
			want(t, place+": runs", h.Looked.Runs, 4)
			want(t, place+": since", h.Looked.First, night(1))
		}
		h, err := l.History(t.Context(), company, sync.HistoryFilter{Project: "24-017"})
		must(t, err)
		want(t, place+": a project", [3]int{len(h.Changes), len(h.Invited), len(h.LeftOut)}, [3]int{2, 1, 1})
		h, err = l.History(t.Context(), company, sync.HistoryFilter{Person: "ann@example.com", Since: night(4)})
		must(t, err)
		want(t, place+": since a day", [3]int{len(h.Changes), len(h.Invited), len(h.LeftOut)}, [3]int{0, 1, 0})
		for typo, near := range map[string][]string{
			"anm@example.com": {"ann@example.com"}, "Ann Miller Lee": {"Ann-Müller  Lee"}, "somebody.else@example.com": nil,
		} {
			h, err := l.History(t.Context(), company, sync.HistoryFilter{Person: typo})
			must(t, err)
			want(t, place+": near "+typo, h.Near, near)
		}
		h, err = l.History(t.Context(), company, sync.HistoryFilter{Project: "24-071"})
		must(t, err)
		want(t, place+": near a project", h.Near, []string{"24-017"})
	}
}

func TestHistoryKnowsHowFarARunHasComeThatHasNotEnded(t *testing.T) {
	l, run := killed(t)
	h, err := whole(l).History(t.Context(), company, sync.HistoryFilter{Person: "p2@example.com"})
	must(t, err)
	want(t, "changes", len(h.Changes), 5)
	for _, p := range h.Changes {
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
		run := runOf(1, sync.CommandApply)
		run.StartedAt = night(1).AddDate(0, 0, -n)
		run.ID = sync.NewRunID(run.StartedAt, func() uint32 { return uint32(n) })
		rec := pastRecord(run, logins...)
		f := create(b, l.folder, run)
		must(b, writeWhole(f.dir, changesFile, func(w io.Writer) error { return report.ChangesCSV(w, rec) }))
		must(b, writeWhole(f.dir, summaryFile, func(w io.Writer) error { return writeSummary(w, rec.Summary) }))
	}
	for b.Loop() {
		h, err := l.History(b.Context(), company, sync.HistoryFilter{Person: "person7@example.com"})
		if err != nil || len(h.Changes) != 400 {
			b.Fatalf("%d changes, %v", len(h.Changes), err)
		}
	}
}
