package procore

import (
	"net/url"
	"strings"
	"testing"
)

func TestTheNextPageIsFoundInLinkHeaders(t *testing.T) {
	for header, want := range map[string]string{
		"":                                    "",
		`<https://x/?page=2>; rel="next"`:     "https://x/?page=2",
		`<https://x/?page=2>; rel=next`:       "https://x/?page=2",
		`<https://x/?page=2>;rel="prev next"`: "https://x/?page=2",
		`<https://x/?page=2>; title="a, b; rel=next"; rel="last"`:         "",
		`<https://x/?a=1,2>; rel="first", <https://x/?a=3,4>; rel="next"`: "https://x/?a=3,4",
		`<https://x/1>; rel="last" , <https://x/2>; REL="Next"; foo`:      "https://x/2",
		`<https://x/1>; rel="nextish"`:                                    "",
		`<https://x/1>; rel="first"; rel="next"`:                          "",
		`<https://x/2>; title="\""; rel="next"`:                           "https://x/2",
		`<https://x/2>; rel="next", <https://x/2>; rel="next"`:            "https://x/2",
		`<https://x/1>; rel="prev", <https://x/9`:                         "",
		`garbage`:        "",
		`<>; rel="next"`: "",
		`<https://x/first>; rel="first",<https://x/two>; rel="next",<https://x/l>; rel="last"`: "https://x/two",
	} {
		got, err := nextLink([]string{header})
		if err != nil || got != want {
			t.Errorf("%s: got %q, error %v", header, got, err)
		}
	}
	if got, err := nextLink([]string{`<https://x/1>; rel="first"`, `<https://x/2>; rel="next"`}); got != "https://x/2" || err != nil {
		t.Errorf("two headers: got %q, error %v", got, err)
	}
}

func TestALinkHeaderThatCannotBeReadIsNoEnd(t *testing.T) {
	for _, header := range []string{
		`<https://x/2>; rel="next", <https://x/3>; rel="next"`,
		`https://x/2; rel="next"`,
	} {
		if got, err := nextLink([]string{header}); err == nil {
			t.Errorf("%s: got %q", header, got)
		}
	}
}

func FuzzLink(f *testing.F) {
	for _, seed := range []string{
		`<https://api.procore.test/eu/tenant/rest?page=2>; rel="next"`, `<//evil.test>; rel=next`, `</x>;rel="next", <y>; rel="a"`,
		`<https://api.procore.test/eu/tenant/%2e%2e/x>; rel=next`, `<a>;"`, `<`, `<https://api.procore.test@evil.test/eu/tenant/x>; rel=next`,
	} {
		f.Add(seed)
	}
	c := newFake(f).client()
	from, _ := url.Parse(fakeAPI + "/rest/v2.0/x")
	f.Fuzz(func(t *testing.T, header string) {
		target, err := nextLink([]string{header})
		if err != nil || target == "" {
			return
		}
		u, err := c.resolve(from, target)
		if err != nil {
			return
		}
		again, err := url.Parse(u.String())
		if err != nil || again.Scheme != "https" || again.Host == "" || !strings.EqualFold(again.Hostname(), "api.procore.test") ||
			!strings.HasPrefix(again.Path, "/eu/tenant/") || again.User != nil {
			t.Errorf("%q leads to %s", header, u)
		}
	})
}
