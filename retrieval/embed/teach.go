package embed

import (
	"context"
	"math/rand/v2"
	"slices"

	"heshi/retrieval/text"
)

// TeachConfig says how an embedder is taught. The zero value of a field means
// its default.
type TeachConfig struct {
	Dim      int     // of the vectors; 128
	Alone    int     // rounds in which the laws teach themselves; 4, below 0 none
	Rounds   int     // rounds after that in which all lessons are taken; 7
	Mixed    int     // of these, how many take the laws too, from the first on; 4
	Batch    int     // lessons set against each other; 256
	Against  int     // passages from elsewhere set against each batch; 256
	Rate     float64 // of learning; 0.5
	Heat     float64 // temperature of the comparison; 0.05
	MinDF    int     // features in fewer texts are ignored; 2
	MaxWords int     // features at most, those that come in most texts; 40,000
	// Progress, when set, hears how many lessons are done.
	Progress func(done, total int)
}

// defaults fills in what is not set.
func (c TeachConfig) defaults() TeachConfig {
	set := func(p *int, v int) {
		if *p == 0 {
			*p = v
		}
	}
	set(&c.Dim, 128)
	set(&c.Alone, 4)
	set(&c.Rounds, 7)
	set(&c.Mixed, 4)
	set(&c.Batch, 256)
	set(&c.Against, 256)
	set(&c.MinDF, 2)
	set(&c.MaxWords, 40_000)
	if c.Rate == 0 {
		c.Rate = 0.5
	}
	if c.Heat == 0 {
		c.Heat = 0.05
	}
	return c
}

// Teach learns a Dual from material: first directions by LSI over all texts,
// then, batch by batch, question and passage of a lesson are drawn together and
// all others of the batch apart (softmax over cosines). Before the lessons each
// law's sentences learn to find the rest of their own article. It is
// deterministic; on other kinds of processors the last bits of its sums may
// differ.
func Teach(ctx context.Context, a *text.Analyzer, m Material, c TeachConfig) (*Dual, error) {
	c = c.defaults()
	s, err := newSchool(ctx, a, m, c)
	if err != nil {
		return nil, err
	}
	if err := s.run(ctx); err != nil {
		return nil, err
	}
	return decodeDual(a, s.graduate().encode())
}

// school is the state of teaching.
type school struct {
	TeachConfig
	names   []string
	e       []float32 // a vector of Dim numbers per feature
	square  []float32 // sums of squared steps, per number
	lessons []pairing
	laws    []lawText
	others  [][]entry // passages to set against
	rng     *rand.Rand
	done    int
	total   int
}

// pairing is a lesson cut into features.
type pairing struct {
	q, p  []entry
	group string
}

// run takes all rounds.
func (s *school) run(ctx context.Context) error {
	s.total = max(0, s.Alone)*len(s.laws) + max(0, s.Rounds)*len(s.lessons) + min(max(0, s.Mixed), max(0, s.Rounds))*len(s.laws)
	for range max(0, s.Alone) {
		if err := s.round(ctx, s.alone(), 0); err != nil {
			return err
		}
	}
	for k := range max(0, s.Rounds) {
		all := s.lessons
		if k < s.Mixed {
			all = slices.Concat(s.lessons, s.alone())
		}
		if err := s.round(ctx, all, s.Against); err != nil {
			return err
		}
	}
	return nil
}

// round takes every lesson once, in an order of its own.
func (s *school) round(ctx context.Context, all []pairing, against int) error {
	order := s.rng.Perm(len(all))
	for b := range slices.Chunk(order, s.Batch) {
		if err := ctx.Err(); err != nil {
			return err
		}
		batch := make([]pairing, len(b))
		for i, k := range b {
			batch[i] = all[k]
		}
		s.step(batch, against)
		s.done += len(b)
		if s.Progress != nil {
			s.Progress(s.done, s.total)
		}
	}
	return nil
}
