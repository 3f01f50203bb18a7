package sandbox

import (
	"bytes"
	"encoding/csv"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"

	"procore-assignee-sync/procore"
)

var update = flag.Bool("update", false, "write the golden files anew")

func TestTheDemoSampleIsTheOneThatWasReviewed(t *testing.T) {
	sample := DemoSample()
	golden(t, "demo-hr.csv", sample.HRCSV)
	golden(t, "demo-roles.csv", sample.RoleMapCSV)
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what was reviewed; see the change with git diff after -update:\n%s", name, got)
	}
}

// sampleKinds are options that together use every part of the generator.
var sampleKinds = map[string]SampleOptions{
	"as given":          {},
	"odd and hidden":    {Seed: 3, Projects: 40, Templates: 7, Groups: 5, Hidden: 3, Rows: 900},
	"plain":             {Seed: 4, Projects: 12, Plain: true},
	"in sync":           {Seed: 5, Projects: 30, InSync: true},
	"drifting":          {Seed: 6, Projects: 50, Templates: 2, Groups: 12, InSync: true, Plain: true, Drift: 0.05},
	"more groups":       {Seed: 7, Projects: 5, Groups: 15},
	"a single project":  {Seed: 8, Projects: 1, Templates: 1, Groups: 1},
	"many on few tools": {Seed: 9, Projects: 2, Templates: 12, Groups: 12},
}

func TestTheSameOptionsGiveTheSameBytes(t *testing.T) {
	for name, o := range sampleKinds {
		t.Run(name, func(t *testing.T) {
			one, two := NewSample(o), NewSample(o)
			if !bytes.Equal(one.HRCSV, two.HRCSV) || !bytes.Equal(one.RoleMapCSV, two.RoleMapCSV) {
				t.Error("the CSV files differ")
			}
			if !reflect.DeepEqual(one.Company, two.Company) {
				t.Error("the companies differ")
			}
			o.Seed += 1000
			if other := NewSample(o); bytes.Equal(one.HRCSV, other.HRCSV) {
				t.Error("another seed gives the same HR data")
			}
		})
	}
}

// hrRow is one row of a sample's HR data.
type hrRow struct{ employee, email, login, name, team, role, project, status string }

func readHR(t *testing.T, text []byte) []hrRow {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []hrRow
	for _, r := range rows[1:] {
		out = append(out, hrRow{r[0], r[1], r[2], r[3], r[4], r[5], r[6], r[7]})
	}
	return out
}

// wanted says who fills a group of a project by the HR data and the role map, by login id, and who has no account.
type wanted struct {
	sample *Sample
	rows   []hrRow
	rules  [][]string
	logins map[string]procore.LoginID
}

func wantedIn(t *testing.T, s *Sample) *wanted {
	t.Helper()
	rules, err := csv.NewReader(bytes.NewReader(s.RoleMapCSV)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	w := &wanted{sample: s, rows: readHR(t, s.HRCSV), rules: rules[1:], logins: map[string]procore.LoginID{}}
	for _, u := range s.Company.Users {
		if u.EmployeeID != "" {
			w.logins[u.EmployeeID] = u.ID
		}
	}
	return w
}

func (w *wanted) people(template Template, group string, project *Project) []procore.LoginID {
	ids := []procore.LoginID{}
	for _, rule := range w.rules {
		if rule[0] != template.Name || rule[1] != group {
			continue
		}
		for _, row := range w.rows {
			if row.team != rule[2] || rule[3] != "*" && row.role != rule[3] || row.status == "terminated" {
				continue
			}
			here := row.project == "" || project != nil && (row.project == project.Number || row.project == string(project.ID))
			if id := w.logins[row.employee]; here && id != "" && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	return ids
}

// differences counts over all visible presets who is to come and to go in managed groups, of how many memberships, and
// in how many presets.
func (w *wanted) differences(t *testing.T) (adds, removals, memberships, presets int) {
	t.Helper()
	c := w.sample.Company
	x := indexOf(c)
	for _, p := range c.Presets {
		var project *Project
		if p.Project != "" {
			project = &c.Projects[x.projects[p.Project]]
			if project.Visibility != Visible {
				continue
			}
		}
		template := x.template(c, p.Template)
		before := adds + removals
		for _, g := range c.Versions[x.versions[template.Published]].Groups {
			if !slices.ContainsFunc(w.rules, func(r []string) bool { return r[0] == template.Name && r[1] == g.Name }) {
				continue
			}
			want := w.people(*template, g.Name, project)
			have, _ := peopleIn(p.Memberships, g.UUID)
			memberships += len(have)
			adds += len(slices.DeleteFunc(want[:len(want):len(want)], func(id procore.LoginID) bool { return slices.Contains(have, id) }))
			want = w.people(*template, g.Name, project)
			for _, id := range have {
				if !slices.Contains(want, id) {
					removals++
				}
			}
		}
		if adds+removals > before {
			presets++
		}
	}
	return adds, removals, memberships, presets
}

func TestSamplesHaveWorkToDoAndStayWellUnderTheRemovalLimit(t *testing.T) {
	samples := map[string]*Sample{"demo": DemoSample()}
	for name, o := range sampleKinds {
		if !o.InSync && o.Projects != 1 {
			samples[name] = NewSample(o)
		}
	}
	for name, s := range samples {
		t.Run(name, func(t *testing.T) {
			adds, removals, memberships, presets := wantedIn(t, s).differences(t)
			t.Logf("%d to come, %d to go of %d, in %d of %d presets", adds, removals, memberships, presets, len(s.Company.Presets))
			if adds == 0 || removals == 0 {
				t.Errorf("%d to come and %d to go: both are needed", adds, removals)
			}
			if removals*100 > memberships*20 {
				t.Errorf("%d of %d memberships go: more than a fifth", removals, memberships)
			}
		})
	}
}

func TestASampleInSyncDiffersByItsDriftAlone(t *testing.T) {
	for _, o := range []SampleOptions{
		{Seed: 1, Projects: 30, InSync: true},
		{Seed: 2, Projects: 30, InSync: true, Plain: true},
		{Seed: 3, Projects: 100, InSync: true, Plain: true, Drift: 0.01},
		{Seed: 4, Projects: 50, Hidden: 5, InSync: true, Drift: 0.1},
		{Seed: 5, Projects: 20, Groups: 12, InSync: true, Plain: true, Drift: 1},
	} {
		s := NewSample(o)
		_, _, _, differ := wantedIn(t, s).differences(t)
		visible := len(s.Company.Presets) - o.Hidden*len(slices.DeleteFunc(slices.Clone(s.Company.Templates), func(t Template) bool {
			return t.Tool == vendorOnboarding.tool
		}))
		if want := int(o.Drift*float64(visible) + 0.5); differ != want {
			t.Errorf("seed %d: %d presets differ from HR, want %d", o.Seed, differ, want)
		}
	}
}

func TestASampleHoldsTogether(t *testing.T) {
	for name, o := range sampleKinds {
		t.Run(name, func(t *testing.T) { holdsTogether(t, NewSample(o).Company) })
	}
	t.Run("demo", func(t *testing.T) { holdsTogether(t, DemoSample().Company) })
}

// holdsTogether checks that ids are unique and name something, and that some are above 2^53.
func holdsTogether(t *testing.T, c *Company) {
	t.Helper()
	x := indexOf(c)
	if len(x.users) != len(c.Users) || len(x.projects) != len(c.Projects) || len(x.templates) != len(c.Templates) || len(x.versions) != len(c.Versions) {
		t.Error("an id is given twice")
	}
	emails := make(map[string]bool)
	large := false
	for _, u := range c.Users {
		if emails[u.Email] && u.Email != "" {
			t.Errorf("the address %s is given twice", u.Email)
		}
		emails[u.Email] = true
		large = large || number(u.ID) > 1<<53
	}
	if !large {
		t.Error("no user has an id above 2^53")
	}
	seen := make(map[procore.PresetRef]bool)
	for _, p := range c.Presets {
		if seen[p.PresetRef] {
			t.Errorf("preset %v is given twice", p.PresetRef)
		}
		seen[p.PresetRef] = true
		if x.template(c, p.Template) == nil {
			t.Errorf("preset %v has no template", p.PresetRef)
		}
		for _, g := range p.Memberships {
			for i, id := range g.LoginIDs {
				if _, ok := x.users[id]; !ok {
					t.Errorf("preset %v has login %s, whom the directory lacks", p.PresetRef, id)
				}
				if slices.Contains(g.LoginIDs[:i], id) {
					t.Errorf("preset %v has login %s twice in one group", p.PresetRef, id)
				}
			}
		}
	}
}

func TestAnOddSampleHasEveryOddity(t *testing.T) {
	for name, s := range map[string]*Sample{"demo": DemoSample(), "made up": NewSample(SampleOptions{Seed: 2, Projects: 60})} {
		c := s.Company
		accounts := make(map[string]bool)
		inactive := 0
		for _, u := range c.Users {
			accounts[u.EmployeeID] = true
			if !u.Active {
				inactive++
			}
		}
		strangers := slices.ContainsFunc(readHR(t, s.HRCSV), func(r hrRow) bool { return !accounts[r.employee] && r.email != "" })
		if !strangers || inactive == 0 || len(c.Denied) == 0 {
			t.Errorf("%s: strangers %t, inactive %d, denied %d: all are needed", name, strangers, inactive, len(c.Denied))
		}
		x := indexOf(c)
		leftovers := 0
		for _, p := range c.Presets {
			v := &c.Versions[x.versions[x.template(c, p.Template).Published]]
			for _, g := range p.Memberships {
				if !v.has(g.UUID) {
					leftovers++
				}
			}
		}
		if leftovers == 0 {
			t.Errorf("%s: no preset carries a group of an older version", name)
		}
	}
}

func TestALargeSampleIsMadeInSecondsAndModestMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("makes 50,000 presets")
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	start := time.Now()
	s := NewSample(SampleOptions{Seed: 1, Projects: 16_667, Templates: 3, Plain: true, InSync: true, Drift: 0.01})
	t.Logf("%d presets, %d users, %d bytes of HR data in %v", len(s.Company.Presets), len(s.Company.Users), len(s.HRCSV), time.Since(start))
	runtime.GC()
	runtime.ReadMemStats(&after)
	used := (int64(after.HeapAlloc) - int64(before.HeapAlloc)) >> 20
	t.Logf("%d MB", used)
	if used > 300 {
		t.Errorf("the sample takes %d MB, more than 300", used)
	}
	runtime.KeepAlive(s)
}
