package redact

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// forms returns every form in which a secret is usually written.
func forms(secret string) []string {
	all := append([]string{secret}, base64Forms(secret)...)
	// OAuth's basic authentication escapes id and secret before it encodes them (RFC 6749, 2.3.1).
	all = append(all, base64Forms(url.QueryEscape(secret))...)
	once := quotedForms(secret)
	for _, escaped := range urlForms(secret) {
		// Hexadecimal digits may be in upper or lower case.
		once = append(once, escaped, percent.ReplaceAllStringFunc(escaped, strings.ToLower))
	}
	for _, form := range distinct(once) {
		// A log quotes an answer's text, and a JSON log quotes that again.
		all = append(append(all, form), quotedForms(form)...)
	}
	return distinct(slices.DeleteFunc(all, func(form string) bool { return len(form) < leastLength }))
}

// distinct returns each text once: most secrets are the same in most forms.
func distinct(texts []string) []string {
	slices.Sort(texts)
	return slices.Compact(texts)
}

var percent = regexp.MustCompile(`%[0-9A-F]{2}`)

// urlForms returns a text escaped for a URL: as a form (with + for a space), as a path, as user information, as
// JavaScript's encodeURIComponent does, and with everything escaped except letters and digits.
func urlForms(s string) []string {
	return []string{
		url.QueryEscape(s),
		strings.ReplaceAll(url.QueryEscape(s), "+", "%20"),
		url.PathEscape(s),
		(&url.URL{Path: s}).EscapedPath(),
		strings.TrimPrefix(url.UserPassword("", s).String(), ":"),
		escapeBut(s, "-_.!~*'()"),
		escapeBut(s, "-_.~/"),
		escapeBut(s, "-_.*"),
		escapeBut(s, ""),
	}
}

// escapeBut percent-encodes all bytes except letters, digits and those in keep.
func escapeBut(s, keep string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte(keep, c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// quotedForms returns a text as it is inside quotes: in JSON (with and without < as \u003c, with \/ for a slash, in
// ASCII only), in Go, and in HTML.
func quotedForms(s string) []string {
	inside := func(quoted string) string { return quoted[1 : len(quoted)-1] }
	forms := []string{
		inside(strconv.Quote(s)), inside(strconv.QuoteToASCII(s)), html.EscapeString(s),
		strings.NewReplacer("&#34;", "&quot;", "&#39;", "&apos;").Replace(html.EscapeString(s)),
	}
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if encoder.Encode(s) == nil {
		plain := inside(strings.TrimSuffix(b.String(), "\n"))
		forms = append(forms, plain, strings.ReplaceAll(plain, "/", `\/`), ascii(plain), ascii(strings.ReplaceAll(plain, "/", `\/`)))
	}
	if encoded, err := json.Marshal(s); err == nil {
		forms = append(forms, inside(string(encoded)))
	}
	return forms
}

// ascii replaces what is not ASCII by JSON's \uXXXX.
func ascii(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case r > 0xFFFF:
			r -= 0x10000
			fmt.Fprintf(&b, `\u%04x\u%04x`, 0xD800+r>>10, 0xDC00+r&0x3FF)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}

// base64Forms returns a text in base64 (RFC 4648, both alphabets), alone and as part of something longer. In the latter
// case the text may begin at any of three positions within a group of four letters; a letter that it shares with a
// neighbour is left out.
func base64Forms(s string) []string {
	forms := []string{
		base64.StdEncoding.EncodeToString([]byte(s)), base64.RawStdEncoding.EncodeToString([]byte(s)),
		base64.URLEncoding.EncodeToString([]byte(s)), base64.RawURLEncoding.EncodeToString([]byte(s)),
	}
	for before := range 3 {
		padded := append(make([]byte, before), s...)
		first, last := (8*before+5)/6, 8*len(padded)/6
		if last-first < anywhere {
			continue
		}
		for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
			forms = append(forms, encoding.EncodeToString(padded)[first:last])
		}
	}
	return forms
}
