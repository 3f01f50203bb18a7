package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"procore-assignee-sync/procore"
)

func TestManyCallersAtOnceLoseNothing(t *testing.T) {
	overBoth(t, smallCompany(), Options{LogRequests: true}, func(t *testing.T, a *api) {
		a.login()
		const callers, each = 8, 20
		var all sync.WaitGroup
		for i := range callers {
			all.Go(func() {
				for range each {
					r := a.request("PATCH", towerAt+"/assignees", strings.NewReader(groupsBody(groupPM+" 1")))
					r.Header.Set("Content-Type", "application/json")
					if got := a.sendAnyway(r); got.status != http.StatusOK {
						t.Errorf("a write answered %d (%v)", got.status, got.err)
					}
					if got := a.sendAnyway(a.request("GET", towerAt, nil)); got.status != http.StatusOK {
						t.Errorf("a read answered %d (%v)", got.status, got.err)
					}
					a.server.Edit(towerRef, func(p *Preset) { p.Manager = procore.LoginID(strconv.Itoa(i)) })
				}
				a.server.Change(func(c *Company) { c.Users[0].Active = !c.Users[0].Active })
				a.server.Change(func(c *Company) { c.Users[0].Active = true })
				_, _, _ = a.server.Snapshot(), a.server.CallCounts(), a.server.Requests()
			})
		}
		all.Wait()
		writes, edits := a.server.History(), a.server.Edits()
		if len(writes) != callers*each || len(edits) != callers*each {
			t.Errorf("%d writes and %d edits, want %d of each", len(writes), len(edits), callers*each)
		}
		var order []int
		for _, w := range writes {
			order = append(order, w.Seq)
		}
		for _, e := range edits {
			order = append(order, e.Seq)
		}
		slices.Sort(order)
		if len(slices.Compact(order)) != 2*callers*each {
			t.Error("writes and edits share numbers")
		}
		if n := len(a.server.Requests()); n != 1+2*callers*each {
			t.Errorf("%d requests are kept", n)
		}
	})
}

func TestPeopleWhoLeaveAreNoLongerPossible(t *testing.T) {
	a := inProcess(t, Options{}).login()
	a.server.Change(func(c *Company) { c.Users[2].Active = false })
	if got := a.patch(towerAt+"/assignees", groupsBody(groupPM+" 3")); got.status != http.StatusUnprocessableEntity {
		t.Errorf("answered %d, want 422", got.status)
	}
	a.server.Change(func(c *Company) { c.Projects[0].Visibility = Denied })
	if got := a.get(towerAt); got.status != http.StatusForbidden {
		t.Errorf("answered %d, want 403", got.status)
	}
}

func BenchmarkGetPreset(b *testing.B) {
	sample := NewSample(SampleOptions{Seed: 1, Projects: 1000, Groups: 12, Plain: true})
	server := New(sample.Company, Options{Hourly: 1 << 30, TenSecond: 1 << 30})
	token := server.tokens.issue(server.opts.Now())
	client := &http.Client{Transport: server.Transport()}
	presets := server.Snapshot()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		p := &presets[i%len(presets)]
		r, err := http.NewRequestWithContext(b.Context(), http.MethodGet,
			"https://api.procore.example/rest/v2.0/companies/8812/projects/"+string(p.Project)+"/workflows/presets/"+string(p.Preset), nil)
		if err != nil {
			b.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Procore-Company-Id", "8812")
		response, err := client.Do(r)
		if err != nil || response.StatusCode != http.StatusOK {
			b.Fatal(err, response)
		}
		_ = response.Body.Close()
	}
}

func BenchmarkNewSample(b *testing.B) {
	for b.Loop() {
		NewSample(SampleOptions{Seed: 1, Projects: 500, Rows: 20_000})
	}
}
