package report

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

// comersAndGoers is a dry run of n changes about as many people in three groups: every third leaves, every third has moved, and
// every third comes. The last who leaves is held.
func comersAndGoers(n int) sync.Record {
	rec := sync.Record{Run: sync.Run{ID: "20261123T020000Z-3f9a1c", Command: sync.CommandPlan}, Plan: &sync.Plan{}}
	for i := range n {
		c := sync.Change{
			Project: "900", ProjectName: "Harbour Tower", TemplateName: "Subcontract approval", Preset: procore.PresetID(fmt.Sprint(1000 + i/3)),
			GroupName: []string{"Legal", "Project Manager", "Safety"}[i/3%3], LoginID: procore.LoginID(fmt.Sprint(i + 1)),
			PersonName: fmt.Sprintf("Person %03d", i), Login: fmt.Sprintf("p%03d@example.com", i), Action: sync.Remove, Status: sync.Planned,
		}
		switch i % 3 {
		case 0:
			c.Reason = sync.CauseLeft.Reason(": terminated")
		case 1:
			c.Reason = sync.CauseMoved.Reason(fmt.Sprintf(": now on team \"T%d\"", i))
		default:
			c.Action, c.Reason = sync.Add, sync.Only(`member of team "Legal"`)
		}
		rec.Changes = append(rec.Changes, c)
	}
	last := &rec.Changes[n-n%3-3]
	last.Status, last.Reason.Hold = sync.Held, sync.HeldEmptyGroup
	return rec
}

func TestOfManyPeopleEverybodyWhoLosesAPlaceIsNamedByCauseAndGroup(t *testing.T) {
	rec := comersAndGoers(300)
	for name, write := range map[string]func(*bytes.Buffer) error{
		"text":     func(b *bytes.Buffer) error { return Text(b, rec, TextOptions{}) },
		"Markdown": func(b *bytes.Buffer) error { return Markdown(b, rec, DetailNone) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		shown, _, _ := strings.Cut(b.String(), "| Person |") // the entries of Markdown name them too
		begins := strings.Index(shown, "Would lose a place: 199 people")
		ends := strings.Index(shown, "Would gain a place: 100 people")
		if begins < 0 || ends < begins {
			t.Fatalf("%s: who leaves does not come before who comes:\n%s", name, shown)
		}
		leaving := shown[begins:ends]
		for i, c := range rec.Changes {
			if named := strings.Contains(leaving, c.PersonName); named != (c.Action == sync.Remove) {
				t.Errorf("%s: change %d, to %s %s: named among those who leave: %t", name, i, c.Action, c.PersonName, named)
			}
		}
		for _, want := range []string{
			"left: HR has them as terminated (99)", "moved: HR has them on another team, in another role or on other projects now (100)",
			"Held, not removed (held", "Legal in 1 preset of 1 project (Harbour Tower) (left: terminated): Person 297",
		} {
			if !strings.Contains(strings.NewReplacer(`\`, "", "*", "").Replace(leaving), want) {
				t.Errorf("%s lacks %q:\n%s", name, want, leaving)
			}
		}
	}
}

func TestWhatBecomesOfPeopleByGroupAddsUpToTheChanges(t *testing.T) {
	for _, rec := range []sync.Record{comersAndGoers(300), richPlan(), richApply()} {
		places := 0
		for _, f := range fates(rec.Changes, isPlan(rec)) {
			for _, c := range f.causes {
				for _, g := range c.groups {
					for _, p := range g.people {
						places += p.presets
					}
				}
			}
		}
		if places != len(rec.Changes) {
			t.Errorf("%d changes are told of, want %d", places, len(rec.Changes))
		}
	}
}

func TestPeopleOfOneNameAreToldApartByTheirLogins(t *testing.T) {
	rec := comersAndGoers(6)
	for i := range rec.Changes {
		rec.Changes[i].GroupName, rec.Changes[i].PersonName = "Legal", "Ann Lee"
	}
	f := fates(rec.Changes, true)
	names := f[len(f)-1].causes[0].groups[0].named(1)
	if want := []string{"Ann Lee <p002@example.com> 1", "and 1 more"}; !slices.Equal(names, want) {
		t.Errorf("named %q, want %q", names, want)
	}
}
