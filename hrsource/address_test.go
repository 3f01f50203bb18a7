package hrsource

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"procore-assignee-sync/hrsource/csvtable"
)

func TestAddressesThatDifferOnlyInSpellingAreOne(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{" Ann@Example.COM ", "ann@example.com"},
		{"josé@bau.example", "jose\u0301@bau.example"},
		{"JOSÉ@bau.example", "JOSE\u0301@bau.example"},
		{"\u0130rem@bau.example", "I\u0307rem@bau.example"},
		{"Ålund@bau.example", "a\u030Alund@bau.example"},
		{"J\u030C@bau.example", "\u01F0@bau.example"}, // ǰ has no upper case of its own
		{"ΝΙΚΟΣ@bau.example", "νικοσ@bau.example"},
		{"\u200Eann\u00AD@example.com", "ann@example.com"},
	} {
		if a, b := FoldAddress(c.a), FoldAddress(c.b); a != b {
			t.Errorf("%+q and %+q fold to %+q and %+q", c.a, c.b, a, b)
		}
	}
}

func TestAnotherAddressIsNeverTakenForTheSame(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"strauß@bau.example", "strauss@bau.example"},
		{"strau\u1E9E@bau.example", "strauß@bau.example"}, // the capital ẞ
		{"\u017Fam@bau.example", "sam@bau.example"},       // ſ
		{"\u212Aim@bau.example", "kim@bau.example"},       // Kelvin
		{"\u212Blund@bau.example", "ålund@bau.example"},   // Ångström
		{"\u2126@bau.example", "ω@bau.example"},           // Ohm
		{"\u1F71@bau.example", "ά@bau.example"},           // a letter that NFC replaces by another
		{"\uFB01n@bau.example", "fin@bau.example"},        // ﬁ
		{"νικος@bau.example", "νικοσ@bau.example"},
		{"\u0130rem@bau.example", "irem@bau.example"},
		{"\u0130rem@bau.example", "i\u0307rem@bau.example"},
		{"\u0131rem@bau.example", "irem@bau.example"}, // ı
		{"ann@stra\u00DFe.example", "ann@strasse.example"},
		{"ann@\u212Aim.example", "ann@kim.example"},
		{"\u00B5@bau.example", "μ@bau.example"}, // the micro sign
		{"K\u0327im@bau.example", "\u212A\u0327im@bau.example"},
		{"\uFF21nn@bau.example", "ann@bau.example"}, // a wide A
	} {
		if a, b := FoldAddress(c.a), FoldAddress(c.b); a == b {
			t.Errorf("%+q and %+q both fold to %+q", c.a, c.b, a)
		}
	}
}

// addressText is text that has what foldings fall over.
var addressText = rapid.StringOfN(rapid.RuneFrom([]rune("aAkKsS.@\u0130\u0131\u212A\u212B\u2126\u017F\u00DF\u1E9E\u0301\u030A\u0307\u0323\u0327\u0341\u0345\u1F71\u03C2\u03C3\u03A3\u01C5\u200B\u0958\uFB01 ")), 0, 12, -1)

func TestFoldingAnAddressTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		address := rapid.OneOf(addressText, rapid.String()).Draw(t, "address")
		once := FoldAddress(address)
		if twice := FoldAddress(once); twice != once {
			t.Fatalf("%+q folds to %+q, and that to %+q", address, once, twice)
		}
	})
}

// FuzzFoldAddress holds that an address folds to the same whether its marks stand apart or not, and only once.
func FuzzFoldAddress(f *testing.F) {
	for _, seed := range []string{"Ann@X.example", "\u0130rem@bau.example", "I\u0307rem@bau.example", "J\u030C\u0323", "\u212B\u0301", "\u03A3\u03C2", "\u200E\xFF@"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		once := FoldAddress(address)
		if again := FoldAddress(once); again != once {
			t.Fatalf("%+q folds to %+q, and that to %+q", address, once, again)
		}
		if strings.ContainsFunc(address, isReplaced) || !utf8.ValidString(address) {
			return // taken apart, it is another
		}
		if apart := FoldAddress(norm.NFD.String(address)); apart != once {
			t.Fatalf("%+q folds to %+q, taken apart to %+q", address, once, apart)
		}
	})
}

func TestEachCharacterFoldsToItselfItsPairOrItsComposition(t *testing.T) {
	for r := rune('!'); r <= unicode.MaxRune; r++ {
		if unicode.Is(unicode.Cs, r) || unicode.IsSpace(r) || unicode.IsControl(r) || csvtable.IsUnseen(r) {
			continue
		}
		folded, own := FoldAddress(string(r)), string(r)
		if len([]rune(norm.NFD.String(own))) > 1 && !isReplaced(r) {
			own = norm.NFC.String(own)
		}
		lower := unicode.ToLower(r)
		switch {
		case folded == own:
		case unicode.ToUpper(lower) == r && folded == string(lower):
		default:
			t.Fatalf("%U folds to %+q", r, folded)
		}
	}
}

func TestAFillerIdentifiesNobody(t *testing.T) {
	for _, id := range strings.Fields(`0 00000 x XX xxxx - --- . ... ? ?? N/A n/a NA None NULL nil TBD tba Unknown CONTRACTOR Temp external
		#N/A 999999 1111 aAaA ____`) {
		if !IsFiller(id) || CleanID(" \u200B"+id+" ") != "" {
			t.Errorf("%q is taken for somebody's id", id)
		}
	}
	for _, id := range strings.Fields(`1 9 99 999 00420 0x 1-1 10 contractor7 nab E-0438 111112 aaa 01010`) {
		if IsFiller(id) || CleanID("\u200E"+id) != id {
			t.Errorf("%q is taken for a filler", id)
		}
	}
	if IsFiller("") {
		t.Error("nothing is taken for a filler")
	}
}
