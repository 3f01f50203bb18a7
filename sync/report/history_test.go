package report

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/sync"
)

func pastChanges() []sync.PastChange {
	at := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	apply := sync.Run{
		ID: "20261123T020000Z-3f9a1c", Company: "8812", Command: "apply", StartedAt: at, By: "job@pod", Approved: "ab12",
		ApprovedBy: "Jane\x1b[31m Doe", Reason: "a reorganisation",
	}
	back := sync.Run{ID: "20261124T090000Z-00beef", Company: "8812", Command: "rollback", StartedAt: at.Add(31 * time.Hour), By: "ann@laptop", RollbackOf: apply.ID}
	change := sync.Change{
		Time: at.Add(41 * time.Second), Project: "501", ProjectNumber: "24-017", ProjectName: "Harbour tower", TemplateName: "Change orders",
		Preset: "9007199254740995", GroupName: "Legal", Action: sync.Remove, LoginID: "7", Login: "tom@example.org", EmployeeID: "00123",
		Reason: "left: terminated", Source: "hr.csv:12", Status: sync.Applied,
	}
	failed := change
	failed.Project, failed.ProjectNumber, failed.ProjectName, failed.Action, failed.Status = "", "", "", sync.Add, sync.Failed
	failed.Time, failed.Source, failed.Error, failed.Reason = time.Time{}, "", "=422", "put back as run "+apply.ID+" found it"
	return []sync.PastChange{{Run: apply, Outcome: sync.Done, Change: change}, {Run: back, Outcome: sync.Incomplete, Change: failed}}
}

func TestHistorySaysWhenWhatWhyAndOnWhoseWord(t *testing.T) {
	var b strings.Builder
	if err := HistoryText(&b, "tom@example.org", pastChanges()); err != nil {
		t.Fatal(err)
	}
	const want = `2026-11-23 02:00:41 UTC  tom@example.org removed from Legal of Change orders, 24-017 Harbour tower
    why: left: terminated (hr.csv:12)
    by:  run 20261123T020000Z-3f9a1c, apply by job@pod, approved by Jane␛[31m Doe: a reorganisation
2026-11-24 09:00:00 UTC  tom@example.org failed to be added to Legal of Change orders, the company
    why: put back as run 20261123T020000Z-3f9a1c found it
    by:  run 20261124T090000Z-00beef, rollback by ann@laptop, undoing run 20261123T020000Z-3f9a1c
    but: =422

tom@example.org: 2 changes in 2 runs
`
	if diff := cmp.Diff(want, b.String()); diff != "" {
		t.Error(diff)
	}
	b.Reset()
	if err := HistoryText(&b, "nobody", nil); err != nil || b.String() != "nothing is known of nobody\n" {
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
