package procore

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestProjectsAreActiveAndNeitherDemoNorTemplateAndKeepLongIDs(t *testing.T) {
	f := newFake(t)
	f.on(endpointProjects, func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		for name, want := range map[string]string{
			"company_id": company, "per_page": "300", "filters[by_status]": "Active", "filters[template]": "false", "filters[is_demo]": "false",
		} {
			if q.Get(name) != want {
				t.Errorf("%s is %q, want %q", name, q.Get(name), want)
			}
		}
		answerJSON(w, 200, `[
			{"id":9007199254740993,"name":"Harbour tower","project_number":"24-017","active":true,"is_demo":false,"project_template":{"id":3,"name":"Standard"},"company":{"id":8812,"name":"Harbour"},"extra":[1]},
			{"id":"12","display_name":"Depot","project_number":7,"company":"Harbour"},
			{"id":13,"name":"Closed","active":false},
			{"id":14,"name":"Demo","is_demo":true},
			{"id":15,"name":"No number","project_number":null}]`)
	})
	got, err := collect(f.client().Projects(t.Context()))
	want := []Project{
		{ID: "9007199254740993", Name: "Harbour tower", Number: "24-017", Active: true, CompanyName: "Harbour"},
		{ID: "12", Name: "Depot", Number: "7", Active: true},
		{ID: "15", Name: "No number", Active: true},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v, difference (-want +got):\n%s", err, diff)
	}
	r := f.seen(endpointProjects)[0]
	if r.Header.Get("Procore-Company-Id") != company || r.Header.Get("Authorization") != "Bearer token-1" {
		t.Errorf("headers %v", r.Header)
	}
}

func TestUsersKeepEmployeeIDsAsTextAndSayWhoIsActive(t *testing.T) {
	f := newFake(t)
	f.always(endpointUsers, `[
		{"id":1,"email_address":"ann@example.com","employee_id":"00123","name":"Ann Bell","is_active":true},
		{"id":2,"email_address":null,"employee_id":456,"first_name":"Bo","last_name":"Cole"}]`)
	f.always(endpointInactiveUsers, `[{"id":3,"email_address":"cy@example.com","employee_id":null,"name":"Cy"},{"id":4,"is_active":false}]`)
	c := f.client()
	active, err1 := collect(c.Users(t.Context()))
	inactive, err2 := collect(c.InactiveUsers(t.Context()))
	want := []User{
		{ID: "1", Email: "ann@example.com", EmployeeID: "00123", Name: "Ann Bell", Active: true},
		{ID: "2", EmployeeID: "456", Name: "Bo Cole", Active: true},
		{ID: "3", Email: "cy@example.com", Name: "Cy"},
		{ID: "4"},
	}
	if diff := cmp.Diff(want, append(active, inactive...)); diff != "" || err1 != nil || err2 != nil {
		t.Errorf("errors %v, %v, difference (-want +got):\n%s", err1, err2, diff)
	}
}

func TestToolsSayTheirProviderAndSubtype(t *testing.T) {
	f := newFake(t)
	f.always(endpointTools, `{"data":[
		{"name":"Commitments","type":"commitments","provider":"Project","subtype":null},
		{"type":"correspondence","provider":"Project","subtype":-12},
		{"type":"correspondence","provider":"Project","subtype":"562949953421312"},
		{"type":"prequalification","provider":"Company"}]}`)
	got, err := f.client().Tools(t.Context())
	want := []Tool{
		{ToolRef{Type: "commitments"}, ProviderProject},
		{ToolRef{"correspondence", "-12"}, ProviderProject},
		{ToolRef{"correspondence", "562949953421312"}, ProviderProject},
		{ToolRef{Type: "prequalification"}, ProviderCompany},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v, difference (-want +got):\n%s", err, diff)
	}
	if q := f.seen(endpointTools)[0].URL.RawQuery; q != "" {
		t.Errorf("the tools were asked for with %s, and document no parameter", q)
	}
}

func TestTemplatesSayWhatIsArchivedPublishedAndAssigned(t *testing.T) {
	f := newFake(t)
	f.always(endpointTemplates, `{"data":[
		{"id":"77","name":"Approvals","tool_type":"commitments","tool_subtype":null,"archived_at":null,"assigned_projects_count":12,
		 "latest_published_version":{"id":"901","version":"3"},"updated_at":"2026-11-02T08:30:00Z"},
		{"id":78,"name":"Draft","tool_type":"correspondence","tool_subtype":"5","archived_at":"2026-01-01T00:00:00Z","latest_published_version":null}]}`)
	got, err := collect(f.client().Templates(t.Context()))
	if err != nil || len(got) != 2 {
		t.Fatalf("got %v, error %v", got, err)
	}
	if a := got[0]; a.ID != "77" || a.Published != "901" || a.AssignedProjects != 12 || a.Archived {
		t.Errorf("got %+v", a)
	}
	if b := got[1]; b.ID != "78" || b.Published != "" || !b.Archived || b.AssignedProjects != AssignedUnknown || b.Tool != (ToolRef{"correspondence", "5"}) {
		t.Errorf("got %+v", b)
	}
}

func TestAVersionGivesItsGroupsInOrder(t *testing.T) {
	f := newFake(t)
	f.always(endpointVersion, `{"data":{"id":901,"responsible_groups":[
		{"uuid":"aaaaaaaa-0000-4000-8000-000000000002","name":"Commercial","type":"responsible_role"},
		{"uuid":"aaaaaaaa-0000-4000-8000-000000000001","name":"Creator","type":"ITEM_CREATOR"}]}}`)
	got, err := f.client().Version(t.Context(), "901")
	want := TemplateVersion{ID: "901", Groups: []ResponsibleGroup{
		{"aaaaaaaa-0000-4000-8000-000000000002", "Commercial", "responsible_role"},
		{"aaaaaaaa-0000-4000-8000-000000000001", "Creator", "ITEM_CREATOR"},
	}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("error %v, difference (-want +got):\n%s", err, diff)
	}
}

func TestPresetsAreReadFromTheProjectOrFromTheCompany(t *testing.T) {
	f := newFake(t)
	const rows = `{"data":[{"id":"812","valid":false,"default":true,"template":{"id":77,"name":"Approvals","last_published_version_id":"901","format":"linear"}}]}`
	f.always(endpointProjectPresets, rows)
	f.always(endpointCompanyPresets, rows)
	c := f.client()
	want := []PresetSummary{{ID: "812", Template: PresetTemplate{ID: "77", Name: "Approvals", Published: "901"}}}
	for _, scope := range []AssigneeScope{
		{Project: "9007199254740993", Tool: ToolRef{"correspondence", "-5"}},
		{Tool: ToolRef{Type: "prequalification"}},
	} {
		got, err := collect(c.Presets(t.Context(), scope))
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v: error %v, difference (-want +got):\n%s", scope, err, diff)
		}
	}
	q := f.seen(endpointProjectPresets)[0].URL.Query()
	if q.Get("filters[tool_type]") != "correspondence" || q.Get("filters[tool_subtype]") != "-5" || q.Get("per_page") != "100" || q.Has("page") {
		t.Errorf("query %v", q)
	}
	if q := f.seen(endpointCompanyPresets)[0].URL.Query(); q.Has("filters[tool_subtype]") {
		t.Errorf("query %v", q)
	}
}

const presetBody = `{"data":{"id":"812","valid":true,"template":{"id":"77","last_published_version_id":"901"},
	"workflow_manager":{"id":"5","login":"max@example.com","company":null},
	"responsible_group_memberships":[
		{"responsible_group_uuid":"aaaaaaaa-0000-4000-8000-000000000002","assignees":[{"id":"9000000002","login":"b@example.com","name":"B"},{"id":9000000001}]},
		{"responsible_group_uuid":"aaaaaaaa-0000-4000-8000-000000000001","assignees":null},
		{"responsible_group_uuid":"aaaaaaaa-0000-4000-8000-000000000003","assignees":[]}],
	"individual_assignees":[{"step_uuid":"bbbbbbbb-0000-4000-8000-000000000001","logins":[{"id":"6","required":true,"role_type":"responder"}]}]}}`

func TestAPresetIsReadWithAllItsGroupsInTheirOrder(t *testing.T) {
	f := newFake(t)
	f.always(endpointProjectPreset, presetBody)
	f.always(endpointCompanyPreset, presetBody)
	c := f.client()
	want := Preset{
		ID: "812", Valid: true, Template: PresetTemplate{ID: "77", Published: "901"}, Manager: "5",
		Memberships: []Membership{
			{"aaaaaaaa-0000-4000-8000-000000000002", []Login{{"9000000002", "b@example.com", "B"}, {ID: "9000000001"}}},
			{"aaaaaaaa-0000-4000-8000-000000000001", []Login{}},
			{"aaaaaaaa-0000-4000-8000-000000000003", []Login{}},
		},
		Individual: []IndividualAssignees{{"bbbbbbbb-0000-4000-8000-000000000001", []StepLogin{{"6", true, "responder"}}}},
	}
	for _, ref := range []PresetRef{{"24", "812"}, {"", "812"}} {
		got, err := c.Preset(t.Context(), ref)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v: error %v, difference (-want +got):\n%s", ref, err, diff)
		}
	}
}

func TestAPresetThatDoesNotSayAllOfItsGroupsIsAnErrorAndNoEmptyPreset(t *testing.T) {
	for name, body := range map[string]string{
		"memberships missing": `{"data":{"id":"812"}}`,
		"a group null":        `{"data":{"id":"812","responsible_group_memberships":[null]}}`,
		"a group's uuid":      `{"data":{"id":"812","responsible_group_memberships":[{"assignees":[]}]}}`,
		"a group's people":    `{"data":{"id":"812","responsible_group_memberships":[{"responsible_group_uuid":"a"}]}}`,
		"people of no list":   `{"data":{"id":"812","responsible_group_memberships":[{"responsible_group_uuid":"a","assignees":{}}]}}`,
		"a person's id":       `{"data":{"id":"812","responsible_group_memberships":[{"responsible_group_uuid":"a","assignees":[{"login":"a@b.c"}]}]}}`,
		"a person null":       `{"data":{"id":"812","responsible_group_memberships":[{"responsible_group_uuid":"a","assignees":[null]}]}}`,
		"a fraction as id":    `{"data":{"id":"812","responsible_group_memberships":[{"responsible_group_uuid":"a","assignees":[{"id":9.1e9}]}]}}`,
		"another preset":      `{"data":{"id":"813","responsible_group_memberships":[]}}`,
		"no data":             `{"id":"812","responsible_group_memberships":[]}`,
		"data null":           `{"data":null}`,
		"a list":              `[]`,
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.always(endpointProjectPreset, body)
			got, err := f.client().Preset(t.Context(), PresetRef{"24", "812"})
			if err == nil || got.ID != "" {
				t.Fatalf("got %+v, error %v", got, err)
			}
			if n := len(f.seen(endpointProjectPreset)); n != 1 {
				t.Errorf("asked %d times for what would be answered in the same way", n)
			}
		})
	}
}

func TestPossibleAssigneesAreReadForTheToolOfTheProjectOrCompany(t *testing.T) {
	f := newFake(t)
	f.always(endpointProjectPossibleAssignees, `{"data":[{"id":"1","login":"a@example.com","name":"A","company":{"name":"X"}},{"id":2,"login":null}]}`)
	f.always(endpointCompanyPossibleAssignees, `{"data":null}`)
	c := f.client()
	got, err := collect(c.PossibleAssignees(t.Context(), AssigneeScope{"24", ToolRef{"correspondence", "-5"}}))
	if diff := cmp.Diff([]Login{{"1", "a@example.com", "A"}, {ID: "2"}}, got); diff != "" || err != nil {
		t.Errorf("error %v, difference (-want +got):\n%s", err, diff)
	}
	if q := f.seen(endpointProjectPossibleAssignees)[0].URL.Query(); q.Get("tool_type") != "correspondence" || q.Get("tool_subtype") != "-5" {
		t.Errorf("query %v", q)
	}
	got, err = collect(c.PossibleAssignees(t.Context(), AssigneeScope{Tool: ToolRef{Type: "prequalification"}}))
	if len(got) != 0 || err != nil {
		t.Errorf("got %v, error %v", got, err)
	}
}

func TestAWriteSendsTheMembershipsAloneWithIDsAsTextAndListsThatAreNeverNull(t *testing.T) {
	f := newFake(t)
	var bodies []string
	save := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies = append(bodies, string(body))
		answerJSON(w, 200, `{"data":{"workflow_manager_id":"5","responsible_group_memberships":[{"uuid":"aaaaaaaa-0000-4000-8000-000000000001","login_ids":[9000000001,"2"]},{"uuid":"aaaaaaaa-0000-4000-8000-000000000002","login_ids":null}]}}`)
	}
	f.on(endpointProjectAssignees, save)
	f.on(endpointCompanyAssignees, save)
	c := f.client()
	groups := []GroupWrite{
		{"aaaaaaaa-0000-4000-8000-000000000001", []LoginID{"9000000001", "2"}},
		{"aaaaaaaa-0000-4000-8000-000000000002", nil},
	}
	for _, ref := range []PresetRef{{"24", "812"}, {"", "812"}} {
		got, err := c.UpdateAssignees(t.Context(), ref, groups)
		want := AssigneesResult{HTTPStatus: 200, RequestID: "req-1", Memberships: []GroupWrite{
			{"aaaaaaaa-0000-4000-8000-000000000001", []LoginID{"9000000001", "2"}},
			{"aaaaaaaa-0000-4000-8000-000000000002", []LoginID{}},
		}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("error %v, difference (-want +got):\n%s", err, diff)
		}
	}
	const want = `{"responsible_group_memberships":[{"uuid":"aaaaaaaa-0000-4000-8000-000000000001","login_ids":["9000000001","2"]},{"uuid":"aaaaaaaa-0000-4000-8000-000000000002","login_ids":[]}]}`
	if diff := cmp.Diff([]string{want, want}, bodies); diff != "" {
		t.Errorf("difference (-want +got):\n%s", diff)
	}
}

func TestTheAnswerToAWriteMaySayNothingOfGroupsOrThatThereAreNone(t *testing.T) {
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		want   []GroupWrite
	}{
		"nothing":           {status(200, `{"data":{"workflow_manager_id":"5"}}`), nil},
		"null":              {status(200, `{"data":{"responsible_group_memberships":null}}`), nil},
		"no content":        {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, nil},
		"none":              {status(200, `{"data":{"responsible_group_memberships":[]}}`), []GroupWrite{}},
		"the read's shape":  {status(200, `{"data":{"responsible_group_memberships":[{"responsible_group_uuid":"a","assignees":[{"id":"1"}]}]}}`), []GroupWrite{{"a", []LoginID{"1"}}}},
		"with the right id": {status(200, `{"data":{"id":"812","responsible_group_memberships":[]}}`), []GroupWrite{}},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFake(t)
			f.on(endpointProjectAssignees, test.answer)
			got, err := f.client().UpdateAssignees(t.Context(), PresetRef{"24", "812"}, []GroupWrite{{UUID: "aaaaaaaa-0000-4000-8000-000000000001"}})
			if diff := cmp.Diff(test.want, got.Memberships); diff != "" || err != nil {
				t.Errorf("error %v, difference (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestNothingIsSentOfAWriteThatCannotBeMeant(t *testing.T) {
	f := newFake(t)
	c := f.client()
	one := []GroupWrite{{UUID: "a", LoginIDs: []LoginID{"1"}}}
	for name, test := range map[string]struct {
		ref    PresetRef
		groups []GroupWrite
	}{
		"no groups":       {PresetRef{"24", "812"}, nil},
		"no uuid":         {PresetRef{"24", "812"}, []GroupWrite{{LoginIDs: []LoginID{"1"}}}},
		"an empty login":  {PresetRef{"24", "812"}, []GroupWrite{{UUID: "a", LoginIDs: []LoginID{""}}}},
		"a login by mail": {PresetRef{"24", "812"}, []GroupWrite{{UUID: "a", LoginIDs: []LoginID{"a@b.c"}}}},
		"no preset":       {PresetRef{"24", ""}, one},
		"a path":          {PresetRef{"24", "1/../2"}, one},
		"a project":       {PresetRef{"..", "812"}, one},
	} {
		if _, err := c.UpdateAssignees(t.Context(), test.ref, test.groups); err == nil || !strings.Contains(err.Error(), "nothing was sent") || MaybeApplied(err) {
			t.Errorf("%s: error %v", name, err)
		}
	}
	if len(f.requests) > 0 {
		t.Errorf("%d requests were sent", len(f.requests))
	}
}

func TestCallsAreCountedByEndpointInOrder(t *testing.T) {
	f := newFake(t)
	f.inTurn(endpointVersion, status(500, `{}`), status(200, `{"data":{"id":"1"}}`))
	f.always(endpointTools, `{"data":[]}`)
	c := f.client(func(cfg *Config) { cfg.Jitter = func() float64 { return 0 } })
	if _, err := c.Version(context.Background(), "1"); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Tools(context.Background()); err != nil {
		t.Fatal(err)
	}
	got, _ := json.Marshal(c.Calls())
	const want = `[{"endpoint":"createToken","requests":1,"retries":0,"throttled":0},{"endpoint":"getTemplateVersion","requests":2,"retries":1,"throttled":0},{"endpoint":"listWorkflowTools","requests":1,"retries":0,"throttled":0}]`
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAPresetWithoutGroupsMaySayNull(t *testing.T) {
	f := newFake(t)
	f.always(endpointProjectPreset, `{"data":{"id":"812","responsible_group_memberships":null,"individual_assignees":null}}`)
	p, err := f.client().Preset(t.Context(), PresetRef{Project: "7", Preset: "812"})
	if err != nil || p.Memberships == nil || len(p.Memberships) > 0 {
		t.Errorf("got %+v, error %v", p, err)
	}
}
