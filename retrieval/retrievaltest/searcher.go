package retrievaltest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"heshi/retrieval"
)

// Shelf is the small set of chunks that Searcher asks about.
func Shelf() []retrieval.Chunk {
	c := func(id, title, facts, outcome string, types ...string) retrieval.Chunk {
		return retrieval.Chunk{ID: id, Kind: retrieval.KindCase, Types: types, Outcome: outcome, Title: title, Fields: []retrieval.Field{{Name: "facts", Text: facts, Weight: 1}}}
	}
	out := []retrieval.Chunk{
		c("wage", "包工头拖欠农民工工资", "牧区工地停工后老板欠工人工资不给，手机关机。", "agreed", "D10-01"),
		c("grass", "羊群进入邻居草场吃草", "邻居家的羊多次越过网围栏进入草场。", "partly", "D07-04"),
		c("loan", "朋友借款两万元不还", "借条写明还款日期，到期不还。", "failed", "D04-01"),
		{ID: "LDMA:27", Kind: retrieval.KindLaw, Title: "劳动争议调解仲裁法第二十七条", Fields: []retrieval.Field{{Name: "digest", Text: "劳动争议申请仲裁的时效期间为一年，拖欠劳动报酬的除外。", Weight: 1}}},
	}
	for i := range 8 {
		out = append(out, c(fmt.Sprintf("twin%d", 7-i), "楼上漏水泡坏地板", "楼上水管破裂，楼下墙面受损。", "agreed", "D02-04"))
	}
	return out
}

// Searcher checks a search engine; open builds one over the chunks.
func Searcher(t *testing.T, open func(t *testing.T, chunks []retrieval.Chunk) retrieval.Searcher) {
	ctx := context.Background()
	ask := func(t *testing.T, s retrieval.Searcher, q retrieval.Query) []retrieval.Hit {
		t.Helper()
		h, err := s.Search(ctx, q)
		if err != nil {
			t.Fatalf("%s: %v", q.Text, err)
		}
		return h
	}
	t.Run("empty index", func(t *testing.T) {
		if h := ask(t, open(t, nil), retrieval.Query{Text: "拖欠工资"}); len(h) != 0 {
			t.Errorf("hits out of nothing: %v", h)
		}
	})
	t.Run("empty query", func(t *testing.T) {
		s := open(t, Shelf())
		for _, text := range []string{"", "   ", "。？！", "\x00\xff"} {
			if _, err := s.Search(ctx, retrieval.Query{Text: text}); !errors.Is(err, retrieval.ErrEmptyQuery) {
				t.Errorf("%q: %v", text, err)
			}
		}
	})
	t.Run("best first with reasons", func(t *testing.T) {
		h := ask(t, open(t, Shelf()), retrieval.Query{Text: "老板拖欠工人工资不给", Kind: retrieval.KindCase})
		if len(h) == 0 || h[0].ID != "wage" || len(h[0].Words) == 0 || h[0].Outcome != "agreed" || h[0].Kind != retrieval.KindCase {
			t.Fatalf("got %+v", h)
		}
		if !slices.IsSortedFunc(h, func(a, b retrieval.Hit) int {
			switch {
			case a.Score > b.Score:
				return -1
			case a.Score < b.Score:
				return 1
			}
			return 0
		}) {
			t.Errorf("not sorted by score: %+v", h)
		}
	})
	t.Run("k and ties", func(t *testing.T) {
		s := open(t, Shelf())
		if h := ask(t, s, retrieval.Query{Text: "楼上漏水", Kind: retrieval.KindCase, K: 100}); len(h) < 8 || len(h) > len(Shelf()) {
			t.Errorf("k beyond the index: %d hits", len(h))
		}
		for range 20 {
			h := ask(t, s, retrieval.Query{Text: "楼上漏水", Kind: retrieval.KindCase, K: 3})
			if len(h) != 3 || h[0].ID != "twin0" || h[1].ID != "twin1" || h[2].ID != "twin2" {
				t.Fatalf("ties: %+v", h)
			}
		}
	})
	t.Run("kinds", func(t *testing.T) {
		for _, h := range ask(t, open(t, Shelf()), retrieval.Query{Text: "拖欠劳动报酬 工资", Kind: retrieval.KindLaw}) {
			if h.Kind != retrieval.KindLaw {
				t.Errorf("got %+v", h)
			}
		}
	})
	t.Run("nothing fits", func(t *testing.T) {
		if h := ask(t, open(t, Shelf()), retrieval.Query{Text: "量子物理学博士论文"}); len(h) != 0 {
			t.Errorf("got %+v", h)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		dead, cancel := context.WithCancel(ctx)
		cancel()
		if h, err := open(t, Shelf()).Search(dead, retrieval.Query{Text: "拖欠工资"}); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v %v", h, err)
		}
	})
	t.Run("many at once", func(t *testing.T) {
		s := open(t, Shelf())
		want := fmt.Sprint(ask(t, s, retrieval.Query{Text: "邻居的羊进草场"}))
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 30 {
					h, err := s.Search(ctx, retrieval.Query{Text: "邻居的羊进草场"})
					if err != nil || fmt.Sprint(h) != want {
						t.Errorf("got %v %v, want %s", h, err, want)
						return
					}
				}
			})
		}
		wg.Wait()
	})
}
