package sync

import (
	"bytes"
	"errors"
	"testing"
)

func FuzzPlanFile(f *testing.F) {
	f.Add([]byte(`{"schema":1}`))
	f.Add([]byte(`{"schema":2,"plan":{}}`))
	f.Add([]byte(`{"schema":1,"run_id":"","created_at":"0001-01-01T00:00:00Z","plan":{"counts":{}},"checksum":""}` + "\n"))
	var good bytes.Buffer
	if err := WritePlanFile(&good, PlanFile{RunID: "r", Plan: &Plan{Company: "9"}}); err != nil {
		f.Fatal(err)
	}
	f.Add(good.Bytes())
	f.Fuzz(func(t *testing.T, file []byte) {
		plan, err := DecodePlanFile(file)
		if err != nil {
			var wrong *PlanFileError
			if !errors.As(err, &wrong) {
				t.Fatalf("error %v, want a *PlanFileError", err)
			}
			return
		}
		var again bytes.Buffer
		if err := WritePlanFile(&again, *plan); err != nil || !bytes.Equal(again.Bytes(), file) {
			t.Fatalf("a file is taken that would be written otherwise: %v", err)
		}
	})
}

func FuzzFold(f *testing.F) {
	f.Add("Legal / Contracts")
	f.Add("STRASSE\u200b — ﬁrst\xff")
	f.Fuzz(func(t *testing.T, name string) {
		for what, fold := range map[string]func(string) string{"name": FoldName, "text": FoldText, "number": FoldNumber} {
			if once := fold(name); fold(once) != once {
				t.Fatalf("folding %q as a %s twice gives %q, once %q", name, what, fold(once), once)
			}
		}
	})
}

func FuzzDigest(f *testing.F) {
	f.Add("0123456789ab")
	f.Add(" ABCDEF012345678 ")
	f.Fuzz(func(t *testing.T, text string) {
		prefix, err := ParseDigest(text)
		var wrong *DigestError
		if (err == nil) != (len(prefix) >= MinDigestPrefix) || err != nil && !errors.As(err, &wrong) {
			t.Fatalf("ParseDigest(%q) = %q, %v", text, prefix, err)
		}
	})
}
