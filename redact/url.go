package redact

import (
	"net/url"
	"regexp"
	"strings"
)

var (
	userInfo = regexp.MustCompile(`(?s)^[^/]*://[^:]*:(.*)@`)
	pairs    = regexp.MustCompile(`(?i)(?:password|passwd|pwd|passfile|token|key|secret)\s*=\s*('(?:[^'\\]|\\.)*'|"[^"]*"|[^;&\s]+)`)
	between  = regexp.MustCompile(`[@/:?#&=;,+]+`)
)

// DatabaseURL returns the secret parts of a database's address, in any form and whether or not it is well-formed: the
// whole of it, the password, and the parts in which a password with an unescaped @, / or : may turn up as a host or a
// path.
func DatabaseURL(text string) []string {
	secrets := []string{text}
	passwords := []string{}
	if m := userInfo.FindStringSubmatch(text); m != nil {
		passwords = append(passwords, m[1])
		if strings.ContainsAny(m[1], "@/:?#") {
			secrets = append(secrets, between.Split(m[1], -1)...)
		}
	}
	for _, m := range pairs.FindAllStringSubmatch(text, -1) {
		passwords = append(passwords, strings.Trim(m[1], `'"`))
	}
	for _, p := range passwords {
		secrets = append(secrets, p)
		if plain, err := url.PathUnescape(p); err == nil {
			secrets = append(secrets, plain)
		}
		if plain, err := url.QueryUnescape(p); err == nil {
			secrets = append(secrets, plain)
		}
	}
	return secrets
}

// longPart is the length, in bytes, from which a part of a service's URL is treated as a key.
const longPart = 10

// ServiceURL returns the secret parts of the URL of a service that admits whoever knows the URL: the whole of it, its
// password, and every longer part except the host.
func ServiceURL(text string) []string {
	secrets, host := []string{text}, ""
	if u, err := url.Parse(text); err == nil {
		host = u.Hostname()
		password, _ := u.User.Password()
		secrets = append(secrets, password)
	}
	_, rest, _ := strings.Cut(text, "://")
	for _, part := range between.Split(rest, -1) {
		if part == host {
			continue
		}
		plain, err := url.QueryUnescape(part)
		if err != nil {
			plain = part
		}
		for _, piece := range append(strings.Split(part, "-"), part, plain) {
			if len(piece) >= longPart {
				secrets = append(secrets, piece)
			}
		}
	}
	return secrets
}
