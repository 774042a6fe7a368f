package evals

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"time"

	"heshi/intake"
	"heshi/intake/extract"
)

// AmountConfig names files of sums and dates asked for, from elsewhere. Cases are lines {"id","text"}, Questions
// {"id","case","question","refs","type"} where type is amount or date and others are passed over, Totals
// {"id","text","total_yuan"}. Either Cases and Questions or Totals may be left out.
type AmountConfig struct {
	Cases, Questions, Totals string
	Extractor                *extract.Extractor
	Now                      time.Time // only relative dates hang on it
	// Miss, when set, hears what was answered wrongly in the half that may be read.
	Miss func(id, want, got string)
}

// Exact is how often an answer was exactly right: in all, in the half of the file whose misses may be read, and in
// the other, for which no rule was ever mended.
type Exact struct {
	N     int     `json:"n"`
	All   float64 `json:"em"`
	Read  float64 `json:"read"`
	Apart float64 `json:"apart"`
}

// AmountResult is what `heshi eval amounts -json` prints: sums and dates that questions about a case ask for, and the
// total of the losses a text tells of.
type AmountResult struct {
	Amount *Exact `json:"amount,omitempty"`
	Date   *Exact `json:"date,omitempty"`
	Total  *Exact `json:"total,omitempty"`
}

// ErrNothing means that a file has nothing that could be measured.
var ErrNothing = errors.New("evals: nothing to measure")

// Amounts measures answers and totals.
func Amounts(ctx context.Context, c AmountConfig) (AmountResult, error) {
	var r AmountResult
	if c.Questions != "" {
		if err := c.answers(ctx, &r); err != nil {
			return r, err
		}
	}
	if c.Totals != "" {
		if err := c.totals(ctx, &r); err != nil {
			return r, err
		}
	}
	if r == (AmountResult{}) {
		return r, ErrNothing
	}
	return r, nil
}

func (c AmountConfig) answers(ctx context.Context, r *AmountResult) error {
	texts := map[string]string{}
	if err := eachLine(ctx, c.Cases, func(l struct{ ID, Text string }) error {
		texts[l.ID] = l.Text
		return nil
	}); err != nil {
		return err
	}
	var amount, date exact
	err := eachLine(ctx, c.Questions, func(q struct {
		ID, Case, Question, Type string
		Refs                     []string
	}) error {
		kind, into := intake.KindMoney, &amount
		switch q.Type {
		case "amount":
		case "date":
			kind, into = intake.KindDate, &date
		default:
			return nil
		}
		text, ok := texts[q.Case]
		if !ok {
			return fmt.Errorf("%s: question %s asks of case %s, which is not in %s", c.Questions, q.ID, q.Case, c.Cases)
		}
		v, _ := c.Extractor.Answer(q.Question, text, kind, c.Now)
		right := slices.Contains(q.Refs, v.Text)
		into.add(q.Case, right)
		if !right && c.Miss != nil && !apart(q.Case) {
			c.Miss(q.ID+" "+q.Question, fmt.Sprint(q.Refs), v.Text)
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.Amount, r.Date = amount.result(), date.result()
	return nil
}

func (c AmountConfig) totals(ctx context.Context, r *AmountResult) error {
	var all exact
	err := eachLine(ctx, c.Totals, func(l struct {
		ID, Text string
		Total    float64 `json:"total_yuan"`
	}) error {
		cents, _ := c.Extractor.Total(l.Text, c.Now)
		right := cents == int64(math.Round(l.Total*100))
		all.add(l.ID, right)
		if !right && c.Miss != nil && !apart(l.ID) {
			c.Miss(l.ID, fmt.Sprintf("%.2f", l.Total), fmt.Sprintf("%.2f", float64(cents)/100))
		}
		return nil
	})
	r.Total = all.result()
	return err
}

// exact counts right answers by half.
type exact struct{ right, n [2]int }

func (e *exact) add(id string, right bool) {
	half := 0
	if apart(id) {
		half = 1
	}
	e.n[half]++
	if right {
		e.right[half]++
	}
}

func (e *exact) result() *Exact {
	n := e.n[0] + e.n[1]
	if n == 0 {
		return nil
	}
	of := func(a, b int) float64 { return float64(a) / float64(max(1, b)) }
	return &Exact{N: n, All: of(e.right[0]+e.right[1], n), Read: of(e.right[0], e.n[0]), Apart: of(e.right[1], e.n[1])}
}

// apart tells which half of a file from elsewhere is never read while rules are mended.
func apart(id string) bool {
	h := sha256.Sum256([]byte(id))
	return h[3]&1 == 1
}

// eachLine reads a file of JSON lines.
func eachLine[T any](ctx context.Context, file string, each func(T) error) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(make([]byte, 0, 64<<10), 64<<20)
	for n := 1; sc.Scan(); n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		var line T
		if err := json.Unmarshal(sc.Bytes(), &line); err != nil {
			return fmt.Errorf("%s:%d: %w", file, n, err)
		}
		if err := each(line); err != nil {
			return err
		}
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
