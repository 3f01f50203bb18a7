package procore

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
)

func webPage(status int, headers map[string]string, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func TestAnAnswerThatAProxyGivesIsCalledTheProxys(t *testing.T) {
	html := map[string]string{"Content-Type": "text/html; charset=utf-8", "Server": "squid/5.7"}
	words := map[string]string{"Content-Type": "text/plain"}
	for name, test := range map[string]struct {
		answer http.HandlerFunc
		proxy  bool
	}{
		"a page with 403":           {webPage(403, html, "<!DOCTYPE html><title>Blocked</title>"), true},
		"a page with 404":           {webPage(404, html, "<html>"), true},
		"a page with 502":           {webPage(502, html, "<html><h1>502 Bad Gateway</h1>"), true},
		"a page with 200":           {webPage(200, html, "<html>Sign in to the network</html>"), true},
		"a page called JSON":        {webPage(403, map[string]string{"Content-Type": "application/json"}, "<html>"), true},
		"plain words":               {webPage(503, words, "upstream connect error"), true},
		"407":                       {webPage(407, map[string]string{"Content-Type": "application/json"}, `{}`), true},
		"Procore's plain words":     {webPage(403, map[string]string{"Content-Type": "text/plain", "X-Request-Id": "r"}, "Retry later"), false},
		"Procore's own":             {status(403, `{"errors":["no"]}`), false},
		"nothing":                   {webPage(404, nil, ""), false},
		"JSON without a request id": {webPage(404, map[string]string{"Content-Type": "application/json"}, `{"message":"no"}`), false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := newFake(t)
				f.on(endpointTools, test.answer)
				_, err := f.client().Tools(t.Context())
				var api *APIError
				named := strings.Contains(err.Error(), "from a proxy or gateway on the way")
				if named != test.proxy || errors.As(err, &api) && (api.Proxy != "") != test.proxy {
					t.Errorf("error %v", err)
				}
				if test.proxy && WrongCompany(err) {
					t.Error("a proxy's refusal is taken for Procore's")
				}
				if strings.Contains(name, "a page with") && !strings.Contains(err.Error(), "squid/5.7") {
					t.Errorf("the proxy's name is not told: %v", err)
				}
			})
		})
	}
}

func TestAProxysAnswerInPlaceOfATokenIsNoRefusalOfTheServiceAccount(t *testing.T) {
	for _, code := range []int{401, 403, 407} {
		f := newFake(t)
		f.on(endpointToken, webPage(code, map[string]string{"Content-Type": "text/html"}, "<html>Not allowed from here</html>"))
		_, err := f.client().Tools(t.Context())
		var auth *AuthError
		var api *APIError
		if errors.As(err, &auth) || !errors.As(err, &api) || api.Proxy == "" || api.Status != code {
			t.Errorf("%d: error %v", code, err)
		}
	}
	f := newFake(t)
	f.on(endpointToken, webPage(200, map[string]string{"Content-Type": "text/html"}, "<html>Sign in to the network</html>"))
	_, err := f.client().Tools(t.Context())
	var answer *AnswerError
	if !errors.As(err, &answer) || answer.Status != 200 || !strings.Contains(err.Error(), "from a proxy or gateway on the way") {
		t.Errorf("error %v", err)
	}
	f = newFake(t)
	f.on(endpointTools, webPage(401, map[string]string{"Content-Type": "text/html"}, "<html>Who are you?</html>"))
	_, err = f.client().Tools(t.Context())
	var auth *AuthError
	if errors.As(err, &auth) {
		t.Errorf("error %v", err)
	}
}

func TestAProxyThatDoesNotConnectIsNamedWithItsAnswer(t *testing.T) {
	for code, hint := range map[int]string{407: "HTTPS_PROXY needs a user and a password", 403: "403 Forbidden instead of connecting to api.procore.test:443"} {
		proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }))
		address, _ := url.Parse(proxy.URL)
		address.User = url.UserPassword("me", "proxy-password")
		transport, _ := newTransport(1).(*http.Transport)
		transport.Proxy = http.ProxyURL(address)
		f := newFake(t)
		c := f.client(func(cfg *Config) { cfg.Transport, cfg.MaxAttempts = transport, 1 })
		c.tokens.state.Store(&tokenState{token: "t"})
		_, err := c.UpdateAssignees(t.Context(), PresetRef{"24", "812"}, []GroupWrite{{UUID: "a"}})
		var refused *ProxyError
		if !errors.As(err, &refused) || refused.Status != code || !strings.Contains(err.Error(), hint) || !strings.Contains(err.Error(), address.Host) {
			t.Errorf("error %v", err)
		}
		if MaybeApplied(err) || !Unreachable(err) || strings.Contains(err.Error(), "proxy-password") {
			t.Errorf("maybe applied %v, unreachable %v, error %v", MaybeApplied(err), Unreachable(err), err)
		}
		c.Close()
		proxy.Close()
	}
}

func TestAProxysAddressThatCannotBeReadIsNotRepeated(t *testing.T) {
	transport, _ := newTransport(1).(*http.Transport)
	transport.Proxy = func(*http.Request) (*url.URL, error) {
		return nil, errors.New(`invalid proxy address "http://me:proxy%zzpassword@proxy": parse "http://me:proxy%zzpassword@proxy": invalid URL escape "%zz"`)
	}
	c := newFake(t).client(func(cfg *Config) { cfg.Transport, cfg.MaxAttempts = transport, 1 })
	_, err := c.Tools(t.Context())
	if err == nil || strings.Contains(err.Error(), "password@") || !strings.Contains(err.Error(), "HTTPS_PROXY") {
		t.Errorf("error %v", err)
	}
}

func TestARefusalNamesTheLoginHostOfTheAPIsEnvironment(t *testing.T) {
	parse := func(s string) *url.URL { u, _ := ParseURL(s); return u }
	for _, test := range []struct{ api, login, want string }{
		{"https://api.procore.com", "https://login.procore.com", ""},
		{"https://API.procore.com", "https://LOGIN.procore.com/", ""},
		{"https://api.procore.com", "https://login-sandbox.procore.com", "login.procore.com"},
		{"https://sandbox.procore.com", "https://login.procore.com", "login-sandbox.procore.com"},
		{"https://api-monthly.procore.com", "https://login.procore.com", "login-sandbox-monthly.procore.com"},
		{"https://procore.example.com", "https://login.procore.com", ""},
	} {
		right := loginHostFor(parse(test.api), parse(test.login))
		if right != test.want {
			t.Errorf("%s with %s: %q, want %q", test.api, test.login, right, test.want)
		}
		told := (&AuthError{Host: "x", Status: 401, RightLogin: right}).Error()
		if strings.Contains(told, "the login host of this API is "+test.want) != (test.want != "") {
			t.Errorf("told as %s", told)
		}
	}
}
