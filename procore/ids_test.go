package procore

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAnIDIsTheSameAsNumberAndAsTextHoweverLong(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.Int64().Draw(rt, "id")
		text, _ := json.Marshal(n)
		var asNumber, asText LoginID
		if err := json.Unmarshal(text, &asNumber); err != nil {
			rt.Fatal(err)
		}
		if err := json.Unmarshal([]byte(`"`+string(text)+`"`), &asText); err != nil {
			rt.Fatal(err)
		}
		if asNumber != asText || string(asNumber) != string(text) || !isID(string(asText)) {
			rt.Errorf("%s as number %q, as text %q", text, asNumber, asText)
		}
	})
}

func TestIDsAreOrderedByNumber(t *testing.T) {
	if CompareIDs[PresetID]("7", "10") >= 0 || CompareIDs[PresetID]("10", "7") <= 0 || CompareIDs[PresetID]("10", "10") != 0 {
		t.Error("7 comes before 10")
	}
}

func FuzzID(f *testing.F) {
	for _, seed := range []string{`1`, `"1"`, `null`, `""`, `-5`, `1.0`, `1e9`, `9223372036854775808`, `{}`, `"1`, `true`, ` 7 `} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var id PresetID
		if json.Unmarshal(b, &id) != nil {
			return
		}
		if trimmed := strings.TrimSpace(string(b)); trimmed[0] != '"' && trimmed != "null" && !isID(string(id)) {
			t.Errorf("%s became %q", b, id)
		}
		again, err := json.Marshal(id)
		if err != nil {
			t.Fatal(err)
		}
		var same PresetID
		if err := json.Unmarshal(again, &same); err != nil || same != id {
			t.Errorf("%s became %q, and that %q", b, id, same)
		}
	})
}

func FuzzFlexText(f *testing.F) {
	for _, seed := range []string{`"00123"`, `123`, `null`, `-5`, `{}`, `[1]`, `"\ud800"`, `true`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var text flexText
		if json.Unmarshal(b, &text) == nil && len(text) > len(b)*3 {
			t.Errorf("%q became %q", b, text)
		}
	})
}
