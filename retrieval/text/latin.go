package text

import (
	"strings"
	"sync"
	"unicode"
)

// loose maps Cyrillic to the letters people use when they type Mongolian on a
// Latin keyboard, all spellings of one sound merged: ө and ү come as o, u, v, h
// stands for х, c for ts.
var loose = map[rune]string{
	'а': "a", 'б': "b", 'в': "v", 'г': "g", 'д': "d", 'е': "e", 'ё': "iu", 'ж': "j", 'з': "z", 'и': "i", 'й': "i",
	'к': "k", 'л': "l", 'м': "m", 'н': "n", 'о': "u", 'ө': "u", 'п': "p", 'р': "r", 'с': "s", 'т': "t", 'у': "u",
	'ү': "u", 'ф': "f", 'х': "h", 'ц': "c", 'ч': "q", 'ш': "x", 'щ': "x", 'ъ': "", 'ы': "i", 'ь': "", 'э': "e",
	'ю': "iu", 'я': "ia",
}

var latinDigraphs = strings.NewReplacer(
	"kh", "h", "sh", "#", "ch", "q", "ts", "c", "zh", "j", "tz", "c", "ye", "e",
	"ö", "u", "ü", "u", "o", "u", "x", "h", "y", "i", "w", "v", "č", "q", "š", "#", "ž", "j", "ŋ", "n", "γ", "g", "'", "",
)

// LatinKey is the loose key shared by a Mongolian word in Cyrillic and its
// spellings in Latin letters: "цалин" and "tsalin", "өгөхгүй" and "ugukhgui".
func LatinKey(word string) string {
	word = cyrlLower(word)
	var b strings.Builder
	latin := true
	for _, r := range word {
		if unicode.Is(unicode.Cyrillic, r) {
			latin = false
		}
	}
	if latin {
		s := latinDigraphs.Replace(word)
		s = strings.ReplaceAll(s, "#", "x")
		// v between consonants is how some type ү.
		rs := []rune(s)
		for i, r := range rs {
			if r == 'v' && (i == 0 || !isLatinVowel(rs[i-1])) && i+1 < len(rs) && !isLatinVowel(rs[i+1]) {
				r = 'u'
			}
			b.WriteRune(r)
		}
	} else {
		for _, r := range cyrlWord(word) {
			if to, ok := loose[r]; ok {
				b.WriteString(to)
			} else {
				b.WriteRune(r)
			}
		}
	}
	return stemLoose(single(b.String(), 0))
}

func cyrlLower(s string) string { return strings.ToLower(s) }

func isLatinVowel(r rune) bool { return strings.ContainsRune("aeiou", r) }

// looseEndings are the common endings in loose letters, longest first.
var looseEndings = sync.OnceValue(func() []string {
	seen := map[string]bool{}
	byLen := map[int][]string{}
	longest := 0
	for _, tier := range []int{1, 2, 3, 4, 5} {
		for _, x := range cyrlTables()[tier] {
			var b strings.Builder
			for _, r := range x.text {
				b.WriteString(loose[r])
			}
			k := single(b.String(), 0)
			if len(k) < 2 || seen[k] {
				continue
			}
			seen[k] = true
			byLen[len(k)] = append(byLen[len(k)], k)
			longest = max(longest, len(k))
		}
	}
	var out []string
	for n := longest; n > 1; n-- {
		out = append(out, byLen[n]...)
	}
	return out
})

func stemLoose(key string) string {
	for _, e := range looseEndings() {
		if stem, ok := strings.CutSuffix(key, e); ok && len(stem) >= 3 && (len(e) > 2 || len(stem) > 3) && strings.ContainsAny(stem, "aeiou") {
			return stem
		}
	}
	return key
}

// latinWords are Mongolian words and endings typed in Latin letters often
// enough to give the language away.
var latinWords = sync.OnceValue(func() (v struct {
	words   map[string]bool
	endings []string
}) {
	v.words = map[string]bool{}
	for _, l := range lines("latin_mn.txt") {
		if e, ok := strings.CutPrefix(l, "-"); ok {
			v.endings = append(v.endings, e)
		} else {
			v.words[l] = true
		}
	}
	return v
})

// IsLatinMongolian reports whether Latin words in s read as romanised
// Mongolian: at least two of them, or a third, carry a Mongolian function word
// or ending. It is a guess meant for routing a search, not a label to show.
func IsLatinMongolian(s string) bool {
	v := latinWords()
	all, hits := 0, 0
	for _, w := range strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.IsLetter(r) || !unicode.Is(unicode.Latin, r) }) {
		all++
		if v.words[w] {
			hits++
			continue
		}
		if len(w) >= 5 {
			for _, e := range v.endings {
				if strings.HasSuffix(w, e) {
					hits++
					break
				}
			}
		}
	}
	return hits > 0 && hits*3 >= all && (hits >= 2 || all <= 2)
}
