package retrieval

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"heshi/retrieval/text"
)

// Document is the text of a whole case or file.
type Document struct{ ID, Text string }

// Similar finds, for the text of a whole case, the cases that are most like it.
// A long text needs another road than a question: nothing is widened, people,
// dates and sums are left out, and what the text is about is estimated first
// from the wording that goes with each cause of action, then corrected by what
// its neighbours are about. Similar is immutable and may be asked from any
// number of goroutines. It is made for collections of up to some ten thousand.
type Similar struct {
	analyzer *text.Analyzer
	causes   *causes
	ids      []string
	at       map[string]int
	voc      map[string]uint32
	idf      []float32
	start    []uint32 // postings of a feature: start[f] to start[f+1]
	docs     []uint32
	weight   []float32
	kinds    [][]shareOf // of each document, in order of cause
	byCause  [][]shareOf // of each cause, in order of document
	marks    markIndex
	terms    []bag // of each document, counted; while building only
	rows     []bag // and weighed
	length   float64
}

// shareOf is how much of the belief one cause holds in one text. Which of the
// two it names follows from where it stands.
type shareOf struct {
	id    uint32
	share float32
}

// The numbers of Similar, found on published judgments.
const (
	similarK1     = 1.5
	similarB      = 0.5
	similarCommon = 0.2  // a feature in more than this share of the documents is passed over
	similarWords  = 4.0  // weight of shared wording beside one of a shared cause
	neighbours    = 15   // how many correct what a text is about
	trust         = 0.65 // the power of what the neighbours say
	rounds        = 5    // of correction
	belief        = 2e-3 // below this a cause is forgotten
)

// NewSimilar prepares docs. Documents need different ids that are not empty. It
// takes about a second for a thousand documents of a page, and returns early
// with the context's error when cancelled.
func NewSimilar(ctx context.Context, a *text.Analyzer, docs []Document) (*Similar, error) {
	table, err := readCauses()
	if err != nil {
		return nil, err
	}
	s := &Similar{analyzer: a, causes: table, at: map[string]int{}, voc: map[string]uint32{}}
	said := make([][]float32, len(docs))
	for i, d := range docs {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if _, ok := s.at[d.ID]; ok || d.ID == "" {
			return nil, fmt.Errorf("retrieval: document %q: empty or doubled id", d.ID)
		}
		s.at[d.ID] = i
		s.ids = append(s.ids, d.ID)
		s.terms = append(s.terms, s.count(d.Text, true))
		said[i] = table.find(d.Text)
		s.marks.add(d.Text)
	}
	s.index()
	for i, m := range s.marks.of {
		s.marks.of[i] = s.marks.telling(m)
	}
	table.weigh(said)
	if err := s.learnKinds(ctx, said); err != nil {
		return nil, err
	}
	s.terms = nil
	return s, nil
}

// learnKinds estimates what each document is about: first from its own wording,
// then each corrected by its neighbours, a few times over.
func (s *Similar) learnKinds(ctx context.Context, said [][]float32) error {
	own := make([][]shareOf, len(said))
	near := make([][]candidate, len(said))
	for i := range said {
		if err := ctx.Err(); err != nil {
			return err
		}
		own[i] = s.causes.shares(said[i])
		near[i] = s.top(s.alike(s.rows[i]), neighbours, i)
	}
	s.kinds = own
	for range rounds {
		next := make([][]shareOf, len(own))
		for i := range own {
			next[i] = s.correct(own[i], near[i])
		}
		s.kinds = next
	}
	s.byCause = make([][]shareOf, len(s.causes.names))
	for i, k := range s.kinds {
		for _, x := range k {
			s.byCause[x.id] = append(s.byCause[x.id], shareOf{uint32(i), x.share})
		}
	}
	return nil
}

// correct weighs what a text says about itself with what its neighbours are
// about.
func (s *Similar) correct(own []shareOf, near []candidate) []shareOf {
	around := make([]float64, len(s.causes.names))
	sum := 0.0
	for _, n := range near {
		w := float64(n.score) * float64(n.score)
		sum += w
		for _, k := range s.kinds[n.doc] {
			around[k.id] += w * float64(k.share)
		}
	}
	if sum == 0 {
		return own
	}
	out := make([]shareOf, len(own))
	total := 0.0
	for i, k := range own {
		p := float64(k.share) * math.Pow(around[k.id]/sum+belief, trust)
		out[i] = shareOf{k.id, float32(p)}
		total += p
	}
	return scale(out, total)
}

// Nearest returns the k documents most like text, best first, ties by id. The
// score is 0 to 1 and compares within one answer only.
func (s *Similar) Nearest(ctx context.Context, text string, k int) ([]Scored, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	alike := s.alike(s.vector(s.count(text, false)))
	about := s.correct(s.causes.shares(s.causes.find(text)), s.top(alike, neighbours, -1))
	return s.rank(alike, about, k, -1), nil
}

// Beside is Nearest for a document of the collection, which is not among its
// own answers. An id that is not there has none.
func (s *Similar) Beside(ctx context.Context, id string, k int) ([]Scored, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	i, ok := s.at[id]
	if !ok {
		return nil, nil
	}
	return s.rank(s.alike(s.rows[i]), s.kinds[i], k, i), nil
}

// Cause is a cause of action and how much of the belief it holds, 0 to 1.
type Cause struct {
	Name  string
	Share float64
}

// Causes lists what a text may be about, best first, by the names of the
// Supreme People's Court's list of causes of action. It is an estimate from
// wording, not a finding of law.
func (s *Similar) Causes(text string, k int) []Cause {
	alike := s.alike(s.vector(s.count(text, false)))
	about := s.correct(s.causes.shares(s.causes.find(text)), s.top(alike, neighbours, -1))
	slices.SortFunc(about, func(a, b shareOf) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.id, b.id))
	})
	var out []Cause
	for _, x := range about[:min(k, len(about))] {
		out = append(out, Cause{s.causes.names[x.id], float64(x.share)})
	}
	return out
}

// rank adds shared causes to shared wording. The document but, if any, is left
// out.
func (s *Similar) rank(alike []float32, about []shareOf, k, but int) []Scored {
	score := make([]float32, len(s.ids))
	for _, x := range about {
		root := float32(math.Sqrt(float64(x.share)))
		for _, d := range s.byCause[x.id] {
			score[d.id] += root * float32(math.Sqrt(float64(d.share)))
		}
	}
	for d := range score {
		score[d] = (score[d] + similarWords*alike[d]) / (1 + similarWords)
	}
	best := s.top(score, k, but)
	out := make([]Scored, len(best))
	for i, c := range best {
		out[i] = Scored{s.ids[c.doc], float64(c.score)}
	}
	return out
}

// top is the n best of score, best first, ties by id; zeros are none.
func (s *Similar) top(score []float32, n, but int) []candidate {
	h := heap{n: n, less: func(a, b candidate) bool {
		if a.score != b.score {
			return a.score < b.score
		}
		return s.ids[a.doc] > s.ids[b.doc]
	}}
	for d, x := range score {
		if x > 0 && d != but {
			h.offer(candidate{uint32(d), x})
		}
	}
	return h.sorted()
}

// scale makes shares sum to one and drops those below belief.
func scale(list []shareOf, sum float64) []shareOf {
	kept, left := list[:0], 0.0
	for _, x := range list {
		x.share = float32(float64(x.share) / sum)
		if x.share >= belief {
			kept = append(kept, x)
			left += float64(x.share)
		}
	}
	for i := range kept {
		kept[i].share = float32(float64(kept[i].share) / left)
	}
	return kept
}
