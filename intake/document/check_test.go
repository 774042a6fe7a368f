package document

import (
	"slices"
	"strings"
	"testing"
)

// What an agreement may not say, in the words people use, and sentences close to it that it may.
func TestBannedClauses(t *testing.T) {
	for _, x := range []struct {
		text string
		want string // id, empty: nothing to stop
	}{
		{"甲方今后不得再就此事报警。", "no-police"},
		{"双方保证不 再 上 访。", "no-police"},
		{"乙方放弃向法院起诉的权利。", "no-police"},
		{"收到款项后，王某不得向任何机关投诉、举报。", "no-police"},
		{"如果起诉视为违约，赔偿对方一万元。", "no-police"},
		{"本协议不影响任何一方依法起诉。", ""},
		{"不得阻止当事人依法报警。", ""},
		{"双方就本纠纷不再有其他争议。", ""},
		{"任何一方不履行的，另一方可以向人民法院起诉。", ""},
		{"孩子归女方抚养，女方以后不得再要抚养费。", "child-support"},
		{"男方一次给付三万元，免除今后抚养费。", "child-support"},
		{"抚养费一次性了断。", "child-support"},
		{"双方断绝父子关系。", "child-support"},
		{"男方每月5日前支付抚养费800元，不得拖欠。", ""},
		{"孩子由女方直接抚养，抚养费由女方负担，孩子必要时可以另行提出。", ""},
		{"长子放弃继承遗产，因此不再赡养父母。", "elder-support"},
		{"二儿子不承担赡养义务。", "elder-support"},
		{"三个子女每月各给老人500元赡养费，不得以放弃继承为由拒绝。", ""},
		{"双方自愿解除婚姻关系。", "marriage"},
		{"自签字之日起视为离婚。", "marriage"},
		{"双方愿意到民政部门办理离婚登记，解除婚姻关系。", ""},
		{"确认小明与王某存在亲子关系。", "parentage"},
		{"双方解除收养关系。", "parentage"},
		{"网围栏以东的草场归张某所有。", "land-title"},
		{"确认该片草牧场的使用权属于李某。", "land-title"},
		{"李某于5月1日前将草场归还张某。", ""},
		{"界线没有确定以前，双方维持现状，都不在争议草场放牧。", ""},
		{"张某归还李某赌债五千元。", "gambling"},
		{"张某承诺不再赌博。", ""},
		{"张某用他父亲的房子抵债。", "others-property"},
		{"将集体的机井转让给李某。", "others-property"},
		{"逾期不还，李某可以拉走张某的羊。", "force"},
		{"不交物业费的，物业公司有权断水断电。", "force"},
		{"把身份证交由工头保管。", "force"},
		{"物业公司不得断水断电。", ""},
		{"赔偿后李某不再追究张某的刑事责任。", "crime"},
		{"女方不得改嫁。", "discrimination"},
		{"出嫁女不享有征地补偿。", "discrimination"},
		{"利息按利滚利计算。", "compound"},
		{"借款本金分三期还清，不计利息。", ""},
		{"刘某于2026年6月30日前以现金方式支付李某3000元。", ""},
		{"甲方向乙方当面道歉。", ""},
		{"甲方修好院墙，乙方负担一半材料费600元。", ""},
	} {
		var stops []string
		for _, p := range CheckAgreement([]Term{{Text: x.text}}) {
			if p.Level == Stop {
				stops = append(stops, p.ID)
			}
			if p.What == "" || p.Fix == "" || len(p.Law) == 0 || p.Term != 1 {
				t.Errorf("%s: %+v says too little", x.text, p)
			}
		}
		switch {
		case x.want == "" && len(stops) > 0:
			t.Errorf("%s was stopped: %v", x.text, stops)
		case x.want != "" && !slices.Contains(stops, x.want):
			t.Errorf("%s: got %v, want %s", x.text, stops, x.want)
		}
	}
}

func TestUnclearTerms(t *testing.T) {
	good := Term{Debtor: "甲", Creditor: "乙", Subject: "租金", Fen: 100000, Mode: "转账", Due: "2026-05-01"}
	with := func(change func(*Term)) Term { x := good; change(&x); return x }
	for name, x := range map[string]struct {
		terms []Term
		want  []string
	}{
		"clear":            {[]Term{good}, nil},
		"nothing":          {nil, []string{"empty"}},
		"no debtor":        {[]Term{with(func(t *Term) { t.Debtor = "" })}, []string{"no-debtor"}},
		"no creditor":      {[]Term{with(func(t *Term) { t.Creditor = "" })}, []string{"no-creditor"}},
		"no day":           {[]Term{with(func(t *Term) { t.Due = "" })}, []string{"no-due"}},
		"no way":           {[]Term{with(func(t *Term) { t.Mode = "" })}, []string{"no-mode"}},
		"soon":             {[]Term{with(func(t *Term) { t.Due = "尽快" })}, []string{"bad-due"}},
		"negative":         {[]Term{with(func(t *Term) { t.Fen = -1 })}, []string{"bad-amount"}},
		"vague":            {[]Term{with(func(t *Term) { t.Text = "甲有钱了就还乙1000元。" })}, []string{"vague"}},
		"interest":         {[]Term{with(func(t *Term) { t.Text = "甲还乙1000元，月息二分。" })}, []string{"high-interest"}},
		"penalty":          {[]Term{with(func(t *Term) { t.Late = "每天付违约金100元" })}, []string{"penalty"}},
		"other amount":     {[]Term{with(func(t *Term) { t.Text = "甲付给乙两千元。" })}, []string{"amount-differs"}},
		"same amount":      {[]Term{with(func(t *Term) { t.Text = "甲付给乙1000元，从欠的3000元里扣。" })}, nil},
		"same in Chinese":  {[]Term{with(func(t *Term) { t.Text = "甲付给乙一千元。" })}, nil},
		"second is broken": {[]Term{good, with(func(t *Term) { t.Due = "" })}, []string{"no-due"}},
	} {
		var got []string
		for _, p := range CheckAgreement(x.terms) {
			got = append(got, p.ID)
			if name == "second is broken" && p.Term != 2 {
				t.Errorf("%s: term %d", name, p.Term)
			}
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%s: got %v, want %v", name, got, x.want)
		}
	}
}

func TestCheckLongText(t *testing.T) {
	long := strings.Repeat("甲于五月一日前付给乙一百元，", 5000) + "不得报警"
	if len(CheckAgreement([]Term{{Text: long}})) == 0 {
		t.Error("what stands at the end of a long text was not read")
	}
}
