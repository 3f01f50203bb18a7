package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// manyWaits is an apply after which n workflows of as many projects wait for Tom, and one for Ann, whom nobody can follow.
func manyWaits(n int) sync.Record {
	rec := richApply()
	for i := range n + 1 {
		w := sync.Waiting{
			Instance: procore.InstanceID(fmt.Sprint(7000 + i)), Project: procore.ProjectID(fmt.Sprint(900 + i)),
			Tool: procore.ToolRef{Type: "work_order_contract"}, StepName: "Legal", Person: procore.Login{ID: "1", Login: "tom@example.com"},
			StartedAt: started.Add(time.Duration(i-n) * 24 * time.Hour), State: sync.Waits,
			Successors: []procore.Login{{ID: procore.LoginID(fmt.Sprint(10 + i%2)), Login: fmt.Sprintf("next%d@example.com", i%2)}},
		}
		if i == n {
			w.Person, w.Successors = procore.Login{ID: "2", Login: "ann@example.com"}, nil
		}
		rec.Waiting = append(rec.Waiting, w)
	}
	return rec
}

func TestManyWorkflowsThatWaitAreToldByPersonUnlessEachIsAskedFor(t *testing.T) {
	const each = "workflow 7003 of work_order_contract of project 903, step Legal"
	byPerson := []string{
		"Running workflows that wait for somebody who left (31)",
		"tom@example.com: 30 workflows of 30 projects, the longest since 2026-10-24",
		"successors: next0@example.com, next1@example.com",
		"ann@example.com: workflow 7030", "nobody else is in the group",
		"to do: `assignee-sync handover` invites successors",
	}
	for _, c := range []struct {
		name     string
		waits    int
		detail   Detail
		has, not []string
	}{
		{"few", 5, DetailAuto, []string{each, "`assignee-sync handover` would invite next1@example.com"}, []string{"the longest"}},
		{"many", 30, DetailAuto, byPerson, []string{each, "would invite"}},
		{"many, without details", 30, DetailNone, byPerson, []string{each}},
		{"many, each", 30, DetailAll, []string{each, "`assignee-sync handover` would invite next1@example.com"}, []string{"the longest"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var buf bytes.Buffer
			if err := Text(&buf, manyWaits(c.waits), TextOptions{Detail: c.detail, ResultOnly: true}); err != nil {
				t.Fatal(err)
			}
			for _, want := range c.has {
				if !strings.Contains(buf.String(), want) {
					t.Errorf("the end of an apply does not say %q:\n%s", want, &buf)
				}
			}
			for _, no := range c.not {
				if strings.Contains(buf.String(), no) {
					t.Errorf("the end of an apply says %q:\n%s", no, &buf)
				}
			}
		})
	}
}

func TestWhatWaitsIsToldOnceAndWithoutNamesInAnotherWay(t *testing.T) {
	rec := manyWaits(3)
	rec.Exceptions = []sync.Exception{{Kind: sync.RunningWaits, Subject: "tom@example.com", Detail: "workflow 7000 waits for them"}}
	for _, noNames := range []bool{false, true} {
		var buf bytes.Buffer
		if err := Text(&buf, rec, TextOptions{NoNames: noNames}); err != nil {
			t.Fatal(err)
		}
		if told := strings.Contains(buf.String(), "running_waits (1)"); told != noNames {
			t.Errorf("without names %v, but running_waits is told: %v", noNames, told)
		}
		if named := strings.Contains(buf.String(), "tom@example.com"); named == noNames {
			t.Errorf("without names %v, but Tom is named: %v", noNames, named)
		}
	}
}
