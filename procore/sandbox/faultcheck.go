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

// kinds are all kinds but FaultStatus, which text names by its number.
var kinds = []FaultKind{
	FaultContentType, FaultDamage, FaultEdit, FaultForeignLink, FaultHTML, FaultInvalidJSON, FaultMovingTotal, FaultRedirect, FaultRefuse, FaultRepeatPage,
	FaultReset, FaultRevoke, FaultShortPage, FaultSlow, FaultTimeout, FaultTruncate, FaultUnapplied,
}

// lost is the text for a reset after the request was done.
const lost = "lost"

// check says what is impossible about a fault.
func (f Fault) check() error {
	known := f.Kind == FaultStatus || slices.Contains(kinds, f.Kind)
	switch {
	case !known:
		return fmt.Errorf("%q is no kind of fault", f.Kind)
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

// String gives the fault as ParseFaults reads it, but for what an edit does and for dates.
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

// retryAfterLikely says whether text can be a Retry-After value: seconds or a date (RFC 9110, section 10.2.3).
func retryAfterLikely(text string) bool {
	if _, err := strconv.ParseUint(text, 10, 31); err == nil {
		return true
	}
	_, err := time.Parse(http.TimeFormat, text)
	return err == nil
}
