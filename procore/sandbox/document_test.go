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
	op, _ := route(r.Method, below)
	route, params, err := d.router.FindRoute(r)
	if err != nil {
		if status != http.StatusNotFound && op < opGetOwnUser {
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

func (a *api) post(path, body string) answer {
	a.t.Helper()
	r := a.request("POST", path, strings.NewReader(body))
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
