package retrieval_test

import (
	"context"
	"math"
	"slices"
	"testing"

	"heshi/retrieval"
	"heshi/retrieval/retrievaltest"
)

// senses knows two words that mean one thing.
type senses struct{}

func (senses) ID() string { return "senses" }
func (senses) Dim() int   { return 2 }
func (senses) AddWord(v []float32, key string, w float32) bool {
	switch key {
	case "工钱", "报酬", "劳动报酬":
		v[0] += w
	case "草场", "放牧":
		v[1] += w
	default:
		return false
	}
	return true
}
func (senses) AddPair([]float32, rune, rune, float32) bool { return false }

func ranked(t *testing.T, chunks []retrieval.Chunk, o retrieval.RankOptions) *retrieval.Ranked {
	t.Helper()
	x, err := retrieval.Build(context.Background(), newAnalyzer(t), chunks, retrieval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := retrieval.NewRanked(context.Background(), x, chunks, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRankedContract(t *testing.T) {
	retrievaltest.Searcher(t, func(t *testing.T, chunks []retrieval.Chunk) retrieval.Searcher {
		return ranked(t, chunks, retrieval.RankOptions{Lexicon: senses{}})
	})
}

func laws() []retrieval.Chunk {
	return []retrieval.Chunk{
		retrieval.Article("pay", "甲法第一条", "拖欠劳动报酬的应当支付，不给的责令支付。"),
		retrieval.Article("grass", "甲法第二条", "拖欠草场租金不给的应当支付，违约放牧的退出。"),
		retrieval.Article("car", "乙办法第一条", "拖欠停车费用不给的，可以催收。"),
	}
}

// Words alone cannot tell the three apart; meaning does.
func TestMeaningOrdersArticles(t *testing.T) {
	weigh := func(feature string) *retrieval.Ranking {
		w := make([]float64, len(retrieval.FeatureNames()))
		w[slices.Index(retrieval.FeatureNames(), feature)] = 1
		r := retrieval.NewRanking(w, 1)
		return &r
	}
	r := ranked(t, laws(), retrieval.RankOptions{Lexicon: senses{}, Ranking: weigh("meaning")})
	for text, want := range map[string]string{"拖欠工钱不给": "pay", "拖欠放牧的钱不给": "grass"} {
		hits, err := r.Search(context.Background(), retrieval.Query{Text: text, Kind: retrieval.KindLaw})
		if err != nil || len(hits) != 3 || hits[0].ID != want {
			t.Errorf("%s: %v %v", text, hits, err)
		}
		if !slices.IsSortedFunc(hits, func(a, b retrieval.Hit) int { return int(math.Copysign(1, b.Score-a.Score)) }) {
			t.Errorf("%s: scores not falling: %v", text, hits)
		}
	}
	// A preferred type outweighs a little meaning, not much of it.
	chunks := laws()
	chunks[1].Types = []string{"D07-01"}
	r = ranked(t, chunks, retrieval.RankOptions{Lexicon: senses{}, Ranking: weigh("rule")})
	hits, err := r.Search(context.Background(), retrieval.Query{Text: "拖欠不给", Kind: retrieval.KindLaw, Types: []string{"D07-01"}})
	if err != nil || len(hits) != 3 || hits[0].ID != "car" || hits[1].ID != "grass" {
		t.Errorf("preferred type: %v %v", hits, err)
	}
}

func TestCandidatesCarryTheirFeatures(t *testing.T) {
	chunks := laws()
	chunks[0].Fields = append(chunks[0].Fields, retrieval.Field{Name: "questions", Text: "工钱不给怎么办\n报酬拖着不给", Weight: 1})
	r := ranked(t, chunks, retrieval.RankOptions{Lexicon: senses{}})
	names := retrieval.FeatureNames()
	found := r.Candidates(retrieval.Query{Text: "工钱拖欠不给"})
	if len(found) != 3 {
		t.Fatalf("%d found", len(found))
	}
	for _, c := range found {
		get := func(name string) float32 { return c.Features[slices.Index(names, name)] }
		if near := get("meaning"); (near > 0.9) != (c.ID == "pay") {
			t.Errorf("%s: meaning %.2f", c.ID, near)
		}
		if asked := get("asked"); (asked > 0.9) != (c.ID == "pay") {
			t.Errorf("%s: asked %.2f", c.ID, asked)
		}
		if rule := get("rule"); (rule == 1) != (c.ID == "car") {
			t.Errorf("%s: rule %v", c.ID, rule)
		}
		if cover := get("cover"); cover <= 0 || cover > 1 {
			t.Errorf("%s: cover %v", c.ID, cover)
		}
		for i, x := range c.Features {
			if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
				t.Errorf("%s: %s is %v", c.ID, names[i], x)
			}
		}
	}
}

func TestRankingComesBackWhole(t *testing.T) {
	r, err := retrieval.ShippedRanking()
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.Encode("note")
	if err != nil {
		t.Fatal(err)
	}
	s, err := retrieval.ParseRanking(b)
	if err != nil || s != r {
		t.Errorf("%v: %+v, want %+v", err, s, r)
	}
	for _, bad := range []string{`{`, `{"weights":{"charm":1}}`} {
		if _, err := retrieval.ParseRanking([]byte(bad)); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}
