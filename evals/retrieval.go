package evals

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"heshi/caselib"
	"heshi/retrieval"
	"heshi/retrieval/text"
)

// EvalConfig names the files of an external retrieval set and what searches it.
// Formats: corpus lines {"_id","title","text"}, query lines {"_id","text"},
// qrels "query-id<TAB>corpus-id<TAB>score" with a heading.
type EvalConfig struct {
	Corpus, Queries, Qrels string
	Analyzer               *text.Analyzer
	Options                retrieval.Options
	// Library, when set, lends the articles it knows its digests and questions.
	Library *caselib.Library
	// Run, when set, gets one line per hit: query-id, corpus-id, score.
	Run func(query, doc string, score float64)
}

// Result is what `heshi eval retrieval -json` prints. Times are of one search in
// milliseconds, index_s of building the index in seconds.
type Result struct {
	Queries   int     `json:"queries"`
	Docs      int     `json:"docs"`
	Recall1   float64 `json:"recall@1"`
	Recall5   float64 `json:"recall@5"`
	Recall10  float64 `json:"recall@10"`
	Recall20  float64 `json:"recall@20"`
	Recall50  float64 `json:"recall@50"`
	Recall100 float64 `json:"recall@100"`
	MRR10     float64 `json:"mrr@10"`
	NDCG10    float64 `json:"ndcg@10"`
	IndexS    float64 `json:"index_s"`
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
}

// Retrieval indexes a corpus, asks it every query and scores the answers.
// Queries without a relevant document in the qrels are not asked.
func Retrieval(ctx context.Context, c EvalConfig) (Result, error) {
	chunks, err := readCorpus(c.Corpus)
	if err != nil {
		return Result{}, err
	}
	queries, err := readQueries(c.Queries)
	if err != nil {
		return Result{}, err
	}
	rels, err := readQrels(c.Qrels)
	if err != nil {
		return Result{}, err
	}
	start := time.Now()
	if c.Library != nil {
		chunks = retrieval.Enrich(chunks, c.Library)
		c.Options.Tables = append(slices.Clone(c.Options.Tables), retrieval.Learned(c.Analyzer, chunks))
	}
	index, err := ranked(ctx, c, chunks)
	if err != nil {
		return Result{}, err
	}
	res := Result{Docs: len(chunks), IndexS: time.Since(start).Seconds()}
	var r ranks
	for _, q := range queries {
		rel := rels[q.ID]
		if len(rel) == 0 {
			continue
		}
		began := time.Now()
		hits, err := index.Search(ctx, retrieval.Query{Text: q.Text, K: 100})
		r.took = append(r.took, time.Since(began))
		if err != nil && !errors.Is(err, retrieval.ErrEmptyQuery) {
			return Result{}, fmt.Errorf("query %s: %w", q.ID, err)
		}
		run := make([]string, len(hits))
		for i, h := range hits {
			run[i] = h.ID
			if c.Run != nil {
				c.Run(q.ID, h.ID, h.Score)
			}
		}
		r.add(run, rel)
	}
	if r.n == 0 {
		return Result{}, fmt.Errorf("%s: no query of %s is judged in it", c.Qrels, c.Queries)
	}
	r.into(&res)
	res.P50, res.P99 = percentile(r.took, 0.5), percentile(r.took, 0.99)
	return res, nil
}

// record is a line of a corpus or query file.
type record struct {
	ID    string `json:"_id"`
	Title string `json:"title"`
	Text  string `json:"text"`
}

// readLines decodes JSON lines; an error names file and line.
func readLines(file string, each func(record)) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer f.Close()
	sc := bufio.NewScanner(f)
	sc.Buffer(make([]byte, 0, 64<<10), 16<<20)
	for n := 1; sc.Scan(); n++ {
		if len(strings.TrimSpace(sc.Text())) == 0 {
			continue
		}
		var r record
		if err := json.Unmarshal(sc.Bytes(), &r); err != nil {
			return fmt.Errorf("%s:%d: %w", file, n, err)
		}
		if r.ID == "" {
			return fmt.Errorf("%s:%d: no _id", file, n)
		}
		each(r)
	}
	if err := sc.Err(); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}

// readCorpus reads documents as chunks of law: an external corpus is searched
// the way articles are.
func readCorpus(file string) ([]retrieval.Chunk, error) {
	var out []retrieval.Chunk
	seen := map[string]bool{}
	err := readLines(file, func(r record) {
		if seen[r.ID] {
			return // the same id twice: the first stands
		}
		seen[r.ID] = true
		out = append(out, retrieval.Article(r.ID, r.Title, r.Text))
	})
	return out, err
}

func readQueries(file string) ([]record, error) {
	var out []record
	err := readLines(file, func(r record) { out = append(out, r) })
	return out, err
}

func readQrels(file string) (map[string]Relevance, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	out := map[string]Relevance{}
	n := 0
	for line := range strings.Lines(string(b)) {
		n++
		line = strings.TrimRight(line, "\r\n")
		if n == 1 || line == "" {
			continue
		}
		col := strings.Split(line, "\t")
		if len(col) < 3 {
			return nil, fmt.Errorf("%s:%d: want query-id, corpus-id, score separated by tabs", file, n)
		}
		score, err := strconv.Atoi(strings.TrimSpace(col[2]))
		if err != nil {
			return nil, fmt.Errorf("%s:%d: score %q is not a whole number", file, n, col[2])
		}
		if out[col[0]] == nil {
			out[col[0]] = Relevance{}
		}
		out[col[0]][col[1]] = score
	}
	return out, nil
}
