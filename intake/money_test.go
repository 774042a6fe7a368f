package intake

import (
	"testing"

	"pgregory.net/rapid"
)

func TestParseMoney(t *testing.T) {
	for text, want := range map[string]int64{
		"8000": 800000, "8000块": 800000, "8,000.50元": 800050, "8千": 800000, "2.3万": 2300000, "两万三": 2300000,
		"三千五": 350000, "一万零五百块": 1050000, "一万零五": 1000500, "十五万": 15000000, "一百二": 12000, "大概8000多块钱": 800000,
		"一点五万": 1500000, "两万": 2000000, "¥300": 30000, "8k": 800000, "0": 0, "二十": 2000, "一共9600元整": 960000,
		"十二万三千四百五十六": 12345600, "一亿": 1e10,
	} {
		if got, ok := ParseMoney(text); !ok || got != want {
			t.Errorf("ParseMoney(%s) = %d %v, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"", "很多钱", "8000和9000", "万", "五五块五五二百", "-5", "99999999999999"} {
		if got, ok := ParseMoney(text); ok {
			t.Errorf("ParseMoney(%s) = %d, want none", text, got)
		}
	}
}

func TestCapitals(t *testing.T) {
	for fen, want := range map[int64]string{
		0: "零元整", 800000: "捌仟元整", 1000500: "壹万零伍元整", 1050003: "壹万零伍佰元零叁分", 50: "伍角整", 3: "叁分",
		12345678: "壹拾贰万叁仟肆佰伍拾陆元柒角捌分", 1e10: "壹亿元整", 10000050000: "壹亿零伍佰元整", 110000: "壹仟壹佰元整",
		1000100: "壹万零壹元整", 10001000: "壹拾万零壹拾元整", 200010: "贰仟元壹角整",
	} {
		if got := Capitals(fen); got != want {
			t.Errorf("Capitals(%d) = %s, want %s", fen, got, want)
		}
	}
}

// What is written in capitals reads back as the same number.
func TestCapitalsReadBack(t *testing.T) {
	simple := map[rune]rune{'壹': '一', '贰': '二', '叁': '三', '肆': '四', '伍': '五', '陆': '六', '柒': '七', '捌': '八', '玖': '九', '拾': '十', '佰': '百', '仟': '千'}
	rapid.Check(t, func(t *rapid.T) {
		yuan := rapid.Int64Range(1, 999_999_999).Draw(t, "yuan")
		var plain []rune
		for _, r := range Capitals(yuan * 100) {
			switch {
			case r == '元' || r == '整':
			case simple[r] != 0:
				plain = append(plain, simple[r])
			default:
				plain = append(plain, r)
			}
		}
		// 一千零五万: a section after 零 is written out, so no shortened last digit
		if got, ok := ParseNumeral(string(plain)); !ok || int64(got) != yuan {
			t.Fatalf("%s reads as %v %v, want %d", string(plain), got, ok, yuan)
		}
	})
}
