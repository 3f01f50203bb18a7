package procore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"
)

// tokens returns the bearer token, and requests a new one when it has expired or was refused (RFC 6749 section 4.4).
type tokens struct {
	client *Client
	login  *url.URL
	conf   clientcredentials.Config
	http   *http.Client
	fetch  chan struct{} // held by the one goroutine that requests a token
	state  atomic.Pointer[tokenState]
}

// tokenState is the token in use, or why the last request for one failed.
type tokenState struct {
	token    string
	until    time.Time   // when to replace it; zero means never
	accepted atomic.Bool // the API has accepted it at least once
	err      error
}

func newTokens(c *Client, login *url.URL) *tokens {
	return &tokens{
		client: c,
		login:  login,
		conf: clientcredentials.Config{
			ClientID:     c.cfg.ClientID,
			ClientSecret: c.cfg.ClientSecret,
			TokenURL:     login.JoinPath("/oauth/token").String(),
			AuthStyle:    oauth2.AuthStyleInParams,
		},
		http: &http.Client{
			Transport: tokenTransport{c},
			CheckRedirect: func(req *http.Request, _ []*http.Request) error {
				return &ForeignURLError{What: "login's redirect", URL: c.withoutQuery(req.URL)}
			},
		},
		fetch: make(chan struct{}, 1),
	}
}

// tokenTransport refuses a page in place of a token, such as a network's own login page, which oauth2 would try to
// parse without saying where it came from. It repeats nothing but the fact that it is a page, since other text may
// contain a token.
type tokenTransport struct{ client *Client }

func (t tokenTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	response, err := t.client.cfg.Transport.RoundTrip(req)
	if err != nil || response.StatusCode != http.StatusOK || !isHTML(response.Header) {
		return response, err
	}
	defer func() { _ = response.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(response.Body, maxErrorBody))
	a := answer{status: response.StatusCode, header: response.Header, url: req.URL}
	return nil, t.client.badAnswer(call{endpoint: endpointToken, method: http.MethodPost}, a, false, t.client.notJSON(a, body))
}

// get returns a token other than stale, the one that was just refused (nil if none). If many goroutines ask at once,
// one of them fetches it, and all get its result, even if that is an error.
func (t *tokens) get(ctx context.Context, stale *tokenState) (*tokenState, error) {
	seen := t.state.Load()
	if seen.usable(stale) {
		return seen, nil
	}
	select {
	case t.fetch <- struct{}{}:
		defer func() { <-t.fetch }()
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	now := t.state.Load()
	if now.usable(stale) {
		return now, nil
	}
	if now != seen && now.err != nil {
		return nil, now.err
	}
	fresh, err := t.fetchWithRetries(ctx)
	if err != nil {
		if ctx.Err() == nil {
			t.state.Store(&tokenState{err: err})
		}
		return nil, err
	}
	t.client.secrets.learn(fresh.token)
	t.state.Store(fresh)
	return fresh, nil
}

func (s *tokenState) usable(stale *tokenState) bool {
	return s != nil && s != stale && s.err == nil && (s.until.IsZero() || time.Now().Before(s.until))
}

func (t *tokens) fetchWithRetries(ctx context.Context) (*tokenState, error) {
	for attempt := 1; ; attempt++ {
		fresh, err := t.fetchOnce(ctx, attempt)
		if err == nil || attempt >= t.client.cfg.MaxAttempts || !Retryable(err) {
			return fresh, err
		}
		t.client.cfg.Logger.Warn("no token yet, trying again", "host", t.login.Host, "attempt", attempt, "error", err)
		if err := t.client.Pause(ctx, attempt+1, err); err != nil {
			return nil, err
		}
	}
}

// fetchOnce requests a token once.
//
// https://developers.procore.com/documentation/oauth-client-credentials
func (t *tokens) fetchOnce(ctx context.Context, attempt int) (*tokenState, error) {
	t.client.calls.sent(endpointToken, attempt > 1)
	within, cancel := context.WithTimeout(ctx, t.client.cfg.Timeout)
	defer cancel()
	asked := time.Now()
	token, err := t.conf.Token(context.WithValue(within, oauth2.HTTPClient, t.http))
	if err != nil {
		return nil, t.explain(ctx, err)
	}
	fresh := &tokenState{token: token.AccessToken}
	if !token.Expiry.IsZero() {
		// Replace it a little early, so that it does not expire on the way.
		life := token.Expiry.Sub(asked)
		fresh.until = token.Expiry.Add(-min(time.Minute, life/10))
	}
	return fresh, nil
}

// explain turns the oauth2 package's error, which may contain the answer's whole body, into one of this package's
// errors.
func (t *tokens) explain(ctx context.Context, err error) error {
	path := t.login.Path + "/oauth/token"
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil {
		return t.refusal(path, refused)
	}
	var page *AnswerError
	if errors.As(err, &page) {
		return page
	}
	var network *url.Error
	if errors.As(err, &network) {
		var foreign *ForeignURLError
		if errors.As(err, &foreign) {
			return foreign
		}
		return t.client.networkError(ctx, call{endpoint: endpointToken, method: http.MethodPost}, t.login.Host, path, network.Err)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return &AnswerError{Endpoint: endpointToken, Method: http.MethodPost, Path: path, Err: errors.New(t.client.secrets.words(err.Error()))}
}

func (t *tokens) refusal(path string, refused *oauth2.RetrieveError) error {
	status, words := refused.Response.StatusCode, t.client.secrets.words
	message := words(refused.ErrorDescription)
	if message == "" {
		message = words(refused.ErrorCode)
	}
	if message == "" {
		message, _ = t.client.parseErrorBody(refused.Body)
	}
	proxy := t.client.proxyOf(answer{status: status, header: refused.Response.Header}, refused.Body)
	switch status {
	case http.StatusOK, http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden:
		if proxy == "" {
			return &AuthError{
				Host: t.login.Host, Status: status, Message: message, RightLogin: loginHostFor(t.client.base, t.login),
			}
		}
	case http.StatusTooManyRequests:
		t.client.calls.throttled(endpointToken)
	case http.StatusNotFound:
		message = strings.TrimPrefix(fmt.Sprintf("%s; is %s Procore's login host?", message, t.login.Host), "; ")
	}
	return &APIError{
		Endpoint: endpointToken, Method: http.MethodPost, Path: path, Status: status, Message: message,
		RequestID:  t.client.requestID(refused.Response.Header),
		RetryAfter: retryAfter(refused.Response.Header), Proxy: proxy,
	}
}
