package web

import (
	"regexp"
	"strings"
	"unicode"
)

// block is some lines of one language. Lang is empty for Chinese and what has no letters.
type block struct {
	Lang  string
	Lines [][]span
}

// Vertical reports traditional Mongolian, which is set in columns.
func (b block) Vertical() bool { return b.Lang == mong }

// span is a stretch of one line: plain, in another language, or a telephone number to call.
type span struct {
	Text string
	Lang string
	Tel  string
}

const (
	mong = "mn-Mong"
	cyrl = "mn-Cyrl"
)

// blocks sets text for the page, line by line, so that each language is read out and drawn as itself.
func blocks(text string, dial bool) []block {
	var out []block
	for _, line := range strings.Split(strings.Trim(text, "\n"), "\n") {
		lang := lineLang(line)
		if strings.Trim(line, " \t") == "" && len(out) > 0 {
			lang = out[len(out)-1].Lang // an empty line belongs to what stands above it
		}
		if n := len(out); n == 0 || out[n-1].Lang != lang {
			out = append(out, block{Lang: lang})
		}
		b := &out[len(out)-1]
		b.Lines = append(b.Lines, spans(line, lang, dial))
	}
	for i := range out { // no block begins or ends with empty lines
		l := out[i].Lines
		for len(l) > 0 && len(l[len(l)-1]) == 0 {
			l = l[:len(l)-1]
		}
		out[i].Lines = l
	}
	return out
}

// lineLang is the language of most letters of line, empty for Chinese.
func lineLang(line string) string {
	var han, m, c int
	for _, r := range line {
		switch script(r) {
		case mong:
			m++
		case cyrl:
			c++
		case "zh":
			han += 2 // one Chinese letter is a word, or half of one
		}
	}
	switch {
	case m > 0 && m >= han && m >= c:
		return mong
	case c > 0 && c >= han:
		return cyrl
	}
	return ""
}

func script(r rune) string {
	switch {
	case r >= 0x1800 && r <= 0x18AF:
		return mong
	case unicode.Is(unicode.Cyrillic, r):
		return cyrl
	case unicode.Is(unicode.Han, r):
		return "zh"
	}
	return ""
}

// spans cuts one line where its language changes, and finds telephone numbers.
func spans(line, lang string, dial bool) []span {
	if strings.Trim(line, " \t") == "" {
		return nil
	}
	var out []span
	start, now := 0, lang
	flush := func(end int) {
		if end > start {
			s := span{Text: line[start:end]}
			if now != lang {
				s.Lang = now
				if s.Lang == "" {
					s.Lang = "zh-Hans"
				}
			}
			out = append(out, dialled(s, dial)...)
		}
		start = end
	}
	for i, r := range line {
		l := script(r)
		if l == "" {
			continue // marks, spaces and figures stay with what they follow
		}
		if l == "zh" {
			l = ""
		}
		if l != now {
			flush(i)
			now = l
		}
	}
	flush(len(line))
	return out
}

// hotline finds numbers worth calling: the short numbers of the emergency and legal services, land lines, mobiles.
var hotline = regexp.MustCompile(`1(?:1[0-9]|2[0-2])|12[0-9]{3}|96110|95[0-9]{3}|0[0-9]{2,3}[- ][0-9]{7,8}|1[3-9][0-9]{9}`)

var short = map[string]bool{"110": true, "119": true, "120": true, "122": true, "12110": true, "12309": true, "12315": true,
	"12320": true, "12333": true, "12337": true, "12338": true, "12345": true, "12348": true, "12355": true, "12356": true,
	"12368": true, "12388": true, "12395": true, "96110": true}

// numberRun finds whole figures, so that no part of a longer one is taken for a number.
var numberRun = regexp.MustCompile(`[0-9]+(?:[- ][0-9]{7,8})?`)

// dialled cuts the telephone numbers out of s.
func dialled(s span, dial bool) []span {
	if !dial {
		return []span{s}
	}
	var out []span
	last := 0
	for _, at := range numberRun.FindAllStringIndex(s.Text, -1) {
		n := s.Text[at[0]:at[1]]
		if hotline.FindString(n) != n || len(n) <= 5 && !short[n] || notDialled(s.Text[:at[0]], s.Text[at[1]:]) {
			continue
		}
		if at[0] > last {
			out = append(out, span{Text: s.Text[last:at[0]], Lang: s.Lang})
		}
		out = append(out, span{Text: n, Lang: s.Lang, Tel: strings.NewReplacer("-", "", " ", "").Replace(n)})
		last = at[1]
	}
	if last < len(s.Text) {
		out = append(out, span{Text: s.Text[last:], Lang: s.Lang})
	}
	return out
}

// What a figure counts when it is no telephone number, behind and before it.
var (
	units = []string{"元", "块", "万", "亿", "条", "款", "项", "号", "年", "个", "人", "亩", "头", "只", "天", "日", "月", "%", "％", "件", "公里", "米", "-"}
	leads = []string{"第", "¥", "￥", ".", "-", "/", "〔"}
)

// notDialled reports a figure that counts something: 110元, 第120条, 3.120, 110.5.
func notDialled(before, after string) bool {
	after, before = strings.TrimLeft(after, " "), strings.TrimRight(before, " ")
	for _, u := range units {
		if strings.HasPrefix(after, u) {
			return true
		}
	}
	for _, l := range leads {
		if strings.HasSuffix(before, l) {
			return true
		}
	}
	return len(after) > 1 && (after[0] == '.' || after[0] == ',') && after[1] >= '0' && after[1] <= '9'
}
