package procore

import (
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Config is the configuration of a Client. The zero value of an optional field means the default named beside it.
type Config struct {
	Company      CompanyID
	APIURL       string // such as https://api.procore.com; may have a base path; http for loopback only
	LoginURL     string // such as https://login.procore.com; the same rules
	ClientID     string // of the service account
	ClientSecret string

	Concurrency    int               // requests in flight; default 8
	Timeout        time.Duration     // for one request, including its answer's body; default 30 s
	MaxAttempts    int               // how often a request is sent at most; default 6
	ReservePercent int               // share of the hourly window left to others, 0 to 99
	Transport      http.RoundTripper // nil means a clone of http.DefaultTransport
	Logger         *slog.Logger      // nil means no logging
	Jitter         func() float64    // in [0,1), called concurrently; nil means math/rand/v2
	OnWait         func(Wait)        // called about waits for the rate limit, one call at a time; it must not send a request; may be nil
}

// String returns which company is meant, and nothing secret.
func (cfg Config) String() string {
	return "client of company " + string(cfg.Company) + " at " + cfg.APIURL
}

// GoString returns the same as String.
func (cfg Config) GoString() string { return cfg.String() }

const (
	defaultConcurrency = 8
	defaultTimeout     = 30 * time.Second
	defaultMaxAttempts = 6
)

// withDefaults fills in what the caller left out.
func (cfg Config) withDefaults() Config {
	if cfg.Concurrency == 0 {
		cfg.Concurrency = defaultConcurrency
	}
	if cfg.Timeout == 0 {
		cfg.Timeout = defaultTimeout
	}
	if cfg.MaxAttempts == 0 {
		cfg.MaxAttempts = defaultMaxAttempts
	}
	if cfg.Transport == nil {
		cfg.Transport = newTransport(cfg.Concurrency)
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	if cfg.Jitter == nil {
		cfg.Jitter = rand.Float64
	}
	return cfg
}

// check returns everything that is wrong with the configuration, and the two parsed URLs.
func (cfg Config) check() (api, login *url.URL, err error) {
	var problems []error
	if !isID(string(cfg.Company)) {
		problems = append(problems, fmt.Errorf("the company id %q is not a number: Procore shows it in the address of every page of the company", cfg.Company))
	}
	if cfg.ClientID == "" {
		problems = append(problems, errors.New("the client id of the service account is missing"))
	}
	if cfg.ClientSecret == "" {
		problems = append(problems, errors.New("the client secret of the service account is missing"))
	}
	api, apiErr := ParseURL(cfg.APIURL)
	if apiErr != nil {
		problems = append(problems, fmt.Errorf("API URL: %w", apiErr))
	}
	login, loginErr := ParseURL(cfg.LoginURL)
	if loginErr != nil {
		problems = append(problems, fmt.Errorf("login URL: %w", loginErr))
	}
	if cfg.Concurrency < 0 || cfg.Timeout < 0 || cfg.MaxAttempts < 0 {
		problems = append(problems, errors.New("concurrency, timeout and attempts cannot be negative"))
	}
	if cfg.ReservePercent < 0 || cfg.ReservePercent > 99 {
		problems = append(problems, fmt.Errorf("a reserve of %d percent is not between 0 and 99", cfg.ReservePercent))
	}
	return api, login, errors.Join(problems...)
}

// ParseURL parses the URL of a Procore host as a setting gives it: https, or http if the host is this machine. A base
// path is allowed; a user, query or fragment is not. A trailing slash makes no difference.
func ParseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		// The parser's error repeats the URL, which may hold a password.
		return nil, errors.New("not a URL; it looks like https://api.procore.com")
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Hostname() == "":
		return nil, errors.New("not an https URL with a host; it looks like https://api.procore.com")
	case u.User != nil:
		return nil, errors.New("a URL with a user or password is not accepted")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, errors.New("a URL with a query or fragment is not accepted")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf("http is accepted for this machine only, and %s is not it: use https", u.Host)
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = ""
	return u, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// newTransport returns the standard transport, with as many idle connections as there may be requests in flight.
func newTransport(concurrency int) http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok {
		return http.DefaultTransport
	}
	t := standard.Clone()
	t.MaxIdleConnsPerHost = concurrency
	t.MaxResponseHeaderBytes = 1 << 20
	t.OnProxyConnectResponse = onConnect
	return t
}
