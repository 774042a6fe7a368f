package anonymise

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

const figureForm = `(?:[0-9][0-9,，]*(?:\.[0-9]+)?\s?[万千百亿]?(?:[0-9]+[千百]?)?|[一二两三四五六七八九十百千万亿零〇半]+)`

// money is a sum, or two with 至 between them. Without 元 a sum must be counted
// in 万 and no thing may follow.
var money = regexp.MustCompile(`(?:人民币|￥|¥)?\s?(` + figureForm + `)(?:元)?(?:\s?(?:至|到|-|~|—|－|～)\s?(` + figureForm + `))?[多余来几]?\s?(元|块钱|块|圆|万)?[整多]?钱?`)

// counted follow a number that counts no money.
const counted = "头只亩人匹斤户家次个名口峰袋吨公平米株棵年月日天岁辆台套份张条间栋层里升瓶箱件米"

// amounts leaves the band of a sum.
func (a *Anonymiser) amounts(t *text) {
	for _, m := range money.FindAllStringSubmatchIndex(t.plain, -1) {
		start, end := t.byteR[m[0]], t.byteR[m[1]]
		unit := ""
		if m[6] >= 0 {
			unit = t.plain[m[6]:m[7]]
		}
		one := t.plain[m[2]:m[3]]
		whole := t.plain[m[0]:m[1]]
		two := ""
		if m[4] >= 0 {
			two = t.plain[m[4]:m[5]]
		}
		next := t.at(end)
		switch {
		case strings.HasPrefix(one, "万") || strings.HasPrefix(one, "亿") || strings.HasPrefix(one, "零"):
			continue // 万达, no number
		case unit == "块" && isHan(next) && !strings.HasSuffix(whole, "钱"):
			continue // 三块地
		case unit == "" && !(strings.Contains(one+two, "万") && !strings.ContainsRune(counted, next)) && !strings.ContainsAny(whole, "￥¥元") && !strings.HasPrefix(whole, "人民币"):
			continue
		case unit == "万" && strings.ContainsRune(counted, next):
			continue
		case strings.HasPrefix(string(t.f[end:min(end+2, len(t.f))]), "以下") || strings.HasPrefix(string(t.f[end:min(end+2, len(t.f))]), "以上"):
			if v, ok := sum(one); ok && a.edge(int64(v*scale(unit))) {
				continue // a band already
			}
		case digit(t.at(start-1)) || t.at(start-1) == '.':
			continue
		}
		low, ok := sum(one)
		if !ok || low == 0 {
			continue
		}
		high := low
		if two != "" {
			if high, ok = sum(two); !ok {
				continue
			}
			if !strings.ContainsAny(one, "万千百亿") && strings.ContainsAny(two, "万亿") && low < high/100 {
				low *= 10000 // 3至5万元
			}
			if unit == "万" && low < 10000 {
				low *= 10000
			}
			high *= scale(unit)
		} else {
			low *= scale(unit)
			high = low
		}
		lead := 0
		for start+lead < end && t.at(start+lead) == ' ' {
			lead++
		}
		t.take(span{start: start + lead, end: end, kind: "amount", now: a.band(low, high)})
	}
}

func scale(unit string) float64 {
	if unit == "万" {
		return 10000
	}
	return 1
}

func (a *Anonymiser) edge(v int64) bool {
	for _, b := range a.w.Bands {
		if b == v {
			return true
		}
	}
	return false
}

// band names the band from low to high.
func (a *Anonymiser) band(low, high float64) string {
	var below, above int64 // 0 for none
	for _, b := range a.w.Bands {
		if float64(b) <= low {
			below = b
		}
		if above == 0 && (float64(b) > high || high > low && float64(b) >= high) {
			above = b
		}
	}
	switch {
	case below == 0:
		return yuan(above) + "元以下"
	case above == 0:
		return yuan(below) + "元以上"
	}
	return yuan(below) + "至" + yuan(above) + "元"
}

func yuan(v int64) string {
	if v >= 10000 {
		return fmt.Sprintf("%d万", v/10000)
	}
	return strconv.FormatInt(v, 10)
}

// sum reads a number in figures, in characters or in both: 3万5千, 三万五, 8.5万.
func sum(s string) (float64, bool) {
	s = strings.NewReplacer(",", "", "，", "", " ", "").Replace(s)
	total, section, num := 0.0, 0.0, -1.0
	unit := 0.0
	r := []rune(s)
	for i := 0; i < len(r); i++ {
		switch c := r[i]; {
		case digit(c):
			j := i
			for j < len(r) && (digit(r[j]) || r[j] == '.') {
				j++
			}
			v, err := strconv.ParseFloat(string(r[i:j]), 64)
			if err != nil {
				return 0, false
			}
			num, i = v, j-1
		case c == '零' || c == '〇':
			unit = 1
		case c == '半':
			if unit == 0 {
				return 0, false
			}
			total += unit / 2
		case c == '两':
			num = 2
		case strings.ContainsRune("一二三四五六七八九", c):
			num = float64(strings.IndexRune("一二三四五六七八九", c)/3 + 1)
		default:
			u := map[rune]float64{'十': 10, '百': 100, '千': 1000, '万': 1e4, '亿': 1e8}[c]
			if u == 0 {
				return 0, false
			}
			switch {
			case u >= 1e4:
				if num > 0 {
					section += num
				}
				if section == 0 {
					section = 1
				}
				total, section = (total+section)*u, 0
			case num < 0:
				section += u
			default:
				section += num * u
			}
			num, unit = -1, u
		}
	}
	if num >= 0 {
		if unit >= 10 && num < 10 && !strings.ContainsAny(s, "零〇") && total+section > 0 && unit > 10 {
			num *= unit / 10 // 三万五
		}
		section += num
	}
	return total + section, total+section > 0
}
