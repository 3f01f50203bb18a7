package procore

import (
	"log/slog"
	"net/http"
	"time"
)

// Config is what a Client needs. Zero values of the optional fields take the default named beside them.
type Config struct {
	Company      CompanyID
	APIURL       string // such as https://api.procore.com; may have a base path; http for loopback only
	LoginURL     string // such as https://login.procore.com; the same rules
	ClientID     string // of the service account
	ClientSecret string

	Concurrency    int               // requests in flight; 8
	Timeout        time.Duration     // for one request, its body included; 30 s
	MaxAttempts    int               // how often a request is sent at most; 6
	ReservePercent int               // share of the hourly window that is left to others, 0 to 99
	Transport      http.RoundTripper // nil: a clone of http.DefaultTransport
	Logger         *slog.Logger      // nil: nothing is logged
	Jitter         func() float64    // in [0,1); nil: math/rand/v2
}
