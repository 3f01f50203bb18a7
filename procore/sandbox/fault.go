package sandbox

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FaultKind is a way to fail.
type FaultKind string

// The kinds of fault. Those that replace the answer leave the request undone, unless Fault.Applied says otherwise;
// those that corrupt the answer do so after the request was done.
const (
	FaultStatus  FaultKind = "status"  // answers Fault.Status with an error body
	FaultRefuse  FaultKind = "refuse"  // connection refused; over a socket, where that is too late, reset
	FaultReset   FaultKind = "reset"   // connection reset; with Applied: the answer is lost
	FaultTimeout FaultKind = "timeout" // no answer until the caller gives up, or after Fault.Delay if set

	FaultSlow        FaultKind = "slow"         // the body comes in pieces, over Fault.Delay in total
	FaultTruncate    FaultKind = "truncate"     // the body ends halfway, and so does the connection
	FaultHTML        FaultKind = "html"         // a web page with status 200
	FaultContentType FaultKind = "content-type" // the right body, called text/html
	FaultInvalidJSON FaultKind = "invalid-json" // status 200 and half a JSON text, complete as far as HTTP can tell

	FaultShortPage   FaultKind = "short-page"   // a list's page lacks its last row; not in lists by cursor, which have no Total to reveal it
	FaultRepeatPage  FaultKind = "repeat-page"  // a list's next page is this one again
	FaultMovingTotal FaultKind = "moving-total" // a list's Total is one more than it is
	FaultForeignLink FaultKind = "foreign-link" // the link to a list's next page names another host
	FaultRedirect    FaultKind = "redirect"     // a redirect to another host

	FaultUnapplied FaultKind = "unapplied" // a write is acknowledged but not done
	FaultDamage    FaultKind = "damage"    // a PATCH or an invitation is done, and somebody else in the preset or on the step is lost
	FaultEdit      FaultKind = "edit"      // somebody edits a preset or a workflow by hand just before the request is done
	FaultRevoke    FaultKind = "revoke"    // every token given so far stops working
)

// elsewhere is the other host of FaultForeignLink and FaultRedirect; no host can have this name (RFC 6761, section
// 6.4).
const elsewhere = "https://elsewhere.invalid"

// Fault is something that goes wrong with requests that match it. ParseFaults reads the same as text.
//
// Over a socket, net/http's client itself repeats a GET if a connection that it has used before is reset: apply
// FaultReset and FaultRefuse to more than one request, or use Transport, to be sure that the caller sees them.
type Fault struct {
	Kind FaultKind

	// On selects requests: a glob over operationIds, such as "getProjectPreset" or "list*", or a method and a glob over
	// the path without the base path, such as "PATCH /rest/v2.0/*/assignees"; the method may be "*". A star matches any
	// characters. Empty matches every API request, but not the one for tokens.
	On string

	// Of the requests that On selects, Nth makes only the n-th fail (from 1), Every each n-th one, First the first n, and
	// After all but the first n; zero is not a condition. With Each, every different request (method, path, query, body) is
	// counted on its own, so that First: 1, Each: true makes every request fail once.
	Nth, Every, First, After int
	Each                     bool

	// Probability, above 0 and at most 1, makes that share of requests fail: always the same ones for the same Seed, in
	// whatever order they come, since it depends on what each asks and how often it was asked before.
	Probability float64
	Seed        uint64

	Status     int           // of FaultStatus
	RetryAfter string        // Retry-After header of FaultStatus: seconds or a date; empty means none
	Delay      time.Duration // of FaultTimeout and FaultSlow
	Applied    bool          // do what was asked before FaultStatus, FaultRedirect, FaultReset, FaultRefuse or FaultTimeout

	// Edit is what FaultEdit does. Nil means a change, chosen by Seed and request, of the workflow that the request is
	// about, or of its preset (or else any): the workflow moves on, is answered, ends or loses somebody, or somebody is
	// added to or removed from one of the preset's groups.
	Edit func(*Server, Request)
}

// kinds are all kinds except FaultStatus, which is written as its number.
var kinds = []FaultKind{
	FaultContentType, FaultDamage, FaultEdit, FaultForeignLink, FaultHTML, FaultInvalidJSON, FaultMovingTotal, FaultRedirect, FaultRefuse, FaultRepeatPage,
	FaultReset, FaultRevoke, FaultShortPage, FaultSlow, FaultTimeout, FaultTruncate, FaultUnapplied,
}

// lost is the text for a reset after the request was done.
const lost = "lost"

// check returns what is impossible about a fault.
func (f Fault) check() error {
	known := f.Kind == FaultStatus || slices.Contains(kinds, f.Kind)
	switch {
	case !known:
		return fmt.Errorf("%q is not a kind of fault", f.Kind)
	case f.Kind == FaultStatus && f.Status != http.StatusNotModified && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("status %d is neither 304 nor one from 400 to 599", f.Status)
	case f.RetryAfter != "" && f.Kind != FaultStatus:
		return errors.New("retry-after goes with a status only")
	case f.Applied && !f.replaces():
		return fmt.Errorf("applied goes with a status, redirect, refuse, reset or timeout, not with %s", f.Kind)
	case f.Delay != 0 && f.Kind != FaultSlow && f.Kind != FaultTimeout:
		return errors.New("delay goes with slow and timeout only")
	case f.Kind == FaultSlow && f.Delay <= 0:
		return errors.New("slow needs a delay, such as delay=5s")
	case f.Edit != nil && f.Kind != FaultEdit:
		return errors.New("only an edit has something to edit")
	case f.Probability < 0 || f.Probability > 1:
		return fmt.Errorf("a probability of %v is none", f.Probability)
	}
	return nil
}

// String returns the fault as ParseFaults reads it, except for Edit and for dates.
func (f Fault) String() string {
	words := []string{string(f.Kind)}
	applied := f.Applied
	switch {
	case f.Kind == FaultStatus:
		words[0] = strconv.Itoa(f.Status)
	case f.Kind == FaultReset && applied:
		words[0], applied = lost, false
	}
	if f.On != "" {
		words = append(words, "on="+strings.Replace(f.On, " ", ":", 1))
	}
	for _, count := range []struct {
		name string
		n    int
	}{{"nth", f.Nth}, {"every", f.Every}, {"first", f.First}, {"after", f.After}} {
		if count.n > 0 {
			words = append(words, fmt.Sprintf("%s=%d", count.name, count.n))
		}
	}
	if f.Each {
		words = append(words, "each")
	}
	if f.Probability > 0 {
		words = append(words, "p="+strconv.FormatFloat(f.Probability, 'g', -1, 64))
	}
	if f.Seed > 0 {
		words = append(words, fmt.Sprintf("seed=%d", f.Seed))
	}
	if f.RetryAfter != "" {
		words = append(words, "retry-after="+f.RetryAfter)
	}
	if f.Delay > 0 {
		words = append(words, "delay="+f.Delay.String())
	}
	if applied {
		words = append(words, "applied")
	}
	return strings.Join(words, " ")
}

// retryAfterLikely reports whether text can be a Retry-After value: seconds or a date (RFC 9110, section 10.2.3).
func retryAfterLikely(text string) bool {
	if _, err := strconv.ParseUint(text, 10, 31); err == nil {
		return true
	}
	_, err := time.Parse(http.TimeFormat, text)
	return err == nil
}
