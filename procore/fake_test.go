package procore

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/legacy"
)

const (
	fakeAPI    = "https://api.procore.test/eu/tenant"
	fakeLogin  = "https://login.procore.test/sso"
	fakeSecret = "s3cr3t-of-the-service-account"
	fakeID     = "id-of-the-service-account"
	company    = "562949953425831" // more than 32 bits
)

// fake is Procore in this process, under a base path: handlers by operationId. Every request is held against the
// OpenAPI document.
type fake struct {
	t        testing.TB
	mu       sync.Mutex
	handlers map[string]http.HandlerFunc
	requests []*http.Request
	tokens   int
	router   routers.Router
	lenient  bool // what is not in the document is an error of the request alone
}

func newFake(t testing.TB) *fake {
	f := &fake{t: t, handlers: map[string]http.HandlerFunc{}, router: procoreRouter(t)}
	f.on(endpointToken, func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		f.tokens++
		n := f.tokens
		f.mu.Unlock()
		answerJSON(w, 200, fmt.Sprintf(`{"access_token":"token-%d","token_type":"bearer","expires_in":5400,"created_at":1}`, n))
	})
	return f
}

var loadRouter = sync.OnceValues(func() (routers.Router, error) {
	doc, err := openapi3.NewLoader().LoadFromFile("../testdata/procore-openapi.yaml")
	if err != nil {
		return nil, err
	}
	doc.Servers = nil
	for _, item := range doc.Paths.Map() {
		item.Servers = nil
	}
	return legacy.NewRouter(doc)
})

func procoreRouter(t testing.TB) routers.Router {
	t.Helper()
	router, err := loadRouter()
	if err != nil {
		t.Fatal(err)
	}
	return router
}

func (f *fake) on(endpoint string, h http.HandlerFunc) { f.handlers[endpoint] = h }

// always answers one endpoint with the same JSON.
func (f *fake) always(endpoint, body string) {
	f.on(endpoint, func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, 200, body) })
}

// inTurn answers the first request with the first handler and so on, and all further ones with the last.
func (f *fake) inTurn(endpoint string, handlers ...http.HandlerFunc) {
	n := 0
	f.on(endpoint, func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		h := handlers[min(n, len(handlers)-1)]
		n++
		f.mu.Unlock()
		h(w, r)
	})
}

func (f *fake) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	base := map[string]string{"api.procore.test": "/eu/tenant", "login.procore.test": "/sso"}[r.URL.Host]
	if base == "" || r.URL.Scheme != "https" || !strings.HasPrefix(r.URL.Path, base+"/") {
		f.t.Errorf("a request to %s, outside the configured URLs", r.URL)
		return nil, fmt.Errorf("no such host")
	}
	inner := r.Clone(r.Context())
	inner.URL.Path = strings.TrimPrefix(r.URL.Path, base)
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		inner.Body = io.NopCloser(bytes.NewReader(body))
	}
	if _, _, err := f.router.FindRoute(inner); err != nil && f.lenient {
		return nil, err
	}
	endpoint := f.validate(inner)
	h := f.handlers[endpoint]
	if h == nil {
		f.t.Errorf("no answer was prepared for %s %s", r.Method, inner.URL)
		return nil, fmt.Errorf("no answer")
	}
	f.mu.Lock()
	f.requests = append(f.requests, inner)
	f.mu.Unlock()
	rec := httptest.NewRecorder()
	if err := serve(h, rec, inner); err != nil {
		return nil, err
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	res := rec.Result()
	res.Request = r
	return res, nil
}

// lost is panicked with by a handler whose answer does not arrive.
type lost struct{ err error }

func serve(h http.HandlerFunc, w http.ResponseWriter, r *http.Request) (err error) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case lost:
			err = p.err
		default:
			panic(p)
		}
	}()
	h(w, r)
	return nil
}

// validate holds a request against the OpenAPI document and returns its operationId.
func (f *fake) validate(r *http.Request) string {
	route, params, err := f.router.FindRoute(r)
	if err != nil {
		f.t.Errorf("%s %s is not in the OpenAPI document: %v", r.Method, r.URL, err)
		return ""
	}
	input := &openapi3filter.RequestValidationInput{
		Request: r, PathParams: params, Route: route,
		Options: &openapi3filter.Options{AuthenticationFunc: func(_ context.Context, in *openapi3filter.AuthenticationInput) error {
			if !strings.HasPrefix(in.RequestValidationInput.Request.Header.Get("Authorization"), "Bearer ") {
				return fmt.Errorf("no bearer token")
			}
			return nil
		}},
	}
	if err := openapi3filter.ValidateRequest(context.Background(), input); err != nil {
		f.t.Errorf("%s %s does not fit the OpenAPI document: %v", r.Method, r.URL, err)
	}
	f.onlyKnownQuery(route, r)
	return route.Operation.OperationID
}

// onlyKnownQuery fails for a query parameter that the document does not have; the validator lets those pass.
func (f *fake) onlyKnownQuery(route *routers.Route, r *http.Request) {
	for name := range r.URL.Query() {
		if name == "position" { // the fake's own page links
			continue
		}
		if route.Operation.Parameters.GetByInAndName("query", name) == nil {
			f.t.Errorf("%s has no query parameter %s", route.Operation.OperationID, name)
		}
	}
}

// seen are the requests to one endpoint so far.
func (f *fake) seen(endpoint string) []*http.Request {
	f.mu.Lock()
	defer f.mu.Unlock()
	var out []*http.Request
	for _, r := range f.requests {
		route, _, err := f.router.FindRoute(r)
		if err == nil && route.Operation.OperationID == endpoint {
			out = append(out, r)
		}
	}
	return out
}

// client is a client of the fake. Its waits last as long as they may at most.
func (f *fake) client(change ...func(*Config)) *Client {
	f.t.Helper()
	cfg := Config{
		Company: company, APIURL: fakeAPI, LoginURL: fakeLogin, ClientID: fakeID, ClientSecret: fakeSecret,
		Transport: f, Jitter: func() float64 { return 0.5 },
	}
	for _, c := range change {
		c(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		f.t.Fatal(err)
	}
	return c
}

func answerJSON(w http.ResponseWriter, status int, body string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("X-Request-Id", "req-1")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body)
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, code, body) }
}

// header answers with JSON and one header more.
func header(code int, body, name, value string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(name, value)
		answerJSON(w, code, body)
	}
}

// gone is a request whose answer is lost, whatever it did.
func gone(err error) http.HandlerFunc {
	return func(http.ResponseWriter, *http.Request) { panic(lost{err}) }
}

func takes(d time.Duration, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(d):
			h(w, r)
		case <-r.Context().Done():
			panic(lost{r.Context().Err()})
		}
	}
}

func collect[T any](seq func(func(T, error) bool)) (rows []T, err error) {
	for row, e := range seq {
		if e != nil {
			return rows, e
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// pageLink is a Link header to a position in a list of the fake.
func pageLink(r *http.Request, position string) string {
	u := url.URL{Scheme: "https", Host: "api.procore.test", Path: "/eu/tenant" + r.URL.Path}
	q := r.URL.Query()
	q.Set("position", position)
	u.RawQuery = q.Encode()
	return fmt.Sprintf(`<%s>; rel="first", <%s>; rel="next"`, u.String(), u.String())
}
