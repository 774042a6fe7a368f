package retrieval

import "heshi/retrieval/text"

// space tells apart the kinds of terms; each has its own statistics and weight.
type space uint8

const (
	words   space = iota // segmented words, stems, Latin words, numbers
	singles              // single Chinese characters
	pairs                // adjacent Chinese characters
	spaces
)

// term is a term as a number: words come from a map, characters and pairs are
// their own code points, so that pairs need no strings.
type gram uint64

func singleOf(r rune) gram  { return gram(r) }
func pairOf(a, b rune) gram { return gram(a)<<32 | gram(b) }
func (g gram) String() string {
	if g>>32 == 0 {
		return string(rune(g))
	}
	return string([]rune{rune(g >> 32), rune(g & 0xffffffff)})
}

// vocabulary numbers the terms of an index.
type vocabulary struct {
	words map[string]uint32
	grams map[gram]uint32
	next  uint32
}

func newVocabulary() *vocabulary {
	return &vocabulary{words: map[string]uint32{}, grams: map[gram]uint32{}}
}

func (v *vocabulary) addWord(w string) uint32 {
	id, ok := v.words[w]
	if !ok {
		id = v.next
		v.next++
		v.words[w] = id
	}
	return id
}

func (v *vocabulary) addGram(g gram) uint32 {
	id, ok := v.grams[g]
	if !ok {
		id = v.next
		v.next++
		v.grams[g] = id
	}
	return id
}

// analysed is a text cut into terms of the three spaces, in order.
type analysed struct {
	tokens []text.Token
	grams  [spaces][]gram
}

// analyse cuts s. Runs of Chinese give characters and pairs, everything gives
// words.
func analyse(a *text.Analyzer, s string) analysed {
	out := analysed{tokens: a.Tokens(s)}
	for _, run := range text.HanRuns(s) {
		prev := rune(0)
		for _, r := range run {
			out.grams[singles] = append(out.grams[singles], singleOf(r))
			if prev != 0 {
				out.grams[pairs] = append(out.grams[pairs], pairOf(prev, r))
			}
			prev = r
		}
	}
	return out
}

// pairsOf lists the pairs of adjacent characters of one Chinese word.
func pairsOf(word string) []gram {
	var out []gram
	prev := rune(0)
	for _, r := range word {
		if prev != 0 {
			out = append(out, pairOf(prev, r))
		}
		prev = r
	}
	return out
}
