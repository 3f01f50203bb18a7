package procore

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// maxBody is how much of an answer is read: far more than the largest page, and little enough to hold in memory.
const maxBody = 64 << 20

// answer is a response that has been read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
	url    *url.URL
}

// readAnswer reads the body, and turns an unsuccessful status into an error.
func (c *Client) readAnswer(ctx context.Context, req call, response *http.Response) (answer, error) {
	a := answer{status: response.StatusCode, header: response.Header, url: response.Request.URL}
	ok := a.status >= 200 && a.status < 300
	limit := c.maxBody
	if !ok {
		limit = maxErrorBody
	}
	body, err := io.ReadAll(io.LimitReader(response.Body, limit+1))
	if !ok {
		return a, c.apiError(req, a, body)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return a, c.networkError(ctx, req, a.url.Host, c.pathOf(a.url), err)
	case err != nil:
		return a, c.badAnswer(req, a, false, fmt.Errorf("cut off after %d bytes: %w", len(body), err))
	case int64(len(body)) > limit:
		return a, c.badAnswer(req, a, true, fmt.Errorf("larger than %d bytes", limit))
	case a.status == http.StatusNoContent || a.status == http.StatusResetContent:
		return a, nil
	}
	if !isJSON(a.header.Get("Content-Type")) {
		return a, c.badAnswer(req, a, false, c.notJSON(a, body))
	}
	if !json.Valid(body) {
		return a, c.badAnswer(req, a, false, fmt.Errorf("it is not valid JSON, or was cut off: %.80s", c.plainWords(body)))
	}
	a.body = body
	return a, nil
}

// notJSON says what an answer is instead of JSON, and who gave it.
func (c *Client) notJSON(a answer, body []byte) error {
	why := fmt.Errorf("it is %q, not JSON: %.80s", c.secrets.words(a.header.Get("Content-Type")), c.plainWords(body))
	if proxy := c.proxyOf(a, body); proxy != "" {
		return fmt.Errorf("it comes from %s and not from Procore: %w", proxy, why)
	}
	return why
}

func isJSON(contentType string) bool {
	media, _, err := mime.ParseMediaType(contentType)
	return contentType == "" || err == nil && (media == "application/json" || strings.HasSuffix(media, "+json"))
}

func (c *Client) apiError(req call, a answer, body []byte) error {
	message, details := c.parseErrorBody(body[:min(len(body), maxErrorBody)])
	if to := a.header.Get("Location"); a.status < 400 && to != "" {
		message, details = c.redirectTo(a.url, to), nil
	}
	return &APIError{
		Endpoint: req.endpoint, Method: req.verb(), Path: c.pathOf(a.url), Status: a.status,
		Message: message, Details: details, RequestID: c.requestID(a.header), Project: req.project,
		RetryAfter: retryAfter(a.header), Proxy: c.proxyOf(a, body),
	}
}

func (c *Client) badAnswer(req call, a answer, final bool, err error) error {
	return &AnswerError{
		Endpoint: req.endpoint, Method: req.verb(), Path: c.pathOf(a.url), Status: a.status,
		RequestID: c.requestID(a.header), Final: final, Err: c.secrets.hideIn(err),
	}
}

// pathOf returns a URL's path for an error or a log. Links and redirects can bring paths from outside.
func (c *Client) pathOf(u *url.URL) string { return c.secrets.words(u.Path) }

// requestID returns Procore's id of the request, for which its support asks.
func (c *Client) requestID(h http.Header) string {
	id := c.secrets.words(h.Get("X-Request-Id"))
	return id[:min(len(id), 100)]
}

// ExpectHourly tells the client the hourly limit that an earlier run learned. Answers mention the hourly window only
// once less remains of it than of the ten-second window. Until one does, the limit is assumed to be unchanged and the
// hour to have begun now, so that the reserve is kept, and the budget known, from the first request on. Zero has no
// effect.
func (c *Client) ExpectHourly(limit int) { c.pacer.expectHourly(limit) }

func (p *pacer) expectHourly(limit int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if w := &p.hourly; limit > 0 && !w.known() {
		// No reset is stated, so the first answer that states one is believed.
		w.limit, w.remaining, w.reset = limit, limit, time.Now().Add(w.period)
	}
}
