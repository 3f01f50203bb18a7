package procore

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// proxyOf names what gave an answer in Procore's place; empty where Procore may have. A proxy, a gateway or a login page
// on the way answers with a page or with plain words, while Procore's API speaks JSON and numbers its answers.
func (c *Client) proxyOf(a answer, body []byte) string {
	kind := a.header.Get("Content-Type")
	switch {
	case a.status == http.StatusProxyAuthRequired, a.header.Get("Proxy-Authenticate") != "", a.header.Get("X-Squid-Error") != "":
	case len(strings.TrimSpace(string(body))) == 0, isJSON(kind) && json.Valid(body):
		return ""
	case strings.Contains(strings.ToLower(kind), "html"), looksLikeHTML(body):
	case a.header.Get("X-Request-Id") != "":
		return ""
	}
	name := c.secrets.words(cmp.Or(a.header.Get("Server"), a.header.Get("Via")))
	if name == "" {
		return "a proxy or gateway on the way"
	}
	return "a proxy or gateway on the way (" + name[:min(len(name), 60)] + ")"
}

func looksLikeHTML(body []byte) bool {
	start := strings.ToLower(strings.TrimSpace(string(body[:min(len(body), 200)])))
	return strings.HasPrefix(start, "<!doctype html") || strings.HasPrefix(start, "<html")
}

// ProxyError says that a proxy does not let a connection through to a host.
type ProxyError struct {
	Proxy  string // its host and port
	Host   string // that was to be reached
	Status int    // of the proxy's answer to CONNECT (RFC 9110, section 9.3.6)
}

func (e *ProxyError) Error() string {
	s := fmt.Sprintf("the proxy %s answers %d %s instead of connecting to %s", e.Proxy, e.Status, http.StatusText(e.Status), e.Host)
	if e.Status == http.StatusProxyAuthRequired {
		return s + "; HTTPS_PROXY needs a user and a password that it accepts"
	}
	return s
}

// onConnect says what a proxy answered that does not connect; net/http's own error says only the words of its status.
func onConnect(_ context.Context, proxy *url.URL, asked *http.Request, answered *http.Response) error {
	if answered.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyError{Proxy: proxy.Host, Host: asked.Host, Status: answered.StatusCode}
}

// errProxyAddress replaces net/http's error, which repeats the proxy's address with the password in it.
var errProxyAddress = errors.New("the proxy's address in HTTPS_PROXY or HTTP_PROXY cannot be read; special characters of a password are percent-encoded there")

func withoutProxyAddress(err error) error {
	if strings.Contains(err.Error(), "invalid proxy address") {
		return errProxyAddress
	}
	return err
}
