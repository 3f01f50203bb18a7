package procore

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/url"
	"time"
)

// noAnswer explains why a request got no answer, and notes for the pacer that nothing was sent where that is sure.
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
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		err = fmt.Errorf("%w: %w", cause, err)
	} else if ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("none within %v: %w", c.cfg.Timeout, err)
	}
	return &NetworkError{
		Endpoint: req.endpoint, Method: req.verb(), Host: host, Path: path,
		Dialing: isDialing(err), Cancelled: ctx.Err() != nil, Err: c.secrets.hideIn(err),
	}
}

// isDialing says whether err arose before a connection was there, so that nothing of the request was sent.
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
