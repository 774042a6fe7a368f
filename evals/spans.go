package evals

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"heshi/intake/extract"
)

// SpanConfig names texts whose values are marked, from elsewhere or our own. Texts are lines {"id","text","entities":
// [{"label","start","end"}]} with places counted in characters; of the marks only those with one of Labels count, and
// for money only those with a figure in them. Sentences are files of our own: text, a tab, kind=value pairs.
type SpanConfig struct {
	Texts     string
	Kind      string // which of our kinds the labels mean
	Labels    []string
	Sentences []string
	Extractor *extract.Extractor
	Now       time.Time // when the sentences were written
	Miss      func(id, want, got string)
}

// Score is precision, recall and their mean over values.
type Score struct {
	Wanted    int     `json:"wanted"`
	Found     int     `json:"found"`
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// SpanResult is what `heshi eval spans -json` prints. Spans count when both ends are right. Kinds are those of our
// own sentences; there the value counts, not the place.
type SpanResult struct {
	Texts     int    `json:"texts,omitempty"`
	Spans     *Score `json:"spans,omitempty"`
	Read      *Score `json:"read,omitempty"`  // the half whose misses may be read
	Apart     *Score `json:"apart,omitempty"` // the other
	Sentences int    `json:"sentences,omitempty"`
	// Kinds is by kind of value.
	Kinds map[string]*Score `json:"kinds,omitempty"`
}

// Spans measures how exactly values are found.
func Spans(ctx context.Context, c SpanConfig) (SpanResult, error) {
	var r SpanResult
	if c.Texts != "" {
		if err := c.marked(ctx, &r); err != nil {
			return r, err
		}
	}
	for _, file := range c.Sentences {
		if err := c.sentences(ctx, file, &r); err != nil {
			return r, err
		}
	}
	if r.Texts+r.Sentences == 0 {
		return r, ErrNothing
	}
	for _, s := range r.Kinds {
		*s = s.scored()
	}
	return r, nil
}

// scored fills in the shares; until then Recall holds how many were right.
func (s Score) scored() Score {
	right := s.Recall
	s.Precision, s.Recall, s.F1 = right/float64(max(1, s.Found)), right/float64(max(1, s.Wanted)), 0
	if s.Found+s.Wanted > 0 {
		s.F1 = 2 * right / float64(s.Found+s.Wanted)
	}
	return s
}

func (s *Score) add(right, found, wanted int) {
	s.Recall += float64(right)
	s.Found += found
	s.Wanted += wanted
}

func (c SpanConfig) marked(ctx context.Context, r *SpanResult) error {
	type span struct{ a, b int }
	var all, read, other Score
	err := eachLine(ctx, c.Texts, func(l struct {
		ID, Text string
		Entities []struct {
			Label      string
			Start, End int
		}
	}) error {
		chars := []rune(l.Text)
		var want, got []span
		for _, e := range l.Entities {
			if e.Start < 0 || e.End > len(chars) || e.Start >= e.End {
				return fmt.Errorf("%s: %s marks %d to %d of %d characters", c.Texts, l.ID, e.Start, e.End, len(chars))
			}
			if slices.Contains(c.Labels, e.Label) && (c.Kind != "money" || strings.ContainsAny(string(chars[e.Start:e.End]), "0123456789一二三四五六七八九十百千万")) {
				want = append(want, span{e.Start, e.End})
			}
		}
		for _, v := range c.Extractor.Values(l.Text, c.Now) {
			if v.Kind == c.Kind {
				a := utf8.RuneCountInString(l.Text[:v.Start])
				got = append(got, span{a, a + utf8.RuneCountInString(v.Text)})
			}
		}
		right := 0
		for _, g := range got {
			if slices.Contains(want, g) {
				right++
			}
		}
		all.add(right, len(got), len(want))
		if apart(l.ID) {
			other.add(right, len(got), len(want))
		} else {
			read.add(right, len(got), len(want))
			if c.Miss != nil && (right < len(got) || right < len(want)) {
				show := func(list []span) string {
					var s []string
					for _, x := range list {
						s = append(s, string(chars[x.a:x.b]))
					}
					return strings.Join(s, " | ")
				}
				c.Miss(l.ID, show(want), show(got))
			}
		}
		r.Texts++
		return nil
	})
	all, read, other = all.scored(), read.scored(), other.scored()
	r.Spans, r.Read, r.Apart = &all, &read, &other
	return err
}

// sentences measures one table of our own.
func (c SpanConfig) sentences(ctx context.Context, file string, r *SpanResult) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	if r.Kinds == nil {
		r.Kinds = map[string]*Score{}
	}
	of := func(pair string) *Score {
		kind, _, _ := strings.Cut(pair, "=")
		if r.Kinds[kind] == nil {
			r.Kinds[kind] = &Score{}
		}
		return r.Kinds[kind]
	}
	for n, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		if err := ctx.Err(); err != nil {
			return err
		}
		if strings.HasPrefix(line, "#") {
			continue
		}
		text, values, ok := strings.Cut(line, "\t")
		if !ok {
			return fmt.Errorf("%s:%d: want text, a tab, values", file, n+1)
		}
		var want, got []string
		for _, v := range strings.Fields(values) {
			want = append(want, strings.ReplaceAll(v, "_", " "))
			of(v).add(0, 0, 1)
		}
		left := slices.Clone(want)
		for _, v := range c.Extractor.Values(text, c.Now) {
			pair := v.Kind + "=" + v.Value
			got = append(got, pair)
			of(pair).add(0, 1, 0)
			if i := slices.Index(left, pair); i >= 0 {
				of(pair).add(1, 0, 0)
				left = slices.Delete(left, i, i+1)
			}
		}
		if c.Miss != nil && (len(left) > 0 || len(got) != len(want)) {
			c.Miss(text, strings.Join(want, " "), strings.Join(got, " "))
		}
		r.Sentences++
	}
	return nil
}
