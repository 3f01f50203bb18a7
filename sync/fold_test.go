package sync

import (
	"slices"
	"testing"
)

func TestNamesDifferingInCaseSpacesAndPunctuationAreOne(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"Project Engineer", "  project\u00a0 ENGINEER "},
		{"Legal / Contracts", "legal-contracts"},
		{"Safety & Quality", "safety quality"},
		{"Straße", "STRASSE"},
		{"Équipe", "E\u0301QUIPE"},
		{"Legal\u200b", "legal"},
		{"(Legal)", "legal."},
		{"---", ""},
	} {
		if FoldName(c.a) != FoldName(c.b) {
			t.Errorf("foldName(%q) = %q, foldName(%q) = %q; want the same", c.a, FoldName(c.a), c.b, FoldName(c.b))
		}
	}
}

func TestOtherNamesStayApart(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"Legal", "Legale"}, {"C++", "C"}, {"Team 1", "Team 11"}, {"AB", "A B"}, {"Equipe", "Équipe"},
	} {
		if FoldName(c.a) == FoldName(c.b) {
			t.Errorf("foldName(%q) = foldName(%q) = %q", c.a, c.b, FoldName(c.a))
		}
	}
}

func TestTeamsThatDifferInPunctuationAreTwo(t *testing.T) {
	if FoldText("Legal  TEAM") != FoldText("legal team") {
		t.Error("case and spaces part two teams")
	}
	if FoldText("Legal-team") == FoldText("legal team") {
		t.Error("punctuation does not part two teams")
	}
}

func TestNearNamesAreThoseThatASlipExplains(t *testing.T) {
	names := []string{"Legal", "Finance", "Contract approval", "Legal team", "Approval, contract", "Safety"}
	for _, c := range []struct {
		name string
		want []string
	}{
		{"Leagl", []string{"Legal"}},
		{"Contract aproval", []string{"Contract approval"}},
		{"contract approval", []string{"Contract approval", "Approval, contract"}},
		{"Contract", []string{"Contract approval"}},
		{"Zoology", nil},
		{"---", nil},
	} {
		if got := NearNames(c.name, names); !slices.Equal(got, c.want) {
			t.Errorf("nearNames(%q) = %q, want %q", c.name, got, c.want)
		}
	}
}
