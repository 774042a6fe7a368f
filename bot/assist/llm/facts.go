package llm

import (
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"heshi/intake"
)

var (
	arabic  = regexp.MustCompile(`[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?`)
	chinese = regexp.MustCompile(`[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?`)
	titles  = regexp.MustCompile(`《[^》]*》?`)
	latin   = regexp.MustCompile(`[A-Za-z][A-Za-z0-9_.:/@-]*`)
)

// units say what a number is of, each written in one way: one year is not one month. The longer come first. 10月 is a
// month of the year and 10个月 a span, so they differ.
var units = []struct{ written, unit string }{
	{"个小时", "hour"}, {"小时", "hour"}, {"个星期", "week"}, {"星期", "week"}, {"周年", "year"}, {"周", "week"}, {"个月", "months"}, {"月", "month"},
	{"年", "year"}, {"岁", "age"}, {"日", "day"}, {"天", "day"}, {"号", "day"}, {"条", "article"}, {"款", "paragraph"},
	{"项", "item"}, {"元", "yuan"}, {"块", "yuan"}, {"次", "times"}, {"倍", "times as much"}, {"人", "people"}, {"名", "people"},
	{"亩", "mu"}, {"头", "head"}, {"只", "head"}, {"匹", "head"}, {"口", "head"}, {"级", "grade"}, {"楼", "floor"}, {"%", "percent"}, {"％", "percent"},
}

func unitOf(after string) string {
	for _, u := range units {
		if strings.HasPrefix(after, u.written) {
			return " " + u.unit
		}
	}
	return ""
}

// factsOf gives what a sentence states that can be checked: its numbers, however they are written, with what they are
// of; the names of laws; and words in Latin letters (case numbers, addresses on the web).
func factsOf(s string) map[string]bool {
	facts := map[string]bool{}
	for _, n := range numbers(s) {
		facts[n.value] = true
		facts[n.value+n.unit] = true
	}
	for _, t := range titles.FindAllString(s, -1) {
		facts["title "+t] = true
	}
	for _, w := range latin.FindAllString(s, -1) {
		facts["word "+strings.ToLower(strings.Trim(w, ".:/-"))] = true
	}
	return facts
}

// number is one number in one way of writing, and its unit with a blank before it, if it has one of units.
type number struct{ value, unit string }

// numbers gives every number in s: 8,000, ８０００, 八千 and ᠘᠐᠐᠐ are all 8000.
func numbers(s string) []number {
	s = strings.Map(oneDigit, s)
	var out []number
	add := func(n float64, after string) {
		out = append(out, number{strconv.FormatFloat(n, 'f', -1, 64), unitOf(after)})
	}
	for _, m := range arabic.FindAllStringIndex(s, -1) {
		n, err := strconv.ParseFloat(strings.ReplaceAll(s[m[0]:m[1]], ",", ""), 64)
		if err != nil {
			continue
		}
		after := s[m[1]:]
		for ; after != ""; after = after[len("万"):] {
			times, ok := map[string]float64{"十": 10, "百": 1e2, "千": 1e3, "万": 1e4, "亿": 1e8}[after[:min(len("万"), len(after))]]
			if !ok {
				break
			}
			n *= times
		}
		add(n, after)
	}
	for _, m := range chinese.FindAllStringIndex(s, -1) {
		before, numeral, after := s[:m[0]], s[m[0]:m[1]], s[m[1]:]
		if strings.TrimRight(before, "0123456789") != before {
			continue // the unit of the digits before it
		}
		n, ok := intake.ParseNumeral(numeral)
		if ok && counts(strings.HasSuffix(before, "第"), numeral, after) {
			add(n, after)
		}
	}
	return out
}

// counts tells a numeral that counts from a character that only looks like one: without a unit a single 一 or 两 is
// mostly no number (一般, 一起, 两边), and 一个 is mostly an article.
func counts(ordinal bool, numeral, after string) bool {
	switch {
	case ordinal || utf8.RuneCountInString(numeral) > 1 || unitOf(after) != "":
		return true
	case strings.HasPrefix(after, "个"):
		return numeral != "一"
	}
	return false
}

// oneDigit writes full-width and Mongolian digits as ASCII.
func oneDigit(r rune) rune {
	switch {
	case r >= '０' && r <= '９':
		return r - '０' + '0'
	case r >= '᠐' && r <= '᠙':
		return r - '᠐' + '0'
	}
	return r
}
