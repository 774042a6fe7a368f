package intake

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// maxFen is one hundred million yuan; more goes to a person to look at, and no answer may be larger.
const maxFen = 100_000_000 * 100 * 100

var (
	arabicMoney  = regexp.MustCompile(`^[¥￥]?\s*([0-9][0-9,，]*(?:\.[0-9]+)?)\s*([十百千万亿kKwW]*)\s*(?:多|来|余)?\s*(?:元|块|块钱|圆|rmb|RMB|төгрөг|юань)?(?:整|钱|左右|吧)?$`)
	chineseMoney = regexp.MustCompile(`^([零〇一二两三四五六七八九十百千万亿半点]+)(?:多|来|余)?(?:元|块|块钱|圆)?(?:整|钱|左右|吧)?$`)
)

// ParseMoney reads one amount of yuan as people type it (8000, 8,000.50, 8千, 2.3万, 两万三, 一万零五百块) and gives it
// in fen. It reports false for anything it does not read whole.
func ParseMoney(text string) (fen int64, ok bool) {
	text = strings.TrimSpace(fold(text))
	for _, lead := range []string{"一共", "总共", "大概", "大约", "差不多", "约", "共", "欠", "是", "有"} {
		text = strings.TrimPrefix(text, lead)
	}
	if m := arabicMoney.FindStringSubmatch(text); m != nil {
		n, err := strconv.ParseFloat(strings.NewReplacer(",", "", "，", "").Replace(m[1]), 64)
		if err != nil {
			return 0, false
		}
		for _, unit := range strings.ToLower(m[2]) {
			n *= map[rune]float64{'十': 10, '百': 100, '千': 1000, 'k': 1000, '万': 10000, 'w': 10000, '亿': 1e8}[unit]
		}
		return inRange(n)
	}
	if m := chineseMoney.FindStringSubmatch(text); m != nil {
		if n, ok := ParseNumeral(m[1]); ok {
			return inRange(n)
		}
	}
	return 0, false
}

func inRange(yuan float64) (int64, bool) {
	fen := math.Round(yuan * 100)
	if fen < 0 || fen > maxFen {
		return 0, false
	}
	return int64(fen), true
}

// ParseNumeral reads a Chinese numeral: 十五, 两万三 (23000), 一万零五, 三千二百, 二〇二五, 两万五千, 一点五.
func ParseNumeral(s string) (float64, bool) {
	whole, part, point := strings.Cut(s, "点")
	n, ok := wholeNumeral(whole)
	if !ok || !point {
		return n, ok && !point
	}
	scale := 0.1
	for _, r := range part {
		d, ok := digit(r)
		if !ok {
			// 一点五万: what stands after the digits is the unit of all of it
			unit := map[rune]float64{'十': 10, '百': 100, '千': 1000, '万': 1e4, '亿': 1e8}[r]
			if unit == 0 {
				return 0, false
			}
			return n * unit, true
		}
		n += float64(d) * scale
		scale /= 10
	}
	return n, true
}

func wholeNumeral(s string) (float64, bool) {
	if s == "" {
		return 0, false
	}
	if n, ok := plainDigits(s); ok {
		return n, true
	}
	var total, section, digitSeen float64
	last := 1.0 // the unit just read, for 两万三 = 23000
	zero, pending := false, false
	for _, r := range s {
		if r == '零' || r == '〇' {
			zero, pending = true, false
			continue
		}
		if d, ok := digit(r); ok {
			if pending {
				return 0, false
			}
			digitSeen, pending = float64(d), true
			continue
		}
		if r == '半' { // 半 after a unit is half of it: 一万半 is nobody's spelling, but 三千半 is heard
			section += last / 2
			continue
		}
		switch unit := map[rune]float64{'十': 10, '百': 100, '千': 1000}[r]; {
		case unit > 0:
			if !pending {
				digitSeen = 1
			}
			section += digitSeen * unit
			last, pending, zero = unit, false, false
		case r == '万' || r == '亿':
			big := 1e4
			if r == '亿' {
				big = 1e8
			}
			if pending {
				section += digitSeen
			}
			if section == 0 && total == 0 {
				return 0, false
			}
			if r == '亿' {
				total = (total + section) * big
			} else {
				total += section * big
			}
			section, last, pending, zero = 0, big, false, false
		default:
			return 0, false
		}
	}
	if pending {
		if last > 10 && !zero {
			digitSeen *= last / 10 // 两万三, 三千五
		}
		section += digitSeen
	}
	return total + section, true
}

// plainDigits reads 二〇二五 and 一三八 digit by digit; a single digit too.
func plainDigits(s string) (float64, bool) {
	var n float64
	for _, r := range s {
		d, ok := digit(r)
		if r == '零' || r == '〇' {
			d, ok = 0, true
		}
		if !ok {
			return 0, false
		}
		n = n*10 + float64(d)
	}
	return n, true
}

func digit(r rune) (int, bool) {
	d, ok := map[rune]int{'一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}[r]
	return d, ok
}

// Yuan writes fen as yuan with two decimals, "8000.00".
func Yuan(fen int64) string { return fmt.Sprintf("%d.%02d", fen/100, fen%100) }

// Plain writes fen as people do: "8000元", "8000.50元".
func Plain(fen int64) string {
	if fen%100 == 0 {
		return strconv.FormatInt(fen/100, 10) + "元"
	}
	return Yuan(fen) + "元"
}

// Capitals writes fen in the capitals of agreements and receipts, 捌仟元整, 壹万零伍元零叁分 (票据书写的通行规则).
func Capitals(fen int64) string {
	if fen < 0 {
		return "负" + Capitals(-fen)
	}
	yuan, jiao, cent := fen/100, fen/10%10, fen%10
	var b strings.Builder
	if yuan > 0 {
		b.WriteString(capitalInteger(yuan))
		b.WriteString("元")
	}
	switch {
	case jiao == 0 && cent == 0:
		if yuan == 0 {
			return "零元整"
		}
		b.WriteString("整")
		return b.String()
	case jiao == 0:
		if yuan > 0 {
			b.WriteString("零")
		}
	default:
		b.WriteString(capitalDigits[jiao] + "角")
	}
	if cent > 0 {
		b.WriteString(capitalDigits[cent] + "分")
	} else {
		b.WriteString("整")
	}
	return b.String()
}

var capitalDigits = [...]string{"零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"}

func capitalInteger(n int64) string {
	if n >= 1e12 {
		return capitalInteger(n/1e12) + "万亿" + capitalRest(n%1e12, 1e11)
	}
	if n >= 1e8 {
		return capitalInteger(n/1e8) + "亿" + capitalRest(n%1e8, 1e7)
	}
	if n >= 1e4 {
		return capitalInteger(n/1e4) + "万" + capitalRest(n%1e4, 1e3)
	}
	out, zero := "", false
	for _, u := range []struct {
		value int64
		name  string
	}{{1000, "仟"}, {100, "佰"}, {10, "拾"}, {1, ""}} {
		switch d := n / u.value % 10; {
		case d > 0:
			if zero && out != "" {
				out += "零"
			}
			out, zero = out+capitalDigits[d]+u.name, false
		default:
			zero = true
		}
	}
	return out
}

// capitalRest writes what follows a 万 or 亿: nothing when it is zero, with 零 in front when its first place is.
func capitalRest(n, first int64) string {
	switch {
	case n == 0:
		return ""
	case n < first:
		return "零" + capitalInteger(n)
	}
	return capitalInteger(n)
}
