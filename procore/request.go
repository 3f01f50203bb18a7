package procore

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"
)

// maxBody is how much of an answer is read: far more than the largest page, and little enough to hold.
const maxBody = 64 << 20

// call is one request to be made, as an endpoint states it.
type call struct {
	endpoint string
	method   string     // empty: GET
	path     string     // from /rest on, its ids checked
	query    url.Values // may be nil
	body     []byte     // JSON; nil for none
	project  ProjectID  // empty for what belongs to the company
	next     *url.URL   // where a page's link leads, in place of path and query
}

// answer is what came back, read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
	url    *url.URL
}

func (r call) verb() string { return cmp.Or(r.method, http.MethodGet) }

func (c *Client) url(req call) *url.URL {
	if req.next != nil {
		return req.next
	}
	u := *c.base
	u.Path += req.path
	u.RawQuery = req.query.Encode()
	return &u
}

// do sends a request with a token, and once more with a new token where the answer is 401: such a request was not
// carried out, so this is safe for writes too. again says that the request was sent before.
func (c *Client) do(ctx context.Context, req call, again bool) (answer, error) {
	var refused *tokenState
	for round := 1; ; round++ {
		token, a, err := c.send(ctx, req, refused, again || round > 1)
		if err == nil {
			token.accepted.Store(true)
			return a, nil
		}
		var no *APIError
		if !errors.As(err, &no) || no.Endpoint == endpointToken || no.Status != http.StatusUnauthorized {
			return answer{}, err
		}
		if round >= 2 && (!token.accepted.Load() || round >= maxTokenRounds) {
			return answer{}, &AuthError{Host: c.base.Host, Status: no.Status, Message: no.Message, FreshToken: true}
		}
		refused = token
	}
}

// send waits for its turn and sends one request once. refused is a token not to be used.
func (c *Client) send(ctx context.Context, req call, refused *tokenState, again bool) (*tokenState, answer, error) {
	turn, err := c.pacer.acquire(ctx)
	if err != nil {
		return nil, answer{}, err
	}
	seen := observation{}
	defer func() { c.pacer.release(turn, seen) }()
	token, err := c.tokens.get(ctx, refused)
	if err != nil {
		return nil, answer{}, err
	}
	within, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	request, err := c.newRequest(within, req, token)
	if err != nil {
		return nil, answer{}, err
	}
	c.calls.sent(req.endpoint, again)
	seen.sent = time.Now()
	response, err := c.http.Do(request)
	seen.received = time.Now()
	if err != nil {
		return token, answer{}, c.noAnswer(ctx, req, request.URL, err, &seen)
	}
	defer response.Body.Close()
	seen.status, seen.header = response.StatusCode, response.Header
	if response.StatusCode == http.StatusTooManyRequests {
		c.calls.throttled(req.endpoint)
	}
	a, err := c.readAnswer(ctx, req, response)
	c.cfg.Logger.Debug("procore", "method", req.verb(), "path", request.URL.Path, "status", response.StatusCode,
		"milliseconds", time.Since(seen.sent).Milliseconds(), "request_id", requestID(response.Header))
	return token, a, err
}

func (c *Client) newRequest(ctx context.Context, req call, token *tokenState) (*http.Request, error) {
	var body io.Reader
	if req.body != nil {
		body = bytes.NewReader(req.body)
	}
	request, err := http.NewRequestWithContext(ctx, req.verb(), c.url(req).String(), body)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("User-Agent", "assignee-sync")
	request.Header.Set("Procore-Company-Id", string(c.cfg.Company))
	request.Header.Set("Authorization", "Bearer "+token.token)
	if req.body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	return request, nil
}

// readAnswer reads the body, and turns a status that says no into an error.
func (c *Client) readAnswer(ctx context.Context, req call, response *http.Response) (answer, error) {
	a := answer{status: response.StatusCode, header: response.Header, url: response.Request.URL}
	ok := a.status >= 200 && a.status < 300
	limit := int64(maxBody)
	if !ok {
		limit = maxErrorBody
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if !ok {
		return a, c.apiError(req, a, body)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return a, c.networkError(ctx, req, a.url.Host, a.url.Path, err)
	case err != nil:
		return a, c.badAnswer(req, a, false, fmt.Errorf("cut off after %d bytes: %w", len(body), err))
	case int64(len(body)) > limit:
		return a, c.badAnswer(req, a, true, fmt.Errorf("larger than %d MiB", limit>>20))
	case a.status == http.StatusNoContent || a.status == http.StatusResetContent:
		return a, nil
	}
	if kind := a.header.Get("Content-Type"); !isJSON(kind) {
		return a, c.badAnswer(req, a, false, fmt.Errorf("it is %q, not JSON: %.80s", clean(kind), plainWords(body)))
	}
	if !json.Valid(body) {
		return a, c.badAnswer(req, a, false, fmt.Errorf("it is no valid JSON, or was cut off: %.80s", plainWords(body)))
	}
	a.body = body
	return a, nil
}

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return contentType == "" || err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}

func (c *Client) apiError(req call, a answer, body []byte) error {
	message, details := parseErrorBody(body[:min(len(body), maxErrorBody)])
	for i := range details {
		details[i] = c.scrub(details[i])
	}
	return &APIError{
		Endpoint: req.endpoint, Method: req.verb(), Path: a.url.Path, Status: a.status,
		Message: c.scrub(message), Details: details, RequestID: requestID(a.header), Project: req.project,
		RetryAfter: retryAfter(a.header),
	}
}

func (c *Client) badAnswer(req call, a answer, final bool, err error) error {
	return &AnswerError{
		Endpoint: req.endpoint, Method: req.verb(), Path: a.url.Path, Status: a.status,
		RequestID: requestID(a.header), Final: final, Err: err,
	}
}

// noAnswer explains why a request got no answer, and notes for the pacer that nothing was sent where that is sure.
func (c *Client) noAnswer(ctx context.Context, req call, u *url.URL, err error, seen *observation) error {
	if foreign := (*ForeignURLError)(nil); errors.As(err, &foreign) {
		return foreign
	}
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	if isDialing(err) {
		seen.sent = time.Time{}
	}
	return c.networkError(ctx, req, u.Host, u.Path, err)
}

func (c *Client) networkError(ctx context.Context, req call, host, path string, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		err = fmt.Errorf("%w: %w", cause, err)
	} else if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("none within %v: %w", c.cfg.Timeout, err)
	}
	return &NetworkError{
		Endpoint: req.endpoint, Method: req.verb(), Host: host, Path: path,
		Dialing: isDialing(err), Cancelled: ctx.Err() != nil, Err: err,
	}
}

// isDialing says whether err arose before a connection was there, so that nothing of the request was sent.
func isDialing(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") ||
		errors.As(err, &dns) || errors.As(err, &cert) || errors.As(err, &record)
}

// checkRedirect lets a read follow a redirect within the API URL. The token goes nowhere else, and a write that was
// sent elsewhere is not the same write.
func (c *Client) checkRedirect(request *http.Request, via []*http.Request) error {
	if len(via) > 3 || via[0].Method != http.MethodGet || !c.isHome(request.URL) {
		return &ForeignURLError{What: "redirect", URL: withoutQuery(request.URL)}
	}
	return nil
}

// isHome says whether u is at the scheme, host and port of the API URL, and under its base path.
func (c *Client) isHome(u *url.URL) bool {
	return u.User == nil && strings.EqualFold(u.Scheme, c.base.Scheme) &&
		strings.EqualFold(u.Hostname(), c.base.Hostname()) && port(u) == port(c.base) &&
		strings.HasPrefix(path.Clean(u.Path), c.base.Path+"/")
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case strings.EqualFold(u.Scheme, "http"):
		return "80"
	}
	return "443"
}

// withoutQuery is a URL fit for a message: a query may hold anything.
func withoutQuery(u *url.URL) string { return clean(u.Scheme + "://" + u.Host + u.Path) }

// requestID is Procore's id of the request, which its support asks for.
func requestID(h http.Header) string {
	id := clean(h.Get("X-Request-Id"))
	return id[:min(len(id), 100)]
}

// scrub takes the secret and the token out of a text from outside, should a server repeat them.
func (c *Client) scrub(s string) string {
	s = strings.ReplaceAll(s, c.cfg.ClientSecret, "[secret]")
	if state := c.tokens.state.Load(); state != nil && state.token != "" {
		s = strings.ReplaceAll(s, state.token, "[token]")
	}
	return s
}
