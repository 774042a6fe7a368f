package anonymise

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"heshi/caselib"
)

func words(t testing.TB) *Anonymiser {
	t.Helper()
	a, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// Everybody and everything in these texts is made up.
var told = []struct{ in, want string }{
	{"张三欠李四8000元。", "甲某欠乙某5000至1万元。"},
	{"申请人：王小梅，女，身份证号152301198503021226，电话13812345678。", "申请人：甲某，女，身份证号（证件号已删），电话（电话已删）。"},
	{"牧民巴特尔与邻居乌云其其格因草场打起来，老张劝架。", "牧民甲某与邻居乙某因草场打起来，丙某劝架。"},
	{"2023年5月17日，赵师傅在通辽市科左后旗甘旗卡镇胜利街12号干活。", "2023年第二季度，甲某在通辽市某旗干活。"},
	{"包工头刘建国拖欠工资三万五千元，刘建国说年底给，建国的媳妇也这么说。", "包工头甲某拖欠工资1万至5万元，甲某说年底给，甲某的媳妇也这么说。"},
	{"车牌蒙G12345的货车撞了人，蒙G·D12345也在场。", "车牌某车牌的货车撞了人，某车牌也在场。"},
	{"内蒙古宏达建筑有限责任公司欠薪，宏达公司不认。", "A公司欠薪，A公司不认。"},
	{"到科尔沁左翼中旗人民法院起诉，案号（2023）内0521民初1234号。", "到某旗人民法院起诉，案号（案号已删）。"},
	{"欠款8.5万，利息2000块钱，羊327只，地300亩。", "欠款5万至10万元，利息1000至5000元，羊327只，地300亩。"},
	{"李某某和王某甲是夫妻，由陈法官主持。", "甲某和乙某是夫妻，由丙某主持。"},
	{"微信号hello_2020，耳标号150521000012。", "微信号（账号已删），耳标号（耳标已删）。"},
	{"甲某欠乙某1万至5万元，2023年第二季度，A公司作证。", "甲某欠乙某1万至5万元，2023年第二季度，A公司作证。"},
	{"物业公司说不管，村委会、嘎查委会和人民法院都去过。", "物业公司说不管，村委会、嘎查委会和人民法院都去过。"},
	{"去年9月份打工，8月15日受伤，2022-03-05出院。", "去年第三季度打工，第三季度受伤，2022年第一季度出院。"},
	{"住在巴彦塔拉苏木哈日嘎查的牧户不同意。", "住在某苏木的牧户不同意。"},
	{"按《民法典》第六百七十五条返还，牧区三块地，三个月给。", "按《民法典》第六百七十五条返还，牧区三块地，三个月给。"},
	{"Б. Батбаяр 2023 оны 5 сарын 17-нд зээлсэн.", "甲某 2023 он зээлсэн."},
}

func TestText(t *testing.T) {
	a := words(t)
	for _, tc := range told {
		if got := a.Text(tc.in).Text; got != tc.want {
			t.Errorf("%s\n gives %s\n  want %s", tc.in, got, tc.want)
		}
	}
}

// What must not be left of texts written the way files are.
func TestNothingLeaks(t *testing.T) {
	a := words(t)
	for _, tc := range []struct{ in, leaks string }{
		{"申请人孙丽华与被申请人马占山系夫妻关系，婚后生育一子马小虎。", "孙丽华 马占山 马小虎"},
		{"经调解员斯琴高娃主持，额尔敦巴图一次性支付朝鲁二万元。", "斯琴高娃 额尔敦 朝鲁 二万"},
		{"村民周国平、吴秀英、郑海涛三人联名反映。", "周国平 吴秀英 郑海涛"},
		{"原告钱伟，被告冯磊，第三人陈晓燕。", "钱伟 冯磊 陈晓燕"},
		{"死者胡志强之妻林淑芬要求赔偿。", "胡志强 林淑芬"},
		{"老王把牛卖给老孙，小李作证。", "王 孙 李"},
		{"杨书记和高主任到场，徐某也来了。", "杨 高 徐"},
		{"欧阳春雨借给司马玉兰五万元整。", "欧阳 司马 春雨 玉兰 五万"},
		{"他在鄂尔多斯市东胜区万达小区3号楼2单元501室租房。", "东胜 万达 501 2单元"},
		{"联系电话：０１３９４８８８８８８８，固话0475-8234567。", "8888 8234567 ９４８"},
		{"银行卡6222021234567890123，开户行农业银行通辽支行。", "6222 7890"},
		{"电话一三八四七五零零一二三。", "一三八 四七五"},
		{"坐标43.6521,122.2433。", "43.6 122.2"},
		{"河北省张家口市沽源县的车队。", "张家口 沽源"},
		{"二〇二三年十一月初六号签的合同，合同编号HT-2023-0098。", "十一月 0098"},
		{"叫其木格的妇女，丈夫叫呼格吉勒图。", "其木格 呼格吉勒图"},
		{"科左中旗宝龙山镇兴安煤矿的工人韩铁柱。", "宝龙山 兴安 韩铁柱 科左"},
		{"海拉尔区友谊大街蒙医诊所的那日苏大夫。", "海拉尔 友谊 那日苏"},
	} {
		got := a.Text(tc.in)
		for _, l := range strings.Fields(tc.leaks) {
			if strings.Contains(got.Text, l) {
				t.Errorf("%s\n leaves %s in %s", tc.in, l, got.Text)
			}
		}
	}
}

// Own illustrative cases name nobody: hardly anything in them is a name.
func TestFewFalseNames(t *testing.T) {
	a := words(t)
	lib, err := caselib.Load(caselib.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	false_, places, runes := map[string]int{}, map[string]int{}, 0
	for _, c := range lib.Cases {
		_, fields := a.Case(c)
		runes += len([]rune(c.Facts + c.Process + c.Result + c.Lesson))
		for _, f := range fields {
			for _, r := range f.Replacements {
				if r.Kind == "place" {
					places[r.Was]++
				}
				if (r.Kind == "name" || r.Kind == "organisation") && !strings.HasPrefix(f.Name, "title_mn") && !strings.HasPrefix(f.Name, "summary_mn") {
					false_[r.Kind+" "+r.Was]++
				}
			}
		}
	}
	t.Logf("places: %v", places)
	wrong := 0
	for _, k := range places {
		wrong += k
	}
	if per := float64(wrong) / float64(runes) * 1000; per > 0.4 {
		t.Errorf("%d false places in %d characters: %.2f in a thousand", wrong, runes, per)
	}
	n := 0
	for w, k := range false_ {
		n += k
		t.Logf("%d %s", k, w)
	}
	if per := float64(n) / float64(runes) * 1000; per > 1 {
		t.Errorf("%d false names and organisations in %d characters: %.2f in a thousand", n, runes, per)
	}
}

func TestCaseIsOneStory(t *testing.T) {
	c := caselib.Case{Title: caselib.Bilingual{Zh: "李四讨薪"}, Facts: "张三欠李四工资。", Process: "老李很急。", Lay: []string{"张三不给钱咋办"}, Region: "通辽市"}
	got, fields := words(t).Case(c)
	if got.Title.Zh != "甲某讨薪" || got.Facts != "乙某欠甲某工资。" || got.Process != "甲某很急。" || got.Lay[0] != "乙某不给钱咋办" || got.Region != "通辽市" {
		t.Errorf("gives %+v", got)
	}
	if len(fields) != 4 || c.Lay[0] != "张三不给钱咋办" {
		t.Errorf("fields %+v, and the original is %v", fields, c.Lay)
	}
}

func TestWarnings(t *testing.T) {
	res := words(t).Text("养骆驼的寡妇说：“我一辈子没见过这种人”，她有327只羊。ᠪᠠᠲᠤ Zhang San")
	var kinds []string
	for _, w := range res.Warnings {
		kinds = append(kinds, w.Kind+w.Word)
		if w.About() == w.Kind || w.Start >= w.End {
			t.Errorf("warning %+v says %q", w, w.About())
		}
	}
	if got := strings.Join(kinds, " "); got != "rare骆驼 rare寡妇 quotation count script latin" {
		t.Error(got)
	}
}

func TestManyPeople(t *testing.T) {
	c := newCast(nil)
	seen := map[string]bool{}
	for i := range 150 {
		f := c.person(strings.Repeat("人", i+1), false)
		f.order = i
		if n := c.name(f); seen[n] || !strings.Contains(n, "某") {
			t.Fatalf("person %d is called %s", i, n)
		} else {
			seen[n] = true
		}
	}
}

func TestHolds(t *testing.T) {
	a := words(t)
	word := rapid.SampledFrom(strings.Split("张三|李四|老王|欠|借给|，|。|和|巴特尔|13812345678|152301198503021226|2023年5月17日|8000元|三万五|元|万|至|通辽市|科左后旗|甘旗卡镇|12号|宏达建筑公司|某|甲某|A公司|牧区|老板|蒙G12345|Б. Бат|нь|\n| |1|年|月|５|王|家|说|“|”|羊|327只", "|"))
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOfN(word, 0, 20).Draw(t, "words"), "")
		res := a.Text(in)
		var b strings.Builder
		at := 0
		for _, r := range res.Replacements {
			if r.Start < at || r.End <= r.Start || in[r.Start:r.End] != r.Was {
				t.Fatalf("%q: offsets of %+v", in, r)
			}
			b.WriteString(in[at:r.Start] + r.Now)
			at = r.End
		}
		if b.WriteString(in[at:]); b.String() != res.Text {
			t.Fatalf("%q: the replacements give %q, the text is %q", in, b.String(), res.Text)
		}
		if again := a.Text(in); again.Text != res.Text {
			t.Fatalf("%q gives %q, then %q", in, res.Text, again.Text)
		}
		for _, number := range []string{"13812345678", "152301198503021226"} {
			if strings.Contains(res.Text, number) {
				t.Fatalf("%q leaves a number: %q", in, res.Text)
			}
		}
	})
}

func TestDoneTextStays(t *testing.T) {
	a := words(t)
	for _, tc := range told {
		if got := a.Text(tc.want).Text; got != tc.want {
			t.Errorf("%s\n becomes %s", tc.want, got)
		}
	}
}

func TestDiff(t *testing.T) {
	in := "张三欠李四钱。"
	var b strings.Builder
	if err := Diff(&b, in, words(t).Text(in)); err != nil || b.String() != "[-张三-]{+甲某+}欠[-李四-]{+乙某+}钱。\n" {
		t.Errorf("%q %v", b.String(), err)
	}
	r := Replacement{Kind: "name", Was: "张三", Now: "甲某"}
	if strings.Contains(r.String(), "张三") {
		t.Error("a replacement prints what it replaced")
	}
}

func FuzzText(f *testing.F) {
	a := words(f)
	for _, tc := range told {
		f.Add(tc.in)
	}
	f.Fuzz(func(t *testing.T, s string) { a.Text(s) })
}
