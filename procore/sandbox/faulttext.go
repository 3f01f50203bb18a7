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
	FaultContentType, FaultDamage, FaultEdit, FaultHTML, FaultInvalidJSON, FaultMovingTotal, FaultRefuse, FaultRepeatPage,
	FaultReset, FaultRevoke, FaultShortPage, FaultSlow, FaultTimeout, FaultTruncate, FaultUnapplied,
}

// lost is the text for a reset after the request was done.
const lost = "lost"

// ParseFaults reads faults from text, as the flag --faults takes them:
//
//	faults    = fault *( ";" fault )
//	fault     = what *( " " condition )
//	what      = status / "lost" / kind
//	status    = a number from 400 to 599
//	kind      = "refuse" / "reset" / "timeout" / "slow" / "truncate" / "html" / "content-type" / "invalid-json" /
//	            "short-page" / "repeat-page" / "moving-total" / "unapplied" / "damage" / "edit" / "revoke"
//	condition = "on=" operationId with stars / "on=" METHOD ":" path with stars /
//	            "nth=" n / "every=" n / "first=" n / "after=" n / "each" /
//	            "p=" share / "seed=" n / "retry-after=" seconds / "delay=" duration / "applied"
//
// "lost" is "reset applied": done, but the answer never came. See Fault for what the conditions mean. An example:
//
//	503 on=getProjectPreset every=10 retry-after=2; lost on=PATCH:*/assignees nth=1; timeout p=0.01 seed=7
//
// All mistakes are reported, each with the fault's place and what is possible there.
func ParseFaults(text string) ([]Fault, error) {
	var faults []Fault
	var errs []error
	for i, part := range strings.Split(text, ";") {
		words := strings.Fields(part)
		if len(words) == 0 {
			if strings.TrimSpace(text) != "" {
				errs = append(errs, fmt.Errorf("fault %d is empty: remove a semicolon, or name a fault", i+1))
			}
			continue
		}
		f, err := parseFault(words)
		if err != nil {
			errs = append(errs, fmt.Errorf("fault %d (%s): %w", i+1, strings.Join(words, " "), err))
			continue
		}
		faults = append(faults, f)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return faults, nil
}

func parseFault(words []string) (Fault, error) {
	f, err := parseWhat(words[0])
	if err != nil {
		return f, err
	}
	seen := make(map[string]bool)
	for _, word := range words[1:] {
		name, value, hasValue := strings.Cut(word, "=")
		if seen[name] {
			return f, fmt.Errorf("%s is given twice", name)
		}
		seen[name] = true
		if flag := name == "each" || name == "applied"; flag == hasValue {
			if flag {
				return f, fmt.Errorf("%s takes no value", name)
			}
			return f, fmt.Errorf("%q is no condition; write name=value, each or applied", word)
		}
		if err := f.condition(name, value); err != nil {
			return f, err
		}
	}
	return f, f.check()
}

func parseWhat(word string) (Fault, error) {
	if status, err := strconv.Atoi(word); err == nil {
		return Fault{Kind: FaultStatus, Status: status}, nil
	}
	if word == lost {
		return Fault{Kind: FaultReset, Applied: true}, nil
	}
	if slices.Contains(kinds, FaultKind(word)) {
		return Fault{Kind: FaultKind(word)}, nil
	}
	names := make([]string, len(kinds))
	for i, kind := range kinds {
		names[i] = string(kind)
	}
	return Fault{}, fmt.Errorf("%q is no fault; give a status from 400 to 599, %s, or one of %s", word, lost,
		strings.Join(names, ", "))
}

// condition takes one condition into the fault.
func (f *Fault) condition(name, value string) (err error) {
	counts := map[string]*int{"nth": &f.Nth, "every": &f.Every, "first": &f.First, "after": &f.After}
	switch name {
	case "each":
		f.Each = true
	case "applied":
		f.Applied = true
	case "on":
		f.On, err = parseOn(value)
	case "nth", "every", "first", "after":
		n, bad := strconv.ParseUint(value, 10, 31)
		if bad != nil || n == 0 {
			return fmt.Errorf("%s=%s: a whole number from 1 is needed", name, value)
		}
		*counts[name] = int(n)
	case "p":
		f.Probability, err = strconv.ParseFloat(value, 64)
		if err != nil || !(f.Probability > 0 && f.Probability <= 1) {
			return fmt.Errorf("p=%s: a share over 0 and at most 1 is needed, such as p=0.05", value)
		}
	case "seed":
		if f.Seed, err = strconv.ParseUint(value, 10, 64); err != nil {
			return fmt.Errorf("seed=%s: a whole number from 0 is needed", value)
		}
	case "retry-after":
		if !retryAfterLikely(value) {
			return fmt.Errorf("retry-after=%s: a whole number of seconds is needed", value)
		}
		f.RetryAfter = value
	case "delay":
		if f.Delay, err = time.ParseDuration(value); err != nil || f.Delay <= 0 {
			return fmt.Errorf("delay=%s: a duration over zero is needed, such as delay=2s", value)
		}
	default:
		return fmt.Errorf("%q is no condition; possible are on, nth, every, first, after, each, p, seed, retry-after, delay and applied", name)
	}
	return err
}

// parseOn reads what a fault is on; it must be able to match something.
func parseOn(value string) (string, error) {
	if method, path, ok := strings.Cut(value, ":"); ok {
		if method == "" || path == "" || path[0] != '/' && path[0] != '*' {
			return "", fmt.Errorf("on=%s: write METHOD:/path, where stars stand for anything", value)
		}
		return method + " " + path, nil
	}
	for op := opCreateToken; op < operations; op++ {
		if glob(value, operationIDs[op]) {
			return value, nil
		}
	}
	return "", fmt.Errorf("on=%s: no operation is called that; possible are %s, with stars for any part, or METHOD:/path",
		value, strings.Join(operationIDs[opCreateToken:], ", "))
}

// check says what is impossible about a fault.
func (f Fault) check() error {
	known := f.Kind == FaultStatus || slices.Contains(kinds, f.Kind)
	switch {
	case !known:
		return fmt.Errorf("%q is no kind of fault", f.Kind)
	case f.Kind == FaultStatus && (f.Status < 400 || f.Status > 599):
		return fmt.Errorf("status %d is none from 400 to 599", f.Status)
	case f.RetryAfter != "" && f.Kind != FaultStatus:
		return errors.New("retry-after goes with a status only")
	case f.Applied && !f.replaces():
		return fmt.Errorf("applied goes with a status, refuse, reset or timeout, not with %s", f.Kind)
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
