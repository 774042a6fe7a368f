package anonymise

import (
	"regexp"
	"strings"
	"unicode"
)

// names finds people: by surname and given name where the grammar of a name
// surrounds them, by a role in front, by a form of address behind, by the parts
// of which Mongolian names are made.
func (a *Anonymiser) names(t *text, c *cast) {
	for i := 0; i < len(t.f); i++ {
		if t.taken[i] || !isHan(t.at(i)) {
			continue
		}
		s, ok := a.nameAt(t, i, c)
		if ok && t.take(s) {
			i = s.end - 1
		}
	}
	a.namesMn(t, c)
}

func (a *Anonymiser) nameAt(t *text, i int, c *cast) (span, bool) {
	no := span{}
	whole := func(end int) (span, bool) {
		return span{start: i, end: end, kind: "name", who: c.person(string(t.f[i:end]), false)}, true
	}
	if a.mongolian.at(t.f, i) > 0 {
		if e := a.mongolianName(t, i); e > 0 {
			return whole(e)
		}
	}
	if r := t.at(i); (r == '老' || r == '小' || r == '大') && a.surname[t.at(i+1)] && !a.notGiven[t.at(i+1)] && a.begins(t, i) && (a.ends(t, i+2) || i == 0 || !isHan(t.at(i-1))) && a.notNames.at(t.f, i+1) == 0 && !oddNickname[string(t.f[i:min(i+2, len(t.f))])] {
		return span{start: i, end: i + 2, kind: "name", who: c.person(string(t.at(i+1)), true)}, true
	}
	n := a.compound.at(t.f, i)
	if n == 0 && a.surname[t.at(i)] {
		n = 1
	}
	if n == 0 || a.notNames.at(t.f, i) > 0 {
		return no, false
	}
	sur := string(t.f[i : i+n])
	if e := masked(t, i+n); e > 0 { // 李某, 王某某, 张某甲, 赵××
		if e == i+n+1 && strings.Contains(stems, sur) {
			t.hold(i, e)
			return no, false
		}
		return span{start: i, end: e, kind: "name", who: c.person(string(t.f[i:e]), false)}, true
	}
	if k := a.addresses.at(t.f, i+n); k > 0 && a.begins(t, i) && !strings.Contains("家", string(t.f[i+n:i+n+k])) {
		return span{start: i, end: i + n + k, kind: "name", who: c.person(sur, true)}, true
	}
	role := a.roleBefore(t, i)
	if !role && !a.begins(t, i) {
		return no, false
	}
	for _, given := range []int{2, 1} {
		e := i + n + given
		if e > len(t.f) || !a.givenName(t, i+n, e, role) || !a.ends(t, e) {
			continue
		}
		if role || a.sure(t, i, e) {
			return whole(e)
		}
	}
	return no, false
}

var oddNickname = map[string]bool{"老人": true, "小时": true, "老师": true, "小于": true, "大于": true, "小区": true, "大车": true, "小车": true,
	"老家": true, "小金": true, "老高": true, "大方": true, "大水": true, "老牛": true, "小牛": true, "小马": true, "老马": true, "小孩": true,
	"大概": true, "小米": true, "大米": true, "大路": true, "小路": true, "大雪": true, "小雪": true, "老常": true, "大田": true, "大江": true,
	"小江": true, "大石": true, "小石": true, "小毛": true, "大牛": true, "大马": true, "小苗": true, "大连": true, "小产": true, "大安": true, "大宗": true}

// masked gives the end of 某, 某某, 某甲, ×× at i, 0 for none.
func masked(t *text, i int) int {
	e := i
	for strings.ContainsRune("某×xX＊*", t.at(e)) && t.at(e) != 0 && e-i < 3 {
		e++
	}
	if e == i || e == i+1 && t.at(i) != '某' && t.at(i) != '×' {
		return 0
	}
	if strings.ContainsRune("甲乙丙丁", t.at(e)) && t.at(e) != 0 || digit(t.at(e)) && !digit(t.at(e+1)) {
		e++
	}
	return e
}

// givenName: none of the characters can be no name, and one of them is common
// in names; after a role any will do.
func (a *Anonymiser) givenName(t *text, from, to int, role bool) bool {
	common := role
	for k := from; k < to; k++ {
		if !isHan(t.at(k)) || t.taken[k] || a.notGiven[t.at(k)] {
			return false
		}
		common = common || a.given[t.at(k)]
	}
	return common
}

// sure: without a role a name needs the grammar of one: 张三欠我, 和李四, 借给王五.
func (a *Anonymiser) sure(t *text, i, end int) bool {
	led := a.before.ending(t.f, i) > 0
	closed := isHan(t.at(end)) || end < len(t.f) && t.taken[end]
	edge := i == 0 || !isHan(t.at(i-1)) || t.taken[i-1]
	over := end >= len(t.f) || !isHan(t.at(end))
	return led && (closed || over) || edge && closed || edge && over && end-i == 3
}

func (a *Anonymiser) roleBefore(t *text, i int) bool { return a.roles.ending(t.f, i) > 0 }

func (a *Anonymiser) begins(t *text, i int) bool {
	return i == 0 || !isHan(t.at(i-1)) || t.taken[i-1] || a.before.ending(t.f, i) > 0 || a.roleBefore(t, i)
}

func (a *Anonymiser) ends(t *text, i int) bool {
	return i >= len(t.f) || !isHan(t.at(i)) || t.taken[i] || a.after.at(t.f, i) > 0
}

// mongolianName reads a Mongolian name in Chinese characters.
func (a *Anonymiser) mongolianName(t *text, i int) int {
	end := i
	for {
		k := a.mongolian.at(t.f, end)
		if k == 0 || !t.free(end, end+k) {
			break
		}
		end += k
	}
	if end-i < 2 || end-i > 8 || a.notMongolian.at(t.f, end) > 0 {
		return 0
	}
	return end
}

// initialed is a Cyrillic name with the initial of the father: Б. Батбаяр.
var initialed = regexp.MustCompile(`\p{Lu}\.\s?\p{Lu}[\p{Ll}-]+(?:-\p{Lu}\p{Ll}+)?`)

// namesMn finds names in Cyrillic: with an initial, or written with a capital
// within a sentence.
func (a *Anonymiser) namesMn(t *text, c *cast) {
	for _, m := range initialed.FindAllStringIndex(t.plain, -1) {
		start, end := t.byteR[m[0]], t.byteR[m[1]]
		if unicode.Is(unicode.Cyrillic, t.at(start)) {
			t.take(span{start: start, end: end, kind: "name", who: c.person(string(t.f[start:end]), false)})
		}
	}
	for i := 1; i < len(t.f); i++ {
		if !unicode.Is(unicode.Cyrillic, t.at(i)) || !unicode.IsUpper(t.at(i)) || unicode.IsLetter(t.at(i-1)) || t.taken[i] {
			continue
		}
		k := i - 1
		for k >= 0 && (t.at(k) == ' ' || t.at(k) == '"' || t.at(k) == '«') {
			k--
		}
		if k < 0 || strings.ContainsRune(".!?\n:", t.at(k)) {
			continue // a sentence begins
		}
		end := i
		for unicode.IsLetter(t.at(end)) || t.at(end) == '-' {
			end++
		}
		if end-i > 2 {
			t.take(span{start: i, end: end, kind: "name", who: c.person(string(t.f[i:end]), false)})
		}
	}
}

// again takes out every further mention of somebody found anywhere: the whole
// name, or the given name of two characters.
func (a *Anonymiser) again(t *text, c *cast) {
	for _, f := range c.figures {
		if f.short {
			continue
		}
		forms := []string{f.full}
		r := []rune(f.full)
		if f.org == "" && len(r) == 3 && a.surname[r[0]] && a.given[r[1]] && a.given[r[2]] && a.notNames.at(r, 1) == 0 {
			forms = append(forms, string(r[1:]))
		}
		if f.org != "" && len(r) < 2 || len(r) < 2 {
			continue
		}
		for _, form := range forms {
			w := []rune(form)
			for i := 0; i+len(w) <= len(t.f); i++ {
				if string(t.f[i:i+len(w)]) == form && t.free(i, i+len(w)) {
					kind := "name"
					if f.org != "" {
						kind = "organisation"
					}
					t.take(span{start: i, end: i + len(w), kind: kind, who: f})
				}
			}
		}
	}
}
