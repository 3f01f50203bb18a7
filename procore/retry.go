package procore

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

const (
	firstBackoff = 500 * time.Millisecond
	maxBackoff   = 30 * time.Second
	// maxRetryAfter bounds how long an answer may ask to wait: none of Procore's windows is longer than an hour.
	maxRetryAfter = time.Hour
)

// read sends a GET until it is answered and decode accepts the answer, or the attempts are used up.
func (c *Client) read(ctx context.Context, req call, decode func(answer) error) error {
	for attempt := 1; ; attempt++ {
		a, err := c.do(ctx, req, attempt > 1)
		if err == nil {
			err = decode(a)
		}
		if err == nil {
			return nil
		}
		if attempt >= c.cfg.MaxAttempts || !Retryable(err) || ofToken(err) {
			return err
		}
		c.cfg.Logger.Warn("trying again", "attempt", attempt, "of", c.cfg.MaxAttempts, "error", err)
		if waiting := c.Pause(ctx, attempt+1, err); waiting != nil {
			return fmt.Errorf("%w, while waiting to try again after: %s", waiting, err.Error())
		}
	}
}

// ofToken reports whether err comes from the request for a token, which has had its own retries.
func ofToken(err error) bool {
	api, answer, network := (*APIError)(nil), (*AnswerError)(nil), (*NetworkError)(nil)
	return errors.As(err, &api) && api.Endpoint == endpointToken ||
		errors.As(err, &answer) && answer.Endpoint == endpointToken ||
		errors.As(err, &network) && network.Endpoint == endpointToken
}

// Pause waits before the given attempt (from 2) for as long as cause requires: what its Retry-After says, or else a
// random part of an exponentially growing time. It returns a *BudgetError at once if Retry-After ends after the
// context's deadline, and the context's error if the context ends first.
func (c *Client) Pause(ctx context.Context, attempt int, cause error) error {
	wait := c.backoff(attempt - 1)
	var no *APIError
	if errors.As(cause, &no) && no.RetryAfter > 0 {
		wait = no.RetryAfter + c.backoff(1)/4
		until := time.Now().Add(wait)
		if deadline, ok := ctx.Deadline(); ok && deadline.Before(until) {
			return &BudgetError{Until: until}
		}
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// backoff returns a random time of up to firstBackoff, doubled with each earlier failure ("full jitter"), so that many
// requests that failed together do not come back together.
func (c *Client) backoff(failures int) time.Duration {
	return time.Duration(c.cfg.Jitter() * float64(backoffCeiling(failures)))
}

func backoffCeiling(failures int) time.Duration {
	return min(maxBackoff, firstBackoff<<min(max(failures-1, 0), 10))
}

// retryAfter returns how long an answer asks to wait, or zero. A date is measured from the answer's own Date, so that
// the server's clock need not agree with ours.
func retryAfter(h http.Header) time.Duration {
	from, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		from = time.Now()
	}
	return parseRetryAfter(h.Get("Retry-After"), from)
}

// parseRetryAfter parses a Retry-After header, in seconds or as a date (RFC 9110 section 10.2.3), and returns the time
// to wait from now, or zero if it says nothing.
func parseRetryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		if !(seconds > 0) {
			return 0
		}
		return time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second))
	}
	date, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return min(max(date.Sub(now), 0), maxRetryAfter)
}
