package settings

import (
	"encoding/csv"
	"math"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Each of these turns the text of a setting into its value, or reports what is wrong with it. The report shows the
// text, so none of them is for secrets.

// whole parses a whole number from least to most.
func (p *problemList) whole(setting, text string, least, most int) int {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err == nil && n >= least && n <= most {
		return n
	}
	if most == math.MaxInt {
		p.add(setting, "is %q: a whole number of at least %d is allowed", text, least)
	} else {
		p.add(setting, "is %q: a whole number from %d to %d is allowed", text, least, most)
	}
	return least
}

// duration parses a duration in Go's format, of at least least.
func (p *problemList) duration(setting, text string, least time.Duration) time.Duration {
	d, err := time.ParseDuration(strings.TrimSpace(text))
	if err != nil || d < least {
		p.add(setting, "is %q: a duration of at least %s is allowed, such as 90s, 45m or 36h", text, least)
		return least
	}
	return d
}

// truth parses true or false.
func (p *problemList) truth(setting, text string) bool {
	switch strings.ToLower(strings.TrimSpace(text)) {
	case "true", "1", "yes":
		return true
	case "false", "0", "no":
		return false
	}
	p.add(setting, "is %q: true or false is allowed", text)
	return false
}

// oneOf accepts one of a few words.
func (p *problemList) oneOf(setting, text string, words ...string) string {
	folded := strings.ToLower(strings.TrimSpace(text))
	for _, w := range words {
		if folded == w {
			return w
		}
	}
	last := len(words) - 1
	p.add(setting, "is %q: %s or %s is allowed", text, strings.Join(words[:last], ", "), words[last])
	return words[0]
}

// names parses a comma-separated list. A name that contains a comma is in double quotes.
func (p *problemList) names(setting, text string) []string {
	if text == "" {
		return nil
	}
	r := csv.NewReader(strings.NewReader(text))
	r.LazyQuotes, r.TrimLeadingSpace, r.FieldsPerRecord = true, true, -1
	rows, err := r.ReadAll()
	if err != nil {
		p.add(setting, "is %q: a comma-separated list is allowed, names that hold a comma in double quotes", text)
		return nil
	}
	var names []string
	for _, row := range rows {
		for _, name := range row {
			if name = strings.TrimSpace(name); name != "" {
				names = append(names, name)
			}
		}
	}
	if len(names) == 0 {
		p.add(setting, "is %q: it names nothing", text)
	}
	return names
}

// baseURL parses an https URL, or an http URL of this machine. It never shows the text, which may contain a password.
func (p *problemList) baseURL(setting, text string) *url.URL {
	u, err := url.Parse(strings.TrimRight(strings.TrimSpace(text), "/"))
	switch {
	case err != nil || u.Host == "" || u.Hostname() == "":
		p.add(setting, "is no URL: something like https://api.procore.com is allowed")
	case u.User != nil:
		p.add(setting, "holds a user name: credentials belong into PROCORE_CLIENT_ID and PROCORE_CLIENT_SECRET")
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		p.add(setting, "has a query or a fragment: scheme, host and perhaps a path are allowed")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		p.add(setting, "starts with http://, which is allowed for this machine's own addresses only: use https://")
	case u.Scheme != "https" && u.Scheme != "http":
		p.add(setting, "does not start with https://")
	default:
		return u
	}
	return nil
}

// isLoopback reports whether a host is this machine itself.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// identity returns the host as plans hold it: in lower case, without the scheme's default port.
func identity(u *url.URL) string {
	host := strings.ToLower(u.Host)
	switch u.Scheme {
	case "https":
		return strings.TrimSuffix(host, ":443")
	default:
		return strings.TrimSuffix(host, ":80")
	}
}
