package procore

import (
	"net/url"
	"strings"
)

// loginHosts are the login hosts of Procore's environments, by API host: production and on-demand sandboxes, the
// developer sandbox, and the monthly sandbox.
//
// https://developers.procore.com/documentation/development-environments
var loginHosts = map[string]string{
	"api.procore.com":         "login.procore.com",
	"sandbox.procore.com":     "login-sandbox.procore.com",
	"api-monthly.procore.com": "login-sandbox-monthly.procore.com",
}

// loginHostFor returns the login host that belongs to the environment of an API host, where login is another one; empty
// where it is the right one, or the environment is not known.
func loginHostFor(api, login *url.URL) string {
	right := loginHosts[strings.ToLower(api.Hostname())]
	if strings.EqualFold(login.Hostname(), right) {
		return ""
	}
	return right
}
