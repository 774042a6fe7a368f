package embed

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"heshi/caselib"
	"heshi/retrieval"
	"heshi/retrieval/text"
)

var (
	_ retrieval.Embedder = (*Dual)(nil)
	_ retrieval.Lexicon  = (*Dual)(nil)
	_ retrieval.Embedder = (*Hashed)(nil)
)

// few is a small library: three articles people ask about in other words.
func few() Material {
	lib := &caselib.Library{
		Statutes: []caselib.Statute{
			{ID: "A:1", Law: "A", Name: "甲法", Article: 1, Digest: "用人单位按时足额支付劳动报酬", Questions: []string{"老板拖着工钱不给", "工钱一直没结", "干完活不给工钱"}},
			{ID: "A:2", Law: "A", Name: "甲法", Article: 2, Digest: "承租人妥善保管租赁物，损坏的赔偿", Questions: []string{"把房东的门弄坏了", "弄坏房东的东西", "房东说门坏了"}},
			{ID: "A:3", Law: "A", Name: "甲法", Article: 3, Digest: "草原承包经营权受保护，不得侵占草场", Questions: []string{"邻居的羊进我家草场", "羊把草场吃了", "羊群过来吃草"}},
		},
		Thesaurus: []caselib.LayTerm{{Lay: "工钱", Legal: "劳动报酬"}, {Lay: "房东", Legal: "出租人"}},
	}
	laws := []Law{
		{"甲法第一条", "用人单位应当支付劳动报酬。拖欠的，责令支付。"},
		{"甲法第二条", "承租人应当保管租赁物。造成毁损的，应当赔偿。"},
		{"甲法第三条", "草原承包经营权受法律保护。任何人不得侵占草场。"},
	}
	return MaterialOf(lib, nil, laws)
}

func taught(t *testing.T, a *text.Analyzer, m Material) *Dual {
	t.Helper()
	d, err := Teach(context.Background(), a, m, TeachConfig{Dim: 8, Batch: 8, Against: 4, MinDF: 1, Rounds: 20})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestQuestionsComeNearTheirAnswers(t *testing.T) {
	d := taught(t, analyzer(t), few())
	v, err := d.Embed(context.Background(), []string{"工钱", "应当支付劳动报酬", "租赁物毁损", "不得侵占草场"})
	if err != nil {
		t.Fatal(err)
	}
	if near, far := cosine(v[0], v[1]), max(cosine(v[0], v[2]), cosine(v[0], v[3])); near < 0.5 || far > near-0.3 {
		t.Errorf("工钱: its article %.2f, another %.2f", near, far)
	}
}

func TestTeachingIsRepeatable(t *testing.T) {
	a := analyzer(t)
	x, y := taught(t, a, few()), taught(t, a, few())
	if !bytes.Equal(x.encode(), y.encode()) || x.ID() != y.ID() {
		t.Error("the same material gives two embedders")
	}
	m := few()
	m.Lessons = m.Lessons[1:]
	if z := taught(t, a, m); z.ID() == x.ID() {
		t.Error("other material, same id")
	}
	if _, err := Teach(context.Background(), a, Material{}, TeachConfig{}); !errors.Is(err, ErrTooLittle) {
		t.Errorf("nothing to learn from: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Teach(ctx, a, few(), TeachConfig{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestFileComesBackWhole(t *testing.T) {
	a := analyzer(t)
	d := taught(t, a, few())
	var b bytes.Buffer
	if n, err := d.WriteTo(&b); err != nil || n != int64(b.Len()) {
		t.Fatal(n, err)
	}
	whole := slices.Clone(b.Bytes())
	e, err := ReadDual(a, &b)
	if err != nil || e.ID() != d.ID() || !bytes.Equal(e.encode(), whole) {
		t.Fatalf("read back %v %v", e, err)
	}
	for n := range whole { // cut anywhere: refused, never a crash
		if _, err := decodeDual(a, whole[:n]); !errors.Is(err, ErrFile) {
			t.Fatalf("cut at %d of %d: %v", n, len(whole), err)
		}
	}
	if _, err := decodeDual(a, append(whole, 0)); !errors.Is(err, ErrFile) {
		t.Error("one byte too many was taken")
	}
}

// What is shipped is small, loads at once, and finds the article of a question
// it was not taught at least as often as hashing does, and LSI of a library.
func TestShippedIsSmallFastAndBest(t *testing.T) {
	if size := len(shippedFile); size > 8<<20 {
		t.Errorf("%d bytes", size)
	}
	a := analyzer(t)
	a.Warm()
	start := time.Now()
	d, err := Shipped(a)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 500*time.Millisecond {
		t.Errorf("loading took %v", took)
	}
	lib, err := caselib.Load(caselib.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	var chunks []retrieval.Chunk
	for _, c := range retrieval.FromLibrary(lib.Published()) {
		if c.Kind == retrieval.KindLaw {
			// Without its questions: only what the article itself says.
			c.Fields = slices.DeleteFunc(c.Fields, func(f retrieval.Field) bool { return f.Name == "questions" })
			chunks = append(chunks, c)
		}
	}
	shipped, hashed := hits(t, d, chunks), hits(t, NewHashed(a, d.Dim()), chunks)
	t.Logf("of %d, among ten: shipped %d, hashed %d", len(fresh), shipped, hashed)
	if shipped <= hashed || 2*shipped < len(fresh) {
		t.Errorf("of %d questions shipped finds %d, hashing %d", len(fresh), shipped, hashed)
	}
}

// fresh are questions that stand nowhere in the library, and articles of which
// one answers.
var fresh = []struct{ ask, want string }{
	{"老板把我的血汗钱压着半年不发", "MWR:3 MWR:30 LCL:30 LBL:50 LCL:85 MWR:11 MWR:14"},
	{"没跟厂子签合同能多要一份钱不", "LCL:82 LCL:10 LCIR:6"},
	{"下班骑电动车叫车撞了算工伤吗", "WII:14"},
	{"对象要分手，以前送的彩礼还能要回来不", "BRIDE:5 BRIDE:6 FAM1:5"},
	{"媳妇娘家不让我看娃", "CC:1086 FAM1:65 FAM1:68"},
	{"爹妈老了几个儿子都不管", "EPL:14 CC:1067 EPL:15 EPL:19 CC:26"},
	{"狗咬了人主人不认账", "CC:1245 CC:1246 CC:1247 CC:1249"},
	{"楼上扔东西砸了车找不到人", "CC:1254"},
	{"借钱打了条子人家说利息三分", "CC:680 PLI:25 PLI:31"},
	{"给朋友作保他跑了让我还", "CC:688 CC:686 CC:687 CC:681 CC:700 CC:692 CC:693"},
	{"网上买的东西七天内能退不", "CPR:25"},
	{"卖给我假药酒咋赔", "CPR:55 FSL:148 CPR:40 CPR:49"},
	{"男人喝醉就打我想让法院管管", "ADVL:23 ADVL:29 ADVL:28 ADVL:13"},
	{"请不起律师国家给派不", "LAL:2 LAL:31 LAL:24 LAL:42 LAL:41"},
	{"草场叫隔壁苏木的占了", "GL:16 GL:13 RLCL:8"},
}

// hits counts the questions with an answer among the ten nearest chunks.
func hits(t *testing.T, e retrieval.Embedder, chunks []retrieval.Chunk) int {
	t.Helper()
	ctx := context.Background()
	bodies := make([]string, len(chunks))
	for i, c := range chunks {
		bodies[i] = c.Body()
	}
	vs, err := e.Embed(ctx, bodies)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, f := range fresh {
		q, err := e.Embed(ctx, []string{f.ask})
		if err != nil {
			t.Fatal(err)
		}
		order := make([]int, len(chunks))
		score := make([]float64, len(chunks))
		for i := range order {
			order[i], score[i] = i, cosine(q[0], vs[i])
		}
		slices.SortStableFunc(order, func(a, b int) int {
			switch {
			case score[a] > score[b]:
				return -1
			case score[a] < score[b]:
				return 1
			}
			return 0
		})
		if slices.ContainsFunc(order[:10], func(i int) bool { return slices.Contains(strings.Fields(f.want), chunks[i].ID) }) {
			n++
		}
	}
	return n
}

func TestLawsAreReadOnce(t *testing.T) {
	laws, err := ReadLaws(strings.NewReader(`{"id":"甲法第一条","text":"一"}
{"_id":"x","title":"甲法第二条","text":"二"}

{"id":"乙法第一条","text":"一"}
`), []Law{{"丙法第一条", "三"}})
	if want := []Law{{"丙法第一条", "三"}, {"甲法第一条", "一"}, {"甲法第二条", "二"}}; err != nil || !slices.Equal(laws, want) {
		t.Errorf("%v %v", laws, err)
	}
	if _, err := ReadLaws(strings.NewReader("{\"text\":\"一\"}\n{"), nil); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("bad line: %v", err)
	}
}
