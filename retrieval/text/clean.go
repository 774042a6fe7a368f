package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxBytes bounds what one call looks at; Clean cuts the rest off at a
// character boundary. A story typed on a phone is a few kilobytes.
const MaxBytes = 512 << 10

// Clean returns s as valid UTF-8 in NFC without NUL and other control
// characters (line breaks and tabs stay), at most MaxBytes long. NFC and not
// NFKC: NFKC turns the narrow space before Mongolian suffixes into a plain one.
func Clean(s string) string {
	if len(s) > MaxBytes {
		cut := MaxBytes
		for cut > MaxBytes-utf8.UTFMax && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut]
	}
	if plain(s) {
		return s
	}
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r == '\r':
			return '\n'
		case r == utf8.RuneError, r == '\uFEFF', unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	return norm.NFC.String(s)
}

// plain reports whether s needs no cleaning, the common case.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 && c != '\n' && c != '\t' || c == 0x7f {
			return false
		}
	}
	if !utf8.ValidString(s) || strings.ContainsRune(s, utf8.RuneError) || strings.ContainsRune(s, '\uFEFF') {
		return false
	}
	for _, r := range s {
		if r >= 0x80 && r < 0xa0 {
			return false
		}
	}
	return norm.NFC.IsNormalString(s)
}

// narrow maps full-width Latin letters, digits and signs to their plain forms.
func narrow(r rune) rune {
	if r >= 0xFF01 && r <= 0xFF5E {
		return r - 0xFEE0
	}
	if r == 0x3000 {
		return ' '
	}
	return r
}
