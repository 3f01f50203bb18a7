package job_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"procore-assignee-sync/hrsource"
	"procore-assignee-sync/procore"
	"procore-assignee-sync/procore/sandbox"
	"procore-assignee-sync/sync"
	"procore-assignee-sync/sync/job"
	"procore-assignee-sync/sync/ledger"
	"procore-assignee-sync/sync/planner"
)

// The limits and the network of a night. A call takes as long as one over the internet to a busy service.
const (
	nightHourly    = 3600
	nightTenSecond = 25
	nightReserve   = 10 // percent of the hour that is left to others
	nightLatency   = 150 * time.Millisecond
)

// The make of a big company: each project uses every template, each on a tool of its own, and each preset has as many
// groups that HR fills. One preset in a hundred differs from HR by one person.
const (
	nightTemplates = 5
	nightGroups    = 12
	nightDrift     = 0.01
)

// bigCompany is a company on an evening: Procore, and HR, which has moved on a little.
type bigCompany struct {
	*sandbox.Sample
	wanted  map[procore.PresetRef]sandbox.Preset // as HR has it
	changed int                                  // presets that differ from it
	gaining int                                  // of those, the ones that lack someone
	roleMap *planner.RoleMap
}

func newBigCompany(tb testing.TB, presets int) *bigCompany {
	tb.Helper()
	options := sandbox.SampleOptions{
		Seed: 11, Projects: presets / nightTemplates, Templates: nightTemplates, Groups: nightGroups, Plain: true, InSync: true,
	}
	wanted := sandbox.NewSample(options).Company.Presets
	options.Drift = nightDrift
	c := &bigCompany{Sample: sandbox.NewSample(options), wanted: make(map[procore.PresetRef]sandbox.Preset, presets)}
	for i, p := range c.Company.Presets {
		c.wanted[p.PresetRef] = wanted[i]
		if d := seats(wanted[i]) - seats(p); d != 0 {
			c.changed++
			if d > 0 {
				c.gaining++
			}
		}
	}
	c.readRoleMap(tb)
	return c
}

func (c *bigCompany) readRoleMap(tb testing.TB) {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "role-map.csv")
	if err := os.WriteFile(path, c.RoleMapCSV, 0o600); err != nil {
		tb.Fatal(err)
	}
	rows, fingerprint, err := hrsource.LoadRoleMapCSV(path)
	if err != nil {
		tb.Fatal(err)
	}
	c.roleMap = planner.NewRoleMap(rows, "role-map.csv", fingerprint)
}

func seats(p sandbox.Preset) int {
	n := 0
	for _, m := range p.Memberships {
		n += len(m.LoginIDs)
	}
	return n
}

// procoreTonight is Procore as it is this evening, under the limits of a night.
func (c *bigCompany) procoreTonight() *sandbox.Server {
	return sandbox.New(c.Company, sandbox.Options{Hourly: nightHourly, TenSecond: nightTenSecond, Latency: nightLatency})
}

// fewestCalls is the least that a night can do with: the company's lists once, each preset once, two calls for each
// preset that changes, and who may be assigned where someone is added.
func (c *bigCompany) fewestCalls() int {
	active := 0
	for _, u := range c.Company.Users {
		if u.Active {
			active++
		}
	}
	pages := func(rows, perPage int) int { return max(1, (rows+perPage-1)/perPage) }
	lists := pages(len(c.Company.Projects), 300) + pages(active, 1000) + pages(len(c.Company.Users)-active, 1000) +
		pages(len(c.Company.Templates), 100) + 1
	return lists + len(c.Company.Presets) + 2*c.changed + c.gaining
}

// differing says how many presets differ from HR.
func (c *bigCompany) differing(server *sandbox.Server) int {
	n := 0
	for _, p := range server.Snapshot() {
		want := c.wanted[p.PresetRef]
		same := slices.EqualFunc(p.Memberships, want.Memberships, func(a, b procore.GroupWrite) bool {
			return a.UUID == b.UUID && slices.Equal(slices.Sorted(slices.Values(a.LoginIDs)), slices.Sorted(slices.Values(b.LoginIDs)))
		})
		if !same {
			n++
		}
	}
	return n
}

func (c *bigCompany) job(dir string, server *sandbox.Server) (*job.Job, error) {
	client, err := procore.New(procore.Config{
		Company: c.Company.ID, APIURL: "http://127.0.0.1/api", LoginURL: "http://127.0.0.1/login",
		ClientID: sandbox.DefaultClientID, ClientSecret: sandbox.DefaultClientSecret,
		ReservePercent: nightReserve, Transport: server.Transport(), Jitter: func() float64 { return 0.5 },
	})
	if err != nil {
		return nil, err
	}
	led, err := ledger.Open(context.Background(), ledger.Options{Dir: dir})
	if err != nil {
		return nil, err
	}
	policy := sync.DefaultPolicy()
	policy.AllowFirstRun = true
	return &job.Job{
		Procore: client, Company: c.Company.ID, Host: client.Host(),
		Source: func(terms hrsource.Terms) hrsource.Source {
			return hrsource.CSV{Path: "-", Stdin: bytes.NewReader(c.HRCSV), Format: hrsource.RowFormat{Terms: terms}}
		},
		LoadRoleMap: func(context.Context) (*planner.RoleMap, error) { return c.roleMap, nil },
		Policy:      policy, Ledger: led, Concurrency: 8, MaxAttempts: 6,
		By: "a big company's night", Machine: "here", PID: 1,
	}, nil
}
