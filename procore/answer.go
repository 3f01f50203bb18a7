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

	"procore-assignee-sync/redact"
)

// maxBody is how much of an answer is read: far more than the largest page, and little enough to hold.
const maxBody = 64 << 20

// answer is what came back, read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
	url    *url.URL
}

// readAnswer reads the body, and turns a status that says no into an error.
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
		return a, c.networkError(ctx, req, a.url.Host, a.url.Path, err)
	case err != nil:
		return a, c.badAnswer(req, a, false, fmt.Errorf("cut off after %d bytes: %w", len(body), err))
	case int64(len(body)) > limit:
		return a, c.badAnswer(req, a, true, fmt.Errorf("larger than %d bytes", limit))
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
	if to := a.header.Get("Location"); a.status < 400 && to != "" {
		message, details = c.redirectTo(a.url, to), nil
	}
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

// requestID is Procore's id of the request, which its support asks for.
func requestID(h http.Header) string {
	id := clean(h.Get("X-Request-Id"))
	return id[:min(len(id), 100)]
}

// scrub takes id, secret and token out of a text from outside, should a server repeat them in whatever form.
func (c *Client) scrub(s string) string {
	secrets := []string{c.cfg.ClientSecret, c.cfg.ClientID}
	if state := c.tokens.state.Load(); state != nil {
		secrets = append(secrets, state.token)
	}
	return redact.New(secrets...).Text(s)
}
