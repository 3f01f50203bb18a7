package sandbox

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"procore-assignee-sync/procore"
)

// call is one request on its way through the server.
type call struct {
	Request
	ctx    context.Context
	op     operation
	ids    pathIDs
	base   string // scheme, host and base path of the request: links point there
	query  url.Values
	header http.Header
	body   []byte
	faults faultSet
}

// reply is an answer, or says how there is none.
type reply struct {
	status int
	header http.Header
	body   []byte
	effect effect
	over   time.Duration // of effectSlow and effectHang
}

// effect is what the network does to an answer.
type effect int

const (
	effectNone effect = iota
	effectRefuse
	effectReset
	effectHang     // nothing comes until the caller gives up, or time is over
	effectSlow     // the body comes in pieces
	effectTruncate // the body ends halfway
)

// answer does what a request asks, with the faults that apply to it, and logs it.
func (s *Server) answer(ctx context.Context, method, base, path, rawQuery string, header http.Header, body []byte) reply {
	c := &call{ctx: ctx, base: base, query: parseQuery(rawQuery), header: header, body: body}
	c.op, c.ids = route(method, path)
	c.Request = Request{
		Seq: int(s.calls.seq.Add(1)), Time: s.opts.Now(), Operation: c.op.String(), Method: method, Path: path,
		Query: rawQuery, Body: body, RequestID: "sbx-" + strconv.FormatInt(s.requestIDs.Add(1), 10),
	}
	s.calls.counts[c.op].Add(1)
	c.faults = s.faultsFor(c)
	r := s.withFaults(c)
	if r.status != 0 {
		if r.header == nil {
			r.header = make(http.Header)
		}
		if !c.faults.has(FaultHTML) {
			r.header.Set("X-Request-Id", c.RequestID)
		}
		r.header.Set("Date", s.opts.Now().UTC().Format(http.TimeFormat))
	}
	c.Status, c.Fault = r.status, c.faults.String()
	s.calls.record(c.Request)
	return r
}

// process checks a request, counts it against the limits, and does it.
func (s *Server) process(c *call) reply {
	if c.op == opCreateToken {
		return s.uncounted(s.createToken(c))
	}
	if refusal, ok := s.admit(c); !ok {
		return s.uncounted(refusal)
	}
	left, ok := s.limiter.take(s.opts.Now())
	var r reply
	if ok {
		r = s.serve(c)
	} else {
		r = c.fail(http.StatusTooManyRequests, "You have exceeded your rate limit.")
		wait := left.reset.Sub(s.opts.Now())
		r.header.Set("Retry-After", strconv.Itoa(int((wait+time.Second-1)/time.Second)))
	}
	left.tell(r.header)
	return r
}

// uncounted returns an answer that does not count against a limit, but whose headers show the limits all the same.
func (s *Server) uncounted(r reply) reply {
	s.limiter.look(s.opts.Now()).tell(r.header)
	return r
}

// admit checks the bearer token.
func (s *Server) admit(c *call) (reply, bool) {
	scheme, token, _ := strings.Cut(c.header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") { // schemes are case-insensitive (RFC 9110, section 11.1)
		return c.fail(http.StatusUnauthorized, "An access token is required."), false
	}
	if !s.tokens.valid(token, s.opts.Now()) {
		return c.fail(http.StatusUnauthorized, "The access token is invalid, revoked or expired."), false
	}
	return reply{}, true
}

// serve checks which company and which project a request is about, and does it.
func (s *Server) serve(c *call) reply {
	if c.op == opUnknown {
		return s.notFound(c)
	}
	told, asked := c.header.Get("Procore-Company-Id"), c.ids.company
	switch c.op {
	case opListProjects, opListProjectsV1_0:
		asked = c.query.Get("company_id")
		if asked == "" {
			return c.fail(http.StatusBadRequest, "company_id is required.")
		}
	case opGetOwnUser, opListCompanies: // for callers who do not know the company yet
		asked = cmp.Or(told, string(s.id))
		told = asked
	}
	switch {
	case told == "":
		return c.fail(http.StatusBadRequest, "The header Procore-Company-Id is required.")
	case told != asked:
		return c.fail(http.StatusBadRequest, "The header Procore-Company-Id names another company than the request.")
	case asked != string(s.id):
		return c.fail(http.StatusForbidden, "App is not connected to this company.")
	}
	return routes[c.op].serve(s, c)
}

func (s *Server) notFound(c *call) reply {
	return c.fail(http.StatusNotFound, "There is nothing at this path for this method.")
}

// project returns the project in the path, which the service account must be able to see. A company-level path has
// none. The caller holds the lock.
func (s *Server) project(c *call) (procore.ProjectID, reply, bool) {
	id := procore.ProjectID(c.ids.project)
	if id == "" {
		return "", reply{}, true
	}
	at, ok := s.index.projects[id]
	if !ok || s.company.Projects[at].Visibility == Hidden || s.company.Projects[at].Visibility == Gone {
		return id, c.fail(http.StatusNotFound, "The project was not found."), false
	}
	if s.company.Projects[at].Visibility == Denied {
		return id, c.fail(http.StatusForbidden, "You have no permission to configure workflows in this project."), false
	}
	return id, reply{}, true
}

// jsonReply returns an answer with a JSON body.
func jsonReply(status int, body any) reply {
	text, err := json.Marshal(body)
	if err != nil {
		panic("sandbox: an answer of its own does not encode: " + err.Error())
	}
	return reply{status: status, header: http.Header{"Content-Type": {"application/json"}}, body: text}
}

// wrapped is the form in which v2 returns data.
type wrapped struct {
	Data any `json:"data"`
}

// dataReply returns a v2 answer.
func dataReply(data any) reply {
	return jsonReply(http.StatusOK, wrapped{data})
}

// noContent returns an answer without a body.
func noContent() reply { return reply{status: http.StatusNoContent, header: make(http.Header)} }

// pause waits in real or virtual time. It returns false if the caller gave up.
func pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// parseQuery parses a query as Procore does: what can't be parsed is ignored.
func parseQuery(raw string) url.Values {
	values, _ := url.ParseQuery(raw)
	return values
}

// problem is one entry of the details of a v2 error.
type problem struct {
	ReasonCode string `json:"reason_code"`
	Message    string `json:"message"`
	Source     string `json:"source,omitempty"`
}

// codes are the codes of v2 error bodies.
var codes = map[int]string{
	http.StatusBadRequest:           "BAD_REQUEST",
	http.StatusUnauthorized:         "UNAUTHORIZED",
	http.StatusForbidden:            "FORBIDDEN",
	http.StatusNotFound:             "NOT_FOUND",
	http.StatusRequestTimeout:       "REQUEST_TIMEOUT",
	http.StatusConflict:             "CONFLICT",
	http.StatusUnsupportedMediaType: "UNSUPPORTED_MEDIA_TYPE",
	http.StatusUnprocessableEntity:  "UNPROCESSABLE_ENTITY",
	http.StatusTooManyRequests:      "TOO_MANY_REQUESTS",
	http.StatusInternalServerError:  "INTERNAL_SERVER_ERROR",
	http.StatusBadGateway:           "BAD_GATEWAY",
	http.StatusServiceUnavailable:   "SERVICE_UNAVAILABLE",
	http.StatusGatewayTimeout:       "GATEWAY_TIMEOUT",
}

// fail returns an error answer in the form of the request's API version.
func (c *call) fail(status int, message string, details ...problem) reply {
	if !strings.HasPrefix(c.Path, "/rest/v2") {
		if status == http.StatusNotFound {
			return jsonReply(status, map[string]any{"message": message})
		}
		return jsonReply(status, map[string]any{"errors": []string{message}})
	}
	code := codes[status]
	if code == "" {
		code = "ERROR"
	}
	if details == nil {
		details = []problem{}
	}
	return jsonReply(status, map[string]any{
		"error": map[string]any{"code": code, "message": message, "details": details},
	})
}

// oauthError returns an error of the token endpoint (RFC 6749, section 5.2).
func oauthError(status int, code, description string) reply {
	return jsonReply(status, map[string]any{"error": code, "error_description": description})
}

// paging says how a list is divided into pages.
type paging struct {
	perPage, atMost int
	wrapped         bool // in "data", as v2 does
}

// The page sizes of the lists. Procore documents no maximum for users; here it is ten thousand.
var (
	pagesV2       = paging{perPage: 10, atMost: 100, wrapped: true}
	pagesProjects = paging{perPage: 100, atMost: 300}
	pagesUsers    = paging{perPage: 100, atMost: 10_000}
)

// page returns the requested page of a list of total rows: rows returns the rows from first up to, but not including,
// end.
func (c *call) page(p paging, total int, rows func(first, end int) any) reply {
	number, problem := c.positive("page", 1)
	if problem != "" {
		return c.fail(http.StatusBadRequest, problem)
	}
	per, problem := c.positive("per_page", p.perPage)
	if problem != "" {
		return c.fail(http.StatusBadRequest, problem)
	}
	if per > p.atMost {
		return c.fail(http.StatusBadRequest, fmt.Sprintf("Invalid per_page of %d: at most %d are allowed.", per, p.atMost))
	}
	last := max((total+per-1)/per, 1)
	first, end := total, total
	if number <= last {
		first, end = (number-1)*per, min(number*per, total)
	}
	next := number + 1
	first, end, next = c.faults.corruptPage(first, end, next, per)
	r := jsonReply(http.StatusOK, p.wrap(rows(first, end)))
	r.header.Set("Total", strconv.Itoa(c.faults.corruptTotal(total)))
	r.header.Set("Per-Page", strconv.Itoa(per))
	var links []string
	if number < last {
		links = append(links, c.link(next, per, "next"), c.link(last, per, "last"))
	}
	if number > 1 {
		links = append(links, c.link(1, per, "first"), c.link(min(number-1, last), per, "prev"))
	}
	if len(links) > 0 {
		r.header.Set("Link", strings.Join(links, ", "))
	}
	return r
}

func (p paging) wrap(rows any) any {
	if p.wrapped {
		return wrapped{rows}
	}
	return rows
}

// positive parses a whole number of at least 1 from the query.
func (c *call) positive(name string, otherwise int) (int, string) {
	text := c.query.Get(name)
	if text == "" {
		return otherwise, ""
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		return 0, fmt.Sprintf("Invalid %s: a whole number from 1 is needed.", name)
	}
	return int(n), ""
}

// link returns one entry of a Link header (RFC 8288): the same request for another page.
func (c *call) link(page, per int, rel string) string {
	return c.linkTo(rel, url.Values{"page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(per)}})
}

func (c *call) linkTo(rel string, changed url.Values) string {
	query := make(url.Values, len(c.query)+len(changed))
	for name, values := range c.query {
		query[name] = values
	}
	for name, values := range changed {
		query[name] = values
	}
	return fmt.Sprintf("<%s%s?%s>; rel=%q", c.base, c.Path, query.Encode(), rel)
}
