package job_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"slices"
	"testing"
	"time"

	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
)

// week is a company whose Procore is equal to HR when the first night begins. From the next night on, one project in a
// hundred, so one preset in a hundred, has other people by HR each night. Nobody but the job edits anything.
type week struct {
	company *bigCompany
	server  *sandbox.Server
	hourly  int
	days    int // SYNC_READ_DAYS
	running sync.RunningMode
	dir     string
}

const weekNights = 7

// weekOf is what a first night and the week that follows came to.
type weekOf struct {
	first  nightOf
	nights []nightOf
}

func (w weekOf) average() float64 {
	calls := 0
	for _, n := range w.nights {
		calls += n.calls
	}
	return float64(calls) / float64(len(w.nights))
}

func (w weekOf) averageTook() time.Duration {
	var took time.Duration
	for _, n := range w.nights {
		took += n.took
	}
	return took / time.Duration(len(w.nights))
}

func (w weekOf) most() nightOf {
	return slices.MaxFunc(w.nights, func(a, b nightOf) int { return a.calls - b.calls })
}

func (w weekOf) throttled() int {
	throttled := w.first.throttled
	for _, n := range w.nights {
		throttled += n.throttled
	}
	return throttled
}

func (w weekOf) String() string {
	return fmt.Sprintf("first %d calls in %s; then %.0f a night on average, at most %d in %s", w.first.calls,
		w.first.took.Round(time.Second), w.average(), w.most().calls, w.most().took.Round(time.Second))
}

// newQuietCompany is a company that is as HR wants it.
func newQuietCompany(tb testing.TB, presets int) *bigCompany {
	tb.Helper()
	options := sandbox.SampleOptions{
		Seed: 11, Projects: presets / nightTemplates, Templates: nightTemplates, Groups: nightGroups, Plain: true, InSync: true,
	}
	c := &bigCompany{Sample: sandbox.NewSample(options), wanted: make(map[procore.PresetRef]sandbox.Preset, presets)}
	for _, p := range c.Company.Presets {
		c.wanted[p.PresetRef] = p
	}
	c.readRoleMap(tb)
	return c
}

// pass lets a first night and a week pass, in a bubble of virtual time.
func (w *week) pass(t *testing.T) weekOf {
	t.Helper()
	w.begin()
	of := weekOf{first: w.night(t)}
	for n := 1; n <= weekNights; n++ {
		w.company.HRCSV = w.company.leave(n)
		of.nights = append(of.nights, w.night(t))
	}
	return of
}

// begin lets the week begin, under Procore's limits.
func (w *week) begin() {
	w.server = sandbox.New(w.company.Company, sandbox.Options{Hourly: w.hourly, TenSecond: nightTenSecond, Latency: nightLatency})
	untilNight(firstNight)
}

// passLeavers lets a first night pass, and one on which so many people have left, each from one project. The latter is what
// it gives.
func (w *week) passLeavers(t *testing.T, n int) nightOf {
	t.Helper()
	w.begin()
	w.night(t)
	w.company.HRCSV = w.company.leavers(n)
	return w.night(t)
}

// night lets the job run once, and time pass until two o'clock.
func (w *week) night(t *testing.T) nightOf {
	t.Helper()
	j, err := w.company.job(w.dir, w.server)
	if err != nil {
		t.Fatal(err)
	}
	j.ReadDays, j.Running = w.days, w.running
	start, before := time.Now(), countedCalls(w.server)
	rec, err := j.Apply(context.Background(), job.ApplyRequest{})
	if err != nil || rec.Summary.ExitCode != sync.ExitDone {
		t.Fatalf("%s, error %v", rec.Summary.Message, err)
	}
	if differ := w.company.differing(w.server); differ > 0 {
		t.Fatalf("%d presets differ from HR", differ)
	}
	of := nightOf{calls: countedCalls(w.server) - before, waiting: len(rec.Waiting), foretold: rec.Summary.Forecast.Calls, throttled: rec.Summary.Pacing.Throttled, took: time.Since(start)}
	of.allowed = allowedTime(of.calls, w.hourly-w.hourly*nightReserve/100)
	end := time.Now()
	time.Sleep(time.Until(time.Date(end.Year(), end.Month(), end.Day()+1, 2, 0, 0, 0, time.UTC)))
	return of
}

// leave lets HR end the jobs of those who share theirs with somebody on the projects of the nth night: of one project in a
// hundred. From then on they are not wanted in its presets.
func (c *bigCompany) leave(night int) []byte {
	return c.end(len(c.HRCSV), func(project int) bool { return project%100 == night })
}

// leavers lets HR end the jobs of so many people, each of whom shares theirs with somebody, on as many projects.
func (c *bigCompany) leavers(n int) []byte {
	return c.end(1, func(project int) bool { return project < n })
}

// end lets HR end the jobs of those who share theirs with somebody: of so many people at most on each project that is
// chosen.
func (c *bigCompany) end(most int, chosen func(project int) bool) []byte {
	rows, err := csv.NewReader(bytes.NewReader(c.HRCSV)).ReadAll()
	if err != nil {
		panic(err)
	}
	const login, team, role, project, status = 1, 4, 5, 6, 7
	type job struct{ team, role, project string }
	shared := map[job]bool{}
	gone := map[string][]string{} // logins by project
	of := map[string]procore.ProjectID{}
	for i, p := range c.Company.Projects {
		if chosen(i) {
			of[p.Number], of[string(p.ID)] = p.ID, p.ID
		}
	}
	for _, row := range rows[1:] {
		at, id := job{row[team], row[role], row[project]}, string(of[row[project]])
		if shared[at] && id != "" && len(gone[id]) < most {
			row[status] = "terminated"
			gone[id] = append(gone[id], row[login])
		}
		shared[at] = true
	}
	c.unwant(gone)
	var text bytes.Buffer
	if err := csv.NewWriter(&text).WriteAll(rows); err != nil {
		panic(err)
	}
	return text.Bytes()
}

// unwant takes people out of what is wanted of a project's presets.
func (c *bigCompany) unwant(gone map[string][]string) {
	ids := map[string]procore.LoginID{}
	for _, u := range c.Company.Users {
		ids[u.Email] = u.ID
	}
	for ref, p := range c.wanted {
		leavers := gone[string(ref.Project)]
		if len(leavers) == 0 {
			continue
		}
		p.Memberships = slices.Clone(p.Memberships)
		for i := range p.Memberships {
			p.Memberships[i].LoginIDs = slices.DeleteFunc(slices.Clone(p.Memberships[i].LoginIDs), func(id procore.LoginID) bool {
				return slices.ContainsFunc(leavers, func(login string) bool { return ids[login] == id })
			})
		}
		c.wanted[ref] = p
	}
}
