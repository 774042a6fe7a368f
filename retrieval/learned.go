package retrieval

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"heshi/retrieval/text"
)

// The numbers of Learned, found on development questions.
const (
	seenTogether  = 3    // times two words must meet
	moreOften     = 4.0  // than chance
	oftenEnough   = 0.25 // share of the questions with the word
	eachLeadsTo   = 3    // words at most
	learnedWeight = 0.6
)

// Learned makes a table out of chunks that have both people's questions and a
// text: the words of a question lead to the words that stand in the articles
// which answer such questions more often than chance. It carries what is learned
// on articles with questions over to those without. Its reasons are statistics
// and are not shown.
func Learned(a *text.Analyzer, chunks []Chunk) Table {
	type pair struct{ from, to string }
	asked, written, both := map[string]int{}, map[string]int{}, map[pair]int{}
	n := 0
	for _, c := range chunks {
		var questions, body []string
		for _, f := range c.Fields {
			switch f.Name {
			case "questions":
				questions = append(questions, f.Text)
			case "text":
				body = append(body, f.Text)
			}
		}
		if len(questions) == 0 || len(body) == 0 {
			continue
		}
		n++
		q, d := vocabularyOf(a, questions), vocabularyOf(a, body)
		for w := range q {
			asked[w]++
			for u := range d {
				both[pair{w, u}]++
			}
		}
		for u := range d {
			written[u]++
		}
	}
	type lead struct {
		to   string
		gain float64
	}
	leads := map[string][]lead{}
	for k, j := range both {
		if j < seenTogether || strings.Contains(k.to, k.from) || strings.Contains(k.from, k.to) {
			continue
		}
		chance := float64(asked[k.from]) * float64(written[k.to]) / float64(n)
		share := float64(j) / float64(asked[k.from])
		if float64(j) >= moreOften*chance && share >= oftenEnough {
			leads[k.from] = append(leads[k.from], lead{k.to, share * math.Log(float64(j)/chance)})
		}
	}
	t := Table{Name: "learned"}
	for from, l := range leads {
		slices.SortFunc(l, func(a, b lead) int { return cmp.Or(cmp.Compare(b.gain, a.gain), cmp.Compare(a.to, b.to)) })
		for _, x := range l[:min(eachLeadsTo, len(l))] {
			t.Rows = append(t.Rows, Row{From: []string{from}, To: []string{x.to}, Weight: learnedWeight * min(1, x.gain), Silent: true})
		}
	}
	slices.SortFunc(t.Rows, func(a, b Row) int { return cmp.Or(cmp.Compare(a.From[0], b.From[0]), cmp.Compare(a.To[0], b.To[0])) })
	return t
}

// vocabularyOf is the set of Chinese words of two characters and more.
func vocabularyOf(a *text.Analyzer, texts []string) map[string]bool {
	m := map[string]bool{}
	for _, s := range texts {
		for _, t := range a.Tokens(s) {
			if (t.Script == text.Hans || t.Script == text.Hant) && utf8.RuneCountInString(t.Key) >= 2 {
				m[t.Key] = true
			}
		}
	}
	return m
}
