package evals

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heshi/caselib"
	"heshi/retrieval/text"
)

func near(a, b float64) bool { return math.Abs(a-b) < 1e-9 }

func TestFiguresOfKnownRankings(t *testing.T) {
	var r ranks
	// Two relevant documents, found at ranks 1 and 12.
	run := []string{"a", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9", "x10", "b"}
	r.add(run, Relevance{"a": 1, "b": 1, "unjudged": 0})
	if !near(r.recall[0], 0.5) || !near(r.recall[2], 0.5) || !near(r.recall[3], 1) || !near(r.recall[5], 1) {
		t.Errorf("recall %v", r.recall)
	}
	if !near(r.mrr, 1) || !near(r.ndcg, 1/(1+1/math.Log2(3))) {
		t.Errorf("mrr %v ndcg %v", r.mrr, r.ndcg)
	}
	// Grades: the better document second.
	var g ranks
	g.add([]string{"low", "high"}, Relevance{"low": 1, "high": 2})
	if want := (1 + 3/math.Log2(3)) / (3 + 1/math.Log2(3)); !near(g.ndcg, want) {
		t.Errorf("graded ndcg %v, want %v", g.ndcg, want)
	}
	// Nothing relevant: not counted. Nothing found: counted as zero.
	var none ranks
	none.add(run, Relevance{"a": 0})
	if none.n != 0 {
		t.Error("a query without relevant documents was counted")
	}
	none.add(nil, Relevance{"z": 1})
	if none.n != 1 || none.recall[5] != 0 {
		t.Errorf("empty run: %+v", none)
	}
	d := []time.Duration{4 * time.Millisecond, time.Millisecond, 2 * time.Millisecond, 3 * time.Millisecond}
	if percentile(d, 0.5) != 2 || percentile(d, 0.99) != 4 || percentile(nil, 0.5) != 0 {
		t.Errorf("percentiles %v %v", percentile(d, 0.5), percentile(d, 0.99))
	}
}

func write(t *testing.T, name, body string) string {
	t.Helper()
	f := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(f, []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	return f
}

func conf(t *testing.T) EvalConfig {
	t.Helper()
	d, err := text.FindDictionary("")
	if err != nil {
		t.Fatal(err)
	}
	a, err := text.NewAnalyzer(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	return EvalConfig{
		Analyzer: a,
		Corpus: write(t, "corpus.jsonl", `{"_id":"L1","title":"试验法第一条","text":"用人单位应当按时足额支付劳动报酬。"}
{"_id":"L2","title":"试验法第二条","text":"业主应当按照约定支付物业费。"}

{"_id":"L2","title":"again","text":"again"}
{"_id":"L3","title":"试验法第三条","text":"承租人应当妥善保管租赁物。"}
`),
		Queries: write(t, "queries.jsonl", `{"_id":"q1","text":"劳动报酬什么时候支付"}
{"_id":"q2","text":"不交物业费怎么办"}
{"_id":"q3","text":"没有人判断过这句"}
`),
		Qrels: write(t, "qrels.tsv", "query-id\tcorpus-id\tscore\nq1\tL1\t1\nq2\tL2\t1\r\n"),
	}
}

func TestRetrievalReadsTheFormats(t *testing.T) {
	r, err := Retrieval(context.Background(), conf(t))
	if err != nil {
		t.Fatal(err)
	}
	if r.Queries != 2 || r.Docs != 3 || r.Recall1 != 1 || r.NDCG10 != 1 || r.MRR10 != 1 || r.IndexS <= 0 {
		t.Errorf("%+v", r)
	}
}

// A digest of the library lends its lay wording to the article it is about.
func TestLibraryLendsItsQuestions(t *testing.T) {
	c := conf(t)
	c.Queries = write(t, "q.jsonl", `{"_id":"q1","text":"弄坏房东的东西"}`+"\n")
	c.Qrels = write(t, "r.tsv", "query-id\tcorpus-id\tscore\nq1\tL3\t1\n")
	r, err := Retrieval(context.Background(), c)
	if err != nil || r.Recall10 != 0 {
		t.Fatalf("without the library: %+v %v", r, err)
	}
	c.Library = &caselib.Library{Statutes: []caselib.Statute{
		{ID: "T:3", Law: "T", Name: "试验法", Article: 3, Digest: "租来的东西，承租人要妥善保管", Questions: []string{"弄坏了房东的东西要赔吗"}},
		{ID: "T:2", Law: "T", Name: "试验法", Article: 2, Digest: "完全另一回事", Questions: []string{"弄坏了房东的东西要赔吗"}}, // renumbered: must not help L2
	}}
	r, err = Retrieval(context.Background(), c)
	if err != nil || r.Recall1 != 1 {
		t.Errorf("with the library: %+v %v", r, err)
	}
}

func TestBadFilesAreNamedWithTheirLine(t *testing.T) {
	for name, spoil := range map[string]func(*EvalConfig){
		"corpus.jsonl:2": func(c *EvalConfig) { c.Corpus = write(t, "corpus.jsonl", `{"_id":"a","text":"b"}`+"\n{\n") },
		"no _id":         func(c *EvalConfig) { c.Queries = write(t, "q.jsonl", `{"text":"b"}`) },
		"qrels.tsv:2":    func(c *EvalConfig) { c.Qrels = write(t, "qrels.tsv", "h\th\th\nq1\tL1\tx\n") },
		"tabs":           func(c *EvalConfig) { c.Qrels = write(t, "qrels.tsv", "h\th\th\nq1 L1 1\n") },
		"judged":         func(c *EvalConfig) { c.Qrels = write(t, "qrels.tsv", "h\th\th\nzz\tL1\t1\n") },
		"no such file":   func(c *EvalConfig) { c.Corpus += ".missing" },
	} {
		c := conf(t)
		spoil(&c)
		if _, err := Retrieval(context.Background(), c); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
