package evals

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"heshi/retrieval"
	"heshi/retrieval/text"
)

// SimilarConfig names a file of cases, lines {"id","casename","text"} where
// casename is the cause of action.
type SimilarConfig struct {
	Cases    string
	Analyzer *text.Analyzer
	// Run, when set, gets one line per neighbour: query-id, case-id, score.
	Run func(query, doc string, score float64)
}

// Same is how often neighbours have the cause of the case they were found for.
// P5 counts right ones among the first five and divides by five, even where
// fewer others have that cause.
type Same struct {
	Cases int     `json:"cases"`
	P1    float64 `json:"p@1"`
	P5    float64 `json:"p@5"`
}

// SimilarResult is what `heshi eval similar -json` prints. Every case is asked
// once among all the others: that is Same. Partnered counts only the cases whose
// cause some other case shares, for the rest cannot be answered; FiveOrMore only
// those whose cause has at least five cases. Times are in milliseconds, index_s in
// seconds.
type SimilarResult struct {
	Same
	Partnered  Same    `json:"partnered"`
	FiveOrMore Same    `json:"five_or_more"`
	Cause1     float64 `json:"cause@1"` // how often the cause estimated first is the court's
	Cause3     float64 `json:"cause@3"`
	IndexS     float64 `json:"index_s"`
	P50        float64 `json:"p50_ms"`
	P99        float64 `json:"p99_ms"`
}

// similarDepth is how many neighbours are asked for.
const similarDepth = 10

// Similar measures similar cases on a file of judged ones. The collection is the
// file itself; causes are read for scoring only.
func Similar(ctx context.Context, c SimilarConfig) (SimilarResult, error) {
	docs, cause, err := readCases(c.Cases)
	if err != nil {
		return SimilarResult{}, err
	}
	start := time.Now()
	s, err := retrieval.NewSimilar(ctx, c.Analyzer, docs)
	if err != nil {
		return SimilarResult{}, err
	}
	res := SimilarResult{IndexS: time.Since(start).Seconds()}
	of := map[string]int{}
	for _, name := range cause {
		of[name]++
	}
	var took []time.Duration
	for _, d := range docs {
		began := time.Now()
		near, err := s.Beside(ctx, d.ID, similarDepth)
		took = append(took, time.Since(began))
		if err != nil {
			return SimilarResult{}, fmt.Errorf("case %s: %w", d.ID, err)
		}
		one, five := 0.0, 0.0
		for i, n := range near {
			if c.Run != nil {
				c.Run(d.ID, n.ID, n.Score)
			}
			if i < 5 && cause[n.ID] == cause[d.ID] {
				five++
				if i == 0 {
					one++
				}
			}
		}
		for _, b := range []struct {
			least int
			same  *Same
		}{{1, &res.Same}, {2, &res.Partnered}, {5, &res.FiveOrMore}} {
			if of[cause[d.ID]] >= b.least {
				b.same.Cases++
				b.same.P1 += one
				b.same.P5 += five / 5
			}
		}
		for i, x := range s.Causes(d.Text, 3) {
			if x.Name == cause[d.ID] {
				res.Cause3++
				if i == 0 {
					res.Cause1++
				}
			}
		}
	}
	for _, b := range []*Same{&res.Same, &res.Partnered, &res.FiveOrMore} {
		if b.Cases > 0 {
			b.P1 /= float64(b.Cases)
			b.P5 /= float64(b.Cases)
		}
	}
	n := float64(len(docs))
	res.Cause1, res.Cause3 = res.Cause1/n, res.Cause3/n
	res.P50, res.P99 = percentile(took, 0.5), percentile(took, 0.99)
	return res, nil
}

// readCases decodes JSON lines; an error names file and line.
func readCases(file string) ([]retrieval.Document, map[string]string, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	var docs []retrieval.Document
	cause := map[string]string{}
	sc := bufio.NewScanner(f)
	sc.Buffer(make([]byte, 0, 64<<10), 16<<20)
	for n := 1; sc.Scan(); n++ {
		if strings.TrimSpace(sc.Text()) == "" {
			continue
		}
		var r struct {
			ID   string `json:"id"`
			Name string `json:"casename"`
			Text string `json:"text"`
		}
		if err := json.Unmarshal(sc.Bytes(), &r); err != nil {
			return nil, nil, fmt.Errorf("%s:%d: %w", file, n, err)
		}
		if r.ID == "" || r.Name == "" {
			return nil, nil, fmt.Errorf("%s:%d: id and casename are both needed", file, n)
		}
		docs = append(docs, retrieval.Document{ID: r.ID, Text: r.Text})
		cause[r.ID] = r.Name
	}
	if err := sc.Err(); err != nil {
		return nil, nil, fmt.Errorf("%s: %w", file, err)
	}
	if len(docs) == 0 {
		return nil, nil, fmt.Errorf("%s: no cases", file)
	}
	return docs, cause, nil
}
