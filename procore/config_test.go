package procore

import (
	"strings"
	"testing"
)

func TestAURLIsHTTPSOrThisMachine(t *testing.T) {
	for text, want := range map[string]string{
		"https://api.procore.com":        "https://api.procore.com",
		"https://api.procore.com/":       "https://api.procore.com",
		"https://proxy.example.com/eu//": "https://proxy.example.com/eu",
		"https://api.procore.com:8443/x": "https://api.procore.com:8443/x",
		"http://localhost:8080":          "http://localhost:8080",
		"http://127.0.0.1:1/base/":       "http://127.0.0.1:1/base",
		"http://127.8.9.1":               "http://127.8.9.1",
		"http://[::1]:8080":              "http://[::1]:8080",
	} {
		if u, err := ParseURL(text); err != nil || u.String() != want {
			t.Errorf("%s: got %v, error %v", text, u, err)
		}
	}
	for text, why := range map[string]string{
		"":                                   "not an https URL with a host",
		"api.procore.com":                    "not an https URL with a host",
		"ftp://api.procore.com":              "not an https URL with a host",
		"https://":                           "not an https URL with a host",
		"https://:443":                       "not an https URL with a host",
		"http://api.procore.com":             "http is accepted for this machine only",
		"http://localhost.example.com":       "http is accepted for this machine only",
		"http://10.0.0.1":                    "http is accepted for this machine only",
		"https://user:hunter2@x.example.com": "a URL with a user or password is not accepted",
		"https://api.procore.com?x=1":        "a URL with a query or fragment is not accepted",
		"https://api.procore.com/#x":         "a URL with a query or fragment is not accepted",
		"https://hunter2%zz.example.com":     "not a URL",
	} {
		_, err := ParseURL(text)
		if err == nil || !strings.Contains(err.Error(), why) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: error %v", text, err)
		}
	}
}

func TestEverythingThatIsWrongWithTheConfigurationIsToldAtOnce(t *testing.T) {
	_, err := New(Config{Company: "acme", APIURL: "http://api.procore.com", Concurrency: -1, ReservePercent: 100})
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range []string{"company id", "client id", "client secret", "API URL", "login URL", "concurrency", "reserve"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("nothing of the %s in: %v", part, err)
		}
	}
}

func TestANewClientSendsNothing(t *testing.T) {
	f := newFake(t)
	c := f.client()
	if len(f.requests) > 0 || len(c.Calls()) > 0 || c.Host() != "api.procore.test" {
		t.Errorf("requests %v, calls %v, host %s", f.requests, c.Calls(), c.Host())
	}
}
