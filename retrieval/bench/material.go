package bench

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"heshi/retrieval"
	"heshi/retrieval/text"
)

// filler is what people say around their story.
var filler = []string{"请问", "我想问一下", "怎么办", "我们", "他不肯", "已经三个月了", "能不能", "该找谁", "没有", "说好的"}

// vocabulary is 20,000 words: those of the field, and pairs of their characters
// standing for all others.
func vocabulary(rng *rand.Rand) []string {
	stock := text.DomainWords()
	chars := []rune(strings.Join(stock, ""))
	for len(stock) < 20_000 {
		stock = append(stock, string([]rune{chars[rng.IntN(len(chars))], chars[rng.IntN(len(chars))]}))
	}
	return stock
}

// material makes n chunks of these words, common ones often and rare ones
// seldom, and questions that each take a few words of one chunk, in another
// order, with filler and a word from elsewhere.
func material(n, questions int) ([]retrieval.Chunk, []Question) {
	rng := rand.New(rand.NewPCG(7, 11))
	stock := vocabulary(rng)
	zipf := rand.NewZipf(rng, 1.07, 40, uint64(len(stock)-1))
	chunks := make([]retrieval.Chunk, n)
	said := make([][]string, n)
	for i := range chunks {
		var b strings.Builder
		for j := range 60 + rng.IntN(80) {
			w := stock[zipf.Uint64()]
			said[i] = append(said[i], w)
			b.WriteString(w)
			switch {
			case j%9 == 8:
				b.WriteString("。")
			case j%4 == 3:
				b.WriteString(filler[rng.IntN(len(filler))])
			}
		}
		chunks[i] = retrieval.Chunk{ID: fmt.Sprintf("C%06d", i), Kind: retrieval.KindCase, Title: said[i][0] + said[i][1], Fields: []retrieval.Field{{Name: "text", Text: b.String(), Weight: 1}}}
	}
	qs := make([]Question, questions)
	for i := range qs {
		d := rng.IntN(n)
		var b strings.Builder
		for range 9 {
			b.WriteString(said[d][rng.IntN(len(said[d]))])
			if rng.IntN(3) == 0 {
				b.WriteString(filler[rng.IntN(len(filler))])
			}
		}
		b.WriteString(stock[rng.IntN(len(stock))])
		qs[i] = Question{b.String(), []string{chunks[d].ID}}
	}
	return chunks, qs
}
