package extract

import (
	"strings"
	"testing"
	"time"

	"heshi/intake"
)

// TestAnswer: of several sums and dates the one asked for is found.
func TestAnswer(t *testing.T) {
	x := extractor(t)
	const loan = "2024年3月5日,孟某向牧民协会借款60000元,约定2024年9月30日还清,月利息600元。孟某还过15000元,2025年1月8日又写下欠条,载明尚欠45000元。协会为此付律师费3000元。"
	const crash = "2025年6月2日19时40分许,韩某驾车撞倒围栏,修理费8200元,误工费人民币2400元,共计10600元。交警队于2025年6月9日作出认定书,双方2025年7月1日签订赔偿协议。"
	for _, c := range []struct{ question, text, kind, want string }{
		{"孟某借款多少元？", loan, intake.KindMoney, "60000元"},
		{"每月利息是多少？", loan, intake.KindMoney, "600元"},
		{"还欠多少钱没有还？", loan, intake.KindMoney, "45000元"},
		{"律师费是多少？", loan, intake.KindMoney, "3000元"},
		{"什么时候借款的？", loan, intake.KindDate, "2024年3月5日"},
		{"约定的还款日期是什么时候？", loan, intake.KindDate, "2024年9月30日"},
		{"何时写下的欠条？", loan, intake.KindDate, "2025年1月8日"},
		{"修理费花了多少钱？", crash, intake.KindMoney, "8200元"},
		{"误工费多少？", crash, intake.KindMoney, "2400元"},
		{"损失一共多少？", crash, intake.KindMoney, "10600元"},
		{"事故发生时间是什么时候？", crash, intake.KindDate, "2025年6月2日19时40分许"},
		{"认定书何时作出？", crash, intake.KindDate, "2025年6月9日"},
		{"赔偿协议是什么时候签订的？", crash, intake.KindDate, "2025年7月1日"},
	} {
		v, ok := x.Answer(c.question, c.text, c.kind, testNow)
		if !ok || v.Text != c.want {
			t.Errorf("%s: %q, want %q", c.question, v.Text, c.want)
		}
		if c.text[v.Start:v.End] != v.Text {
			t.Errorf("%s: %q is not at %d:%d", c.question, v.Text, v.Start, v.End)
		}
	}
	if v, ok := x.Answer("欠了多少钱？", "双方昨天吵了一架。", intake.KindMoney, testNow); ok {
		t.Errorf("a sum where there is none: %q", v.Text)
	}
}

// TestTotal: losses are added up; what was given back, shared out or fined is not.
func TestTotal(t *testing.T) {
	x := extractor(t)
	for _, c := range []struct {
		name, text string
		want       int64
	}{
		{"sum", "第一次他拿走现金1200元，第二次拿走现金800元。", 2000_00},
		{"stated total", "前后借走三笔，1000元、2500元、500元，合计4000元。", 4000_00},
		{"stated before its parts", "三次共骗取牧民9000元，具体如下：\n1、三月骗取2000元。\n2、四月骗取3000元。\n3、五月骗取4000元。", 9000_00},
		{"the price of one", "运走草捆22捆，每捆价格68元，共计价值1496元。", 1496_00},
		{"given back", "骗取乌某5000元。案发后，已退还3000元。", 5000_00},
		{"shared out", "偷走6000元，两人各分得3000元。", 6000_00},
		{"fined", "损坏围栏，价值700元。另查明，此前他被处罚款2000元。", 700_00},
		{"sold where a worth is known", "牵走一头牛，经鉴定价值9800元，后以4000元的价格卖掉。", 9800_00},
		{"in the end", "收取货款20万元，归还5万元，实际骗取15万元。", 150000_00},
		{"told before a list", "他们从牧民家共拿走7000元的东西。\n1、三月拿走2500元的马鞍。\n2、四月拿走4500元的地毯。", 7000_00},
		{"part of another", "从柜台拿走现金900元，其中100元是零钱。", 900_00},
		{"only spoken of", "谎称办证要交8000元，先后骗取定金1500元、手续费700元。", 2200_00},
		{"foreign money", "包里有现金600元和300美元。", 600_00},
		{"told twice", "旗检察院指控：他偷走2300元。\n经审理查明：他偷走2300元。", 2300_00},
	} {
		if got, ok := x.Total(c.text, testNow); !ok || got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
	if got, ok := x.Total("他们吵了一架，没有损失。", testNow); ok {
		t.Errorf("a total where there is none: %d", got)
	}
}

// TestAnswerHostile: long texts and questions cost no more than in proportion.
func TestAnswerHostile(t *testing.T) {
	x := extractor(t)
	text := strings.Repeat("2024年3月5日他向我借款600元,共计1200元。\n", 700)
	start := time.Now()
	x.Answer(strings.Repeat("借款多少元", 5000), text, intake.KindMoney, testNow)
	x.Total(text, testNow)
	if d := time.Since(start); d > 10*time.Second {
		t.Errorf("%v for %d bytes", d, len(text))
	} else {
		t.Logf("%v for %d bytes", d, len(text))
	}
}
