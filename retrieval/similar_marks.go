package retrieval

import (
	"cmp"
	"context"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"heshi/retrieval/text"
)

// markIndex keeps the figures of every document: sums, dates, counts. Two
// accounts of one matter agree in them however they are worded; two matters of
// one kind do not.
type markIndex struct {
	of []map[mark]float64
}

// mark is a figure: its value and what it counts.
type mark struct {
	value float64
	kind  byte // 'm' money, 'd' a date or part of one, 0 anything else
}

// Twin is the least score at which two texts are taken for accounts of one
// matter. It was set on our own reworded pairs.
const Twin = 0.5

func (x *markIndex) add(body string) { x.of = append(x.of, marksOf(body)) }

// Twins lists the documents that may tell the same matter as body in other
// words, best first: those that score Twin or more, at most k. They are for a
// person to look at, never to be merged unseen.
func (s *Similar) Twins(ctx context.Context, body string, k int) ([]Scored, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	mine := marksOf(body)
	alike := s.alike(s.vector(s.count(body, false)))
	score := make([]float32, len(alike))
	for d, words := range alike {
		if words > 0 {
			if t := twin(float64(words), mine, s.marks.of[d]); t >= Twin {
				score[d] = float32(t)
			}
		}
	}
	best := s.top(score, k, -1)
	out := make([]Scored, len(best))
	for i, c := range best {
		out[i] = Scored{s.ids[c.doc], float64(c.score)}
	}
	return out, nil
}

// twin weighs shared wording with figures agreed and figures contradicted.
func twin(words float64, a, b map[mark]float64) float64 {
	agreed, only := 0.0, 0.0
	for m, w := range a {
		if _, ok := b[m]; ok {
			agreed += w
		} else {
			only += w
		}
	}
	other := 0.0
	for m, w := range b {
		if _, ok := a[m]; !ok {
			other += w
		}
	}
	// What only one side tells may be detail; what both tell differently is not.
	return 1 / (1 + math.Exp(-(twinWords*words + twinAgreed*agreed/(agreed+2) - twinApart*min(only, other)/(min(only, other)+2) - twinBar)))
}

// The numbers of twin, fitted to our own pairs.
const (
	twinWords  = 12.0
	twinAgreed = 4.0
	twinApart  = 4.0
	twinBar    = 4.0
)

var figures = regexp.MustCompile(`(\d[\d,]*(?:\.\d+)?|[零〇一二两三四五六七八九十百千万亿]+)(?:多|余|来)?([万千百亿]?)\s*(个月|小时|公里|元|块|万|月|日|号|年|[\p{Han}%])?`)

// marksOf reads the figures of a text, each with how much it tells: long ones
// more than short ones.
func marksOf(body string) map[mark]float64 {
	body = text.Simplify(text.Clean(body))
	out := map[mark]float64{}
	for _, m := range figures.FindAllStringSubmatch(body, -1) {
		v, ok := number(m[1])
		if !ok {
			continue
		}
		switch m[2] {
		case "百":
			v *= 100
		case "千":
			v *= 1000
		case "万":
			v *= 10000
		case "亿":
			v *= 1e8
		}
		var k mark
		switch unit := m[3]; {
		case unit == "元" || unit == "块" || m[2] == "万" || v >= 1000 && unit != "年":
			k = mark{v, 'm'}
		case unit == "年" && v >= 1900 || unit == "月" || unit == "日" || unit == "号":
			k = mark{v, 'd'}
		case v < 3 || strings.Contains("是些定起直样般方个人次点旦同条", unit) && unit != "":
			continue // 一些, 两人, 一个: said everywhere
		default:
			k = mark{v, 0}
		}
		w := 0.5 + 0.5*math.Log10(1+v)
		if k.kind == 'd' {
			w = 0.5
		}
		out[k] = max(out[k], w)
	}
	return out
}

// number reads Arabic or Chinese figures.
func number(s string) (float64, bool) {
	if s[0] < 0x80 {
		v, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
		return v, err == nil
	}
	const digits = "零一二三四五六七八九"
	total, section, digit, unit, seen := 0.0, 0.0, -1.0, 1.0, false
	for _, r := range s {
		switch r {
		case '〇':
			r = '零'
		case '两':
			r = '二'
		}
		if i := slices.Index([]rune(digits), r); i >= 0 {
			digit = float64(i)
			seen = true
			continue
		}
		switch r {
		case '十':
			unit = 10
		case '百':
			unit = 100
		case '千':
			unit = 1000
		case '万', '亿':
			if digit >= 0 {
				section += digit
			}
			if section == 0 {
				return 0, false // 万一, 千万 as a word
			}
			unit = 1e4
			if r == '亿' {
				unit = 1e8
			}
			total, section, digit = (total+section)*unit, 0, -1
			continue
		}
		if digit < 0 {
			digit = 1
			if unit > 10 && !seen {
				return 0, false
			}
		}
		section += digit * unit
		digit = -1
		seen = true
	}
	if digit >= 0 {
		switch { // 三万五 is 35,000, 两千六 is 2,600
		case section == 0 && total > 0 && !strings.ContainsAny(s, "零〇"):
			section = digit * unit / 10
		case section > 0 && unit > 10 && !strings.ContainsAny(s, "零〇"):
			section += digit * unit / 10
		default:
			section += digit
		}
	}
	return total + section, seen
}

// compare orders marks, for tests that print them.
func (m mark) compare(o mark) int {
	return cmp.Or(cmp.Compare(m.kind, o.kind), cmp.Compare(m.value, o.value))
}
