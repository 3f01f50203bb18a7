package sync

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func FuzzReason(f *testing.F) {
	for _, text := range []string{
		"", "left: terminated", `held_separation: member of team "A; B" (rule roles (1).csv:3); HR calls them "X"`, "; ", `"; "`, " (rule )",
		"held_empty_group: ", "already so when read again; nothing sent", "x; already so when read again; nothing sent", "held_empty_group: ; ",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if got := ReadReason(text).String(); got != text {
			t.Errorf("%q was read and written as %q", text, got)
		}
	})
}

func TestAReasonIsReadBackWithAllOfItsParts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-z;:() ]{1,12}`)
		r := Reason{
			Hold: rapid.SampledFrom([]Kind{"", HeldEmptyGroup, HeldSeparation, HeldTeamMissing}).Draw(t, "hold"), AlreadySo: rapid.Bool().Draw(t, "so"),
		}
		for i := range rapid.IntRange(1, 3).Draw(t, "parts") {
			b := Because{Says: fmt.Sprintf("member of team %q", name.Draw(t, "team"))}
			if i == 0 && rapid.Bool().Draw(t, "a removal") {
				b = rapid.SampledFrom(Causes()).Draw(t, "cause").Reason(rapid.SampledFrom([]string{"", " 2026-11-20", ": terminated", ", and more"}).Draw(t, "rest")).Because[0]
			}
			if rapid.Bool().Draw(t, "ruled") {
				b.Rule = fmt.Sprintf("%s.csv:%d", rapid.StringMatching(`[a-z()]{1,6}`).Draw(t, "file"), rapid.IntRange(2, 99).Draw(t, "line"))
			}
			r.Because = append(r.Because, b)
		}
		want(t, "read back", ReadReason(r.String()), r)
	})
}

func TestWhateverRulesLeadThereAReasonSaysItOnce(t *testing.T) {
	r := ReadReason(`held_separation: member of team "Legal" (rule map (1).csv:2); member of team "Legal" (rule map (1).csv:3); HR calls them "X"`)
	want(t, "says", r.Says(), `member of team "Legal"; HR calls them "X"`)
	want(t, "hold", r.Hold, HeldSeparation)
	want(t, "no hold", ReadReason("held_nothing: left").Hold, "")
}
