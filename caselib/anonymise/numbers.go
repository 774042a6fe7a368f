package anonymise

import (
	"regexp"
	"strings"
)

const provinceMarks = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

// numbered are the numbers that belong to somebody, in the order in which they
// are looked for. The group, where there is one, is what is replaced.
var numbered = []struct {
	kind, now string
	form      *regexp.Regexp
}{
	{"account", "（账号已删）", regexp.MustCompile(`(?i)[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+|wxid_[a-z0-9_-]+`)},
	{"account", "（账号已删）", regexp.MustCompile(`(?i)(?:微信号?|qq号?|抖音号?|快手号?|vx|wx)[是为：:\s]{0,3}([a-z0-9_-]{5,})`)},
	{"id", "（案号已删）", regexp.MustCompile(`[（(〔\[][12][0-9]{3}[)）〕\]][^\s，。；、（）()]{1,20}?第?[0-9]+号`)},
	{"id", "（证件号已删）", regexp.MustCompile(`[1-9][0-9]{5}(?:18|19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]`)},
	{"phone", "（电话已删）", regexp.MustCompile(`(?:\+?86[ -]?)?1[3-9][0-9](?:[ -]?[0-9]{4}){2}|0[0-9]{2,3}[ -]?[1-9][0-9]{6,7}`)},
	{"plate", "某车牌", regexp.MustCompile(`(?i)[` + provinceMarks + `][A-HJ-NP-Z][·. -]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警]`)},
	{"place", "（位置已删）", regexp.MustCompile(`(?:[东北]经|[东北]纬|[NEne])?\s?[0-9]{2,3}\.[0-9]{3,}[°度]?[,，、 NEne]{0,3}(?:[东北][经纬])?[0-9]{2,3}\.[0-9]{3,}[°度]?`)},
	{"id", "（耳标已删）", regexp.MustCompile(`耳标(?:号码?)?[是为：:\s]{0,3}([A-Za-z0-9-]{4,})`)},
	{"id", "（编号已删）", regexp.MustCompile(`(?:编号|证号|账号|卡号|号码|保单号|单号|运单号|档案号)[是为：:\s]{0,3}([A-Za-z0-9-]{4,})`)},
	{"id", "（号码已删）", regexp.MustCompile(`[0-9](?:[ -]?[0-9]){6,}[Xx]?`)},
	{"phone", "（号码已删）", regexp.MustCompile(`[〇零一二三四五六七八九幺]{7,}`)},
}

// numbers takes out what is written in figures and belongs to one person.
func (a *Anonymiser) numbers(t *text) {
	for _, n := range numbered {
		for _, m := range n.form.FindAllStringSubmatchIndex(t.plain, -1) {
			g := 0
			if len(m) > 3 && m[2] >= 0 {
				g = 2
			}
			start, end := t.byteR[m[g]], t.byteR[m[g+1]]
			if digit(t.at(start)) && digit(t.at(start-1)) || digit(t.at(end-1)) && digit(t.at(end)) {
				if n.now != "（号码已删）" {
					continue // part of a longer number; the last forms take that whole
				}
			}
			if n.now == "（号码已删）" && a.isMoney(t, end) {
				continue
			}
			t.take(span{start: start, end: end, kind: n.kind, now: n.now})
		}
	}
}

func (a *Anonymiser) isMoney(t *text, end int) bool {
	rest := strings.TrimLeft(string(t.f[end:min(end+4, len(t.f))]), " .0123456789多余")
	return strings.HasPrefix(rest, "元") || strings.HasPrefix(rest, "块") || strings.HasPrefix(rest, "圆") || strings.HasPrefix(rest, "万")
}

func digit(r rune) bool { return r >= '0' && r <= '9' }

const (
	monthForm = `(0?[1-9]|1[0-2]|十[一二]|[一二三四五六七八九十])`
	dayForm   = `(?:[0-3]?[0-9]|[一二三四五六七八九十廿]{1,3})`
)

// days are the ways to write a day or a month. Group 1 is kept, group 2 is the month.
var days = []*regexp.Regexp{
	regexp.MustCompile(`((?:18|19|20)[0-9]{2}|[一二三四五六七八九〇零]{4})\s*年\s*` + monthForm + `\s*月份?(?:\s*` + dayForm + `\s*[日号])?(?:上旬|中旬|下旬|初|底|末)?`),
	regexp.MustCompile(`((?:19|20)[0-9]{2})\s?[-./]\s?` + monthForm + `\s?[-./]\s?[0-3]?[0-9]\b`),
	regexp.MustCompile(`((?:19|20)[0-9]{2})[-./]` + monthForm + `\b`),
	regexp.MustCompile(`(去年|今年|前年|同年|当年|次年|翌年|明年|第二年|大前年)的?\s*` + monthForm + `月份?(?:\s*` + dayForm + `[日号])?(?:上旬|中旬|下旬|初|底|末)?`),
	regexp.MustCompile(`()` + monthForm + `月` + dayForm + `[日号]`),
	regexp.MustCompile(`()` + monthForm + `月份(?:上旬|中旬|下旬|初|底|末)?`),
}

var daysMn = regexp.MustCompile(`((?:19|20)[0-9]{2})\s+он[а-яөү]*\s+(?:[0-9]{1,2}|[а-яөү]+)(?:-р|\s+дугаар|\s+дүгээр)?\s+сар[а-яөү]*(?:\s+[0-9]{1,2}(?:-н?[а-яөү]+)?)?`)

// dates leaves the quarter of a day. 法 may follow a date of law: those are
// in brackets and kept.
func (a *Anonymiser) dates(t *text) {
	for _, form := range days {
		for _, m := range form.FindAllStringSubmatchIndex(t.plain, -1) {
			start, end := t.byteR[m[0]], t.byteR[m[1]]
			if (digit(t.at(start-1)) || t.at(start-1) == '-') && digit(t.at(start)) || digit(t.at(end-1)) && (digit(t.at(end)) || t.at(end) == '-') || strings.ContainsRune("十一二三四五六七八九", t.at(start-1)) && t.at(start-1) != 0 {
				continue
			}
			year, month := t.plain[m[2]:m[3]], caseNumeral(t.plain[m[4]:m[5]])
			now := "第" + []string{"一", "二", "三", "四"}[(month-1)/3] + "季度"
			switch {
			case strings.HasSuffix(year, "年"):
				now = year + now
			case year != "":
				now = year + "年" + now
			}
			t.take(span{start: start, end: end, kind: "date", now: now})
		}
	}
	for _, m := range daysMn.FindAllStringSubmatchIndex(strings.ToLower(t.plain), -1) {
		if len(strings.ToLower(t.plain)) == len(t.plain) {
			t.take(span{start: t.byteR[m[0]], end: t.byteR[m[1]], kind: "date", now: t.plain[m[2]:m[3]] + " он"})
		}
	}
}

// caseNumeral reads a month, 1 to 12.
func caseNumeral(s string) int {
	v, _ := sum(s)
	return min(max(int(v), 1), 12)
}
