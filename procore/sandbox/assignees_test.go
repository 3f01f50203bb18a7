package sandbox

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"procore-assignee-sync/procore"
)

// groupsBody is a write of groups, each given as uuid and logins.
func groupsBody(groups ...string) string {
	texts := make([]string, len(groups))
	for i, g := range groups {
		uuid, logins, _ := strings.Cut(g, " ")
		ids := ""
		if logins != "" {
			ids = `"` + strings.Join(strings.Fields(logins), `","`) + `"`
		}
		texts[i] = `{"uuid":"` + uuid + `","login_ids":[` + ids + `]}`
	}
	return `{"responsible_group_memberships":[` + strings.Join(texts, ",") + `]}`
}

func membershipsOf(t *testing.T, a *api, ref procore.PresetRef) []string {
	t.Helper()
	p, ok := a.server.Preset(ref)
	if !ok {
		t.Fatalf("there is no preset %v", ref)
	}
	got := []string{}
	for _, g := range p.Memberships {
		line := string(g.UUID)
		for _, id := range g.LoginIDs {
			line += " " + string(id)
		}
		got = append(got, line)
	}
	return got
}

func TestAWriteReplacesAllMemberships(t *testing.T) {
	whole := []string{groupMade, groupPM + " 3", groupLaw + " 4 5", groupOld + " 99"}
	tests := []struct {
		name string
		opts Options
		send []string
		want []string
	}{
		{"the whole copy keeps what it does not change", Options{}, whole, whole},
		{"a group left out loses its people", Options{}, []string{groupPM + " 3"}, []string{groupMade, groupPM + " 3", groupLaw, groupOld}},
		{"or vanishes", Options{DropOmittedGroups: true}, []string{groupPM + " 3"}, []string{groupPM + " 3"}},
		{"or stays, by the other description", Options{MergeGroups: true}, []string{groupPM + " 3"}, whole},
		{"an empty group is emptied", Options{}, []string{groupMade, groupPM, groupLaw + " 4 5", groupOld + " 99"}, []string{groupMade, groupPM, groupLaw + " 4 5", groupOld + " 99"}},
		{"no group at all empties all", Options{}, nil, []string{groupMade, groupPM, groupLaw, groupOld}},
		{"a group of the version that the preset lacked is added", Options{}, append(whole[:4:4], groupNew+" 1"), append(whole[:4:4], groupNew+" 1")},
		{"the order of people is kept", Options{}, []string{groupPM + " 9007199254740995 3 1"}, []string{groupMade, groupPM + " 9007199254740995 3 1", groupLaw, groupOld}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			overBoth(t, smallCompany(), test.opts, func(t *testing.T, a *api) {
				got := a.login().patch(towerAt+"/assignees", groupsBody(test.send...))
				if got.status != http.StatusOK {
					t.Fatalf("answered %d: %s", got.status, got.body)
				}
				if diff := cmp.Diff(test.want, membershipsOf(t, a, towerRef)); diff != "" {
					t.Errorf("memberships (-want +got):\n%s", diff)
				}
				if !strings.Contains(string(got.body), strings.TrimSuffix(strings.TrimPrefix(groupsBody(test.want...), "{"), "}")) {
					t.Errorf("the answer is %s, want %s in it", got.body, groupsBody(test.want...))
				}
				p, _ := a.server.Preset(towerRef)
				if p.Manager != "3" || len(p.Individual) != 1 {
					t.Errorf("manager %q and %d individual assignees changed", p.Manager, len(p.Individual))
				}
			})
		})
	}
}

func TestAnImpossibleWriteIsRefusedAndChangesNothing(t *testing.T) {
	tests := []struct {
		name, body string
		opts       Options
		want       int
		says       string
	}{
		{"no JSON", `{`, Options{}, 400, "cannot be read"},
		{"two values", `{} {}`, Options{}, 400, "more than one value"},
		{"unknown field", `{"groups":[]}`, Options{}, 400, "groups is not known"},
		{"the shape that is read", `{"responsible_group_memberships":[{"responsible_group_uuid":"` + groupPM + `","assignees":[]}]}`, Options{}, 400, "unknown field"},
		{"null groups", `{"responsible_group_memberships":null}`, Options{}, 400, "is null"},
		{"null people", `{"responsible_group_memberships":[{"uuid":"` + groupPM + `","login_ids":null}]}`, Options{}, 400, "no login_ids"},
		{"ids as numbers", `{"responsible_group_memberships":[{"uuid":"` + groupPM + `","login_ids":[1]}]}`, Options{}, 400, "cannot be read"},
		{"ids that are no numbers", groupsBody(groupPM + " ann"), Options{}, 400, "no number"},
		{"a malformed uuid", groupsBody("1234 1"), Options{}, 400, "well-formed uuid"},
		{"an unknown group", groupsBody("77777777-7777-4777-8777-777777777777 1"), Options{}, 422, "UNKNOWN_GROUP"},
		{"a group twice", groupsBody(groupPM+" 1", groupPM+" 3"), Options{}, 422, "DUPLICATE_GROUP"},
		{"someone twice", groupsBody(groupPM + " 3 3"), Options{}, 422, "DUPLICATE_ASSIGNEE"},
		{"someone inactive", groupsBody(groupPM + " 4"), Options{}, 422, "Login 4 is not a possible assignee."},
		{"someone of another project", groupsBody(groupPM + " 6"), Options{}, 422, "Login 6 is not a possible assignee."},
		{"someone without access to the tool", groupsBody(groupPM + " 7"), Options{}, 422, "INVALID_ASSIGNEE"},
		{"someone unknown", groupsBody(groupPM + " 123456"), Options{}, 422, "INVALID_ASSIGNEE"},
		{"someone who was in another group only", groupsBody(groupPM + " 99"), Options{}, 422, "INVALID_ASSIGNEE"},
		{"an impossible manager", `{"workflow_manager_id":"4"}`, Options{}, 422, "workflow_manager_id"},
		{"someone who was there, strictly", groupsBody(groupLaw + " 4 5"), Options{StrictAssignees: true}, 422, "Login 4 is not a possible assignee."},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			overBoth(t, smallCompany(), test.opts, func(t *testing.T, a *api) {
				a.login()
				before := a.server.Snapshot()
				got := a.patch(towerAt+"/assignees", test.body)
				if got.status != test.want || !strings.Contains(string(got.body), test.says) {
					t.Errorf("answered %d, want %d with %q: %s", got.status, test.want, test.says, got.body)
				}
				if diff := cmp.Diff(before, a.server.Snapshot()); diff != "" || len(a.server.History()) != 0 {
					t.Errorf("something changed, with %d writes:\n%s", len(a.server.History()), diff)
				}
			})
		})
	}
}

func TestAWriteThatIsNotJSONIsRefused(t *testing.T) {
	overBoth(t, smallCompany(), Options{}, func(t *testing.T, a *api) {
		r := a.login().request("PATCH", towerAt+"/assignees", strings.NewReader("{}"))
		if got := a.send(r); got.status != http.StatusUnsupportedMediaType {
			t.Errorf("answered %d, want 415", got.status)
		}
	})
}

func TestManagerAndIndividualsChangeOnlyWhenSent(t *testing.T) {
	overBoth(t, smallCompany(), Options{}, func(t *testing.T, a *api) {
		a.login().patch(towerAt+"/assignees", `{"workflow_manager_id":"1","individual_assignees":[{"step_uuid":"`+stepOne+`","logins":[{"id":"1","required":false,"role_type":"commenter"}]}]}`)
		p, _ := a.server.Preset(towerRef)
		if p.Manager != "1" || p.Individual[0].Logins[0] != (procore.StepLogin{ID: "1", RoleType: "commenter"}) {
			t.Errorf("manager %q, individual %+v", p.Manager, p.Individual)
		}
		if diff := cmp.Diff(groupPM+" 1 9007199254740995", membershipsOf(t, a, towerRef)[1]); diff != "" {
			t.Error(diff)
		}
	})
}

func TestABareAnswerSaysNothingOfGroups(t *testing.T) {
	overBoth(t, smallCompany(), Options{BareAnswers: true}, func(t *testing.T, a *api) {
		got := a.login().patch(towerAt+"/assignees", groupsBody(groupPM+" 3"))
		if got.status != http.StatusOK || strings.Contains(string(got.body), "responsible_group") {
			t.Errorf("answered %d: %s", got.status, got.body)
		}
	})
}

func TestTheCompanysPresetIsWrittenToo(t *testing.T) {
	overBoth(t, smallCompany(), Options{}, func(t *testing.T, a *api) {
		got := a.login().patch(company+"presets/70/assignees", groupsBody(groupLaw+" 1 6"))
		if got.status != http.StatusOK {
			t.Fatalf("answered %d: %s", got.status, got.body)
		}
		if diff := cmp.Diff([]string{groupLaw + " 1 6"}, membershipsOf(t, a, procore.PresetRef{Preset: "70"})); diff != "" {
			t.Error(diff)
		}
	})
}

func TestHistoryTellsWritesFromEdits(t *testing.T) {
	overBoth(t, smallCompany(), Options{}, func(t *testing.T, a *api) {
		a.login()
		body := groupsBody(groupPM + " 3")
		a.patch(towerAt+"/assignees", body)
		a.server.Edit(towerRef, func(p *Preset) {
			p.Memberships[1].LoginIDs = append(p.Memberships[1].LoginIDs, "1")
			p.Manager = ""
		})
		a.server.Change(func(c *Company) {
			c.Templates[0].Published = "20"
			c.Presets[0].Memberships = nil
		})
		writes, edits := a.server.History(), a.server.Edits()
		if len(writes) != 1 || len(edits) != 2 {
			t.Fatalf("%d writes and %d edits, want 1 and 2", len(writes), len(edits))
		}
		w := writes[0]
		if w.Seq != 1 || edits[0].Seq != 2 || edits[1].Seq != 3 {
			t.Errorf("order %d, %d, %d, want 1, 2, 3", w.Seq, edits[0].Seq, edits[1].Seq)
		}
		if string(w.Body) != body || w.Ref != towerRef || w.RequestID == "" {
			t.Errorf("the write is %+v", w)
		}
		people := func(p Preset) int { return len(p.Memberships[1].LoginIDs) }
		if people(w.Before) != 2 || people(w.After) != 1 || people(edits[0].Before) != 1 || people(edits[0].After) != 2 {
			t.Error("before and after are not what they were")
		}
		if edits[0].Before.Manager != "3" || edits[0].After.Manager != "" {
			t.Error("the manager before and after is wrong")
		}
		if edits[1].Ref != (procore.PresetRef{Preset: "70"}) {
			t.Errorf("the second edit is of %v", edits[1].Ref)
		}
		if got := a.get(towerAt); !strings.Contains(string(got.body), `"last_published_version_id":"20"`) {
			t.Errorf("the template was not published anew: %s", got.body)
		}
		if a.server.Edit(procore.PresetRef{Preset: "1"}, func(*Preset) {}) {
			t.Error("a preset that is not there was edited")
		}
	})
}

func TestNothingReachesIntoTheServer(t *testing.T) {
	c := smallCompany()
	server := New(c, Options{})
	c.Presets[1].Memberships[1].LoginIDs[0] = "666"
	server.Snapshot()[3].Memberships[0].UUID = "changed"
	p, _ := server.Preset(towerRef)
	p.Memberships[1].LoginIDs[0] = "667"
	server.Company().Presets[3].Memberships[1].LoginIDs[0] = "668"
	var kept *Preset
	server.Edit(towerRef, func(p *Preset) { kept = p })
	kept.Memberships[1].LoginIDs[0] = "669"
	if diff := cmp.Diff(smallCompany().Presets[1].Memberships, server.Snapshot()[3].Memberships); diff != "" {
		t.Errorf("memberships (-want +got):\n%s", diff)
	}
}
