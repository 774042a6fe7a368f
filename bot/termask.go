package bot

import (
	"slices"
	"strings"

	"heshi/retrieval/text"
)

// lookup is a request to look a word up, read out of a message.
type lookup struct {
	word string
	// frame is the message without the word: what is left tells the language of who asks.
	frame string
	// means is set for 抵押是什么意思, which may as well be meant for the person on the other side.
	means bool
}

// Limits of a word that is looked up: what is longer tells something.
const (
	longestWord = 40 // runes
	mostBlanks  = 5
)

// asked reads a message that asks for a word in the other language (the lists word_… of words.yaml): 词 合同,
// 合同用蒙语怎么说, гэрээ хятадаар, or, for a word of the table only, 合同是什么意思. A bare name or adverb that may begin or
// end any sentence asks only for one word, or for what the table has.
func (t *turn) asked() (lookup, bool) {
	if t.Finder == nil || t.Finder.Library == nil || t.Words == nil || len(t.text) > 400 {
		return lookup{}, false
	}
	s := oneLine(t.text)
	for _, read := range []func(string) (lookup, bool){t.askedByName, t.askedInTongue, t.askedMeaning} {
		if l, ok := read(s); ok {
			l.frame = strings.Replace(s, l.word, "", 1)
			return l, true
		}
	}
	return lookup{}, false
}

// looksUp reports that a message asks for nothing but a word of the table, or how to ask for one.
func (t *turn) looksUp() bool {
	l, ok := t.asked()
	return ok && t.inTable(l.word) || t.Words != nil && t.Words.whole[utterance(t.text)] == "term"
}

// askedByName reads 词 合同, 术语：合同, үг гэрээ.
func (t *turn) askedByName(s string) (lookup, bool) {
	name, rest, ok := cutFirst(s, t.Words.lists["word_name"])
	if !ok {
		return lookup{}, false
	}
	word := t.bare(rest)
	switch apart := strings.TrimLeft(rest, " :：,，、“\"《「『"); {
	case !fits(word):
	case t.inTable(word):
		return lookup{word: word}, true
	case strings.ContainsAny(rest[:len(rest)-len(apart)], ":："):
		return lookup{word: word}, true
	case apart != rest && (han(name) || !strings.Contains(word, " ")):
		return lookup{word: word}, true
	}
	return lookup{}, false
}

// askedInTongue reads 合同用蒙语怎么说, 蒙语怎么说合同, гэрээ хятадаар.
func (t *turn) askedInTongue(s string) (lookup, bool) {
	tongues, says, with := t.Words.lists["word_tongue"], t.Words.lists["word_says"], t.Words.lists["word_with"]
	if rest, _, ok := cutLast(t.trimmed(s), says); ok {
		if rest, _, ok = cutLast(rest, tongues); ok {
			if word := t.bare(rest); fits(word) {
				return lookup{word: word}, true
			}
			return lookup{}, false
		}
	}
	if _, rest, ok := cutFirst(s, with); ok {
		s = strings.TrimLeft(rest, wordMarks)
	}
	if _, rest, ok := cutFirst(s, tongues); ok {
		if _, rest, ok = cutFirst(strings.TrimLeft(rest, wordMarks), says); ok {
			if word := t.bare(rest); fits(word) {
				return lookup{word: word}, true
			}
		}
	}
	if rest, _, ok := cutLast(t.trimmed(s), t.Words.lists["word_into"]); ok {
		word := t.bare(rest)
		if fits(word) && (t.inTable(word) || !strings.Contains(word, " ")) {
			return lookup{word: word}, true
		}
	}
	return lookup{}, false
}

// askedMeaning reads 合同是什么意思, for a word of the table.
func (t *turn) askedMeaning(s string) (lookup, bool) {
	rest, _, ok := cutLast(t.trimmed(s), t.Words.lists["word_means"])
	if word := t.bare(rest); ok && fits(word) && t.inTable(word) {
		return lookup{word: word, means: true}, true
	}
	return lookup{}, false
}

func (t *turn) inTable(word string) bool { return len(t.Finder.exactly(word)) > 0 }

func fits(word string) bool {
	return word != "" && len([]rune(word)) <= longestWord && strings.Count(word, " ") <= mostBlanks
}

// oneLine is s in lower case and simplified characters with single plain blanks: the narrow one before a Mongolian suffix
// is typed either way.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ToLower(text.Simplify(s))), " ")
}

// wordMarks may stand around a word and are no part of it. Brackets are: 头（牲畜）.
const wordMarks = " 。，、,.!?！？：:;；~～…“”\"'‘’「」『』《》【】"

// trimmed takes punctuation and particles off the end of a message.
func (t *turn) trimmed(s string) string {
	s = strings.Trim(s, wordMarks)
	for _, p := range t.Words.lists["word_particle"] {
		s = strings.TrimRight(strings.TrimSuffix(s, p), wordMarks)
	}
	return s
}

// bare takes off what stands around a word in a question about it, quotes, 请问, 这个词, 用, until it is a word of the
// table: 用水 is one, and the 用 of 合同用蒙语怎么说 is none.
func (t *turn) bare(s string) string {
	s = t.trimmed(s)
	for !t.inTable(s) {
		shorter, _, ok := cutLast(s, t.Words.lists["word_with"])
		if !ok {
			_, shorter, ok = cutFirst(s, t.Words.lists["word_with"])
		}
		shorter = t.trimmed(shorter)
		if !ok || len([]rune(shorter)) < 2 && !t.inTable(shorter) {
			return s
		}
		s = shorter
	}
	return s
}

// cutFirst takes the longest of phrases off the beginning of s. A phrase in letters ends where a word does.
func cutFirst(s string, phrases []string) (phrase, rest string, ok bool) {
	for _, p := range phrases {
		if after, has := strings.CutPrefix(s, p); has && len(p) > len(phrase) &&
			(han(p) || after == "" || strings.ContainsAny(after[:1], " :,\"") || strings.HasPrefix(after, "：")) {
			phrase, rest, ok = p, after, true
		}
	}
	return phrase, rest, ok
}

// cutLast takes the longest of phrases off the end of s.
func cutLast(s string, phrases []string) (rest, phrase string, ok bool) {
	for _, p := range phrases {
		if before, has := strings.CutSuffix(s, p); has && len(p) > len(phrase) && (han(p) || before == "" || strings.HasSuffix(before, " ")) {
			rest, phrase, ok = strings.TrimRight(before, wordMarks), p, true
		}
	}
	return rest, phrase, ok
}

// han reports a phrase in Chinese, which needs no blanks around it.
func han(s string) bool {
	return slices.ContainsFunc([]rune(s), func(r rune) bool { return r >= 0x4E00 && r <= 0x9FFF })
}
