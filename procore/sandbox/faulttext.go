package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FaultSyntax describes briefly how faults are written, for a command's help.
const FaultSyntax = "faults separated by semicolons, each a status (304, 400 to 599), lost, or one of " +
	"refuse, reset, timeout, slow, truncate, html, content-type, invalid-json, short-page, repeat-page, moving-total, " +
	"foreign-link, redirect, unapplied, damage, edit, revoke; then conditions: on=OPERATION or on=METHOD:PATH (stars " +
	"match anything), nth=N, every=N, first=N, after=N, each, p=SHARE, seed=N, retry-after=SECONDS, delay=DURATION, " +
	"applied; such as \"503 on=getProjectPreset every=10 retry-after=2; lost on=PATCH:*/assignees nth=1\""

// ParseFaults reads faults from text, as the flag --faults takes them:
//
//	faults    = fault *( ";" fault )
//	fault     = what *( " " condition )
//	what      = status / "lost" / kind
//	status    = 304 or a number from 400 to 599
//	kind      = "refuse" / "reset" / "timeout" / "slow" / "truncate" / "html" / "content-type" / "invalid-json" /
//	            "short-page" / "repeat-page" / "moving-total" / "foreign-link" / "redirect" /
//	            "unapplied" / "damage" / "edit" / "revoke"
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
			return f, fmt.Errorf("%q is not a condition; write name=value, each or applied", word)
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
	return Fault{}, fmt.Errorf("%q is not a fault; give a status (304, or from 400 to 599), %s, or one of %s", word, lost,
		strings.Join(names, ", "))
}

// condition applies one condition to the fault.
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
		return fmt.Errorf("%q is not a condition; possible are on, nth, every, first, after, each, p, seed, retry-after, delay and applied", name)
	}
	return err
}

// parseOn parses the selector of a fault, which must be able to match something.
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
