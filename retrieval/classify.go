package retrieval

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"heshi/caselib"
	"heshi/retrieval/text"
)

// TypeScore is a dispute type and how much of the belief it holds, 0 to 1. The
// score of a type (D10) is the sum over its subtypes (D10-01).
type TypeScore struct {
	Code  string
	Score float64
}

// Classifier tells which disputes of the taxonomy a text is about, in either
// language. It learns from the library only: the lay wording of the taxonomy,
// the cases, the questions of the articles.
type Classifier struct {
	analyzer *text.Analyzer
	widen    *widener
	codes    []string  // subtypes
	types    []string  // the type of each subtype
	total    []float64 // weight of all features of a subtype
	voc      *vocabulary
	seen     [][]classCount // per feature
	share    []float64      // of each feature in all text
	phrases  map[gram][]phraseAt
	lay      []layPhrase
	// mongolian leads from the key of a Mongolian search word of the taxonomy, and
	// from the Chinese word the term table gives for it, to types.
	mongolian map[string][]string
}

var undisputed = strings.NewReplacer("纠纷", "", "争议", "")

// classCount is the weight of one feature in one subtype.
type classCount struct {
	class  uint16
	weight float32
}

// layPhrase is a way people say a dispute, as its character pairs.
type layPhrase struct {
	class uint16
	all   float64 // weight of its pairs
}

type phraseAt struct {
	phrase int32
	weight float32
}

// The numbers of the classifier, found on development sets.
const (
	background = 3.0  // weight of the language as a whole against a subtype
	even       = 60.0 // subtypes with little text are not trusted beyond this
	sharpness  = 0.55 // features overlap, so their evidence counts for less
	layBonus   = 6.0  // a lay phrase said in full
	nameBonus  = 4.0  // a Mongolian search word of the type
	floor      = 0.04 // below this a subtype is not reported
	evidence   = 3.2  // less than this in all and nothing is reported
	maxTypes   = 5
)

// NewClassifier learns from lib. It takes a few hundred milliseconds on a
// library of some thousand texts.
func NewClassifier(a *text.Analyzer, lib *caselib.Library) *Classifier {
	c := &Classifier{analyzer: a, widen: newWidener(a, Tables(lib)), voc: newVocabulary(), phrases: map[gram][]phraseAt{}, mongolian: map[string][]string{}}
	if lib.Taxonomy == nil {
		return c
	}
	class := map[string]uint16{}
	for _, t := range lib.Taxonomy.Types {
		for _, s := range t.Subtypes {
			class[s.Code] = uint16(len(c.codes))
			c.codes = append(c.codes, s.Code)
			c.types = append(c.types, t.Code)
		}
	}
	c.total = make([]float64, len(c.codes))
	for _, t := range lib.Taxonomy.Types {
		for _, w := range t.Mn {
			keys := a.Words(w)
			if len(keys) == 1 {
				c.name(keys[0], t.Code)
			}
			for _, term := range lib.FindTerm(w) {
				c.name(term.Zh, t.Code)
			}
		}
	}
	for _, t := range lib.Taxonomy.Types {
		for _, s := range t.Subtypes {
			k := class[s.Code]
			c.learn(k, t.Name, 0.5)
			c.learn(k, s.Name, 2)
			for _, l := range s.Lay {
				c.learn(k, l, 3)
				c.phrase(k, l)
			}
			for _, w := range t.Mn {
				c.learn(k, w, 1.5)
			}
			for _, e := range s.Evidence {
				c.learn(k, e, 0.3)
			}
		}
	}
	for _, cs := range lib.Cases {
		for i, code := range cs.Types {
			k, ok := class[code]
			if !ok {
				continue
			}
			w := 1 / float64(1+2*i)
			c.learn(k, cs.Title.Zh, w)
			c.learn(k, cs.Summary.Zh, w)
			c.learn(k, cs.Facts, 0.5*w)
			c.learn(k, cs.Focus, 0.5*w)
			c.learn(k, mongolian(cs.Title.Mn), w)
			for _, l := range cs.Lay {
				c.learn(k, l, 2*w)
				if i == 0 {
					c.phrase(k, l)
				}
			}
		}
	}
	for _, s := range lib.Statutes {
		for i, code := range s.Types {
			if k, ok := class[code]; ok {
				for _, q := range s.Questions {
					c.learn(k, q, 1/float64(1+i))
				}
			}
		}
	}
	c.finish()
	return c
}

func (c *Classifier) name(word, code string) {
	if !slices.Contains(c.mongolian[word], code) {
		c.mongolian[word] = append(c.mongolian[word], code)
	}
}

// features are the words and character pairs of s, and what its words lead to
// through the tables.
func (c *Classifier) features(s string) (own []uint32, grams []gram) {
	cut := analyse(c.analyzer, s)
	for _, t := range cut.tokens {
		own = append(own, c.voc.addWord(t.Key))
	}
	for _, g := range cut.grams[pairs] {
		if !text.IsStop(g.String()) {
			own = append(own, c.voc.addGram(g))
		}
	}
	return own, cut.grams[pairs]
}

func (c *Classifier) learn(class uint16, s string, weight float64) {
	if s == "" {
		return
	}
	// Every type is a 纠纷: the word tells none from another.
	own, _ := c.features(undisputed.Replace(s))
	for _, f := range own {
		for int(f) >= len(c.seen) {
			c.seen = append(c.seen, nil)
		}
		c.total[class] += weight
		list := c.seen[f]
		if n := len(list); n > 0 && list[n-1].class == class {
			list[n-1].weight += float32(weight)
			continue
		}
		at := slices.IndexFunc(list, func(x classCount) bool { return x.class == class })
		if at >= 0 {
			list[at].weight += float32(weight)
			continue
		}
		c.seen[f] = append(list, classCount{class, float32(weight)})
	}
}

// phrase files a lay phrase under its pairs; weights follow in finish.
func (c *Classifier) phrase(class uint16, s string) {
	_, grams := c.features(s)
	if len(grams) == 0 {
		return
	}
	id := int32(len(c.lay))
	c.lay = append(c.lay, layPhrase{class: class})
	slices.Sort(grams)
	for _, g := range slices.Compact(grams) {
		c.phrases[g] = append(c.phrases[g], phraseAt{phrase: id})
	}
}

func (c *Classifier) finish() {
	sum := 0.0
	c.share = make([]float64, len(c.seen))
	for f, list := range c.seen {
		for _, x := range list {
			c.share[f] += float64(x.weight)
		}
		sum += c.share[f]
	}
	for f := range c.share {
		c.share[f] = (c.share[f] + 1) / (sum + float64(len(c.share)))
	}
	for g, list := range c.phrases {
		w := math.Log(1 + float64(len(c.lay))/float64(len(list)))
		for i := range list {
			list[i].weight = float32(w)
			c.lay[list[i].phrase].all += w
		}
		c.phrases[g] = list
	}
}

// Types lists the disputes s is about, best first: each subtype is followed by
// its type unless that stands above already. Nothing is listed when nothing in
// s speaks for any.
func (c *Classifier) Types(s string) []TypeScore {
	if len(c.codes) == 0 {
		return nil
	}
	score := make([]float64, len(c.codes))
	support := make([]float64, len(c.codes))
	strongest := 0.0
	cut := analyse(c.analyzer, s)
	seen := map[uint32]bool{}
	see := func(f uint32, ok bool, weight float64) {
		if !ok || seen[f] {
			return
		}
		seen[f] = true
		for _, x := range c.seen[f] {
			w := float64(x.weight) / (c.total[x.class] + even)
			e := weight * math.Log(1+w/c.share[f]/background)
			score[x.class] += e
			support[x.class] += weight
			if support[x.class] >= 1 { // half a word is no evidence
				strongest = max(strongest, score[x.class])
			}
		}
	}
	look := func(cut analysed) {
		inside := map[gram]bool{}
		for _, t := range cut.tokens {
			f, ok := c.voc.words[t.Key]
			see(f, ok, 1)
			for _, g := range pairsOf(t.Key) {
				inside[g] = true
			}
		}
		for _, g := range cut.grams[pairs] {
			f, ok := c.voc.grams[g]
			if inside[g] {
				see(f, ok, 1)
			} else {
				see(f, ok, 0.5) // the end of one word and the start of the next
			}
		}
	}
	look(cut)
	found := c.widen.find(s, cut.tokens)
	for _, w := range found {
		for _, to := range w.row.cut {
			look(to)
		}
	}
	for class, b := range c.named(cut.tokens, found) {
		score[class] += b
		strongest = max(strongest, score[class])
	}
	for class, b := range c.said(cut.grams[pairs]) {
		score[class] += layBonus * b
	}
	if strongest < evidence {
		return nil
	}
	return c.report(score)
}

// said tells, for each subtype, the share of its best lay phrase that stands in
// the text.
func (c *Classifier) said(grams []gram) map[uint16]float64 {
	have := map[int32]float64{}
	done := map[gram]bool{}
	for _, g := range grams {
		if done[g] {
			continue
		}
		done[g] = true
		for _, at := range c.phrases[g] {
			have[at.phrase] += float64(at.weight)
		}
	}
	best := map[uint16]float64{}
	for id, w := range have {
		p := c.lay[id]
		share := w / p.all
		best[p.class] = max(best[p.class], share*share*share)
	}
	return best
}

// named tells which subtypes have a type whose own Mongolian search words stand
// in the text, directly or in traditional script through the term table.
func (c *Classifier) named(tokens []text.Token, found []widening) map[int]float64 {
	hits := map[string]float64{}
	see := func(word string) {
		for _, t := range c.mongolian[word] {
			hits[t] = max(hits[t], 1/math.Sqrt(float64(len(c.mongolian[word]))))
		}
	}
	for _, t := range tokens {
		see(t.Key)
	}
	for _, w := range found {
		for _, to := range w.row.to {
			see(to)
		}
	}
	out := map[int]float64{}
	for i, t := range c.types {
		if h := hits[t]; h > 0 {
			out[i] = nameBonus * h
		}
	}
	return out
}

// report turns scores into shares of belief.
func (c *Classifier) report(score []float64) []TypeScore {
	top := slices.Max(score)
	sum := 0.0
	for i := range score {
		score[i] = math.Exp(sharpness * (score[i] - top))
		sum += score[i]
	}
	byType := map[string]float64{}
	order := make([]int, len(score))
	for i := range score {
		score[i] /= sum
		byType[c.types[i]] += score[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(score[b], score[a]), cmp.Compare(c.codes[a], c.codes[b]))
	})
	var out []TypeScore
	told := map[string]bool{}
	for _, i := range order[:min(maxTypes, len(order))] {
		if score[i] < floor && len(out) > 0 {
			break
		}
		out = append(out, TypeScore{c.codes[i], score[i]})
		if !told[c.types[i]] {
			told[c.types[i]] = true
			out = append(out, TypeScore{c.types[i], byType[c.types[i]]})
		}
	}
	return out
}
