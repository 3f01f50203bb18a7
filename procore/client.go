// Package procore is a typed client for the part of Procore's REST API with which a workflow's assignees are read and
// written. It knows nothing about HR.
//
// It promises that a list is either complete or ends in an error, that the token goes to no host but the configured
// one, that a write is never repeated blindly, and that no more is sent than the rate limits allow.
package procore

import (
	"net/http"
	"net/url"
)

// Client talks to one company in Procore. It is safe for concurrent use.
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

// New returns a client, or every problem of the configuration, joined. It sends nothing.
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

// Close closes idle connections. The client stays usable.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Host returns the host of the API URL, with its port if one is given.
func (c *Client) Host() string { return c.base.Host }

// Calls returns how many requests have gone to each endpoint so far, sorted by endpoint.
func (c *Client) Calls() []CallCount { return c.calls.sorted() }

// Pacing returns what the rate limits have cost so far.
func (c *Client) Pacing() PacingStats { return c.pacer.pacing() }

// HourlyBudget returns what may still be sent in this hour. It is not Known until an answer has mentioned the hourly
// window.
func (c *Client) HourlyBudget() Budget { return c.pacer.hourlyBudget() }
