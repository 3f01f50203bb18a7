// Package procore is a typed client for the part of Procore's REST API that a workflow's assignees are read and written
// through. It knows nothing of HR.
//
// It promises that a list is either complete or ends in an error, that the token goes to no host but the one in the
// configuration, that a write is never repeated blindly, and that no more is sent than the rate limits allow.
package procore

import (
	"net/http"
	"net/url"
)

// Client talks to one company in Procore. It is safe for use by many goroutines.
type Client struct {
	cfg     Config
	base    *url.URL
	http    *http.Client
	maxBody int64 // bytes of an answer that are read
	tokens  *tokens
	pacer   *pacer
	secrets *secrets
	calls   calls
}

// New returns a client, or every problem of the configuration joined. It sends nothing.
func New(cfg Config) (*Client, error) {
	api, login, err := cfg.check()
	if err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	c := &Client{cfg: cfg, base: api, maxBody: maxBody, secrets: newSecrets(cfg.ClientID, cfg.ClientSecret)}
	c.http = &http.Client{Transport: cfg.Transport, CheckRedirect: c.checkRedirect}
	c.pacer = newPacer(cfg.Concurrency, cfg.ReservePercent, cfg.Jitter)
	c.pacer.observer.hear = cfg.OnWait
	c.tokens = newTokens(c, login)
	return c, nil
}

// Close closes connections that are kept open for later requests. The client stays usable.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Host is the host, with its port where one is given, of the API URL.
func (c *Client) Host() string { return c.base.Host }

// Calls returns how many requests went to each endpoint so far, sorted by endpoint.
func (c *Client) Calls() []CallCount { return c.calls.sorted() }

// Pacing returns what the rate limits cost so far.
func (c *Client) Pacing() PacingStats { return c.pacer.pacing() }

// HourlyBudget returns what may still be sent in this hour. It is not Known until an answer has spoken of the hourly
// window.
func (c *Client) HourlyBudget() Budget { return c.pacer.hourlyBudget() }
