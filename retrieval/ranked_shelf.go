package retrieval

import (
	"context"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// lawShelf is what is known of the articles of an index before any question.
type lawShelf struct {
	part   *part
	static [][nFeatures - firstStatic]float32
	law    []int32 // number of the law of an article
	laws   []lawBook
	vec    []int8 // of each article
	scale  []float32
	asked  map[uint32][]float32 // unit vectors of the questions of an article, one after the other
}

// lawBook is one law.
type lawBook struct {
	title []uint32           // terms of its name, sorted
	types map[string]float32 // what its digests are about
	vec   []float32          // unit vector of its articles together
}

func newLawShelf(ctx context.Context, x *Index, p *part, chunks []Chunk, lex Lexicon) (*lawShelf, error) {
	s := &lawShelf{part: p, asked: map[uint32][]float32{}}
	at := make(map[string]uint32, len(p.chunks))
	for i, c := range p.chunks {
		at[c.id] = uint32(i)
	}
	byDoc := make([]*Chunk, len(p.chunks))
	for i := range chunks {
		if d, ok := at[chunks[i].ID]; ok && chunks[i].Kind == KindLaw {
			byDoc[d] = &chunks[i]
		}
	}
	number := map[string]int32{}
	for d, c := range p.chunks {
		name := lawName(c.title)
		n, ok := number[name]
		if !ok {
			n = int32(len(s.laws))
			number[name] = n
			s.laws = append(s.laws, lawBook{title: p.termsOf(x, name)})
		}
		s.law = append(s.law, n)
		s.static = append(s.static, describeArticle(c, name, byDoc[d], uint32(d)))
	}
	s.about()
	if lex == nil {
		return s, nil
	}
	if err := s.embed(ctx, lex); err != nil {
		return nil, err
	}
	for d, c := range byDoc {
		if c == nil {
			continue
		}
		for _, f := range c.Fields {
			if f.Name == "questions" {
				for q := range strings.SplitSeq(f.Text, "\n") {
					s.asked[uint32(d)] = append(s.asked[uint32(d)], meaningOf(x, lex, q)...)
				}
			}
		}
	}
	return s, nil
}

// lawName is the law of a title such as 民法典第一千零七十六条.
func lawName(title string) string {
	if m := ofArticle.FindStringSubmatch(title); m != nil {
		return plainTitle(m[1])
	}
	return plainTitle(title)
}

// termsOf numbers the words and pairs of s, sorted.
func (p *part) termsOf(x *Index, s string) []uint32 {
	var out []uint32
	c := analyse(x.analyzer, s)
	for _, t := range c.tokens {
		if id, ok := p.voc.words[t.Key]; ok {
			out = append(out, id)
		}
	}
	for _, g := range c.grams[pairs] {
		if id, ok := p.voc.grams[g]; ok {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// about notes what the digests of each law are about.
func (s *lawShelf) about() {
	count := make([]float32, len(s.laws))
	for d, m := range s.part.chunks {
		if len(m.types) == 0 {
			continue
		}
		l := &s.laws[s.law[d]]
		count[s.law[d]]++
		if l.types == nil {
			l.types = map[string]float32{}
		}
		for i, t := range m.types {
			l.types[t] += 1 / float32(1+i)
		}
	}
	for i, l := range s.laws {
		for t := range l.types {
			l.types[t] /= count[i]
		}
	}
}

func one(b bool) float32 {
	if b {
		return 1
	}
	return 0
}

// describeArticle fills in what an article is whatever is asked. c may be nil.
func describeArticle(m meta, law string, c *Chunk, doc uint32) (s [nFeatures - firstStatic]float32) {
	set := func(feature int, v float32) { s[feature-firstStatic] = v }
	has := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(law, w) })
	}
	court := has("人民法院", "检察院")
	set(fPrior, m.prior)
	set(fCivil, one(law == "民法典"))
	set(fStatute, one(!court && strings.HasSuffix(law, "法")))
	set(fRegulation, one(!court && strings.HasSuffix(law, "条例")))
	set(fCourt, one(court && has("解释", "规定")))
	set(fRule, one(!court && has("规定", "办法", "规则", "细则")))
	set(fNotice, one(has("通知", "批复", "决定", "意见", "答复", "公告")))
	set(fCriminal, one(has("刑法", "刑事", "检察院", "公安机关", "犯罪", "监狱")))
	set(fProcedure, one(has("诉讼", "程序", "仲裁", "执行")))
	set(fTrial, one(has("试行", "暂行")))
	set(fRepealed, one(m.prior < 0))
	n := float32(m.last - m.first)
	set(fFirst, one(doc == m.first))
	set(fLast, one(m.last-doc <= 2))
	set(fPlace, float32(doc-m.first)/max(1, n))
	set(fArticles, float32(math.Log1p(float64(n))))
	if c == nil {
		return s
	}
	length := 0
	for _, f := range c.Fields {
		switch f.Name {
		case "text":
			length += utf8.RuneCountInString(f.Text)
			set(fPenal, one(strings.Contains(f.Text, "罚款") || strings.Contains(f.Text, "有期徒刑") || strings.Contains(f.Text, "处分")))
			set(fState, one(strings.Contains(f.Text, "国务院") || strings.Contains(f.Text, "主管部门")))
		case "digest":
			set(fDigest, 1)
		}
	}
	set(fLength, float32(math.Log1p(float64(length))))
	return s
}
