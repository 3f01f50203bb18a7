package procore

import (
	"net/http"
	"net/url"
	"path"
	"strings"
)

// maxRedirects is how many redirects a read follows.
const maxRedirects = 3

// checkRedirect lets a read follow a redirect within the API URL, since the token must go nowhere else. It never lets a
// write follow one, because a write sent elsewhere is not the same write; the redirect is then the answer.
func (c *Client) checkRedirect(request *http.Request, via []*http.Request) error {
	if via[0].Method != http.MethodGet {
		return http.ErrUseLastResponse
	}
	if len(via) > maxRedirects || !c.isHome(request.URL) {
		return &ForeignURLError{What: "redirect", URL: c.withoutQuery(request.URL)}
	}
	return nil
}

// isHome reports whether u has the scheme, host and port of the API URL and is under its base path.
func (c *Client) isHome(u *url.URL) bool {
	return u.User == nil && strings.EqualFold(u.Scheme, c.base.Scheme) &&
		strings.EqualFold(u.Hostname(), c.base.Hostname()) && port(u) == port(c.base) &&
		strings.HasPrefix(u.Path, c.base.Path+"/") && strings.HasPrefix(path.Clean(u.Path), c.base.Path+"/")
}

// redirectTo describes where a redirect that is not followed leads.
func (c *Client) redirectTo(from *url.URL, location string) string {
	to, err := from.Parse(location)
	if err != nil {
		return "a redirect to an address that cannot be read; it is not followed"
	}
	return "a redirect to " + c.withoutQuery(to) + "; it is not followed"
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case strings.EqualFold(u.Scheme, "http"):
		return "80"
	}
	return "443"
}

// withoutQuery returns a URL for a message, without its query, which may hold anything.
func (c *Client) withoutQuery(u *url.URL) string {
	return c.secrets.words(u.Scheme + "://" + u.Host + u.Path)
}

// resolve resolves a link's target, and refuses one that leads elsewhere.
func (c *Client) resolve(from *url.URL, target string) (*url.URL, error) {
	ref, err := url.Parse(strings.TrimSpace(target))
	if err != nil {
		return nil, &ForeignURLError{What: "next page", URL: "an address that cannot be read"}
	}
	u := from.ResolveReference(ref)
	if !c.isHome(u) {
		return nil, &ForeignURLError{What: "next page", URL: c.withoutQuery(u)}
	}
	u.Fragment = ""
	return u, nil
}

// loginHosts are the login hosts of Procore's environments, by API host: production and on-demand sandboxes, the
// developer sandbox, and the monthly sandbox.
//
// https://developers.procore.com/documentation/development-environments
var loginHosts = map[string]string{
	"api.procore.com":         "login.procore.com",
	"sandbox.procore.com":     "login-sandbox.procore.com",
	"api-monthly.procore.com": "login-sandbox-monthly.procore.com",
}

// loginHostFor returns the login host that belongs to the environment of an API host if login is a different one. It is
// empty if login is right, or if the environment is not known.
func loginHostFor(api, login *url.URL) string {
	right := loginHosts[strings.ToLower(api.Hostname())]
	if strings.EqualFold(login.Hostname(), right) {
		return ""
	}
	return right
}
