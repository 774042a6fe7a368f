package text

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// cyrlSuffix is one row of data/suffixes_cyrl.tsv.
type cyrlSuffix struct {
	text  string
	after []string // alternatives for the sound before it
	min   int      // letters the stem must keep
	back  bool     // has a back vowel
	front bool     // has a front vowel
}

// cyrlTables holds the suffixes by tier: 1 privative, 2 reflexive, 3 case,
// 4 plural, 5 verbal; longest first.
var cyrlTables = sync.OnceValue(func() (tiers [6][]cyrlSuffix) {
	for _, r := range rows("suffixes_cyrl.tsv") {
		if len(r) < 5 || len(r[1]) != 1 || r[1][0] < '1' || r[1][0] > '5' {
			continue
		}
		x := cyrlSuffix{text: r[0], after: strings.Split(r[3], "|"), min: 3}
		x.back = strings.ContainsAny(r[0], "аоуяё")
		x.front = strings.ContainsAny(r[0], "эөүе")
		tiers[r[1][0]-'0'] = append(tiers[r[1][0]-'0'], x)
	}
	for i := range tiers {
		slices.SortStableFunc(tiers[i], func(a, b cyrlSuffix) int {
			return utf8.RuneCountInString(b.text) - utf8.RuneCountInString(a.text)
		})
	}
	return tiers
})

const cyrlVowels = "аэиоуөүяеёюыйї"

func isCyrlVowel(r rune) bool { return strings.ContainsRune(cyrlVowels, r) }

// fits reports whether suffix x may follow stem.
func (x cyrlSuffix) fits(stem string) bool {
	if utf8.RuneCountInString(stem) < x.min {
		return false
	}
	// Vowel harmony: the last harmonic vowel of the stem decides.
	if x.back != x.front {
		for _, r := range backwards(stem) {
			if strings.ContainsRune("аоуяё", r) {
				if x.front {
					return false
				}
				break
			}
			if strings.ContainsRune("эөүе", r) {
				if x.back {
					return false
				}
				break
			}
		}
	}
	last, _ := utf8.DecodeLastRuneInString(stem)
	prev, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(stem, string(last)))
	for _, a := range x.after {
		switch a {
		case "any":
			return true
		case "C":
			if !isCyrlVowel(last) {
				return true
			}
		case "V":
			if isCyrlVowel(last) {
				return true
			}
		case "LV":
			if isCyrlVowel(last) && isCyrlVowel(prev) {
				return true
			}
		case "DIPH":
			if last == 'й' && isCyrlVowel(prev) {
				return true
			}
		case "ADJV":
			if isCyrlVowel(last) {
				return true
			}
		default:
			if strings.ContainsRune(a, last) {
				return true
			}
		}
	}
	return false
}

func backwards(s string) []rune {
	r := []rune(s)
	slices.Reverse(r)
	return r
}

// stemCyrl returns the key of a Mongolian word in Cyrillic, lower case: its
// stem without number, case, possession and verbal ending, without the vowel
// that comes and goes. heads holds the keys of known words; a candidate found
// there wins over a longer cut. Cutting repeats until nothing more comes off,
// so that a word that merely looks inflected meets its inflected forms.
func stemCyrl(word string, heads map[string]bool) string {
	for range 3 {
		if heads[rootCyrl(word)] || utf8.RuneCountInString(word) < 4 {
			break
		}
		shorter := cutCyrl(word, heads)
		if shorter == word {
			break
		}
		word = shorter
	}
	return rootCyrl(word)
}

// cutCyrl takes one layer of endings off: the nominal or the verbal one.
func cutCyrl(word string, heads map[string]bool) string {
	nominal, cut := strip(word, heads)
	if cut && heads[rootCyrl(nominal)] {
		return nominal
	}
	verbal, vcut := stripVerb(word, heads)
	if vcut && heads[rootCyrl(verbal)] {
		return verbal
	}
	switch {
	case cut && vcut && utf8.RuneCountInString(verbal) < utf8.RuneCountInString(nominal):
		return verbal
	case cut:
		return nominal
	case vcut:
		return verbal
	}
	return word
}

// strip removes privative, reflexive, case and plural, in this order.
func strip(word string, heads map[string]bool) (string, bool) {
	tiers := cyrlTables()
	cut := false
	for tier := 1; tier <= 4; tier++ {
		var best string
		for _, x := range tiers[tier] {
			stem, ok := strings.CutSuffix(word, x.text)
			if !ok || !x.fits(stem) {
				continue
			}
			if n, ok := strings.CutSuffix(stem, "г"); ok && strings.HasSuffix(n, "н") {
				stem = n // г joins a hidden н to a vowel: цалин, цалингийн
			}
			if heads[rootCyrl(stem)] {
				return stem, true
			}
			if best == "" {
				best = stem
			}
		}
		if best != "" {
			word, cut = best, true
		}
	}
	return word, cut
}

func stripVerb(word string, heads map[string]bool) (string, bool) {
	best := ""
	for _, x := range cyrlTables()[5] {
		stem, ok := strings.CutSuffix(word, x.text)
		if !ok || !x.fits(stem) {
			continue
		}
		if heads[rootCyrl(stem)] {
			return stem, true
		}
		if best == "" {
			best = stem
		}
	}
	return best, best != ""
}

// rootCyrl drops final signs and the fleeting vowel: ажил and ажлын meet at ажл.
func rootCyrl(stem string) string {
	r := []rune(stem)
	for len(r) > 2 && (r[len(r)-1] == 'ь' || r[len(r)-1] == 'ъ') {
		r = r[:len(r)-1]
	}
	n := len(r)
	if n >= 4 && !isCyrlVowel(r[n-1]) && strings.ContainsRune("аэоөиу", r[n-2]) && !isCyrlVowel(r[n-3]) {
		r = append(r[:n-2], r[n-1])
	} else if n >= 4 && strings.ContainsRune("аэоөиы", r[n-1]) && !isCyrlVowel(r[n-2]) {
		r = r[:n-1]
	}
	return string(r)
}

// cyrlWord lower-cases a word and replaces the legacy letters of old keyboards.
func cyrlWord(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 'є', 'Є':
			return 'ө'
		case 'ї', 'Ї', 'v', 'V':
			return 'ү'
		}
		return r
	}, strings.ToLower(s))
}
