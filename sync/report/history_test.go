package report

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

func pastChanges() []sync.PastChange {
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	apply := sync.Run{
		ID: "20261123T020000Z-3f9a1c", Company: "8812", Command: sync.CommandApply, StartedAt: at, By: "job@pod", Approved: "ab12",
		ApprovedBy: "Jane\x1b[31m Doe", Reason: "a reorganisation",
	}
	back := sync.Run{ID: "20261124T090000Z-00beef", Company: "8812", Command: sync.CommandRollback, StartedAt: at.Add(31 * time.Hour), By: "ann@laptop", RollbackOf: apply.ID}
	change := sync.Change{
		Time: at.Add(41 * time.Second), Project: "501", ProjectNumber: "24-017", ProjectName: "Harbour tower", TemplateName: "Change orders",
		Preset: "9007199254740995", GroupName: "Legal", Action: sync.Remove, LoginID: "7", Login: "tom@example.org", EmployeeID: "00123",
		Reason: sync.CauseLeft.Reason(": terminated"), Source: sync.Positions{"hr.csv:12"}, Status: sync.Applied,
	}
	failed := change
	failed.Project, failed.ProjectNumber, failed.ProjectName, failed.Action, failed.Status = "", "", "", sync.Add, sync.Failed
	failed.Time, failed.Source, failed.Error, failed.Reason = time.Time{}, nil, "=422", sync.Only("put back as run "+apply.ID+" found it")
	return []sync.PastChange{{Run: apply, Outcome: sync.Done, Change: change}, {Run: back, Outcome: sync.Incomplete, Change: failed}}
}

// pastHistory is the history of Tom: two changes, a removal that was held in three nights, one that was refused in spite of an
// approval, a hand-over, and what a rollback left out.
func pastHistory() *sync.History {
	h := &sync.History{Changes: pastChanges(), Looked: sync.Looked{
		Place: "runs and in the ledger database db:5432/ledger", Runs: 7, First: time.Date(2026, 11, 20, 2, 0, 0, 0, time.UTC),
	}}
	back := h.Changes[1].Run
	for night := range 3 {
		held := h.Changes[0]
		held.Run = sync.Run{ID: fmt.Sprint("night", night), Command: sync.CommandApply, By: "job@pod", StartedAt: time.Date(2026, 11, 20+night, 2, 0, 0, 0, time.UTC)}
		held.Change.Time, held.Change.Status, held.Change.GroupName = time.Time{}, sync.Held, "Safety"
		h.Changes = append(h.Changes, held)
	}
	refused := h.Changes[0]
	refused.Run.ID, refused.Outcome = "refused", sync.Refused
	refused.Change.Time, refused.Change.Status = time.Time{}, sync.NotAttempted
	h.Changes = append(h.Changes, refused)
	h.Invited = []sync.PastInvitation{{Run: sync.Run{ID: "invites", Command: sync.CommandHandover, By: "ann@laptop", StartedAt: back.StartedAt.Add(time.Hour)}, Waiting: sync.Waiting{
		Instance: "9007", Project: "501", ProjectNumber: "24-017", Tool: procore.ToolRef{Type: "change_orders"}, StepName: "Legal",
		Person: procore.Login{ID: "7", Login: "tom@example.org"}, Successors: []procore.Login{{ID: "8", Login: "alice@example.org", Name: "Alice"}}, State: sync.WaitInvited,
	}}}
	h.LeftOut = []sync.PastLeftOut{{Run: back, Exception: sync.Exception{
		Kind: sync.NotAssignable, Subject: "tom@example.org", Detail: "can't be put back", TemplateName: "Change orders", GroupName: "Legal", Project: "502",
	}}}
	h.Sort()
	return h
}

func TestHistorySaysWhenWhatWhyAndOnWhoseWord(t *testing.T) {
	var b strings.Builder
	filter := sync.HistoryFilter{Person: "tom@example.org"}
	if err := HistoryText(&b, "tom@example.org", filter, pastHistory()); err != nil {
		t.Fatal(err)
	}
	const want = `tom@example.org: 6 changes, 1 hand-over, 1 left out by a rollback in 7 runs

tom@example.org, employee id 00123
  2026-11-24 10:00:00 UTC  tom@example.org got successors on step Legal of workflow 9007, change_orders of project 24-017
    why: invited: Alice <alice@example.org>; the leaver stays on the step
    by:  run invites, handover by ann@laptop
  2026-11-24 09:00:00 UTC  tom@example.org failed to be added to Legal of Change orders, the company
    why: put back as run 20261123T020000Z-3f9a1c found it
    by:  run 20261124T090000Z-00beef, rollback by ann@laptop, undoing run 20261123T020000Z-3f9a1c
    but: =422
  2026-11-23 02:00:41 UTC  tom@example.org removed from Legal of Change orders, 24-017 Harbour tower
    why: left: terminated (hr.csv:12)
    by:  run 20261123T020000Z-3f9a1c, apply by job@pod, approved by Jane␛[31m Doe: a reorganisation
  2026-11-24 09:00:00 UTC  tom@example.org not put back into Legal of Change orders, project 502
    why: not_assignable: can't be put back
    by:  run 20261124T090000Z-00beef, rollback by ann@laptop, undoing run 20261123T020000Z-3f9a1c
  2026-11-23 02:00:00 UTC  tom@example.org not removed (not attempted) from Legal of Change orders, 24-017 Harbour tower
    why: left: terminated (hr.csv:12)
    by:  run refused, apply by job@pod, refused: the approval given did not allow its plan: a reorganisation
  2026-11-22 02:00:00 UTC  tom@example.org not removed (held) from Safety of Change orders, 24-017 Harbour tower
    so in 3 runs, first at 2026-11-20 02:00:00 UTC
    why: left: terminated (hr.csv:12)
    by:  run night2, apply by job@pod

Looked in runs and in the ledger database db:5432/ledger: 7 runs since 2026-11-20, dry runs left out
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	b.Reset()
	nothing := &sync.History{Near: []string{"Tom"}, Looked: sync.Looked{Place: "runs"}}
	const none = "nothing is known of nobody; did you mean \"Tom\"?\nLooked in runs: no run is there that was more than a dry run\n"
	if err := HistoryText(&b, "nobody", filter, nothing); err != nil || b.String() != none {
		t.Errorf("%q, %v", b.String(), err)
	}
}

func TestHistoryAsCSVAndJSONHasEveryChangeWhole(t *testing.T) {
	var b strings.Builder
	if err := HistoryCSV(&b, pastChanges()); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil || len(rows) != 3 || len(rows[1]) != len(historyColumns) {
		t.Fatalf("%v, %v", rows, err)
	}
	if rows[1][0] != "2026-11-23T02:00:41Z" || rows[2][len(rows[2])-1] != "'=422" || strings.Contains(b.String(), "\x1b") {
		t.Errorf("got %q", rows)
	}
	b.Reset()
	if err := HistoryJSON(&b, pastChanges()); err != nil {
		t.Fatal(err)
	}
	var back []pastChangeJSON
	if err := json.Unmarshal([]byte(b.String()), &back); err != nil || len(back) != 2 {
		t.Fatalf("%v, %v", back, err)
	}
	if diff := cmp.Diff(pastChanges()[1].Change, back[1].Change); diff != "" {
		t.Error(diff)
	}
	b.Reset()
	if err := HistoryJSON(&b, nil); err != nil || strings.TrimSpace(b.String()) != "[]" {
		t.Errorf("of nothing: %q, %v", b.String(), err)
	}
}

func TestVerificationSaysWhatIsWrongAndWhatItCameTo(t *testing.T) {
	evidence := strings.Repeat("ab", 32)
	v := Verification{Runs: []VerifiedRun{
		{RunID: "one", State: Verified, Evidence: evidence, Number: 1, Files: 8},
		{RunID: "two", State: Disproved, Evidence: evidence, Number: 2, Previous: "one", Findings: []string{"changes.csv was altered"}},
		{RunID: "three", State: DeletedByAge, Evidence: evidence, Number: 3},
		{RunID: "four", State: StillOpen},
		{RunID: "five", State: NoEvidence},
	}}
	var b strings.Builder
	if err := VerificationText(&b, v, false); err != nil {
		t.Fatal(err)
	}
	const want = "two: changes.csv was altered\n1 run altered or missing, 1 run verified, 1 deleted after LEDGER_KEEP_DAYS, 1 not closed yet, " +
		"1 of an earlier version, without a manifest\n"
	if b.String() != want || v.OK() {
		t.Errorf("got %q", b.String())
	}
	v.Runs = v.Runs[:1]
	v.Findings = []string{"line 2 is not as it was written"}
	b.Reset()
	if err := VerificationText(&b, v, true); err != nil {
		t.Fatal(err)
	}
	if want := "chain: line 2 is not as it was written\none: 8 files as written, evidence abababababab; the first link of its chain\nThe chain is damaged or missing, 1 run verified\n"; b.String() != want || v.OK() {
		t.Errorf("got %q", b.String())
	}
}
