package procore

import (
	"fmt"
	"time"
)

// APIError is an answer with a status that says no.
type APIError struct {
	Endpoint   string // operationId
	Method     string
	Path       string // without the host
	Status     int
	Message    string
	Details    []string
	RequestID  string        // X-Request-Id
	RetryAfter time.Duration // how long the answer asks to wait; zero where it does not
	Project    ProjectID     // empty for what belongs to the company
}

func (e *APIError) Error() string {
	return fmt.Sprintf("%s %s: %d %s", e.Method, e.Path, e.Status, e.Message)
}

// AuthError says that Procore refuses the service account: a wrong id or secret, or a fresh token that is not accepted.
type AuthError struct {
	Host string
	Err  error
}

func (e *AuthError) Error() string {
	return fmt.Sprintf("%s refuses the credentials: %v", e.Host, e.Err)
}
func (e *AuthError) Unwrap() error { return e.Err }

// PageError says that a list could not be read as a whole.
type PageError struct {
	Endpoint string
	Path     string
	Got      int // rows read
	Total    int // rows announced; -1 where there was no Total
	Why      string
}

func (e *PageError) Error() string { return fmt.Sprintf("%s: %s", e.Path, e.Why) }

// NetworkError says that no answer came: refused, unknown host, reset, timeout.
type NetworkError struct {
	Endpoint string
	Method   string
	Host     string
	Path     string
	Dialing  bool // no connection was made, so nothing can have been sent
	Err      error
}

func (e *NetworkError) Error() string {
	return fmt.Sprintf("%s %s%s: %v", e.Method, e.Host, e.Path, e.Err)
}
func (e *NetworkError) Unwrap() error { return e.Err }

// AnswerError says that an answer came which cannot be read: cut off, not JSON, too large, of the wrong shape.
type AnswerError struct {
	Endpoint  string
	Method    string
	Path      string
	Status    int
	RequestID string
	Err       error
}

func (e *AnswerError) Error() string { return fmt.Sprintf("%s %s: %v", e.Method, e.Path, e.Err) }
func (e *AnswerError) Unwrap() error { return e.Err }

// BudgetError says that the rate limit lets nothing through before the context's deadline.
type BudgetError struct {
	Until time.Time // when the next request would be allowed
}

func (e *BudgetError) Error() string {
	return "the rate limit allows no request before " + e.Until.UTC().Format(time.RFC3339)
}

// Retryable says whether the same request may succeed when it is sent again: a network error, 408, 429, 500, 502, 503,
// 504, or an answer that cannot be read. Whether it is safe to send it again is another question: see MaybeApplied.
func Retryable(err error) bool { return false }

// MaybeApplied says whether a write that ended in err may have taken effect all the same: its answer was lost, cannot
// be read, or was 408 or a 5xx.
func MaybeApplied(err error) bool { return false }

// Unreachable says whether err means that no connection to the host could be made.
func Unreachable(err error) bool { return false }

// WrongCompany says whether err is a 403 or 404 to a question about the company as a whole: no such company, or the
// service account has no access to it or lacks the right.
func WrongCompany(err error) bool { return false }
