package running

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
)

var place = Place{Project: "501", ProjectNumber: "24-017", Tool: procore.ToolRef{Type: "commitments"}}

func watched() WatchList {
	return WatchList{{Person: people("1")[0], Place: place, Since: removedAt, Left: true}}
}

func lookAt(f *fakeProcore, list WatchList) Findings {
	return Look(context.Background(), f, list, LookOptions{
		Managed: []sync.ManagedGroup{{TemplateName: "contracts", GroupName: "LEGAL"}}, Now: removedAt.Add(time.Hour),
	})
}

func TestWhoIsWaitedForAndWhoWouldBeInvited(t *testing.T) {
	otherVersion := procore.TemplateVersion{
		ID: "49", Groups: []procore.ResponsibleGroup{{UUID: "old-legal", Name: "Legal"}},
		Steps: procore.VersionSteps{{UUID: "s1", Groups: []procore.StepGroup{{UUID: "old-legal"}}}},
	}
	cases := []struct {
		rule       string
		change     func(*fakeProcore)
		waits      bool
		successors []procore.LoginID
		onStep     bool
		dropped    bool // from the watch list
		closed     string
	}{
		{rule: "the leaver waits, and whoever the preset has in that group now is invited", waits: true, successors: []procore.LoginID{"2"}},
		{rule: "somebody who has answered is not waited for", change: func(f *fakeProcore) { f.instances["700"].Step.Responses[0].Submitted = true }},
		{rule: "a workflow that has ended waits for nobody", change: func(f *fakeProcore) { f.instances["700"].Ended = true }, dropped: true},
		{
			rule: "a workflow that started after the removal copied a preset without them", dropped: true,
			change: func(f *fakeProcore) { f.instances["700"].StartedAt = removedAt.Add(time.Hour) },
		},
		{rule: "whoever the preset has in a group of the step is no leaver", change: func(f *fakeProcore) {
			f.presets[0].Memberships[0].Assignees = people("1", "2")
		}},
		{
			rule: "those who are on the step already are named, and not invited again", waits: true, successors: []procore.LoginID{"2"}, onStep: true,
			change: func(f *fakeProcore) {
				s := f.instances["700"].Step
				s.Responses = append(s.Responses, procore.ResponseOccurrence{Assignee: people("2")[0]})
			},
		},
		{rule: "a group that the preset lacks as long as it is empty has no successor", waits: true, change: func(f *fakeProcore) {
			f.presets[0].Memberships = f.presets[0].Memberships[1:]
		}},
		{rule: "an emptied group has no successor", waits: true, change: func(f *fakeProcore) { f.presets[0].Memberships[0].Assignees = nil }},
		{
			rule: "people of a group that does not fill the step are no successors", waits: true, successors: []procore.LoginID{"2"},
			change: func(f *fakeProcore) { f.presets[0].Memberships[1].Assignees = people("4") },
		},
		{
			rule: "a group of another version is found by its name", waits: true, successors: []procore.LoginID{"2"},
			change: func(f *fakeProcore) {
				f.versions["49"] = otherVersion
				i := f.instances["700"]
				i.Version, i.Memberships = "49", []procore.InstanceMembership{{Group: "old-legal", Assignees: people("1")}}
			},
		},
		{
			rule: "people of another group that bears the name now are no successors", waits: true, closed: notThroughHR,
			change: func(f *fakeProcore) {
				before, now := f.versions["50"], f.versions["50"]
				before.ID = "49"
				now.Groups = slices.Clone(now.Groups)
				now.Groups[0].Name, now.Groups[1].Name = "Counsel", "Legal"
				f.versions["49"], f.versions["50"] = before, now
				f.instances["700"].Version = "49"
				f.presets[0].Memberships[1].Assignees = people("4")
			},
		},
		{
			rule: "a group that Procore fills now has no successor", waits: true, closed: notThroughHR,
			change: func(f *fakeProcore) {
				v := f.versions["50"]
				v.Groups = slices.Clone(v.Groups)
				v.Groups[0].Type = "ITEM_CREATOR"
				f.versions["50"] = v
			},
		},
		{
			rule: "somebody who sits there through no managed group has no successor", waits: true, closed: notThroughHR,
			change: func(f *fakeProcore) { f.instances["700"].Memberships[0].Assignees = people("8") },
		},
		{
			rule: "whoever was invited all the same is named", waits: true, closed: notThroughHR + "; the step waits for 6@x.com too",
			change: func(f *fakeProcore) {
				i := f.instances["700"]
				i.Memberships[0].Assignees = people("8")
				i.Step.Responses = append(i.Step.Responses, procore.ResponseOccurrence{Assignee: procore.Login{ID: "6", Login: "6@x.com"}},
					procore.ResponseOccurrence{Assignee: procore.Login{ID: "7", Login: "7@x.com"}, Submitted: true})
			},
		},
		{
			rule: "where it can't be told which preset was copied, nobody is named", waits: true, closed: presetUnknown,
			change: func(f *fakeProcore) {
				f.instances["700"].Version = "51"
				f.versions["51"] = f.versions["50"]
				other := f.presets[0]
				other.ID = "8"
				f.presets = append(f.presets, other)
			},
		},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			f := sample()
			if c.change != nil {
				c.change(f)
			}
			got := lookAt(f, watched())
			if waits := len(got.Waiting) > 0; waits != c.waits {
				t.Fatalf("found %+v", got.Waiting)
			}
			if dropped := len(got.List) == 0; dropped != c.dropped {
				t.Errorf("the watch list is %+v", got.List)
			}
			if !c.waits {
				return
			}
			row := got.Waiting[0]
			var successors []procore.LoginID
			for _, who := range row.Successors {
				successors = append(successors, who.ID)
			}
			if diff := cmp.Diff(c.successors, successors); diff != "" || row.OnStep != c.onStep {
				t.Errorf("on the step: %v, successors (-want +got):\n%s", row.OnStep, diff)
			}
			if row.Error != c.closed {
				t.Errorf("why HR can't name anybody: %q, want %q", row.Error, c.closed)
			}
			if row.State != sync.Waits || row.Reason != procore.ReasonLeftCompany || !row.Required || row.Step != "900" {
				t.Errorf("the row is %+v", row)
			}
		})
	}
}

func TestAPlaceWithoutOldWorkflowsCostsOneCall(t *testing.T) {
	f := sample()
	f.instances = nil
	list := watched()
	list = append(list, Watched{Person: people("4")[0], Place: place, Since: removedAt})
	if got := lookAt(f, list); len(got.List) > 0 || f.log() != "list" {
		t.Errorf("asked: %s; left on the list: %v", f.log(), got.List)
	}
}

func TestATemplateThatAListOfPresetsDoesNotNameIsLookedUpByItsId(t *testing.T) {
	f := sample()
	name := f.presets[0].Template.Name
	f.presets[0].Template.ID, f.presets[0].Template.Name = "41", ""
	asked := 0
	got := Look(context.Background(), f, watched(), LookOptions{
		Managed: []sync.ManagedGroup{{TemplateName: name, GroupName: "Legal"}}, Now: removedAt.Add(time.Hour),
		Templates: func(context.Context) ([]procore.Template, error) {
			asked++
			return []procore.Template{{ID: "41", Name: name}}, nil
		},
	})
	if len(got.Waiting) != 1 || len(got.Waiting[0].Successors) != 1 || asked != 1 {
		t.Errorf("asked %d times, found %+v", asked, got.Waiting)
	}
}

func TestWhereSomebodyIsStillWaitedForNobodyElsesWorkflowsAreListed(t *testing.T) {
	f := sample()
	list := lookAt(f, watched()).List
	f.events = nil
	if lookAt(f, list); f.events[0] != "list 1" || strings.Count(f.log(), "list") != 1 {
		t.Errorf("asked: %s", f.log())
	}
	f.instances["700"].Ended = true
	if got := lookAt(f, list); len(got.List) > 0 {
		t.Errorf("after it has ended the watch list is %+v", got.List)
	}
}

func TestAClockThatIsMinutesOffForgetsNobody(t *testing.T) {
	f := sample()
	f.instances["700"].StartedAt = removedAt.Add(4 * time.Minute) // by Procore's clock, before the removal
	if got := lookAt(f, watched()); len(got.Waiting) != 1 || len(got.List) != 1 {
		t.Errorf("%+v", got)
	}
}

func TestWhereNothingWaitsTheNextLookIsAWeekLater(t *testing.T) {
	f := sample()
	f.instances["700"].Step.Responses[0].Submitted = true
	got := lookAt(f, watched())
	now := removedAt.Add(time.Hour)
	if n := len(got.List.Due(now.Add(6 * 24 * time.Hour))); n != 0 {
		t.Errorf("%d are due after six days", n)
	}
	if n := len(got.List.Due(now.Add(7 * 24 * time.Hour))); n != 1 {
		t.Errorf("%d are due after a week", n)
	}
}

func TestWhoeverIsWaitedForIsLookedForEveryNight(t *testing.T) {
	if got := lookAt(sample(), watched()); len(got.List.Due(removedAt.Add(2*time.Hour))) != 1 {
		t.Errorf("the watch list is %+v", got.List)
	}
}

func TestWhatCouldNotBeReadOrLookedAtStaysAndIsToldAsSuch(t *testing.T) {
	cases := map[string]struct {
		change func(*fakeProcore)
		room   bool
		state  sync.WaitState
	}{
		"a list that is refused":               {func(f *fakeProcore) { f.listErr = status(403) }, true, sync.WaitUnreadable},
		"a workflow that is refused":           {func(f *fakeProcore) { f.readErr = status(404) }, true, sync.WaitUnreadable},
		"no room in the hour":                  {func(*fakeProcore) {}, false, sync.WaitNotLooked},
		"a limit that allows nothing in time":  {func(f *fakeProcore) { f.listErr = &procore.BudgetError{} }, true, sync.WaitNotLooked},
		"the run was told to stop in the list": {func(f *fakeProcore) { f.listErr = context.Canceled }, true, sync.WaitNotLooked},
	}
	for rule, c := range cases {
		t.Run(rule, func(t *testing.T) {
			f := sample()
			c.change(f)
			got := Look(context.Background(), f, watched(), LookOptions{Now: removedAt, Room: func() bool { return c.room }})
			if len(got.Waiting) != 1 || got.Waiting[0].State != c.state || got.Waiting[0].Error == "" {
				t.Errorf("found %+v", got.Waiting)
			}
			if len(got.List.Due(removedAt.Add(24*time.Hour))) != 1 {
				t.Errorf("the watch list is %+v", got.List)
			}
		})
	}
}

func TestALookTakesNobodyOffTheListWhomItDidNotKnowOf(t *testing.T) {
	entry := func(id procore.LoginID, since time.Time) Watched {
		return Watched{Person: procore.Login{ID: id}, Place: place, Since: since}
	}
	later := removedAt.Add(time.Hour)
	looked := WatchList{entry("1", removedAt), entry("2", removedAt), entry("3", removedAt)}
	waits := entry("2", removedAt)
	waits.Waits = true
	now := WatchList{entry("1", removedAt), entry("2", removedAt), entry("3", later), entry("4", removedAt)}
	got := now.AfterLook(looked, WatchList{waits})
	if diff := cmp.Diff(WatchList{waits, entry("3", later), entry("4", removedAt)}, got); diff != "" {
		t.Errorf("the list after a look (-want +got):\n%s", diff)
	}
}

func TestAnAppliedRemovalIsWatchedOnceForAProjectAndTool(t *testing.T) {
	plan := &sync.Plan{Presets: []sync.PresetPlan{
		{Ref: procore.PresetRef{Project: "501", Preset: "7"}, Tool: place.Tool},
		{Ref: procore.PresetRef{Project: "501", Preset: "8"}, Tool: place.Tool},
	}}
	removal := func(preset procore.PresetID, status sync.Status, action sync.Action, at time.Time) sync.Change {
		return sync.Change{Project: "501", Preset: preset, LoginID: "1", Status: status, Action: action, Time: at}
	}
	later := removedAt.Add(time.Hour)
	list := WatchList(nil).WithRemoved(plan, []sync.Change{
		removal("7", sync.Applied, sync.Remove, removedAt),
		removal("8", sync.Applied, sync.Remove, later),
		{Project: "501", Preset: "7", LoginID: "2", Status: sync.Failed, Action: sync.Remove},
		{Project: "501", Preset: "7", LoginID: "3", Status: sync.Applied, Action: sync.Add},
	})
	if len(list) != 1 || !list[0].Since.Equal(later) {
		t.Errorf("the watch list is %+v", list)
	}
}
