package procore

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// APIError is an answer with an unsuccessful status.
type APIError struct {
	Endpoint   string // operationId
	Method     string
	Path       string // without the host
	Status     int
	Message    string
	Details    []string
	RequestID  string        // X-Request-Id
	RetryAfter time.Duration // how long the answer asks to wait; zero if it does not
	Project    ProjectID     // empty for what belongs to the company
	Proxy      string        // what answered in Procore's place, such as "a proxy or gateway on the way (squid)"; empty: Procore
}

func (e *APIError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %d %s", e.Method, e.Path, e.Status, http.StatusText(e.Status))
	if e.Proxy != "" {
		b.WriteString(", from " + e.Proxy + " and not from Procore")
	}
	if e.Message != "" {
		b.WriteString(": " + e.Message)
	}
	if len(e.Details) > 0 {
		b.WriteString(" [" + strings.Join(e.Details, "; ") + "]")
	}
	if e.RequestID != "" {
		b.WriteString(" (request id " + e.RequestID + ")")
	}
	return b.String()
}

// AuthError says that Procore refuses the service account: the id or secret is wrong, or the API does not accept a
// fresh token.
type AuthError struct {
	Host    string // the host that refused
	Status  int
	Message string // Procore's own words
	// FreshToken is set if the login host gave a token and the API refused it.
	FreshToken bool
	// RightLogin is the login host of the API's environment if a different one is configured; otherwise empty.
	RightLogin string
}

func (e *AuthError) Error() string {
	what := fmt.Sprintf("%s refuses the service account (%d", e.Host, e.Status)
	hint := "check the client id and secret, and that the login URL belongs to the same environment as the API URL"
	if e.FreshToken {
		what = fmt.Sprintf("%s refuses a fresh token (%d", e.Host, e.Status)
		hint = "check that the login URL belongs to the same environment as the API URL, and that the app is connected to the company"
	}
	if e.RightLogin != "" {
		hint = "the login host of this API is " + e.RightLogin + ": change the login URL, or the API URL"
	}
	if e.Message != "" {
		what += ": " + e.Message
	}
	return what + "); " + hint
}

// PageError says that a list could not be read completely.
type PageError struct {
	Endpoint string
	Path     string
	Got      int // rows read
	Total    int // rows announced; -1 if there was no Total
	Why      string
	Project  ProjectID // empty for what belongs to the company
}

func (e *PageError) Error() string {
	s := fmt.Sprintf("GET %s: %s: %d rows read", e.Path, e.Why, e.Got)
	if e.Total >= 0 {
		s += fmt.Sprintf(", %d announced", e.Total)
	}
	return s + "; nothing of this list is used"
}

// NetworkError says that there was no answer: connection refused, unknown host, reset, timeout.
type NetworkError struct {
	Endpoint  string
	Method    string
	Host      string
	Path      string
	Dialing   bool // there was no connection, so nothing can have been sent
	Cancelled bool // the caller's own context ended during the request
	Err       error
}

func (e *NetworkError) Error() string {
	if e.Dialing {
		return fmt.Sprintf("cannot reach %s: %v", e.Host, e.Err)
	}
	return fmt.Sprintf("%s %s%s: no answer: %v", e.Method, e.Host, e.Path, e.Err)
}
func (e *NetworkError) Unwrap() error { return e.Err }

// AnswerError says that an answer can't be read: it was cut off, is not JSON, is too large, or has the wrong form.
type AnswerError struct {
	Endpoint  string
	Method    string
	Path      string
	Status    int
	RequestID string
	Final     bool // the same request would get the same answer
	Err       error
}

func (e *AnswerError) Error() string {
	s := fmt.Sprintf("%s %s: the answer cannot be read: %v", e.Method, e.Path, e.Err)
	if e.RequestID != "" {
		s += " (request id " + e.RequestID + ")"
	}
	return s
}
func (e *AnswerError) Unwrap() error { return e.Err }

// AnswerOf returns the status and request id of the answer that err is about; zero and empty if there was none.
func AnswerOf(err error) (status int, requestID string) {
	var api *APIError
	var unclear *AnswerError
	switch {
	case errors.As(err, &api):
		return api.Status, api.RequestID
	case errors.As(err, &unclear):
		return unclear.Status, unclear.RequestID
	}
	return 0, ""
}

// ForeignURLError says that an answer points to another scheme, host, port or base path. It is not followed, because
// the token must go nowhere else.
type ForeignURLError struct {
	What string // redirect or next page
	URL  string // scheme, host and path
}

func (e *ForeignURLError) Error() string {
	return fmt.Sprintf("the %s leads to %s, outside the configured API URL: it is not followed; if that is where Procore is, change the API URL", e.What, e.URL)
}

// BudgetError says that the rate limit, or the server's own request to wait, allows nothing before the context's
// deadline.
type BudgetError struct {
	Until time.Time // when the next request will be allowed
}

func (e *BudgetError) Error() string {
	return "the rate limit allows no request before " + e.Until.UTC().Format(time.RFC3339) + ", and the time allowed ends before that"
}

// LateError says that a write was not sent because it would have gone out too late: what it was made from may have
// changed by then.
type LateError struct {
	Endpoint string
	Method   string
	Path     string
}

func (e *LateError) Error() string {
	return fmt.Sprintf("%s %s: not sent: it had to wait for more than %v, for the rate limit or for a token", e.Method, e.Path, maxWriteWait)
}

// Retryable reports whether the same request may succeed if it is sent again: after a network error, 408, 429, 500,
// 502, 503, 504, an answer that can't be read, or a write that would have gone out too late. Whether it is safe to send
// it again is a different question: see MaybeApplied.
func Retryable(err error) bool {
	if foreign := (*ForeignURLError)(nil); errors.As(err, &foreign) {
		return false
	}
	if e := (*APIError)(nil); errors.As(err, &e) {
		switch e.Status {
		case http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError,
			http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
			return true
		}
		return false
	}
	if e := (*AnswerError)(nil); errors.As(err, &e) {
		return !e.Final
	}
	if late := (*LateError)(nil); errors.As(err, &late) {
		return true
	}
	e := (*NetworkError)(nil)
	return errors.As(err, &e) && !e.Cancelled
}

// MaybeApplied reports whether it is unknown if a write that ended in err took effect, so that what it was to change
// has to be read again: the answer was lost, can't be read, or is one that something in between may have given after
// Procore had done it, namely a redirect, 304, 404, 408, 409, 499 or a 5xx.
func MaybeApplied(err error) bool {
	if e := (*APIError)(nil); errors.As(err, &e) {
		return isWrite(e.Method, e.Endpoint) && leavesOpen(e.Status)
	}
	if e := (*AnswerError)(nil); errors.As(err, &e) {
		return isWrite(e.Method, e.Endpoint)
	}
	e := (*NetworkError)(nil)
	return errors.As(err, &e) && isWrite(e.Method, e.Endpoint) && !e.Dialing
}

// statusClientClosed is what some proxies answer, or log, for a request whose client they believe has gone.
const statusClientClosed = 499

// leavesOpen reports whether a status other than success leaves open whether anything was done.
func leavesOpen(status int) bool {
	switch status {
	case http.StatusNotFound, http.StatusRequestTimeout, http.StatusConflict, statusClientClosed:
		return true
	}
	return status < 400 || status >= 500
}

// isWrite reports whether a request is a write to Procore, and not a read or the request for a token, which is a POST
// but changes nothing.
func isWrite(method, endpoint string) bool {
	return method != http.MethodGet && endpoint != endpointToken
}

// NoUse reports whether no other request can do better than the one that ended in err: the credentials are refused, or
// the rate limit leaves no room before the deadline.
func NoUse(err error) bool {
	var auth *AuthError
	var budget *BudgetError
	return errors.As(err, &auth) || errors.As(err, &budget)
}

// Unreachable reports whether err means that no connection to the host could be made.
func Unreachable(err error) bool {
	e := (*NetworkError)(nil)
	return errors.As(err, &e) && e.Dialing
}

// WrongCompany reports whether err is a 403 or 404 for a request about the company as a whole: there is no such
// company, or the service account has no access to it or lacks the right.
func WrongCompany(err error) bool {
	e := (*APIError)(nil)
	if !errors.As(err, &e) || e.Proxy != "" || e.Status != http.StatusForbidden && e.Status != http.StatusNotFound {
		return false
	}
	switch e.Endpoint {
	case endpointProjects, endpointUsers, endpointInactiveUsers, endpointTools, endpointTemplates, endpointMe:
		return true
	}
	return false
}

// Advice says in a few words what helps after err, depending on its cause: it mentions rights only if access was
// denied. It is empty if err says it itself, or if nothing is known to help.
func Advice(err error) string {
	var api *APIError
	var auth *AuthError
	var foreign *ForeignURLError
	var network *NetworkError
	var budget *BudgetError
	var list *PageError
	var unclear *AnswerError
	switch {
	case errors.As(err, &auth), errors.As(err, &foreign):
		return ""
	case errors.As(err, &api):
		return api.advice()
	case errors.As(err, &budget):
		return "the next run tries again; a higher rate limit is Procore's to give"
	case errors.As(err, &list):
		return "the next run tries again, when the list may be quiet"
	case errors.As(err, &unclear) && unclear.Final:
		return "Procore answers in a form that this version does not know: look for a newer version, or report it"
	case errors.As(err, &unclear):
		return "the next run tries again; a proxy on the way may have cut or replaced the answer"
	case errors.As(err, &network) && !network.Dialing:
		return "the next run tries again; look at the network and any proxy if it stays so"
	}
	return ""
}

func (e *APIError) advice() string {
	switch {
	case e.Proxy != "":
		return "have the proxy let requests to Procore through"
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden:
		return "give the service account access to the project, and rights on the tool, there"
	case e.Status == http.StatusNotFound:
		return "it was deleted, the tool is off there, or the service account is not permitted in the project"
	case e.Status == http.StatusTooManyRequests:
		return "the next run tries again; a higher rate limit is Procore's to give"
	case e.Status == http.StatusRequestTimeout, e.Status >= 500:
		return "Procore is in trouble or under load: the next run tries again"
	}
	return ""
}
