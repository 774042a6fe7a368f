package channel

import (
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Bytes measures a text the way WeChat does.
func Bytes(s string) int { return len(s) }

// UTF16 measures a text the way Telegram does, in UTF-16 units.
func UTF16(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// border classes, best first: a paragraph, a line, a sentence, a pause.
const borders = 4

// Split cuts text into parts of at most limit, as size measures, and prefers to cut after a paragraph, a line, a
// sentence, then a pause; a word is cut only when nothing else is near. Marks and joiners stay with their letter.
// White space at a cut is dropped, everything else is kept in order. A text that fits is one part; an empty
// text gives no part. limit must hold at least one letter with its marks: smaller limits are raised to 16.
func Split(text string, limit int, size func(string) int) []string {
	if limit < 16 {
		limit = 16
	}
	var parts []string
	for text = strings.Trim(text, " \t\r\n"); text != ""; {
		// No measure counts less than one for three bytes, so a much longer text need not be measured.
		if len(text) <= 3*limit && size(text) <= limit {
			return append(parts, text)
		}
		at := cut(text, limit, size)
		if part := strings.TrimRight(text[:at], " \t\r\n"); part != "" {
			parts = append(parts, part)
		}
		text = strings.TrimLeft(text[at:], " \t\r\n")
	}
	return parts
}

// cut gives the byte offset at which to end the first part of text, which is longer than limit.
func cut(text string, limit int, size func(string) int) int {
	var best [borders]int // the last border of each class
	last, used := 0, 0    // the last place between two letters
	prev := rune(-1)
	for i, r := range text {
		if i > 0 && separable(prev, r) {
			last = i
			if c, ok := border(text, i, prev, r); ok {
				best[c] = i
			}
		}
		w := size(text[i : i+utf8.RuneLen(r)])
		if used+w > limit {
			break
		}
		used += w
		prev = r
	}
	for c, at := range best {
		// A better border counts only when the part it leaves is not tiny.
		if at > 0 && (at >= last/2 || c == borders-1 && at >= last/3) {
			return at
		}
	}
	if last == 0 { // one letter with more marks than the limit: cut between the marks
		_, w := utf8.DecodeRuneInString(text)
		return w
	}
	return last
}

// border says whether a cut between prev and r, at offset i, is a good one, and how good.
func border(text string, i int, prev, r rune) (class int, ok bool) {
	switch {
	case prev == '\n' && strings.HasSuffix(text[:i], "\n\n"):
		return 0, true
	case prev == '\n':
		return 1, true
	case strings.ContainsRune("。！？；…᠃᠉", prev):
		return 2, !strings.ContainsRune("”’」』）)》", r)
	case strings.ContainsRune("”’」』）", prev) && endsQuoted(text[:i]):
		return 2, true
	case strings.ContainsRune(".!?;", prev) && (r == ' ' || r == '\n'):
		return 2, true
	case strings.ContainsRune("，、：,᠂", prev) || prev == ' ':
		return 3, true
	}
	return 0, false
}

// endsQuoted reports a closing mark that follows the end of a sentence: 。”
func endsQuoted(s string) bool {
	_, w := utf8.DecodeLastRuneInString(s)
	r, _ := utf8.DecodeLastRuneInString(s[:len(s)-w])
	return strings.ContainsRune("。！？", r)
}

// separable reports whether a cut may fall between a and b: not before a mark, a variation selector or a joiner,
// and not after a joiner.
func separable(a, b rune) bool {
	if unicode.In(b, unicode.Mn, unicode.Me, unicode.Mc) || joiner(a) || joiner(b) {
		return false
	}
	if a == '\r' && b == '\n' {
		return false
	}
	return true
}

func joiner(r rune) bool {
	switch {
	case r == 0x200D, r == 0x202F, r == 0x180E, r >= 0x180B && r <= 0x180F, r >= 0xFE00 && r <= 0xFE0F,
		r >= 0x1F3FB && r <= 0x1F3FF:
		return true
	}
	return false
}
