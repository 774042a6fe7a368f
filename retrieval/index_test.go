package retrieval

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"heshi/retrieval/text"
)

func analyzer(t testing.TB) *text.Analyzer {
	t.Helper()
	d, err := text.FindDictionary("")
	if err != nil {
		t.Fatal(err)
	}
	a, err := text.NewAnalyzer(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// shelf is a small library of its own.
func shelf() []Chunk {
	c := func(id, title, body string, types ...string) Chunk {
		return Chunk{ID: id, Kind: KindCase, Types: types, Outcome: "agreed", Title: title, Fields: []Field{{"facts", body, 1}}}
	}
	return []Chunk{
		c("wage", "包工头拖欠农民工工资", "牧区工地停工后老板欠工人工资不给，手机关机。", "D10-01"),
		c("grass", "羊群进入邻居草场吃草", "邻居家的羊多次越过网围栏进入草场。", "D07-04"),
		c("loan", "朋友借款两万元不还", "借条写明还款日期，到期不还。", "D04-01"),
		c("leak", "楼上漏水泡坏地板", "楼上水管破裂，楼下墙面受损。", "D02-04"),
		{ID: "LDMA:27", Kind: KindLaw, Title: "劳动争议调解仲裁法第二十七条", Fields: []Field{{"digest", "劳动争议申请仲裁的时效期间为一年；拖欠劳动报酬的，劳动关系终止之日起一年内提出。", 1}}},
		{ID: "T1", Kind: KindTerm, Title: "工资", Fields: []Field{{"forms", "цалин ᠴᠠᠯᠢᠩ", 1}}},
	}
}

var wages = []Table{{Name: "terms", Rows: []Row{
	{From: []string{"цалин", "ᠴᠠᠯᠢᠩ"}, To: []string{"工资"}},
	{From: []string{"工钱"}, To: []string{"工资"}},
	{From: []string{"ажлын хөлс"}, To: []string{"劳动报酬"}},
}}}

func build(t testing.TB, chunks []Chunk) *Index {
	t.Helper()
	x, err := Build(context.Background(), analyzer(t), chunks, Options{Tables: wages})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func search(t testing.TB, s Searcher, q Query) []Hit {
	t.Helper()
	h, err := s.Search(context.Background(), q)
	if err != nil {
		t.Fatalf("Search(%q): %v", q.Text, err)
	}
	return h
}

func TestFindsAcrossLanguages(t *testing.T) {
	x := build(t, shelf())
	for text, want := range map[string]string{
		"老板欠我8000块工资不给":                   "wage",
		"老闆欠我工資不給":                        "wage",
		"Дарга надад цалин өгөхгүй байна": "wage",
		"ᠴᠠᠯᠢᠩ ᠥᠭᠭᠦᠬᠦ ᠦᠭᠡᠢ":               "wage",
		"nadad tsalin ogohgui baina":      "wage",
		"工钱要不回来":                          "wage",
		"羊跑到别人草场":                         "grass",
		"楼上漏水了":                           "leak",
	} {
		h := search(t, x, Query{Text: text, Kind: KindCase})
		if len(h) == 0 || h[0].ID != want {
			t.Errorf("%s finds %+v, want %s first", text, h, want)
			continue
		}
		if len(h[0].Words) == 0 {
			t.Errorf("%s: no reason given", text)
		}
	}
}

func TestReasonsSayWhatLedThere(t *testing.T) {
	x := build(t, shelf())
	h := search(t, x, Query{Text: "цалин өгөхгүй", Kind: KindCase, Facts: []string{"工地停工", "狗咬人"}})
	if len(h) == 0 || !slices.Contains(h[0].Words, "цалин→工资") {
		t.Errorf("reasons: %+v", h)
	}
	if len(h) == 0 || !slices.Equal(h[0].Facts, []string{"工地停工"}) {
		t.Errorf("facts: %+v", h)
	}
	if h[0].Outcome != "agreed" || h[0].Kind != KindCase {
		t.Errorf("hit: %+v", h[0])
	}
}

func TestKindsStayApart(t *testing.T) {
	x := build(t, shelf())
	for _, k := range []Kind{KindCase, KindLaw, KindTerm} {
		for _, h := range search(t, x, Query{Text: "工资 劳动报酬", Kind: k}) {
			if h.Kind != k {
				t.Errorf("asked for %s, got %+v", k, h)
			}
		}
	}
	if h := search(t, x, Query{Text: "拖欠工资"}); len(h) < 2 {
		t.Errorf("all kinds: %+v", h)
	}
}

func TestNothingSubstantialIsNoHit(t *testing.T) {
	x := build(t, shelf())
	for _, s := range []string{"你好", "8000", "天气真好", "байна уу"} {
		h, err := x.Search(context.Background(), Query{Text: s})
		if err != nil && !errors.Is(err, ErrEmptyQuery) {
			t.Errorf("%s: %v", s, err)
		}
		if len(h) > 0 {
			t.Errorf("%s finds %+v", s, h)
		}
	}
}

func TestPreferredTypesRaiseAndNeverExclude(t *testing.T) {
	chunks := []Chunk{
		{ID: "a", Kind: KindCase, Types: []string{"D01-01"}, Title: "拖欠工资的案例"},
		{ID: "b", Kind: KindCase, Types: []string{"D10-01"}, Title: "拖欠工资的案例"},
	}
	x := build(t, chunks)
	if h := search(t, x, Query{Text: "拖欠工资"}); len(h) != 2 || h[0].ID != "a" {
		t.Errorf("equal chunks come by id: %+v", h)
	}
	if h := search(t, x, Query{Text: "拖欠工资", Types: []string{"D10-01"}}); len(h) != 2 || h[0].ID != "b" {
		t.Errorf("preferred type: %+v", h)
	}
	if h := search(t, x, Query{Text: "拖欠工资", Types: []string{"D10"}}); len(h) != 2 || h[0].ID != "b" {
		t.Errorf("preferred type above: %+v", h)
	}
}

func TestFieldWeightsCount(t *testing.T) {
	x := build(t, []Chunk{
		{ID: "body", Kind: KindCase, Title: "甲", Fields: []Field{{"f", "草场", 1}, {"g", "牛羊马匹", 3}}},
		{ID: "head", Kind: KindCase, Title: "乙", Fields: []Field{{"f", "牛羊", 1}, {"g", "草场边界", 3}}},
	})
	if h := search(t, x, Query{Text: "草场"}); len(h) != 2 || h[0].ID != "head" {
		t.Errorf("%+v", h)
	}
}

func TestBuildRefusesDoubledIDsAndCancels(t *testing.T) {
	a := analyzer(t)
	if _, err := Build(context.Background(), a, []Chunk{{ID: "x", Kind: KindCase}, {ID: "x", Kind: KindCase}}, Options{}); err == nil {
		t.Error("doubled id accepted")
	}
	if _, err := Build(context.Background(), a, []Chunk{{Kind: KindCase}}, Options{}); err == nil {
		t.Error("empty id accepted")
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Build(ctx, a, shelf(), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled build: %v", err)
	}
	x := build(t, shelf())
	if _, err := x.Search(ctx, Query{Text: "工资"}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled search: %v", err)
	}
}

func TestProgressReachesTheEnd(t *testing.T) {
	var last, calls int
	chunks := shelf()
	_, err := Build(context.Background(), analyzer(t), chunks, Options{Progress: func(done, total int) {
		if done < last || total != len(chunks) {
			t.Errorf("progress %d of %d after %d", done, total, last)
		}
		last = done
		calls++
	}})
	if err != nil || last != len(chunks) || calls == 0 {
		t.Errorf("progress ended at %d: %v", last, err)
	}
}

func TestSameIndexTwice(t *testing.T) {
	chunks := synthetic(800)
	x, y := build(t, chunks), build(t, chunks)
	for _, q := range []string{"老板欠工资", "草场边界网围栏", "цалин"} {
		a, b := search(t, x, Query{Text: q, K: 50}), search(t, y, Query{Text: q, K: 50})
		if fmt.Sprint(a) != fmt.Sprint(b) {
			t.Errorf("%s differs between two builds", q)
		}
	}
}

func TestTopAgreesWithSorting(t *testing.T) {
	x := build(t, synthetic(500))
	p := x.parts[0]
	pl := p.plan(x.terms(Query{Text: "老板欠工资 草场边界"}), x.params)
	all := p.top(pl, len(p.chunks), x.params)
	for _, n := range []int{0, 1, 7, 100} {
		if got := p.top(pl, n, x.params); !slices.Equal(got, all[:min(n, len(all))]) {
			t.Errorf("top %d differs from the sorted list", n)
		}
	}
}

func TestHostileQueries(t *testing.T) {
	x := build(t, shelf())
	for _, s := range []string{"", " ", "\x00", "\xff\xfe", "。。。", strings.Repeat("工资", 50_000), strings.Repeat("ᠠ ", 10_000)} {
		if _, err := x.Search(context.Background(), Query{Text: s, K: -5}); err != nil && !errors.Is(err, ErrEmptyQuery) {
			t.Errorf("%.20q: %v", s, err)
		}
	}
	if _, err := x.Search(context.Background(), Query{Text: "？！"}); !errors.Is(err, ErrEmptyQuery) {
		t.Errorf("punctuation only: %v", err)
	}
}

func TestLiveSwapsUnderSearch(t *testing.T) {
	var l Live
	if _, err := l.Search(context.Background(), Query{Text: "工资"}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("no index yet: %v", err)
	}
	x, y := build(t, shelf()), build(t, shelf()[:1])
	l.Swap(x)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 200 {
				h, err := l.Search(context.Background(), Query{Text: "拖欠工资", Kind: KindCase})
				if err != nil || len(h) == 0 || h[0].ID != "wage" {
					t.Errorf("during swaps: %v %v", h, err)
					return
				}
			}
		})
	}
	for i := range 200 {
		if i%2 == 0 {
			l.Swap(y)
		} else {
			l.Swap(x)
		}
	}
	wg.Wait()
}

// synthetic makes n chunks out of a fixed stock of words.
func synthetic(n int) []Chunk {
	stock := strings.Fields("老板 工人 工资 拖欠 工地 包工头 草场 边界 网围栏 牛羊 邻居 借款 利息 担保 离婚 抚养 彩礼 房屋 漏水 物业 医院 赔偿 事故 保险 合同 违约 押金 租金 土地 承包 补偿 征收 调解 协议 仲裁 法院 证据 嘎查 苏木 牧民 цалин бэлчээр")
	out := make([]Chunk, n)
	seed := uint64(1)
	next := func() string {
		seed = seed*6364136223846793005 + 1442695040888963407
		return stock[(seed>>33)%uint64(len(stock))]
	}
	for i := range out {
		var b strings.Builder
		for range 60 {
			b.WriteString(next())
		}
		out[i] = Chunk{ID: fmt.Sprintf("S%06d", i), Kind: KindCase, Title: next() + next(), Fields: []Field{{"facts", b.String(), 1}}}
	}
	return out
}
