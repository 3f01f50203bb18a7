package sandbox

import (
	"cmp"
	"context"
	"encoding/json"
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
	base   string // scheme, host and base path under which the request came: where links point
	query  url.Values
	header http.Header
	body   []byte
	faults faultSet
}

// reply is an answer, or how there is none.
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
	effectTruncate // the body ends half way
)

// answer does what a request asks, with the faults that meet it, and keeps the books.
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

// process lets a request in, counts it against the limits, and does it.
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

// uncounted gives an answer that counts for no limit, and tells of the limits all the same.
func (s *Server) uncounted(r reply) reply {
	s.limiter.look(s.opts.Now()).tell(r.header)
	return r
}

// admit checks the bearer token.
func (s *Server) admit(c *call) (reply, bool) {
	scheme, token, _ := strings.Cut(c.header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") { // schemes have no case (RFC 9110, section 11.1)
		return c.fail(http.StatusUnauthorized, "An access token is required."), false
	}
	if !s.tokens.valid(token, s.opts.Now()) {
		return c.fail(http.StatusUnauthorized, "The access token is invalid, revoked or expired."), false
	}
	return reply{}, true
}

// serve checks which company, and which project, a request is about, and does it.
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
	case opGetOwnUser, opListCompanies: // asked by those who do not know the company yet
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

// project finds the project in the path, which must be one that the service account may see; the caller holds the lock.
// A company-level path has none.
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

// jsonReply is an answer with a JSON body.
func jsonReply(status int, body any) reply {
	text, err := json.Marshal(body)
	if err != nil {
		panic("sandbox: an answer of its own does not encode: " + err.Error())
	}
	return reply{status: status, header: http.Header{"Content-Type": {"application/json"}}, body: text}
}

// wrapped is how v2 gives data.
type wrapped struct {
	Data any `json:"data"`
}

// dataReply is a v2 answer.
func dataReply(data any) reply {
	return jsonReply(http.StatusOK, wrapped{data})
}

// noContent is an answer without a body.
func noContent() reply { return reply{status: http.StatusNoContent, header: make(http.Header)} }

// pause waits in real or virtual time; false where the caller gave up.
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

// parseQuery reads a query as Procore does: what cannot be read is left out.
func parseQuery(raw string) url.Values {
	values, _ := url.ParseQuery(raw)
	return values
}
