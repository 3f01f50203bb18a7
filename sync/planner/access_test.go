package planner

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// whoIsWhere says of a snapshot who is in which group of which preset.
func whoIsWhere(s *sync.Snapshot) []string {
	places := map[string]bool{}
	for _, p := range s.Presets {
		for _, m := range p.Preset.Memberships {
			for _, who := range m.Assignees {
				places[fmt.Sprint(p.Ref, m.Group, " ", who.ID)] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(places))
}

func whoIsTold(rows []sync.AccessRow) []string {
	places := make([]string, len(rows))
	for i, r := range rows {
		places[i] = fmt.Sprint(procore.PresetRef{Project: r.Project, Preset: r.Preset}, r.GroupUUID, " ", r.LoginID)
	}
	slices.Sort(places)
	return places
}

// became returns a plan's changes as they are after a run in which all of them came to this.
func became(plan *sync.Plan, status sync.Status) []sync.Change {
	changes := slices.Clone(plan.Changes)
	for i := range changes {
		if changes[i].Status == sync.Planned {
			changes[i].Status = status
		}
	}
	return changes
}

// Everybody in every group is told once, nobody else is: as read where nothing came of the plan, and as planned where all of
// it did.
func TestAccessIsEverybodyInEveryGroupAsTheRunLeavesIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t, true)
		plan := w.plan(t)
		rows := Access(w.in)
		for _, status := range []sync.Status{sync.Planned, sync.Failed, sync.NotAttempted} {
			if diff := cmp.Diff(whoIsWhere(w.in.Snapshot), whoIsTold(sync.LeftBy(rows, became(plan, status))), cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("%s (-there +told):\n%s", status, diff)
			}
		}
		if diff := cmp.Diff(whoIsWhere(w.applied(plan)), whoIsTold(sync.LeftBy(rows, became(plan, sync.Applied))), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("applied (-there +told):\n%s", diff)
		}
	})
}

func TestAccessSaysOfEverybodyWhatIsDecidedAndWhy(t *testing.T) {
	in := explained(t)
	plan, err := Build(in)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, r := range sync.LeftBy(Access(in), became(plan, sync.Applied)) {
		lines = append(lines, fmt.Sprintf("%s %s/%s managed=%v %s: %s: %s [%s] %s", r.Preset, r.TemplateName, r.GroupName, r.Managed, r.Login, r.Decision, r.Why, r.Source, r.EmployeeID))
	}
	golden(t, "access.txt", strings.Join(lines, "\n")+"\n")
}
