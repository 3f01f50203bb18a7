package sync

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
)

// exceptions.csv and sync_exceptions have no column that says whether something was left undone. The counts of kinds say
// it, which every run keeps; where that does not tell, they name the exceptions.

// name names those of the kind that left something undone and that nobody accepted, where only some are so.
func (k *KindCount) name(exceptions []Exception) {
	if k.Undone == 0 || k.Undone == k.Count-k.Accepted {
		return
	}
	for i := range exceptions {
		if e := &exceptions[i]; e.Kind == k.Kind && e.Incomplete && !e.Accepted {
			k.Which = append(k.Which, e.fingerprint())
		}
	}
	slices.Sort(k.Which)
}

// ReadBackExceptions notes of exceptions that were read back from a run which of them left something undone, by what its
// summary says of their kinds. Of a run of an earlier version, which named none, all of a kind did where one did.
func ReadBackExceptions(exceptions []Exception, kinds []KindCount) {
	for i := range exceptions {
		e := &exceptions[i]
		at := slices.IndexFunc(kinds, func(k KindCount) bool { return k.Kind == e.Kind })
		if at < 0 || e.Accepted {
			continue
		}
		k := &kinds[at]
		e.Incomplete = k.Undone > 0
		if len(k.Which) > 0 {
			_, e.Incomplete = slices.BinarySearch(k.Which, e.fingerprint())
		}
	}
}

// fingerprint names an exception by the letters and digits of its columns: other characters may be cleaned where they are
// written.
func (e *Exception) fingerprint() string {
	hash := sha256.New()
	for _, text := range []string{e.Subject, e.Detail, e.TemplateName, e.GroupName, string(e.Project), e.Source.String()} {
		hash.Write([]byte(strings.Map(letterOrDigit, text) + "\x00"))
	}
	return hex.EncodeToString(hash.Sum(nil)[:8])
}

func letterOrDigit(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return r
	}
	return -1
}
