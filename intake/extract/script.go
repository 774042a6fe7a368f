package extract

import (
	"unicode"
	"unicode/utf8"

	"heshi/retrieval/text"
)

// script is a text as runes in one form: half width, lower case, simplified, Mongolian figures as 0-9. off tells
// where each rune began, in bytes; off[len(r)] is the length of the text.
type script struct {
	r   []rune
	off []int
}

func newScript(s string) *script {
	t := &script{r: make([]rune, 0, len(s)/2), off: make([]int, 0, len(s)/2+1)}
	for i, r := range s {
		t.r, t.off = append(t.r, normal(r)), append(t.off, i)
	}
	t.off = append(t.off, len(s))
	if simple := text.Simplify(s); simple != s && utf8.RuneCountInString(simple) == len(t.r) {
		i := 0
		for _, r := range simple {
			if isHan(r) {
				t.r[i] = r
			}
			i++
		}
	}
	return t
}

func normal(r rune) rune {
	switch {
	case r < 0x80:
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	case r >= 0xFF01 && r <= 0xFF5E:
		return normal(r - 0xFEE0)
	case r == 0x3000 || r == 0xA0 || r == 0x202F:
		return ' '
	case r >= 0x1810 && r <= 0x1819: // Mongolian figures
		return '0' + r - 0x1810
	case r == 'є' || r == 'Є':
		return 'ө'
	case r == 'ї' || r == 'Ї':
		return 'ү'
	case r >= 0x370 && r < 0x530:
		return unicode.ToLower(r)
	}
	return r
}

func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r == '〇'
}
func isDigit(r rune) bool     { return r >= '0' && r <= '9' }
func isLatin(r rune) bool     { return r >= 'a' && r <= 'z' }
func isCyrillic(r rune) bool  { return r >= 0x400 && r < 0x530 }
func isMongolian(r rune) bool { return r >= 0x1800 && r <= 0x18AF }

// at is the rune at i, 0 outside the text.
func (s *script) at(i int) rune {
	if i < 0 || i >= len(s.r) {
		return 0
	}
	return s.r[i]
}

// has reports whether word stands at i.
func (s *script) has(i int, word string) bool {
	for _, r := range word {
		if s.at(i) != r {
			return false
		}
		i++
	}
	return true
}

// oneOf gives the length in runes of the longest of words that stands at i, 0 for none.
func (s *script) oneOf(i int, words ...string) int {
	best := 0
	for _, w := range words {
		if n := utf8.RuneCountInString(w); n > best && s.has(i, w) {
			best = n
		}
	}
	return best
}

// blanks is the first place from i on that is no blank.
func (s *script) blanks(i int) int {
	for s.at(i) == ' ' {
		i++
	}
	return i
}
