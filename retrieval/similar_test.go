package retrieval

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"heshi/retrieval/text"
)

// bare cuts without a dictionary: Similar needs none for Chinese.
func bare(t *testing.T) *text.Analyzer {
	t.Helper()
	a, err := text.NewAnalyzer(text.Dictionary{Source: text.SourceNone}, nil)
	if !errors.Is(err, text.ErrNoDictionary) {
		t.Fatal(err)
	}
	return a
}

// files are short accounts; those of one letter are of one kind.
var files = []Document{
	{"k1", "张某把电动车寄存在商场门口的收费停车处，交了一元存车费，晚上取车时车不见了，看车人说没看见，要求照价赔偿。"},
	{"k2", "李某将三轮车存放在集贸市场的看车棚，按月交保管费，车辆丢失，保管员承认当晚不在岗，只愿退保管费。"},
	{"f1", "两人协议离婚时儿子由父亲抚养，后来父亲外出打工，孩子一直跟随母亲生活，母亲要求变更抚养权并由对方付抚养费。"},
	{"f2", "离婚判决女儿由母亲直接抚养，母亲再婚后把孩子留给外祖父母，父亲起诉变更抚养关系，孩子表示愿意随父亲生活。"},
	{"g1", "牧户把草场租给外来户放牧，约定载畜量，对方超载放牧又不付租金，草原使用权证在牧户手里，要求解除承包转租。"},
	{"g2", "两家牧户的草场没有网围栏，一家的羊群越界吃了打草场，嘎查调解过一次，要求按亩赔偿草原承包户的损失。"},
	{"w1", "工人在装修队干了四个月，包工头拖欠工资两万元，写了工资欠条，一直没有给付劳动报酬。"},
	{"w2", "饭店停业后六名员工的工资没有结清，老板说等转让费到账，员工有工资表和考勤，要求支付拖欠的工资。"},
}

func newSimilar(t *testing.T, docs []Document) *Similar {
	t.Helper()
	s, err := NewSimilar(context.Background(), bare(t), docs)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSimilarPutsItsOwnKindFirst(t *testing.T) {
	s := newSimilar(t, files)
	for _, d := range files {
		near, err := s.Beside(context.Background(), d.ID, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(near) == 0 || near[0].ID[0] != d.ID[0] {
			t.Errorf("%s: nearest is %v", d.ID, near)
		}
		if slices.ContainsFunc(near, func(x Scored) bool { return x.ID == d.ID }) {
			t.Errorf("%s stands beside itself", d.ID)
		}
	}
}

func TestSimilarAnswersForATextFromOutside(t *testing.T) {
	s := newSimilar(t, files)
	ctx := context.Background()
	near, err := s.Nearest(ctx, "王女士的自行车放在车站的存车处，取车时被人骑走，存车处不肯赔偿丢失的车辆，说只收保管费。", 8)
	if err != nil {
		t.Fatal(err)
	}
	if len(near) < 2 || near[0].ID[0] != 'k' || near[1].ID[0] != 'k' {
		t.Errorf("nearest: %v", near)
	}
	if !slices.IsSortedFunc(near, func(a, b Scored) int {
		if a.Score != b.Score {
			if a.Score > b.Score {
				return -1
			}
			return 1
		}
		return strings.Compare(a.ID, b.ID)
	}) {
		t.Errorf("not best first: %v", near)
	}
	for _, x := range near {
		if x.Score <= 0 || x.Score > 1.0001 {
			t.Errorf("score of %s is %v", x.ID, x.Score)
		}
	}
	for _, nothing := range []string{"", "12345 67", "\x00\xff"} {
		if near, err := s.Nearest(ctx, nothing, 3); err != nil || len(near) != 0 {
			t.Errorf("%q: %v, %v", nothing, near, err)
		}
	}
	if near, err := s.Beside(ctx, "nobody", 3); err != nil || near != nil {
		t.Errorf("unknown id: %v, %v", near, err)
	}
}

func TestSimilarIsRepeatableAndRefusesBadInput(t *testing.T) {
	ctx := context.Background()
	a, b := newSimilar(t, files), newSimilar(t, files)
	for _, d := range files {
		x, _ := a.Nearest(ctx, d.Text, 8)
		y, _ := b.Nearest(ctx, d.Text, 8)
		if !slices.Equal(x, y) {
			t.Errorf("%s: %v then %v", d.ID, x, y)
		}
	}
	for _, docs := range [][]Document{{{"a", "x"}, {"a", "y"}}, {{"", "x"}}} {
		if _, err := NewSimilar(ctx, bare(t), docs); err == nil {
			t.Errorf("%v accepted", docs)
		}
	}
	gone, stop := context.WithCancel(ctx)
	stop()
	if _, err := NewSimilar(gone, bare(t), files); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if _, err := a.Nearest(gone, files[0].Text, 1); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	empty := newSimilar(t, nil)
	if near, err := empty.Nearest(ctx, files[0].Text, 3); err != nil || len(near) != 0 {
		t.Errorf("empty collection: %v, %v", near, err)
	}
	if twins, err := empty.Twins(ctx, files[0].Text, 3); err != nil || len(twins) != 0 {
		t.Errorf("empty collection: %v, %v", twins, err)
	}
}

func TestSimilarReadsMongolian(t *testing.T) {
	docs := append(slices.Clone(files),
		Document{"m1", "Малчин өвсний талбайгаа гурван жилээр түрээслүүлсэн, түрээсийн мөнгө өгөөгүй."},
		Document{"m2", "Ажилчин хөлсөө аваагүй, ажил олгогч цалин өгөхгүй байна."})
	near, err := newSimilar(t, docs).Nearest(context.Background(), "Цалин хөлсөө аваагүй ажилчин", 1)
	if err != nil || len(near) != 1 || near[0].ID != "m2" {
		t.Errorf("%v, %v", near, err)
	}
}

func TestCausesOfAText(t *testing.T) {
	s := newSimilar(t, files)
	for body, want := range map[string]string{
		"双方离婚后孩子一直跟随原告生活，请求变更抚养关系，由原告直接抚养": "变更抚养关系纠纷",
		"被告饲养的狗没有拴绳，将原告咬伤，注射狂犬疫苗花费八百元":     "饲养动物损害责任纠纷",
		"订婚时男方给付彩礼和三金，后女方悔婚，媒人作证":          "婚约财产纠纷",
		"业主拖欠物业服务费两年，物业公司起诉，业主称小区管理不善":     "物业服务合同纠纷",
		"原告乘坐公交车，司机急刹车致其摔倒骨折，公交公司垫付部分医疗费":  "城市公交运输合同纠纷",
	} {
		got := s.Causes(body, 3)
		if len(got) == 0 || got[0].Name != want {
			t.Errorf("%s: %v, want %s", body, got, want)
		}
	}
	if got := s.Causes("今天天气很好", 3); len(got) != 0 {
		t.Errorf("no cause expected: %v", got)
	}
}

func TestCauseTable(t *testing.T) {
	c, err := readCauses()
	if err != nil {
		t.Fatal(err)
	}
	if len(c.names) < 250 {
		t.Errorf("%d causes", len(c.names))
	}
	seen := map[string]bool{}
	clues := make([]int, len(c.names))
	for _, n := range c.names {
		if seen[n] {
			t.Errorf("%s stands twice", n)
		}
		seen[n] = true
	}
	told := map[string]bool{}
	for _, cl := range c.clues {
		clues[cl.cause]++
		var words []string
		for _, p := range cl.parts {
			words = append(words, c.parts[p])
		}
		key := c.names[cl.cause] + ":" + strings.Join(words, "+")
		if told[key] {
			t.Errorf("%s stands twice", key)
		}
		told[key] = true
		if cl.weight > 5 {
			t.Errorf("%s weighs %v", key, cl.weight)
		}
	}
	for i, n := range clues {
		if n < 2 {
			t.Errorf("%s has no wording beside its name", c.names[i])
		}
	}
}

func TestTwins(t *testing.T) {
	ctx := context.Background()
	docs := append(slices.Clone(files), Document{"told", "王某2023年4月到工地做钢筋工，每天280元，干了96天，包工头只付8000元，剩下18880元打了欠条，说国庆前给清。"})
	s := newSimilar(t, docs)
	got, err := s.Twins(ctx, "去年在工地绑钢筋，一天二百八，前后九十六个工，给过八千，还欠一万八千八百八，有条子，国庆前结完。", 3)
	if err != nil || len(got) != 1 || got[0].ID != "told" {
		t.Errorf("told again: %v, %v", got, err)
	}
	got, err = s.Twins(ctx, "李某2024年6月到工地做木工，每天320元，干了45天，包工头一分没付，共欠14400元，打了欠条。", 3)
	if err != nil || len(got) != 0 {
		t.Errorf("another case: %v, %v", got, err)
	}
	for _, d := range files {
		if got, _ := s.Twins(ctx, d.Text, 3); len(got) != 1 || got[0].ID != d.ID {
			t.Errorf("%s word for word: %v", d.ID, got)
		}
	}
}

func TestFigures(t *testing.T) {
	for s, want := range map[string]float64{
		"280": 280, "18,880": 18880, "9.5": 9.5, "二百八": 280, "九十六": 96, "八千": 8000, "一万八千八百八": 18880,
		"三万二": 32000, "三万零二": 30002, "二百零八": 208, "十": 10, "十八": 18, "二〇二四": 2024, "两千六": 2600, "一百二十万": 1200000,
	} {
		if got, ok := number(s); !ok || got != want {
			t.Errorf("%s: %v, %v", s, got, ok)
		}
	}
	for _, s := range []string{"千万", "万一", "百", "亿"} {
		if got, ok := number(s); ok && s != "万一" {
			t.Errorf("%s is read as %v", s, got)
		}
	}
	got := marksOf("2023年4月18日借款三万五，月息1分，2万元已还，一些人在场")
	for _, m := range []mark{{2023, true}, {4, true}, {18, true}, {35000, false}, {20000, false}} {
		if !slices.ContainsFunc(got, func(x marked) bool { return x.mark == m }) {
			t.Errorf("%v is missing from %v", m, got)
		}
	}
}
