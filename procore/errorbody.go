package procore

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// How much of Procore's message an error keeps.
const (
	maxErrorBody    = 1 << 20 // bytes read
	maxMessageRunes = 500
	maxDetails      = 20
	maxNesting      = 6
)

// parseErrorBody finds the message and the details in the body of an unsuccessful answer. Procore has two forms: v1,
// {"errors": text, list, or lists by field} or {"message": text}, and v2, {"error": {"code", "message", "details"}}.
// From anything else it takes the first words. Both results are bounded and free of secrets and control characters.
func (c *Client) parseErrorBody(body []byte) (message string, details []string) {
	var shape struct {
		Errors  json.RawMessage `json:"errors"`
		Message json.RawMessage `json:"message"`
		Error   json.RawMessage `json:"error"`
		Reason  json.RawMessage `json:"reason"`
		// OAuth, RFC 6749 section 5.2.
		Description json.RawMessage `json:"error_description"`
	}
	if json.Unmarshal(body, &shape) != nil {
		return c.plainWords(body), nil
	}
	message, details = parseV2Error(shape.Error)
	var more []string
	for _, raw := range []json.RawMessage{shape.Message, shape.Description, shape.Errors, shape.Reason} {
		more = append(more, flattenErrors("", raw, maxNesting)...)
	}
	if message == "" && len(more) > 0 {
		message, more = more[0], more[1:]
	}
	details = append(details, more...)
	if message == "" && len(details) == 0 {
		return c.plainWords(body), nil
	}
	return c.secrets.words(message), c.allWords(details)
}

// parseV2Error parses the value of "error": v2's object, or a plain text.
func parseV2Error(raw json.RawMessage) (message string, details []string) {
	var v2 struct {
		Code    flexText `json:"code"`
		Message flexText `json:"message"`
		Details []struct {
			Reason  flexText `json:"reason_code"`
			Code    flexText `json:"code"`
			Message flexText `json:"message"`
			Source  flexText `json:"source"`
		} `json:"details"`
	}
	if len(raw) == 0 {
		return "", nil
	}
	if json.Unmarshal(raw, &v2) != nil {
		texts := flattenErrors("", raw, maxNesting)
		if len(texts) == 0 {
			return "", nil
		}
		return texts[0], texts[1:]
	}
	message = string(v2.Message)
	if message == "" {
		message = string(v2.Code)
	}
	for _, d := range v2.Details {
		text := string(d.Message)
		if d.Source != "" {
			text = string(d.Source) + ": " + text
		}
		if code := string(d.Reason + d.Code); code != "" {
			text += " (" + code + ")"
		}
		details = append(details, text)
	}
	return message, details
}

// flattenErrors turns text, a list, or lists by field into texts, with fields in order and down to a limited depth.
func flattenErrors(field string, raw json.RawMessage, depth int) []string {
	if len(raw) == 0 || depth == 0 {
		return nil
	}
	var text flexText
	if json.Unmarshal(raw, &text) == nil {
		switch {
		case text == "":
			return nil
		case field != "":
			return []string{field + ": " + string(text)}
		}
		return []string{string(text)}
	}
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil {
		var out []string
		for _, item := range list {
			out = append(out, flattenErrors(field, item, depth-1)...)
		}
		return out
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(raw, &fields) != nil {
		return nil
	}
	var out []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		inner := name
		if field != "" {
			inner = field + "." + name
		}
		out = append(out, flattenErrors(inner, fields[name], depth-1)...)
	}
	return out
}

// plainWords takes the first words of a body in none of the known forms.
func (c *Client) plainWords(body []byte) string {
	return c.secrets.words(string(body[:min(len(body), mostSearched)]))
}

func (c *Client) allWords(texts []string) []string {
	var out []string
	for _, text := range texts {
		if len(out) == maxDetails {
			break
		}
		if text = c.secrets.words(text); text != "" {
			out = append(out, text)
		}
	}
	return out
}

// clean makes a text from outside fit for a terminal and a log: valid, on one line, bounded, and without invisible
// characters.
func clean(s string) string {
	const most = 8 * maxMessageRunes // number of bytes that are looked at
	if len(s) > most {
		s = s[:most]
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case r == utf8.RuneError, !unicode.IsPrint(r):
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > maxMessageRunes {
		s = string([]rune(s)[:maxMessageRunes]) + "…"
	}
	return s
}
