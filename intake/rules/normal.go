package rules

import "unicode"

// clause is the rune that stands for every mark that ends a thought: 。 ， ！ ？ ； and line ends.
const clause = '|'

// normal writes s into dst in the form patterns are matched in: simplified, half width, lower case, clause marks as
// one rune, invisible and decorative characters gone. Between Chinese characters blanks and dots go too, so that
// 家 暴 and 打*我 are read as what they say. pos, of the same length, tells where each rune began in s.
func normal(dst []rune, pos []int32, s string, simple map[rune]rune) ([]rune, []int32) {
	soft := false
	for i, r := range s {
		if r >= 0x80 {
			r = widthFold(r)
			if t, ok := simple[r]; ok {
				r = t
			}
		}
		if r < 0x80 {
			if 'A' <= r && r <= 'Z' {
				r += 'a' - 'A'
			}
		} else if r >= 0x370 && r < 0x530 {
			r = unicode.ToLower(r)
		}
		switch {
		case isClause(r):
			if n := len(dst); n > 0 && dst[n-1] != clause {
				dst, pos = append(dst, clause), append(pos, int32(i))
			}
			soft = false
			continue
		case isHan(r) || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || isCyrillic(r) || isMongolian(r):
		case r == '%' || r == '\'':
		default: // blanks, dots, stars, emoji, joiners: soft
			soft = true
			continue
		}
		if soft {
			soft = false
			if n := len(dst); n > 0 && dst[n-1] != clause && !(isHan(dst[n-1]) && (isHan(r) || isDigit(r)) || isDigit(dst[n-1]) && isHan(r)) {
				dst, pos = append(dst, ' '), append(pos, int32(i))
			}
		}
		dst, pos = append(dst, r), append(pos, int32(i))
	}
	return dst, pos
}

// widthFold maps full-width ASCII to ASCII, and letters typed in place of Mongolian Cyrillic ones to those.
func widthFold(r rune) rune {
	switch {
	case r >= 0xFF01 && r <= 0xFF5E:
		return r - 0xFEE0
	case r == 0x3000:
		return ' '
	case r == 'є' || r == 'Є' || r == 'ѳ' || r == 'Ѳ':
		return 'ө'
	case r == 'ї' || r == 'Ї' || r == 'ѵ':
		return 'ү'
	case r == 'ё' || r == 'Ё':
		return 'е'
	}
	return r
}

func isClause(r rune) bool {
	switch r {
	case '。', '，', '！', '？', '；', '、', '：', ',', '!', '?', ';', ':', '\n', '\r', '…', '\u1802', '\u1803', '\u1804':
		return true
	}
	return false
}

func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r == '〇'
}
func isCyrillic(r rune) bool  { return r >= 0x400 && r < 0x530 }
func isMongolian(r rune) bool { return r >= 0x1800 && r <= 0x18AF }
func isDigit(r rune) bool     { return r >= '0' && r <= '9' }
func isLetter(r rune) bool    { return r >= 'a' && r <= 'z' || isCyrillic(r) || isMongolian(r) }
