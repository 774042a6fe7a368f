package text

import (
	"strings"
	"sync"
	"unicode/utf8"
)

const (
	nnbsp = '\u202F' // narrow no-break space: written before Mongolian suffixes
	mvs   = '\u180E' // Mongolian vowel separator
)

// suffixMark stands in folded text where a suffix written apart was joined.
const suffixMark = "-"

// foldTable is the letter part of data/folding.tsv.
type foldTable struct {
	class  map[rune]string
	remove map[rune]bool
	breaks map[rune]bool
	// apart holds the suffixes written apart, spelled exactly, variation
	// selectors removed. They are matched by spelling and not by key: many are
	// homographs of words once folded.
	apart map[string]bool
	// endings are the keys of joined verbal endings, longest first.
	endings []string
}

var folding = sync.OnceValue(func() *foldTable {
	t := &foldTable{class: map[rune]string{}, remove: map[rune]bool{}, breaks: map[rune]bool{}, apart: map[string]bool{}}
	for _, row := range rows("folding.tsv") {
		if len(row) < 5 {
			continue
		}
		r, ok := codepoint(row[1])
		if !ok {
			continue
		}
		switch row[0] {
		case "delete":
			t.remove[r] = true
		case "letter", "digit":
			t.class[r] = row[4]
		case "punct":
			t.breaks[r] = true
		}
	}
	t.endings = t.readSuffixes()
	return t
})

// Fold returns the comparison key of traditional Mongolian: spellings that look
// the same or differ by habit (a/e, o/u, t/d, q/g, joiners) get the same key.
// Words are separated by one space, a suffix written apart is joined to its
// word with "-". Text in other scripts passes lower-cased.
func Fold(mong string) string {
	var b strings.Builder
	for _, w := range hudumWords(DecodeMenksoft(Clean(mong))) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.key)
		for _, s := range w.suffixes {
			b.WriteString(suffixMark)
			b.WriteString(s)
		}
	}
	return b.String()
}

// FoldWord returns the key of one word without looking for suffixes.
func FoldWord(word string) string { return folding().key(word) }

// key maps the letters of one word and applies the ordered rules.
func (t *foldTable) key(word string) string {
	var out []byte
	first := true
	for _, r := range word {
		if t.remove[r] || r == mvs || r == nnbsp {
			continue
		}
		c, ok := t.class[r]
		if !ok {
			c = strings.ToLower(string(r))
		}
		if first && r == 'ᠡ' {
			c = "e" // rule 1: initial E and A differ
		}
		first = false
		out = append(out, c...)
	}
	out = afterFirstSyllable(out)
	s := string(out)
	s = strings.ReplaceAll(s, "xi", "si")
	s = dropGlide(s)
	s = single(s, 'q')
	s = strings.ReplaceAll(s, "nq", "g")
	return single(s, 0)
}

// afterFirstSyllable is rule 2: Ö and Ü lose their mark after the first vowel.
func afterFirstSyllable(s []byte) []byte {
	seen := false
	for i, c := range s {
		if c == 'w' && seen {
			s[i] = 'o'
		}
		if isKeyVowel(c) {
			seen = true
		}
	}
	return s
}

func isKeyVowel(c byte) bool {
	return c == 'a' || c == 'e' || c == 'i' || c == 'o' || c == 'w' || c == 'v'
}

// dropGlide is rule 4: vowel y i = vowel i.
func dropGlide(s string) string {
	if !strings.Contains(s, "yi") {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == 'y' && i > 0 && i+1 < len(s) && s[i+1] == 'i' && isKeyVowel(s[i-1]) {
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}

// single squeezes repeated bytes: only those of c, or all when c is 0.
// Characters beyond ASCII are left alone.
func single(s string, c byte) string {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if i > 0 && s[i] == s[i-1] && s[i] < utf8.RuneSelf && (c == 0 || s[i] == c) && (s[i] < '0' || s[i] > '9') {
			continue
		}
		out = append(out, s[i])
	}
	return string(out)
}
