package retrieval_test

import (
	"context"
	"fmt"
	"testing"

	"heshi/retrieval"
	"heshi/retrieval/retrievaltest"
)

func TestNearlyTheSameIsShownOnce(t *testing.T) {
	text := "用人单位自用工之日起超过一个月不满一年未与劳动者订立书面劳动合同的，应当向劳动者每月支付二倍的工资。"
	chunks := []retrieval.Chunk{
		retrieval.Article("old", "试验法第十条", text),
		retrieval.Article("new", "试验法（修订）第十一条", text+"违者受罚。"),
		retrieval.Article("other", "试验法第十二条", "用人单位与劳动者订立劳动合同，应当按照劳动合同的约定支付工资，不得克扣。"),
	}
	for i := range 40 {
		chunks = append(chunks, retrieval.Article(fmt.Sprint("far", i), fmt.Sprintf("远法第%d条", i), "承包人应当保护草场，不得超载放牧，违反约定的承担责任。"))
	}
	x, err := retrieval.Build(context.Background(), newAnalyzer(t), chunks, retrieval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	hits, err := retrieval.NewDistinct(x, chunks).Search(context.Background(), retrieval.Query{Text: "没订书面劳动合同支付二倍工资", K: 5})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, h := range hits {
		seen[h.ID] = true
	}
	if seen["old"] == seen["new"] || !seen["other"] {
		t.Errorf("want one of old and new, and other: %v", hits)
	}
	hits, err = retrieval.NewDistinct(x, chunks).Search(context.Background(), retrieval.Query{Text: "超载放牧草场", K: 5})
	if err != nil || len(hits) != 1 {
		t.Errorf("forty times the same, shown %d times: %v", len(hits), err)
	}
}

// Nothing else changes: the contract's shelf has eight equal cases, so it is
// asked through a Distinct that was told of none.
func TestDistinctContract(t *testing.T) {
	retrievaltest.Searcher(t, func(t *testing.T, chunks []retrieval.Chunk) retrieval.Searcher {
		x, err := retrieval.Build(context.Background(), newAnalyzer(t), chunks, retrieval.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return retrieval.NewDistinct(x, nil)
	})
}
