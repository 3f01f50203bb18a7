package procore

import (
	"errors"
	"strings"
)

// nextLink finds the target of rel="next" in Link headers (RFC 8288); empty where there is none.
func nextLink(headers []string) (string, error) {
	found := ""
	for _, header := range headers {
		for rest := header; ; {
			target, params, more, ok := cutLink(rest)
			if !ok {
				break
			}
			rest = more
			if !isNext(params) {
				continue
			}
			if found != "" && found != target {
				return "", errors.New("two different links to a next page")
			}
			found = target
		}
		if found == "" && strings.Contains(strings.ToLower(header), "next") && !strings.Contains(header, "<") {
			return "", errors.New("a link to a next page that cannot be read")
		}
	}
	return found, nil
}

// cutLink takes the first <target>; params off a Link header. A comma within quotes or within <> separates nothing.
func cutLink(s string) (target, params, rest string, ok bool) {
	_, s, ok = strings.Cut(s, "<")
	if !ok {
		return "", "", "", false
	}
	target, s, ok = strings.Cut(s, ">")
	if !ok {
		return "", "", "", false
	}
	end := unquotedIndex(s, ',')
	if end < 0 {
		return target, s, "", true
	}
	return target, s[:end], s[end+1:], true
}

// unquotedIndex finds the first sep that is not within quotes; -1 where there is none.
func unquotedIndex(s string, sep byte) int {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\' && quoted:
			i++
		case s[i] == '"':
			quoted = !quoted
		case s[i] == sep && !quoted:
			return i
		}
	}
	return -1
}

// isNext says whether a link's parameters name the relation next, alone or among others.
func isNext(params string) bool {
	for more := params; more != ""; {
		param := more
		more = ""
		if end := unquotedIndex(param, ';'); end >= 0 {
			param, more = param[:end], param[end+1:]
		}
		name, value, ok := strings.Cut(param, "=")
		if !ok || !strings.EqualFold(strings.TrimSpace(name), "rel") {
			continue
		}
		for rel := range strings.FieldsSeq(strings.Trim(strings.TrimSpace(value), `"`)) {
			if strings.EqualFold(rel, "next") {
				return true
			}
		}
		return false
	}
	return false
}
