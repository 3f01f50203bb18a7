package procore

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestProcoresWordsAreFoundInEachShapeOfAnErrorBody(t *testing.T) {
	for body, want := range map[string][]string{
		`{"errors":"Not allowed"}`:                                         {"Not allowed"},
		`{"errors":["First","Second"]}`:                                    {"First", "Second"},
		`{"errors":{"b":["is bad","is old"],"a":"is missing"}}`:            {"a: is missing", "b: is bad", "b: is old"},
		`{"errors":{"item":{"name":["is bad"]}}}`:                          {"item.name: is bad"},
		`{"message":"Gone"}`:                                               {"Gone"},
		`{"message":"Gone","errors":["x"]}`:                                {"Gone", "x"},
		`{"error":"invalid_client","error_description":"No such client."}`: {"invalid_client", "No such client."},
		`{"error":{"code":"BAD_REQUEST","message":"Bad"}}`:                 {"Bad"},
		`{"error":{"code":"BAD_REQUEST"}}`:                                 {"BAD_REQUEST"},
		`{"error":{"code":"X","message":"Refused","details":[{"reason_code":"not_assignable","message":"login 9 may not be assigned","source":"login_ids"},{"code":"y","message":"z"}]}}`: {"Refused", "login_ids: login 9 may not be assigned (not_assignable)", "z (y)"},
		`{"errors":null}`:                        {`{"errors":null}`},
		`{"reason":"app not installed"}`:         {"app not installed"},
		`<html><body>Bad gateway</body></html>`:  {"<html><body>Bad gateway</body></html>"},
		"line one\r\nline \x1b[31mtwo\x00\u202e": {"line one line [31mtwo"},
		``:                                       {""},
		`[]`:                                     {"[]"},
	} {
		message, details := (&Client{secrets: newSecrets()}).parseErrorBody([]byte(body))
		if diff := cmp.Diff(want, append([]string{message}, details...)); diff != "" {
			t.Errorf("%s: difference (-want +got):\n%s", body, diff)
		}
	}
}

func TestWhatAnErrorKeepsIsBounded(t *testing.T) {
	many, _ := json.Marshal(map[string]any{"errors": strings.Split(strings.Repeat(strings.Repeat("ä", 5000)+",", 100), ",")})
	message, details := (&Client{secrets: newSecrets()}).parseErrorBody(many)
	if utf8.RuneCountInString(message) > maxMessageRunes+1 || len(details) > maxDetails {
		t.Errorf("%d runes, %d details", utf8.RuneCountInString(message), len(details))
	}
}

func FuzzErrorBody(f *testing.F) {
	for _, seed := range []string{
		`{"errors":{"a":["b"]}}`, `{"error":{"code":"c","message":"m","details":[{"message":"d"}]}}`, `{"message":1}`,
		"<html>", "\xff\xfe", `{"errors":[[[["x"]]]]}`, `{"error":{"details":{}}}`, `{"errors":{"a":null}}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		message, details := (&Client{secrets: newSecrets()}).parseErrorBody(body)
		for _, text := range append(details, message) {
			if !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxMessageRunes+1 {
				t.Errorf("%q", text)
			}
			if strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
				t.Errorf("invisible characters in %q", text)
			}
		}
		if len(details) > maxDetails {
			t.Errorf("%d details", len(details))
		}
	})
}
