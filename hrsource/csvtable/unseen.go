package csvtable

import "unicode"

// IsUnseen reports whether r has no width of its own and only controls how text is shown: joiners, soft hyphens,
// direction marks, variation selectors, the byte-order mark. Contact cards, web pages and editors leave such characters
// in copied text.
func IsUnseen(r rune) bool {
	return r >= 0x80 && unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector)
}
