package procore

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"
)

// call is one request to be sent, as an endpoint describes it.
type call struct {
	endpoint string
	method   string     // empty means GET
	path     string     // from /rest on; ids have been checked
	query    url.Values // may be nil
	body     []byte     // JSON; nil if there is none
	unique   string     // Idempotency-Token; empty if there is none
	project  ProjectID  // empty for what belongs to the company
	next     *url.URL   // the target of a page's link, which replaces path and query
	by       time.Time  // it is not sent after this time (*LateError); zero means no limit
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

// do sends a request with a token, and once more with a new token if the answer is 401. Such a request was not carried
// out, so this is safe for writes too. If the new token is refused as well, and no other request with it has been
// accepted, the service account is refused. again says that the request has been sent before.
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
		switch {
		case round == 1:
		case no.Proxy != "" || token.accepted.Load():
			return answer{}, err // only this request is refused
		default:
			return answer{}, &AuthError{
				Host: c.base.Host, Status: no.Status, Message: no.Message, FreshToken: true,
				RightLogin: loginHostFor(c.base, c.tokens.login),
			}
		}
		refused = token
	}
}

// send waits for its turn and sends one request once. refused is a token that must not be used.
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
	if !req.by.IsZero() && time.Now().After(req.by) {
		return nil, answer{}, &LateError{Endpoint: req.endpoint, Method: req.verb(), Path: c.pathOf(c.url(req))}
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
	if c.cfg.Logger.Enabled(ctx, slog.LevelDebug) {
		c.cfg.Logger.Debug("procore", "method", req.verb(), "path", c.pathOf(request.URL), "status", response.StatusCode,
			"milliseconds", time.Since(seen.sent).Milliseconds(), "request_id", c.requestID(response.Header))
	}
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
	if req.unique != "" {
		request.Header.Set("Idempotency-Token", req.unique)
	}
	return request, nil
}

// InFlight returns a context for what must not be cut off when ctx ends, such as a write that has been announced: it
// ends grace later. If ctx has a deadline, so has flight, so that waits for the rate limit know it.
func InFlight(ctx context.Context, grace time.Duration) (flight context.Context, cancel context.CancelFunc) {
	flight, land := context.WithCancel(context.WithoutCancel(ctx))
	free := func() {}
	if end, ok := ctx.Deadline(); ok {
		flight, free = context.WithDeadline(flight, end.Add(grace))
	}
	unwatch := context.AfterFunc(ctx, func() {
		wait := time.NewTimer(grace)
		defer wait.Stop()
		select {
		case <-wait.C:
			land()
		case <-flight.Done():
		}
	})
	return flight, func() {
		unwatch()
		free()
		land()
	}
}
