package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"procore-assignee-sync/procore"
)

// idsIn returns the ids of the rows of an answer, as text, whatever their encoding.
func (a *api) idsIn(got answer) []string {
	a.t.Helper()
	if got.err != nil || got.status != http.StatusOK {
		a.t.Fatalf("answered %d (%v): %s", got.status, got.err, got.body)
	}
	text := got.body
	if strings.HasPrefix(string(text), "{") {
		var wrapped struct{ Data json.RawMessage }
		a.decode(got, http.StatusOK, &wrapped)
		text = wrapped.Data
	}
	var rows []json.RawMessage
	if err := json.Unmarshal(text, &rows); err != nil {
		a.t.Fatal(err)
	}
	ids := []string{}
	for _, row := range rows {
		var object struct {
			ID procore.LoginID `json:"id"`
		}
		if err := json.Unmarshal(row, &object); err != nil {
			if err := json.Unmarshal(row, &object.ID); err != nil {
				a.t.Fatal(err)
			}
		}
		ids = append(ids, string(object.ID))
	}
	return ids
}

func TestListsGiveWhatWasAskedFor(t *testing.T) {
	users := "/rest/v1.3/companies/42/users"
	tests := []struct {
		path string
		want string
	}{
		{"/rest/v1.1/projects?company_id=42", "100 101 103 104 105 106 107"},
		{"/rest/v1.1/projects?company_id=42&filters[by_status]=Active&filters[is_demo]=false&filters[template]=false", "100 101 103 104"},
		{"/rest/v1.1/projects?company_id=42&filters[by_status]=Inactive", "105"},
		{"/rest/v1.1/projects?company_id=42&filters[is_demo]=true", "106"},
		{"/rest/v1.1/projects?company_id=42&filters[template]=true", "107"},
		{"/rest/v1.1/projects?company_id=42&filters[id]=101,104", "101 104"},
		{"/rest/v1.1/projects?company_id=42&filters[by_status]=Active&sort=name&per_page=2", "101 103"},
		{"/rest/v1.1/projects?company_id=42&view=ids", "100 101 103 104 105 106 107"},
		{"/rest/v1.0/companies/42/projects", "100 101 103 104 105 106 107"},
		{users, "1 9007199254740995 3 5 6 7"},
		{users + "?per_page=4&page=2", "6 7"},
		{users + "?view=ids_only", "1 9007199254740995 3 5 6 7"},
		{users + "?filters[search]=bob", "9007199254740995"},
		{"/rest/v1.0/companies/42/users/inactive", "4"},
		{company + "templates", "10 11 12 13 14"},
		{tower + "presets?filters[tool_type]=work_order_contract", "71 9007199254740993"},
		{tower + "presets?filters[tool_type]=work_order_contract&filters[is_valid]=true", "9007199254740993"},
		{tower + "presets?filters[tool_type]=work_order_contract&filters[is_default]=false", "71"},
		{tower + "presets?filters[tool_type]=correspondence&filters[tool_subtype]=-7", "72"},
		{company + "presets?filters[tool_type]=prequalification", "70"},
		{tower + "possible_assignees?tool_type=work_order_contract", "1 9007199254740995 3 5"},
		{tower + "possible_assignees?tool_type=correspondence&tool_subtype=-7", "1 9007199254740995 3 5 7"},
		{company + "possible_assignees?tool_type=prequalification", "1 9007199254740995 3 5 6 7"},
		{"/rest/v2.0/companies/42/projects/101/workflows/possible_assignees?tool_type=work_order_contract", "1 9007199254740995 3 5 6 7"},
		{tower + "instances?filters[tool_type]=work_order_contract", "9007199254741501 9007199254741502 9007199254741503"},
		{tower + "instances?filters[tool_type]=work_order_contract&page=2&per_page=2", "9007199254741503"},
		{tower + "instances?filters[tool_type]=work_order_contract&filters[active]=true", "9007199254741501 9007199254741503"},
		{tower + "instances?filters[tool_type]=work_order_contract&filters[active]=true&per_page=1&page=2", "9007199254741503"},
		{tower + "instances?filters[tool_type]=work_order_contract&filters[overdue]=true&filters[active]=false", "9007199254741501 9007199254741503"},
		{tower + "instances?filters[tool_type]=work_order_contract&filters[assignee_id]=5", "9007199254741503"},
		{tower + "instances?filters[tool_type]=work_order_contract&filters[assignee_id]=9007199254740995", "9007199254741501"},
		{tower + "instances?filters[tool_type]=work_order_contract&filters[assignee_id]=6", ""},
		{tower + "instances?filters[tool_type]=work_order_contract&include_internal=true&filters[item_id]=" + itsItem, "9007199254741501"},
		{tower + "instances?filters[tool_type]=correspondence&filters[tool_subtype]=-7", "9007199254741504"},
		{company + "instances?filters[tool_type]=prequalification", "9007199254741500"},
		{company + "instances?filters[tool_type]=prequalification&page=1&per_page=2", "9007199254741500"},
		{"/rest/v1.0/projects?company_id=42&filters[by_status]=Inactive", "105"},
		{"/rest/v1.0/companies", "42"},
	}
	overBoth(t, smallCompany(), Options{}, func(t *testing.T, a *api) {
		a.login()
		for _, test := range tests {
			a.t = t
			if got := strings.Join(a.idsIn(a.get(test.path)), " "); got != test.want {
				t.Errorf("%s\n got %s\nwant %s", test.path, got, test.want)
			}
		}
	})
}

func TestATemplateCountsProjectsThatNobodySees(t *testing.T) {
	c := smallCompany()
	c.Templates[2].MoreProjects = 4
	overBoth(t, c, Options{}, func(t *testing.T, a *api) {
		var got struct {
			Data []struct {
				Assigned int `json:"assigned_projects_count"`
			}
		}
		a.login().decode(a.get(company+"templates"), http.StatusOK, &got)
		if got.Data[0].Assigned != 4 || got.Data[1].Assigned != 0 || got.Data[2].Assigned != 5 {
			t.Errorf("counts are %+v, want 4, 0 and 5 first", got.Data)
		}
	})
}

func TestAPresetShowsItsPeopleAsProcoreDoes(t *testing.T) {
	overBoth(t, smallCompany(), Options{}, func(t *testing.T, a *api) {
		a.login()
		got := string(a.get(towerAt).body)
		for _, want := range []string{
			`"id":"9007199254740993","valid":true,"default":true`,
			`"template":{"id":"10","last_published_version_id":"21","format":"diagram"}`,
			`"workflow_manager":{"id":"3","login":"cid@example.com","name":"Cid Doe"}`,
			`{"responsible_group_uuid":"` + groupMade + `","assignees":[]}`,
			`[{"id":"4","login":"gone@example.com","name":"Gone Doe"},{"id":"5"}]`,
			`{"responsible_group_uuid":"` + groupOld + `","assignees":[{"id":"99"}]}`,
			`"logins":[{"id":"3","login":"cid@example.com","name":"Cid Doe","required":true,"role_type":"responder"}]`,
		} {
			if !strings.Contains(got, want) {
				t.Errorf("the preset lacks %s:\n%s", want, got)
			}
		}
		if got := a.get(company + "presets/70"); got.status != http.StatusOK {
			t.Errorf("the company's preset: %d %s", got.status, got.body)
		}
		if got := a.get(company + "templates/versions/21"); !strings.Contains(string(got.body), `"type":"ITEM_CREATOR"`) {
			t.Errorf("the version: %d %s", got.status, got.body)
		}
		if got := a.get(company + "tools"); !strings.Contains(string(got.body), `"provider":"Company"`) {
			t.Errorf("the tools: %d %s", got.status, got.body)
		}
	})
}

var nextLink = regexp.MustCompile(`<([^>]*)>; rel="next"`)

func TestEveryListIsCompleteByItsLinks(t *testing.T) {
	c := NewSample(SampleOptions{Seed: 1, Projects: 130, Templates: 3}).Company
	for len(c.Instances) < 3000 { // five hundred in the first project
		in := c.Instances[len(c.Instances)%11]
		in.Project, in.Tool = c.Projects[len(c.Instances)%6].ID, c.Tools[0].ToolRef
		in.InstanceRef.Instance = procore.InstanceID(id(kindInstance, len(c.Instances)))
		c.Instances = append(c.Instances, in)
	}
	runs := 0
	for _, in := range c.Instances {
		if in.Project == c.Projects[0].ID && in.Tool == c.Tools[0].ToolRef {
			runs++
		}
	}
	at := "/rest/v2.0/companies/8812/projects/" + string(c.Projects[0].ID) + "/workflows/"
	tool := url.QueryEscape(c.Tools[0].Type)
	overBoth(t, c, Options{}, func(t *testing.T, a *api) {
		a.login()
		for path, want := range map[string]int{
			"/rest/v1.1/projects?company_id=8812&per_page=7":                                                 133,
			"/rest/v1.3/companies/8812/users?per_page=50":                                                    len(a.server.index.active),
			"/rest/v2.0/companies/8812/workflows/templates?per_page=2":                                       5,
			at + "presets?per_page=1&filters[tool_type]=" + tool:                                             1,
			at + "possible_assignees?tool_type=" + tool:                                                      len(a.server.index.possible(a.server.company, procore.AssigneeScope{Project: c.Projects[0].ID, Tool: c.Tools[0].ToolRef})),
			at + "instances?per_page=4&filters[tool_type]=" + tool:                                           runs,
			at + "instances?per_page=7&page=1&filters[tool_type]=" + tool:                                    runs,
			"/rest/v2.0/companies/8812/workflows/possible_assignees?per_page=100&tool_type=prequalification": len(a.server.index.active),
		} {
			var all []string
			for next := a.base + path; next != ""; {
				r := a.request("GET", "", nil)
				r.URL, _ = url.Parse(next)
				got := a.send(r)
				all = append(all, a.idsIn(got)...)
				next = ""
				if link := nextLink.FindStringSubmatch(got.header.Get("Link")); link != nil {
					next = link[1]
				}
				if !strings.Contains(path, "instances") && got.header.Get("Total") == "" || got.header.Get("Per-Page") == "" {
					t.Fatalf("%s: Total or Per-Page is missing", path)
				}
			}
			slices.Sort(all)
			if distinct := len(slices.Compact(all)); distinct != want {
				t.Errorf("%s gives %d rows in all, want %d", path, distinct, want)
			}
		}
	})
}

func TestWhatIsAskedWronglyIsRefused(t *testing.T) {
	tests := []struct {
		name, path string
		change     func(*http.Request)
		want       int
	}{
		{"no token", towerAt, func(r *http.Request) { r.Header.Del("Authorization") }, 401},
		{"wrong token", towerAt, func(r *http.Request) { r.Header.Set("Authorization", "Bearer nonsense") }, 401},
		{"wrong token, v1", "/rest/v1.3/companies/42/users", func(r *http.Request) { r.Header.Set("Authorization", "Bearer nonsense") }, 401},
		{"no company header", towerAt, func(r *http.Request) { r.Header.Del("Procore-Company-Id") }, 400},
		{"another company in the header", towerAt, func(r *http.Request) { r.Header.Set("Procore-Company-Id", "43") }, 400},
		{"another company", "/rest/v2.0/companies/43/workflows/tools", func(r *http.Request) { r.Header.Set("Procore-Company-Id", "43") }, 403},
		{"no company in the query", "/rest/v1.1/projects", nil, 400},
		{"another company in the query", "/rest/v1.1/projects?company_id=43", nil, 400},
		{"per_page over 300 for projects", "/rest/v1.1/projects?company_id=42&per_page=301", nil, 400},
		{"per_page over 100 for templates", company + "templates?per_page=101", nil, 400},
		{"per_page zero", company + "templates?per_page=0", nil, 400},
		{"page zero", company + "templates?page=0", nil, 400},
		{"page as text", company + "templates?page=two", nil, 400},
		{"unknown status filter", "/rest/v1.1/projects?company_id=42&filters[by_status]=Open", nil, 400},
		{"flag that is none", "/rest/v1.1/projects?company_id=42&filters[is_demo]=perhaps", nil, 400},
		{"presets without tool", tower + "presets", nil, 400},
		{"presets of letters without subtype", tower + "presets?filters[tool_type]=correspondence", nil, 400},
		{"subtype as text", tower + "presets?filters[tool_type]=correspondence&filters[tool_subtype]=letter", nil, 400},
		{"presets of an unknown tool", tower + "presets?filters[tool_type]=rfis", nil, 400},
		{"a company tool in a project", tower + "presets?filters[tool_type]=prequalification", nil, 400},
		{"a project tool in the company", company + "presets?filters[tool_type]=work_order_contract", nil, 400},
		{"filter where a parameter is meant", tower + "possible_assignees?filters[tool_type]=work_order_contract", nil, 400},
		{"assignees of letters without subtype", tower + "possible_assignees?tool_type=correspondence", nil, 400},
		{"page and cursor", tower + "instances?filters[tool_type]=work_order_contract&page=1&cursor=1", nil, 400},
		{"unknown cursor", tower + "instances?filters[tool_type]=work_order_contract&cursor=!!", nil, 400},
		{"unknown preset", tower + "presets/1", nil, 404},
		{"a preset of another project", "/rest/v2.0/companies/42/projects/101/workflows/presets/9007199254740993", nil, 404},
		{"a project's preset in the company", company + "presets/9007199254740993", nil, 404},
		{"unknown version", company + "templates/versions/1", nil, 404},
		{"unknown project", "/rest/v2.0/companies/42/projects/999/workflows/presets?filters[tool_type]=work_order_contract", nil, 404},
		{"hidden project", "/rest/v2.0/companies/42/projects/102/workflows/presets/73", nil, 404},
		{"forbidden project", "/rest/v2.0/companies/42/projects/103/workflows/presets/74", nil, 403},
		{"lost project", "/rest/v2.0/companies/42/projects/104/workflows/possible_assignees?tool_type=work_order_contract", nil, 404},
		{"unknown path", "/rest/v2.0/companies/42/workflows/everything", nil, 404},
	}
	overBoth(t, smallCompany(), Options{}, func(t *testing.T, a *api) {
		a.login()
		for _, test := range tests {
			t.Run(test.name, func(t *testing.T) {
				a.t = t
				r := a.request("GET", test.path, nil)
				if test.change != nil {
					test.change(r)
				}
				got := a.send(r)
				if got.status != test.want {
					t.Errorf("answered %d, want %d: %s", got.status, test.want, got.body)
				}
				shape := `{"error":{"code":`
				if strings.Contains(test.path, "/rest/v1") {
					shape = `{"errors":[`
				}
				if !strings.HasPrefix(string(got.body), shape) {
					t.Errorf("the error body is %s, want it to begin with %s", got.body, shape)
				}
				if got.header.Get("X-Request-Id") == "" || got.header.Get("Date") == "" {
					t.Error("X-Request-Id or Date is missing")
				}
			})
		}
	})
}

func TestATokenIsGivenForRightCredentialsInTheBodyOnly(t *testing.T) {
	right := url.Values{"grant_type": {"client_credentials"}, "client_id": {"me"}, "client_secret": {"secret"}}
	with := func(name, value string) url.Values {
		changed := url.Values{}
		for k, v := range right {
			changed[k] = v
		}
		changed.Set(name, value)
		return changed
	}
	tests := []struct {
		name   string
		fields url.Values
		change func(*http.Request)
		want   int
	}{
		{"right", right, nil, 200},
		{"wrong secret", with("client_secret", "x"), nil, 401},
		{"wrong client", with("client_id", "x"), nil, 401},
		{"no secret", with("client_secret", ""), nil, 401},
		{"another grant", with("grant_type", "password"), nil, 400},
		{"a form called JSON", right, func(r *http.Request) { r.Header.Set("Content-Type", "application/json") }, 400},
		{"a form called parts", right, func(r *http.Request) { r.Header.Set("Content-Type", "multipart/form-data") }, 400},
		{"a form called text", right, func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, 400},
		{"of no type", right, func(r *http.Request) { r.Header.Del("Content-Type") }, 400},
		{"in a header", url.Values{"grant_type": {"client_credentials"}}, func(r *http.Request) { r.SetBasicAuth("me", "secret") }, 401},
	}
	overBoth(t, smallCompany(), Options{ClientID: "me", ClientSecret: "secret"}, func(t *testing.T, a *api) {
		for _, test := range tests {
			r := a.request("POST", "/oauth/token", strings.NewReader(test.fields.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if test.change != nil {
				test.change(r)
			}
			if got := a.send(r); got.status != test.want {
				t.Errorf("%s: answered %d, want %d: %s", test.name, got.status, test.want, got.body)
			}
		}
	})
}
