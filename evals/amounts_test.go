package evals

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"heshi/intake"
	"heshi/intake/extract"
)

func ownExtractor(t *testing.T) *extract.Extractor {
	t.Helper()
	regions, err := intake.LoadRegions(intake.Data())
	if err != nil {
		t.Fatal(err)
	}
	x, err := extract.New(regions)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func fileOf(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

var writtenThen = time.Date(2026, 3, 15, 12, 0, 0, 0, time.UTC)

// TestAmounts: right and wrong answers are told apart, other types of question are passed over.
func TestAmounts(t *testing.T) {
	c := AmountConfig{Extractor: ownExtractor(t), Now: writtenThen}
	c.Cases = fileOf(t, "cases", `{"id":"a","text":"2024年3月5日,孟某借款6000元,付律师费300元。"}`+"\n")
	c.Questions = fileOf(t, "questions", `{"id":"1","case":"a","question":"借款多少元？","refs":["6000元"],"type":"amount"}
{"id":"2","case":"a","question":"律师费是多少？","refs":["一万元"],"type":"amount"}
{"id":"3","case":"a","question":"什么时候借款的？","refs":["2024年3月5日"],"type":"date"}
{"id":"4","case":"a","question":"谁借款？","refs":["孟某"],"type":"span"}
`)
	c.Totals = fileOf(t, "totals", `{"id":"a","text":"第一次拿走1200元，第二次拿走800元。","total_yuan":2000}`+"\n")
	r, err := Amounts(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if r.Amount.N != 2 || r.Amount.All != 0.5 || r.Date.N != 1 || r.Date.All != 1 || r.Total.N != 1 || r.Total.All != 1 {
		t.Errorf("amount %+v date %+v total %+v", *r.Amount, *r.Date, *r.Total)
	}
	c.Questions = fileOf(t, "questions", `{"id":"1","case":"b","question":"借款多少元？","refs":["6000元"],"type":"amount"}`)
	if _, err := Amounts(t.Context(), c); err == nil {
		t.Error("a question about a case that is not there is no mistake")
	}
	if _, err := Amounts(t.Context(), AmountConfig{Extractor: c.Extractor, Totals: fileOf(t, "none", "")}); !errors.Is(err, ErrNothing) {
		t.Errorf("an empty file: %v", err)
	}
}

// TestSpans: both ends must be right; our own tables count values.
func TestSpans(t *testing.T) {
	c := SpanConfig{Extractor: ownExtractor(t), Now: writtenThen, Kind: "money", Labels: []string{"钱"}}
	c.Texts = fileOf(t, "texts", `{"id":"1","text":"他欠我800元没还","entities":[{"label":"钱","start":3,"end":7},{"label":"人","start":0,"end":1}]}
{"id":"2","text":"又借走500元","entities":[{"label":"钱","start":0,"end":5}]}
`)
	c.Sentences = []string{fileOf(t, "table", "# kept out\n老王欠我两万三\tperson=老王 money=23000.00\n昨天\tdate=2026-03-13\n")}
	var missed int
	c.Miss = func(string, string, string) { missed++ }
	r, err := Spans(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if r.Texts != 2 || r.Spans.Wanted != 2 || r.Spans.Found != 2 || r.Spans.F1 != 0.5 || r.Read.Wanted+r.Apart.Wanted != 2 {
		t.Errorf("%+v", *r.Spans)
	}
	if r.Sentences != 2 || r.Kinds["money"].F1 != 1 || r.Kinds["person"].F1 != 1 || r.Kinds["date"].F1 != 0 {
		t.Errorf("%+v %+v %+v", *r.Kinds["money"], *r.Kinds["person"], *r.Kinds["date"])
	}
	if missed == 0 {
		t.Error("no mistake was told")
	}
	c.Texts = fileOf(t, "texts", `{"id":"1","text":"短","entities":[{"label":"钱","start":0,"end":7}]}`)
	if _, err := Spans(t.Context(), c); err == nil {
		t.Error("a mark beyond the text is no mistake")
	}
}
