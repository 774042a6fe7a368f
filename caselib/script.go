package caselib

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// cyrillicProblem says why s is not good Cyrillic Mongolian, "" if it is. A
// word may be Latin as a whole (a brand, an abbreviation), but a word that
// mixes alphabets hides a look-alike letter that no search will ever match.
func cyrillicProblem(s string) string {
	if !norm.NFC.IsNormalString(s) {
		return "not in NFC"
	}
	cyrl := 0
	for _, word := range strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) {
		inCyrl, other := 0, rune(0)
		for _, r := range word {
			if unicode.Is(unicode.Cyrillic, r) {
				inCyrl++
			} else if other == 0 || !unicode.Is(unicode.Latin, r) {
				other = r
			}
		}
		switch {
		case other != 0 && !unicode.Is(unicode.Latin, other):
			return fmt.Sprintf("%q is not a Cyrillic letter", other)
		case other != 0 && inCyrl > 0:
			return fmt.Sprintf("the Latin letter %q inside a Cyrillic word", other)
		}
		cyrl += inCyrl
	}
	if cyrl == 0 {
		return "no Cyrillic letter"
	}
	return ""
}

// hudumSuffix matches a case suffix of traditional script written after a
// plain space. It belongs behind the joiner U+202F; the space is what NFKC or
// a careless editor leaves.
var hudumSuffix = regexp.MustCompile("[\u1820-\u18AA] (?:\u1836\u1822\u1828|\u1824\u1828|\u1826\u1828|\u1836\u1822|\u1822|\u1832\u1824|\u1832\u1826|\u1833\u1824|\u1833\u1826|\u182A\u1820\u1837|\u182A\u1821\u1837|\u1822\u1836\u1820\u1837|\u1822\u1836\u1821\u1837|\u1820\u1834\u1820|\u1821\u1834\u1821|\u1832\u1820\u1822|\u1832\u1821\u1822)(?:[^\u1820-\u18AA\u180B-\u180F]|$)")

// hudumProblem says why s is not good traditional Mongolian, "" if it is.
func hudumProblem(s string) string {
	if !norm.NFC.IsNormalString(s) {
		return "not in NFC"
	}
	letters := 0
	for _, r := range s {
		switch {
		case r >= 0x1820 && r <= 0x18AA:
			letters++
		case r >= 0x1800 && r <= 0x180F, r == 0x18AB || r == 0x18AC || r == 0x18AE || r == 0x18AF:
		case r == 0x202F || r == 0x200C || r == 0x200D:
		case r >= 0xE234 && r <= 0xE34F:
			return fmt.Sprintf("Menksoft private code U+%04X: convert it to Unicode first", r)
		case unicode.IsLetter(r):
			return fmt.Sprintf("%q is not a letter of the traditional script", r)
		case unicode.Is(unicode.Co, r) || r == unicode.ReplacementChar:
			return fmt.Sprintf("U+%04X is not text", r)
		}
	}
	if letters == 0 {
		return "no letter of the traditional script"
	}
	if hudumSuffix.MatchString(s) {
		return "a suffix after a plain space instead of U+202F, as NFKC leaves it"
	}
	return ""
}
