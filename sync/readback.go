package sync

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"unicode"
)

// exceptions.csv and sync_exceptions have no column that says whether something was left undone. Every run's counts of
// kinds say it and, where some exceptions of a kind did and others did not, name them.

// name lists those of the kind that left something undone and were not accepted, if that is not all of them.
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

// ReadBackExceptions marks which of the exceptions read back from a run left something undone, using the counts of
// kinds in its summary. Earlier versions named no exceptions in these counts; there, all exceptions of a kind are
// marked if one left something undone.
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

// fingerprint identifies an exception by the letters and digits of its columns, since other characters may be cleaned
// when they are written.
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
