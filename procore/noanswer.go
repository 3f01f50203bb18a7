package procore

import (
	"cmp"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// noAnswer explains why a request got no answer and, if it is certain that nothing was sent, records that for the
// pacer.
func (c *Client) noAnswer(ctx context.Context, req call, u *url.URL, err error, seen *observation) error {
	if foreign := (*ForeignURLError)(nil); errors.As(err, &foreign) {
		return foreign
	}
	if wrapped := (*url.Error)(nil); errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	err = withoutProxyAddress(err)
	if isDialing(err) {
		seen.sent = time.Time{}
	}
	return c.networkError(ctx, req, u.Host, c.pathOf(u), err)
}

func (c *Client) networkError(ctx context.Context, req call, host, path string, err error) error {
	err = withoutProxyAddress(err)
	if cause := context.Cause(ctx); cause != nil && errors.Unwrap(err) == nil && errors.Is(err, ctx.Err()) {
		err = cause // it says why
	} else if cause != nil && !errors.Is(err, cause) {
		err = fmt.Errorf("%w: %w", cause, err)
	} else if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("none within %v: %w", c.cfg.Timeout, err)
	}
	return &NetworkError{
		Endpoint: req.endpoint, Method: req.verb(), Host: host, Path: path,
		Dialing: isDialing(err), Cancelled: ctx.Err() != nil, Err: c.secrets.hideIn(err),
	}
}

// isDialing reports whether err occurred before there was a connection, so that nothing of the request was sent.
func isDialing(err error) bool {
	var op *net.OpError
	var dns *net.DNSError
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var proxy *ProxyError
	return errors.As(err, &proxy) || errors.Is(err, errProxyAddress) ||
		errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") ||
		errors.As(err, &dns) || errors.As(err, &cert) || errors.As(err, &record)
}

// proxyOf names what answered in Procore's place, or nothing if Procore itself may have. A proxy, a gateway or a login
// page answers with a page or with plain text, while Procore's API answers in JSON with a request id.
func (c *Client) proxyOf(a answer, body []byte) string {
	kind := a.header.Get("Content-Type")
	switch {
	case a.status == http.StatusProxyAuthRequired, a.header.Get("Proxy-Authenticate") != "", a.header.Get("X-Squid-Error") != "":
	case len(strings.TrimSpace(string(body))) == 0, isJSON(kind) && json.Valid(body):
		return ""
	case isHTML(a.header), looksLikeHTML(body):
	case a.header.Get("X-Request-Id") != "":
		return ""
	}
	name := c.secrets.words(cmp.Or(a.header.Get("Server"), a.header.Get("Via")))
	if name == "" {
		return "a proxy or gateway on the way"
	}
	return "a proxy or gateway on the way (" + name[:min(len(name), 60)] + ")"
}

func isHTML(header http.Header) bool {
	return strings.Contains(strings.ToLower(header.Get("Content-Type")), "html")
}

func looksLikeHTML(body []byte) bool {
	start := strings.ToLower(strings.TrimSpace(string(body[:min(len(body), 200)])))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// ProxyError says that a proxy refuses to connect to a host.
type ProxyError struct {
	Proxy  string // its host and port
	Host   string // the host that was to be reached
	Status int    // of the proxy's answer to CONNECT (RFC 9110, section 9.3.6)
}

func (e *ProxyError) Error() string {
	s := fmt.Sprintf("the proxy %s answers %d %s instead of connecting to %s", e.Proxy, e.Status, http.StatusText(e.Status), e.Host)
	if e.Status == http.StatusProxyAuthRequired {
		return s + "; HTTPS_PROXY needs a user and a password that it accepts"
	}
	return s
}

// onConnect returns an error for a proxy that refuses to connect; net/http's own error has only the text of the status.
func onConnect(_ context.Context, proxy *url.URL, asked *http.Request, answered *http.Response) error {
	if answered.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyError{Proxy: proxy.Host, Host: asked.Host, Status: answered.StatusCode}
}

// errProxyAddress replaces net/http's error, which repeats the proxy's address, including its password.
var errProxyAddress = errors.New("the proxy's address in HTTPS_PROXY or HTTP_PROXY cannot be read; special characters of a password are percent-encoded there")

func withoutProxyAddress(err error) error {
	if strings.Contains(err.Error(), "invalid proxy address") {
		return errProxyAddress
	}
	return err
}
