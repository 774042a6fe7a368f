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
	of [][]marked // of each document, in order
	df map[mark]int
}

// mark is a figure. A part of a date is never taken for a sum or a count.
type mark struct {
	value float64
	date  bool
}

// marked is a figure that stands in a text, and how much it tells by itself.
type marked struct {
	mark
	weight float64
}

// Twin is the least score at which two texts are taken for accounts of one
// matter. It was set on our own reworded pairs.
const Twin = 0.5

func (x *markIndex) add(body string) {
	marks := marksOf(body)
	x.of = append(x.of, marks)
	if x.df == nil {
		x.df = map[mark]int{}
	}
	for _, m := range marks {
		x.df[m.mark]++
	}
}

// telling lists the figures with how much they tell here: less when many
// documents have them.
func (x *markIndex) telling(marks []marked) []marked {
	out := slices.Clone(marks)
	for i, m := range out {
		out[i].weight *= 2 / (1 + math.Log2(1+max(1, float64(x.df[m.mark]))))
	}
	return out
}

// compareMarks weighs the figures two accounts agree in, and those they
// contradict each other in. What only one side tells may be detail; what both
// tell differently is not.
func compareMarks(a, b []marked) (agreed, apart float64) {
	var onlyA, onlyB float64
	for len(a) > 0 || len(b) > 0 {
		switch {
		case len(b) == 0 || len(a) > 0 && a[0].before(b[0]) < 0:
			onlyA += a[0].weight
			a = a[1:]
		case len(a) == 0 || a[0].before(b[0]) > 0:
			onlyB += b[0].weight
			b = b[1:]
		default:
			agreed += a[0].weight
			a, b = a[1:], b[1:]
		}
	}
	return agreed, min(onlyA, onlyB)
}

// before orders figures: dates after others, then by value.
func (m marked) before(o marked) int {
	if m.date != o.date {
		if m.date {
			return 1
		}
		return -1
	}
	return cmp.Compare(m.value, o.value)
}

// Twins lists the documents that may tell the same matter as body in other
// words, best first: those that score Twin or more, at most k. They are for a
// person to look at, never to be merged unseen.
func (s *Similar) Twins(ctx context.Context, body string, k int) ([]Scored, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	mine := s.marks.telling(marksOf(body))
	alike := s.alike(s.vector(s.count(body, false)))
	score := make([]float32, len(alike))
	for d, words := range alike {
		if words >= twinLeast {
			agreed, apart := compareMarks(mine, s.marks.of[d])
			if t := twin(float64(words), agreed, apart); t >= Twin {
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

// twin turns shared wording, figures agreed and figures contradicted into one
// score, 0 to 1. Wording counts up to a bound: suits of one plaintiff against
// many are written alike and differ in their figures only.
func twin(words, agreed, apart float64) float64 {
	x := twinWords*min(words, twinEnough) + twinAgreed*agreed/(agreed+2) - twinApart*apart/(apart+agreed+1) - twinBar
	return 1 / (1 + math.Exp(-x))
}

// The numbers of twin, fitted to our own pairs.
const (
	twinLeast  = 0.01 // with less wording in common nothing is compared
	twinWords  = 22.0
	twinEnough = 0.4
	twinAgreed = 13.0
	twinApart  = 12.0
	twinBar    = 8.0
)

var figures = regexp.MustCompile(`(\d[\d,]*(?:\.\d+)?|[零〇一二两三四五六七八九十百千万亿]+)(?:多|余|来)?([万千百亿]?)\s*(个月|小时|公里|元|块|万|月|日|号|年|[\p{Han}%])?`)

// marksOf reads the figures of a text, each with how much it tells: long ones
// more than short ones.
func marksOf(body string) []marked {
	body = text.Simplify(text.Clean(body))
	found := map[mark]float64{}
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
		case unit == "年" && v >= 1900 || unit == "月" || unit == "日" || unit == "号":
			k = mark{v, true}
		case v < 3 || strings.Contains("是些定起直样般方个人次点旦同条", unit) && unit != "":
			continue // 一些, 两人, 一个: said everywhere
		default:
			k = mark{v, false}
		}
		w := 0.5 + 0.5*math.Log10(1+v)
		if k.date {
			w = 0.5
		}
		found[k] = max(found[k], w)
	}
	out := make([]marked, 0, len(found))
	for k, w := range found {
		out = append(out, marked{k, w})
	}
	slices.SortFunc(out, marked.before)
	return out
}

var chineseDigits = map[rune]float64{'零': 0, '〇': 0, '一': 1, '二': 2, '两': 2, '三': 3, '四': 4, '五': 5, '六': 6, '七': 7, '八': 8, '九': 9}

// number reads Arabic or Chinese figures.
func number(s string) (float64, bool) {
	if s[0] < 0x80 {
		v, err := strconv.ParseFloat(strings.ReplaceAll(s, ",", ""), 64)
		return v, err == nil
	}
	total, section, digit, unit, seen, row := 0.0, 0.0, -1.0, 1.0, false, 0
	for _, r := range s {
		if d, ok := chineseDigits[r]; ok {
			if row++; row > 1 && digit >= 0 { // 二〇二四
				d += 10 * digit
			}
			digit = d
			seen = true
			continue
		}
		row = 0
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
