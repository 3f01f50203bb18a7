package snapshot_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/snapshot"
)

// onDay is so many days after the first, with so many days to read everything in.
func onDay(day, readDays int) func(*snapshot.Options) {
	return func(o *snapshot.Options) {
		now := o.Now().AddDate(0, 0, day)
		o.ReadDays, o.Now = readDays, func() time.Time { return now }
	}
}

// asRead compares presets but for when they were read.
var asRead = cmpopts.IgnoreFields(sync.PresetState{}, "ReadAt")

func TestASecondRunKnowsWherePresetsAre(t *testing.T) {
	c := harbour()
	cold, memory := mustRead(t, c, options())
	warm, _ := mustRead(t, c, options(with(memory)))
	if c.asked["presets"] != 1 || c.asked["preset"] != 5 { // the company's own have no count that tells of new ones
		t.Errorf("asked for %d lists and %d presets, not 1 and 5", c.asked["presets"], c.asked["preset"])
	}
	if diff := cmp.Diff(cold.Presets, warm.Presets); diff != "" {
		t.Errorf("what is remembered changes what is read (-without +with):\n%s", diff)
	}
}

func TestListsAreReadAtOnceWhereSomethingIsNew(t *testing.T) {
	cases := []struct {
		name   string
		change func(*company)
		lists  int
	}{
		{"nothing", func(*company) {}, 1},
		{"a new project", func(c *company) {
			c.projects = append(c.projects, procore.Project{ID: "30", Name: "Quay"})
			c.add(invoices, "30", "16", "102", "1002")
			c.templates[0].AssignedProjects = 3
		}, 1 + 2},
		{"a template comes to a project", func(c *company) {
			c.templates[0].AssignedProjects = 3
			c.templates = append(c.templates, procore.Template{ID: "107", Name: "New", Tool: invoices, Published: "1002", AssignedProjects: 1})
			c.add(invoices, "20", "16", "107", "1002")
		}, 1 + 2},
		{"more projects than can be found", func(c *company) { c.templates[0].AssignedProjects = 3 }, 1}, // none is without one
		{"a preset that is gone, and the count says so", func(c *company) {
			delete(c.presets, procore.AssigneeScope{Project: "7", Tool: contracts})
			c.templates[1].AssignedProjects = 1
		}, 1 + 2},
		{"a preset that is gone", func(c *company) { delete(c.presets, procore.AssigneeScope{Project: "7", Tool: contracts}) }, 1 + 1},
		{"a new version", func(c *company) { c.templates[0].Published = "1003" }, 1},
	}
	for _, readDays := range []int{1, 7} {
		for _, tc := range cases {
			t.Run(fmt.Sprintf("%s, in %d days", tc.name, readDays), func(t *testing.T) {
				c := harbour()
				_, memory := mustRead(t, c, options(onDay(0, readDays)))
				tc.change(c)
				cold, _ := mustRead(t, c, options(onDay(0, readDays)))
				warm, _, err := snapshot.Read(context.Background(), c, options(onDay(0, readDays), with(memory), all), nil)
				if err != nil {
					t.Fatal(err)
				}
				if lists := c.asked["presets"] - 5 - (len(c.projects)-2)*2; lists != tc.lists {
					t.Errorf("%d lists were read, not %d", lists, tc.lists)
				}
				if diff := cmp.Diff(cold.Presets, warm.Presets); diff != "" {
					t.Errorf("what is remembered changes what is read (-without +with):\n%s", diff)
				}
				if len(warm.Unreadable) > 0 {
					t.Errorf("unreadable: %+v", warm.Unreadable)
				}
			})
		}
	}
}

func all(o *snapshot.Options) { o.All = true }

func TestAPresetThatIsNotThereButListedIsUnreadable(t *testing.T) {
	c := harbour()
	_, memory := mustRead(t, c, options())
	c.fails["preset 11"] = &procore.APIError{Status: 404, Message: "no such preset"}
	s, memory := mustRead(t, c, options(with(memory)))
	if len(s.Unreadable) != 1 || s.Unreadable[0].Preset != "11" || slices.Contains(presetIDs(s), "11") || len(s.Invisible) > 0 {
		t.Errorf("unreadable: %+v, read: %v, invisible: %+v", s.Unreadable, presetIDs(s), s.Invisible)
	}
	delete(c.fails, "preset 11")
	if s, _ = mustRead(t, c, options(with(memory), onDay(0, 7))); c.asked["preset"] != 1 || len(s.Presets) != 5 {
		t.Errorf("the next run reads %d presets, not the one that failed: %v", c.asked["preset"], presetIDs(s))
	}
}

// town is a company of so many projects with one preset each.
func town(projects int) *company {
	c := harbour()
	c.projects, c.presets = nil, map[procore.AssigneeScope][]procore.Preset{}
	c.templates, c.tools = c.templates[1:2], c.tools[1:2]
	c.templates[0].AssignedProjects = projects
	for i := range projects {
		id := procore.ProjectID(fmt.Sprint(100 + i))
		c.projects = append(c.projects, procore.Project{ID: id})
		c.add(contracts, id, procore.PresetID(fmt.Sprint(1000+i)), "101", "1001")
	}
	return c
}

func TestEveryPresetIsReadInSoManyDaysAndAboutAsManyEachNight(t *testing.T) {
	const presets, readDays = 70, 7
	c := town(presets)
	_, memory := mustRead(t, c, options(onDay(0, readDays)))
	for day := 1; day <= 30; day++ {
		var s *sync.Snapshot
		s, memory = mustRead(t, c, options(onDay(day, readDays), with(memory)))
		if n := s.Reading(); n.Read != presets/readDays || n.Read+n.Remembered != presets || c.asked["preset"] != n.Read {
			t.Errorf("night %d reads %+v, asking for %d", day, n, c.asked["preset"])
		}
		if oldest := options(onDay(day, 0)).Now().Sub(s.Reading().OldestRead); oldest >= readDays*24*time.Hour {
			t.Errorf("night %d: something was read %v ago", day, oldest)
		}
		if since := options(onDay(day, 0)).Now().Sub(s.LookedAt); c.asked["presets"] > 3 || since >= 4*readDays*24*time.Hour {
			t.Errorf("night %d reads %d lists, and some list was read %v ago", day, c.asked["presets"], since)
		}
	}
	if mustRead(t, c, options(onDay(30, readDays), with(memory))); c.asked["preset"]+c.asked["presets"] > 0 {
		t.Errorf("a second run of a day reads %d presets and %d lists", c.asked["preset"], c.asked["presets"])
	}
	if mustRead(t, c, options(onDay(34, readDays), with(memory))); c.asked["preset"] != 4*presets/readDays {
		t.Errorf("after three nights without a run %d presets are read", c.asked["preset"])
	}
	if mustRead(t, c, options(onDay(31, 1), with(memory))); c.asked["preset"] != presets {
		t.Errorf("with SYNC_READ_DAYS=1, %d presets are read", c.asked["preset"])
	}
}

func TestWhatThePlanNeedsIsReadFirst(t *testing.T) {
	c := town(70)
	_, memory := mustRead(t, c, options(onDay(0, 7)))
	needed := procore.PresetRef{Project: "169", Preset: "1069"}
	later := procore.PresetRef{Project: "168", Preset: "1068"}
	var forecast sync.Forecast
	asked := 0
	needs := func(s *sync.Snapshot) sync.Needs {
		asked++
		var n sync.Needs
		for _, p := range s.Presets {
			if p.Remembered && (p.Ref == needed || p.Ref == later && asked > 2) {
				n.Presets = append(n.Presets, p.Ref)
			}
		}
		if len(n.Presets) == 0 && len(s.Possible) == 0 {
			n.Lists = []procore.AssigneeScope{{Project: "169", Tool: contracts}}
		}
		return n
	}
	c.asked = nil
	opts := options(onDay(1, 7), with(memory), func(o *snapshot.Options) { o.Forecast = func(f sync.Forecast) { forecast = f } })
	s, _, err := snapshot.Read(context.Background(), c, opts, needs)
	if err != nil {
		t.Fatal(err)
	}
	if want := (sync.Forecast{Lists: 3, Presets: 10, Writes: 1}); forecast != want {
		t.Errorf("what the run is about to ask is said to be %+v, not %+v", forecast, want)
	}
	if c.asked["preset"] != 11 || c.asked["possible"] != 1 {
		t.Errorf("%d presets and %d lists of people were read", c.asked["preset"], c.asked["possible"])
	}
	for _, p := range s.Presets {
		if (p.Ref == needed || p.Ref == later) && p.Remembered {
			t.Errorf("preset %s is only remembered", p.Ref.Preset)
		}
	}
}

func TestWhatARunMayHaveWrittenIsReadByTheNext(t *testing.T) {
	c := town(70)
	_, memory := mustRead(t, c, options(onDay(0, 7)))
	doubted := procore.PresetRef{Project: "150", Preset: "1050"}
	memory.ReadNext([]procore.PresetRef{doubted})
	s, memory := mustRead(t, c, options(onDay(0, 7), with(memory)))
	if n := s.Reading(); n.Read != 1 || n.Remembered != 69 {
		t.Errorf("read: %+v", n)
	}
	if mustRead(t, c, options(onDay(0, 7), with(memory))); c.asked["preset"] != 0 {
		t.Errorf("the run after that reads it again: %d", c.asked["preset"])
	}
}

func TestAFilteredRunReadsAllInItsScopeAndLeavesTheRestRemembered(t *testing.T) {
	c := town(70)
	_, memory := mustRead(t, c, options(onDay(0, 7)))
	memory.ReadNext([]procore.PresetRef{{Project: "150", Preset: "1050"}})
	s, memory := mustRead(t, c, options(onDay(0, 7), with(memory), func(o *snapshot.Options) { o.Projects = []string{"101", "102"} }))
	if n := s.Reading(); n.Read != 2 || n.Remembered != 0 {
		t.Errorf("a filtered run reads %+v", n)
	}
	if s, _ := mustRead(t, c, options(onDay(0, 7), with(memory))); c.asked["preset"] != 1 || c.asked["presets"] != 0 || len(s.Presets) != 70 {
		t.Errorf("the next run asks for %d presets and %d lists, and has %d", c.asked["preset"], c.asked["presets"], len(s.Presets))
	}
}

func TestWithoutTimeWhatIsNotOverdueStaysRememberedAndTheRestIsLeftOut(t *testing.T) {
	c := town(70)
	_, memory := mustRead(t, c, options(onDay(0, 7)))
	inTime := func(o *snapshot.Options) { o.Concurrency, o.PresetsBy = 1, time.Now().Add(time.Hour) }
	needed := procore.PresetRef{Project: "169", Preset: "1069"}
	needs := func(s *sync.Snapshot) (n sync.Needs) {
		if slices.ContainsFunc(s.Presets, func(p sync.PresetState) bool { return p.Ref == needed && p.Remembered }) {
			n.Presets = append(n.Presets, needed)
		}
		return n
	}
	s, _, err := snapshot.Read(context.Background(), limitedTo(c, 0), options(onDay(1, 7), with(memory), inTime), needs)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]procore.PresetRef{needed}, s.Unreached); diff != "" || s.Reading().Remembered != 69 {
		t.Errorf("not reached (-want +got):\n%s\nand %d remembered", diff, s.Reading().Remembered)
	}
	s, memory, err = snapshot.Read(context.Background(), limitedTo(c, 5), options(onDay(8, 7), with(memory), inTime), nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := s.Reading(); n.Read != 5 || n.Remembered != 0 || len(s.Unreached) != 65 {
		t.Errorf("eight days later %+v, and %d not reached", n, len(s.Unreached))
	}
	if s, _ = mustRead(t, c, options(onDay(8, 7), with(memory))); len(s.Presets) != 70 || c.asked["preset"] != 65 {
		t.Errorf("the next run asks for %d presets", c.asked["preset"])
	}
}

func TestEveryCompanyWideReadThatFailsIsTold(t *testing.T) {
	c := harbour()
	c.fails["users"], c.fails["templates"] = errors.New("no right to people"), errors.New("no right to templates")
	_, _, err := snapshot.Read(context.Background(), c, options(), nil)
	if err == nil || !strings.Contains(err.Error(), "no right to people") || !strings.Contains(err.Error(), "no right to templates") {
		t.Errorf("told: %v", err)
	}
}

// A memory may be wrong in any way: a run then asks for more, and what it says to have read is what Procore gave, each
// preset once and in its own place. After as many days as everything is read in, nothing of the wrong memory is left.
func TestAWrongMemoryNeverInventsOrDoublesPresetsAndIsForgotten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := harbour()
		readDays := rapid.IntRange(1, 4).Draw(t, "days")
		cold, memory := mustRead(t, c, options(onDay(0, readDays)))
		forge(t, memory)
		for day := 1; day <= 4*7; day++ {
			var s *sync.Snapshot
			s, memory = mustRead(t, c, options(onDay(day, readDays), with(memory)))
			seen := map[procore.PresetRef]bool{}
			for _, p := range s.Presets {
				i := slices.IndexFunc(cold.Presets, func(q sync.PresetState) bool { return q.Ref == p.Ref })
				if !p.Remembered && (i < 0 || cmp.Diff(cold.Presets[i], p, asRead) != "") {
					t.Fatalf("not a preset of the company: %+v", p)
				}
				if seen[p.Ref] {
					t.Fatalf("preset %s is there twice", p.Ref.Preset)
				}
				seen[p.Ref] = true
				if p.Remembered && day >= readDays && (i < 0 || len(p.Preset.Memberships) > 0) {
					t.Fatalf("day %d: still remembered: %+v", day, p)
				}
			}
		}
		if s, _ := mustRead(t, c, options(onDay(4*7, 1), with(memory))); cmp.Diff(cold.Presets, s.Presets, asRead) != "" {
			t.Fatalf("after a turn of all lists presets are missing: %v", presetIDs(s))
		}
	})
}

func forge(t *rapid.T, m *snapshot.Memory) {
	ids := rapid.SampledFrom([]procore.PresetID{"", "11", "12", "13", "14", "15", "99"})
	projects := rapid.SampledFrom([]procore.ProjectID{"", "7", "20", "99"})
	tools := rapid.SampledFrom([]procore.ToolRef{contracts, invoices, filings})
	start := options().Now()
	times := rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "never") {
			return time.Time{}
		}
		if rapid.Bool().Draw(t, "to come") {
			return start.AddDate(1, 0, 0)
		}
		return start.AddDate(0, 0, rapid.IntRange(-40, 0).Draw(t, "day"))
	})
	m.Presets = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) sync.PresetState {
		p := sync.PresetState{
			Ref: procore.PresetRef{Project: projects.Draw(t, "project"), Preset: ids.Draw(t, "id")}, Tool: tools.Draw(t, "tool"),
			TemplateID: rapid.SampledFrom([]procore.TemplateID{"101", "102", "103", "999"}).Draw(t, "template"), ReadAt: times.Draw(t, "read"),
		}
		p.Preset.Template.Published = rapid.SampledFrom([]procore.VersionID{"", "1001", "1002", "1003"}).Draw(t, "version")
		p.Preset.Memberships = []procore.Membership{{Group: "g1001", Assignees: []procore.Login{{ID: "666", Login: "forged@example.com"}}}}
		return p
	}), 0, 8).Draw(t, "presets")
	for i := range m.Templates {
		m.Templates[i].Found = rapid.IntRange(0, 3).Draw(t, "found")
		m.Templates[i].Assigned = rapid.IntRange(-1, 3).Draw(t, "assigned")
	}
	for scope := range m.Lists {
		if rapid.Bool().Draw(t, "listed otherwise") {
			m.Lists[scope] = times.Draw(t, "when")
		}
	}
}
