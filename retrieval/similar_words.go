package retrieval

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strings"

	"heshi/retrieval/text"
)

// bag is the features of a text and how often each stands in it, in order.
type bag []counted

type counted struct {
	feature uint32
	n       float32
}

// unknown is the feature of anything the collection does not have.
const unknown = math.MaxUint32

// placeholders stand in judgments where something was struck out: people made
// into letters, crosses for figures, entities of web pages.
var placeholders = regexp.MustCompile(`&[a-z]+;|[×*＊xX]+\d*|\p{Han}某[甲乙丙丁]?\d*`)

// count cuts text into pairs of adjacent Chinese characters and words of other
// scripts. Figures, names made unreadable and single letters are no features.
// New features are numbered only when learn is set.
func (s *Similar) count(body string, learn bool) bag {
	n := map[uint32]float32{}
	see := func(w string) {
		f, ok := s.voc[w]
		if !ok {
			f = unknown
			if learn {
				f = uint32(len(s.voc))
				s.voc[w] = f
			}
		}
		n[f]++
	}
	for _, run := range text.Runs(text.Clean(placeholders.ReplaceAllString(body, " "))) {
		switch run.Script {
		case text.Hans, text.Hant:
			for _, han := range text.HanRuns(run.Text) {
				prev := -1
				for i, r := range han {
					if prev >= 0 {
						see(han[prev : i+len(string(r))])
					}
					prev = i
				}
			}
		default:
			for _, w := range s.analyzer.Words(run.Text) {
				if len(w) > 1 && !strings.ContainsAny(w, "0123456789") {
					see(w)
				}
			}
		}
	}
	out := make(bag, 0, len(n))
	for f, c := range n {
		out = append(out, counted{f, c})
	}
	slices.SortFunc(out, func(a, b counted) int { return cmp.Compare(a.feature, b.feature) })
	return out
}

// size is how many features a bag has, counted as often as they stand.
func (b bag) size() float64 {
	sum := 0.0
	for _, c := range b {
		sum += float64(c.n)
	}
	return sum
}

// index makes the postings of the bags counted.
func (s *Similar) index() {
	n := len(s.terms)
	df := make([]int, len(s.voc))
	for _, b := range s.terms {
		s.length += b.size() / float64(n)
		for _, c := range b {
			df[c.feature]++
		}
	}
	common := max(similarCommon*float64(n), 5)
	if n > 2000 { // what is in hundreds of thousands tells little and costs most
		common = max(400, 0.05*float64(n))
	}
	s.idf = make([]float32, len(df))
	for f, d := range df {
		if float64(d) <= common {
			s.idf[f] = rarity(d, n)
		}
	}
	rows := make([]bag, n)
	s.start = make([]uint32, len(df)+1)
	for i, b := range s.terms {
		rows[i] = s.vector(b)
		for _, c := range rows[i] {
			s.start[c.feature+1]++
		}
	}
	for f := range df {
		s.start[f+1] += s.start[f]
	}
	next := slices.Clone(s.start)
	s.docs = make([]uint32, s.start[len(df)])
	s.weight = make([]float32, len(s.docs))
	for i, row := range rows {
		for _, c := range row {
			s.docs[next[c.feature]], s.weight[next[c.feature]] = uint32(i), c.n
			next[c.feature]++
		}
	}
	s.rows = rows
}

// rarity is the weight of what stands in df of n texts.
func rarity(df, n int) float32 {
	x := math.Log(1 + (float64(n-df)+0.5)/(float64(df)+0.5))
	return float32(x * math.Sqrt(x))
}

// vector weighs a bag: damped counts times rarity, length one. Features nobody
// else has make it longer and nothing more.
func (s *Similar) vector(b bag) bag {
	size := b.size()
	out := make(bag, 0, len(b))
	sum := 0.0
	for _, c := range b {
		idf := rarity(0, len(s.ids))
		if c.feature != unknown {
			idf = s.idf[c.feature]
		}
		if idf == 0 {
			continue
		}
		n := float64(c.n)
		w := n * (similarK1 + 1) / (n + similarK1*(1-similarB+similarB*size/s.length)) * float64(idf)
		sum += w * w
		if c.feature != unknown {
			out = append(out, counted{c.feature, float32(w)})
		}
	}
	for i := range out {
		out[i].n /= float32(math.Sqrt(sum))
	}
	return out
}

// alike is the cosine of a vector with every document.
func (s *Similar) alike(v bag) []float32 {
	out := make([]float32, len(s.ids))
	for _, c := range v {
		for i := s.start[c.feature]; i < s.start[c.feature+1]; i++ {
			out[s.docs[i]] += c.n * s.weight[i]
		}
	}
	return out
}
