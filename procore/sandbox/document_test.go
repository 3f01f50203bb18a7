package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
	"go.uber.org/goleak"

	"procore-assignee-sync/procore"
)

func TestMain(m *testing.M) {
	openapi3.DefineStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForUUIDOfRFC9562))
	goleak.VerifyTestMain(m)
}

// document is the API document as a router.
type document struct {
	doc    *openapi3.T
	router routers.Router
}

// documentAt is where the document's requests are taken to go, wherever they really go.
const documentAt = "https://document.example"

var loadDocument = sync.OnceValues(func() (*document, error) {
	text, err := os.ReadFile("../../testdata/procore-openapi.yaml")
	if err != nil {
		return nil, err
	}
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		return nil, err
	}
	doc.Servers = openapi3.Servers{{URL: documentAt}}
	for _, item := range doc.Paths.Map() {
		item.Servers = nil
	}
	router, err := legacy.NewRouter(doc)
	return &document{doc, router}, err
})

// check fails the test where an answer is not what the document says of the operation; errors with a status that the
// document does not name must still have an error's shape.
func (d *document) check(t *testing.T, r *http.Request, status int, header http.Header, body []byte) {
	t.Helper()
	_, below := splitBase(r.URL.Path)
	r = r.Clone(context.Background())
	r.URL, _ = url.Parse(documentAt + below + "?" + r.URL.RawQuery)
	route, params, err := d.router.FindRoute(r)
	if err != nil {
		if status != http.StatusNotFound {
			t.Errorf("%s %s answered %d, and the document knows no such path: %v", r.Method, r.URL, status, err)
		}
		return
	}
	if route.Operation.Responses.Status(status) == nil {
		if err := d.errorShape(body); err != nil {
			t.Errorf("%s %s: the body of status %d has no error's shape: %v\n%s", r.Method, r.URL, status, err, body)
		}
		return
	}
	input := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: r, PathParams: params, Route: route,
			Options: &openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
		},
		Status: status, Header: header, Options: &openapi3filter.Options{IncludeResponseStatus: true},
	}
	input.SetBodyBytes(body)
	if err := openapi3filter.ValidateResponse(context.Background(), input); err != nil {
		t.Errorf("%s %s answered %d, against the document: %v\n%s", r.Method, r.URL, status, err, body)
	}
}

func (d *document) errorShape(body []byte) error {
	var value any
	if err := json.Unmarshal(body, &value); err != nil {
		return err
	}
	return d.doc.Components.Schemas["AnyError"].Value.VisitJSON(value)
}

// api is a caller of one server.
type api struct {
	t      *testing.T
	server *Server
	client *http.Client
	base   string
	doc    *document
	token  string
}

// answer is one answer, read whole.
type answer struct {
	status int
	header http.Header
	body   []byte
	err    error
}

// overBoth runs a test over a real socket, under a base path, and in process.
func overBoth(t *testing.T, company *Company, opts Options, test func(*testing.T, *api)) {
	t.Helper()
	t.Run("socket", func(t *testing.T) {
		server := New(company, opts)
		listening := httptest.NewServer(server)
		t.Cleanup(listening.Close)
		test(t, newAPI(t, server, listening.Client(), listening.URL+"/base/path"))
	})
	t.Run("in process", func(t *testing.T) {
		server := New(company, opts)
		test(t, newAPI(t, server, &http.Client{Transport: server.Transport()}, "https://api.procore.example"))
	})
}

func newAPI(t *testing.T, server *Server, client *http.Client, base string) *api {
	t.Helper()
	doc, err := loadDocument()
	if err != nil {
		t.Fatal(err)
	}
	return &api{t: t, server: server, client: client, base: base, doc: doc}
}

// login gets a token.
func (a *api) login() *api {
	a.t.Helper()
	got := a.form(url.Values{
		"grant_type": {"client_credentials"}, "client_id": {DefaultClientID}, "client_secret": {DefaultClientSecret},
	})
	var token struct {
		Token string `json:"access_token"`
	}
	a.decode(got, http.StatusOK, &token)
	a.token = token.Token
	return a
}

func (a *api) form(fields url.Values) answer {
	a.t.Helper()
	r := a.request("POST", "/oauth/token", strings.NewReader(fields.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return a.send(r)
}

func (a *api) request(method, path string, body io.Reader) *http.Request {
	a.t.Helper()
	r, err := http.NewRequestWithContext(a.t.Context(), method, a.base+path, body)
	if err != nil {
		a.t.Fatal(err)
	}
	if a.token != "" {
		r.Header.Set("Authorization", "Bearer "+a.token)
		r.Header.Set("Procore-Company-Id", string(a.server.id))
	}
	return r
}

func (a *api) send(r *http.Request) answer {
	a.t.Helper()
	got := a.sendAnyway(r)
	if got.err == nil {
		a.doc.check(a.t, r, got.status, got.header, got.body)
	}
	return got
}

// sendAnyway sends a request whose answer may be anything.
func (a *api) sendAnyway(r *http.Request) answer {
	response, err := a.client.Do(r)
	if err != nil {
		return answer{err: err}
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	return answer{response.StatusCode, response.Header, body, err}
}

func (a *api) get(path string) answer {
	a.t.Helper()
	return a.send(a.request("GET", path, nil))
}

func (a *api) patch(path, body string) answer {
	a.t.Helper()
	r := a.request("PATCH", path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	return a.send(r)
}

func (a *api) decode(got answer, status int, into any) {
	a.t.Helper()
	if got.err != nil || got.status != status {
		a.t.Fatalf("answered %d (%v), want %d: %s", got.status, got.err, status, got.body)
	}
	if err := json.NewDecoder(bytes.NewReader(got.body)).Decode(into); err != nil {
		a.t.Fatal(err)
	}
}

// The small company of most tests.
const (
	company   = "/rest/v2.0/companies/42/workflows/"
	tower     = "/rest/v2.0/companies/42/projects/100/workflows/"
	towerAt   = tower + "presets/9007199254740993"
	groupMade = "11111111-1111-4111-8111-111111111111"
	groupPM   = "22222222-2222-4222-8222-222222222222"
	groupLaw  = "33333333-3333-4333-8333-333333333333"
	groupOld  = "44444444-4444-4444-8444-444444444444"
	groupNew  = "55555555-5555-4555-8555-555555555555"
	stepOne   = "66666666-6666-4666-8666-666666666666"
)

var (
	subcontracts = procore.ToolRef{Type: "work_order_contract"}
	letters      = procore.ToolRef{Type: "correspondence", Subtype: "-7"}
	vendors      = procore.ToolRef{Type: "prequalification"}
	towerRef     = procore.PresetRef{Project: "100", Preset: "9007199254740993"}
)

// smallCompany has one of everything.
func smallCompany() *Company {
	groups := []procore.ResponsibleGroup{
		{UUID: groupMade, Name: "Item Creator", Type: "ITEM_CREATOR"},
		{UUID: groupPM, Name: "Project Manager", Type: "responsible_role"},
		{UUID: groupLaw, Name: "Legal", Type: "responsible_role"},
		{UUID: groupNew, Name: "Finance", Type: "responsible_role"},
	}
	user := func(id procore.LoginID, name string, active bool) User {
		login := strings.ToLower(name) + "@example.com"
		return User{ID: id, Login: login, Email: login, EmployeeID: "0" + string(id), FirstName: name, LastName: "Doe", Active: active}
	}
	silent := user("5", "Silent", true)
	silent.Login = ""
	return &Company{
		ID: "42", Name: "Example Builders", InstancesPerPreset: 3,
		Users: []User{
			user("1", "Ann", true), user("9007199254740995", "Bob", true), user("3", "Cid", true), user("4", "Gone", false), silent,
			user("6", "Elsewhere", true), user("7", "Locked", true),
		},
		Projects: []Project{
			{ID: "100", Number: "24-017", Name: "Tower", People: []procore.LoginID{"1", "9007199254740995", "3", "4", "5", "7"}},
			{ID: "101", Name: "Bridge"},
			{ID: "102", Name: "Secret", Visibility: Hidden},
			{ID: "103", Name: "Closed", Visibility: Denied},
			{ID: "104", Name: "Lost", Visibility: Gone},
			{ID: "105", Name: "Finished", Inactive: true},
			{ID: "106", Name: "Show", Demo: true},
			{ID: "107", Name: "Pattern", Template: true},
		},
		Tools: []Tool{
			{procore.Tool{ToolRef: subcontracts, Provider: procore.ProviderProject}, "Subcontracts"},
			{procore.Tool{ToolRef: letters, Provider: procore.ProviderProject}, "Letters"},
			{procore.Tool{ToolRef: vendors, Provider: procore.ProviderCompany}, "Vendors"},
		},
		Templates: []Template{
			{ID: "10", Name: "Subcontract approval", Tool: subcontracts, Published: "21", Versions: []procore.VersionID{"20", "21"}},
			{ID: "11", Name: "Vendor approval", Tool: vendors, Published: "21", Versions: []procore.VersionID{"21"}},
			{ID: "12", Name: "Letter", Tool: letters, Published: "21"},
			{ID: "13", Name: "Draft", Tool: subcontracts},
			{ID: "14", Name: "Old", Tool: subcontracts, Published: "20", Archived: true},
		},
		Versions: []Version{
			{TemplateVersion: procore.TemplateVersion{ID: "20", Groups: []procore.ResponsibleGroup{{UUID: groupOld, Name: "Old", Type: "responsible_role"}}}, Label: "1"},
			{TemplateVersion: procore.TemplateVersion{ID: "21", Groups: groups}, Label: "2", Tool: subcontracts,
				Steps: []Step{{UUID: stepOne, Name: "Review", Groups: []procore.GroupUUID{groupPM}}}},
		},
		Presets: []Preset{
			{PresetRef: procore.PresetRef{Preset: "70"}, Template: "11", Memberships: []procore.GroupWrite{{UUID: groupLaw, LoginIDs: []procore.LoginID{"1"}}}},
			{PresetRef: towerRef, Template: "10", Default: true, Manager: "3",
				Memberships: []procore.GroupWrite{
					{UUID: groupMade},
					{UUID: groupPM, LoginIDs: []procore.LoginID{"1", "9007199254740995"}},
					{UUID: groupLaw, LoginIDs: []procore.LoginID{"4", "5"}},
					{UUID: groupOld, LoginIDs: []procore.LoginID{"99"}},
				},
				Individual: []procore.IndividualAssignees{{Step: stepOne, Logins: []procore.StepLogin{{ID: "3", Required: true, RoleType: "responder"}}}},
			},
			{PresetRef: procore.PresetRef{Project: "100", Preset: "71"}, Template: "10", Invalid: true},
			{PresetRef: procore.PresetRef{Project: "100", Preset: "72"}, Template: "12", Memberships: []procore.GroupWrite{{UUID: groupPM, LoginIDs: []procore.LoginID{"1"}}}},
			{PresetRef: procore.PresetRef{Project: "102", Preset: "73"}, Template: "10"},
			{PresetRef: procore.PresetRef{Project: "103", Preset: "74"}, Template: "10"},
			{PresetRef: procore.PresetRef{Project: "104", Preset: "75"}, Template: "10"},
		},
		Denied: []Denial{{Project: "100", Tool: subcontracts, Login: "7"}},
	}
}
