package intake

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// heard is what an answer was understood as: an answer, or the key of a message that says what is wanted.
type heard struct {
	answer Answer
	ask    string // message key; empty when understood
	args   []string
	used   []string // kinds of value the answer consumed
	pair   *Answer  // the beginning of a span, for the field named by Pair
	end    *Answer  // the end of a span, when its beginning was asked
	town   string   // a town given where a county was asked
}

func wrong(key string, args ...string) heard { return heard{ask: key, args: args} }

// parse reads text as an answer to f. values are what extraction found in the same text.
func (t *turn) parse(f *Field, text string, values []Value) heard {
	text = strings.TrimSpace(text)
	ok := func(v string, used ...string) heard {
		return heard{answer: Answer{Value: v, Text: text, Source: Said}, used: used}
	}
	switch f.Type {
	case "choice", "boolean":
		return t.parseChoice(f, text)
	case "multi":
		return t.parseMulti(f, text)
	case "taxonomy":
		return t.parseType(f, text)
	case "money":
		if v, n := sole(values, KindMoney); n == 1 {
			if fen, good := fenOf(v.Value); good {
				return ok(strconv.FormatInt(fen, 10), KindMoney)
			}
		} else if n > 1 {
			return wrong("intake.bad.money_many")
		}
		if fen, good := ParseMoney(text); good {
			return ok(strconv.FormatInt(fen, 10), KindMoney)
		}
		return wrong("intake.bad.money")
	case "date", "datetime":
		return t.parseDate(f, text, values)
	case "number":
		return t.parseNumber(f, text, values)
	case "phone":
		return parsePhone(text, values)
	case "id-number":
		v := strings.ToUpper(strings.ReplaceAll(text, " ", ""))
		if found, n := sole(values, KindID); n == 1 {
			v = strings.ToUpper(found.Value)
		}
		if !ValidID(v, t.in.Now) {
			return wrong("intake.bad.id")
		}
		return ok(v, KindID)
	case "org-code":
		if v := strings.ToUpper(strings.ReplaceAll(text, " ", "")); ValidUSCC(v) {
			return ok(v)
		}
		return wrong("intake.bad.uscc")
	case "plate":
		v := strings.ToUpper(strings.NewReplacer(" ", "", "·", "", "-", "").Replace(text))
		if found, n := sole(values, KindPlate); n == 1 {
			v = found.Value
		}
		if !ValidPlate(v) {
			return wrong("intake.bad.plate")
		}
		return ok(v, KindPlate)
	case "region":
		return t.parseRegion(f, text, values)
	case "list-text", "list", "list-money", "party-list":
		var items []string
		for _, item := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("\n；;", r) }) {
			if item = strings.TrimSpace(item); f.Type == "party-list" {
				item = f.called(strings.TrimPrefix(strings.TrimPrefix(item, "就"), "是"))
			}
			if item != "" {
				items = append(items, item)
			}
		}
		if !wordy(text) || number(atoi(text)) == text || t.asksBack(text) || len(items) == 0 || len(items) > 20 {
			return wrong("intake.bad.text")
		}
		return heard{answer: Answer{Values: items, Text: text, Source: Said}, used: []string{KindPerson, KindOrg, KindPhone}}
	case "file", "file-list":
		return wrong("intake.bad.file")
	}
	return t.parseText(f, text)
}

func (t *turn) parseText(f *Field, text string) heard {
	said := text
	if f.Check.Name {
		for _, lead := range []string{"我的名字是", "我的名字叫", "名字是", "我叫", "我是", "叫", "姓名", "我姓"} {
			if rest, ok := strings.CutPrefix(text, lead); ok {
				text = strings.TrimSpace(strings.TrimLeft(rest, "：: "))
				break
			}
		}
		text = strings.TrimRight(text, "。.！!，, ")
		if name, rest, ok := strings.Cut(strings.ReplaceAll(text, ",", "，"), "，"); ok && strings.ContainsAny(rest, "0123456789") {
			text = strings.TrimSpace(name) // 王小明，电话138…: the rest is read by itself
		}
		if !ValidName(text) {
			return wrong("intake.bad.name")
		}
	}
	if f.names() && !f.Check.Name {
		text = f.called(text)
	}
	if !f.tale() && (number(atoi(text)) == text || t.asksBack(text)) {
		return wrong("intake.bad.text") // the number of a button that is not there
	}
	n := utf8.RuneCountInString(text)
	most := f.Check.MaxLen
	if most == 0 {
		most = 2000
	}
	switch {
	case !wordy(text) || n < f.Check.MinLen:
		return wrong("intake.bad.text")
	case n > most:
		return wrong("intake.bad.long", "max", strconv.Itoa(most))
	}
	return heard{answer: Answer{Value: text, Text: said, Source: Said}}
}

// names reports whether a field holds who somebody is.
func (f *Field) names() bool {
	return f.Check.Name || f.Story != nil && (f.Story.Kind == KindPerson || f.Story.Kind == KindOrg)
}

// called is the name in an answer that says who is called so: 包工头叫刘志强.
func (f *Field) called(text string) string {
	who, name, ok := strings.Cut(text, "叫")
	who = strings.TrimPrefix(strings.TrimSuffix(strings.TrimSuffix(who, "的名字"), "名字"), "那个")
	known := slices.Contains([]string{"", "名", "他", "她", "对方", "人", "那人"}, who) || slices.Contains(f.Words, who)
	known = known || f.Story != nil && slices.Contains(f.Story.Skip, who)
	if name = strings.TrimLeft(strings.TrimPrefix(name, "做"), "：: "); !ok || !known || utf8.RuneCountInString(strings.TrimRight(name, "。.！!，, ")) < 2 {
		return text
	}
	return strings.TrimRight(name, "。.！!，, ")
}

// asksBack reports a question of the person's own, which is no name and no wish: …你说咋办.
func (t *turn) asksBack(text string) bool {
	return slices.ContainsFunc(t.b.words.Asks, func(w string) bool { return strings.HasSuffix(fold(text), w) })
}

// wordy reports whether a text holds anything to read.
func wordy(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }) >= 0
}

func sole(values []Value, kind string) (Value, int) {
	var last Value
	n := 0
	for _, v := range values {
		if v.Kind == kind {
			last = v
			n++
		}
	}
	return last, n
}

func fenOf(yuan string) (int64, bool) {
	n, err := strconv.ParseFloat(yuan, 64)
	if err != nil {
		return 0, false
	}
	return inRange(n)
}

func (t *turn) parseDate(f *Field, text string, values []Value) heard {
	var dates []string
	for _, v := range values {
		if v.Kind == KindDate && ValidDate(v.Value) {
			dates = append(dates, v.Value)
		}
	}
	if own, ok := ParseDate(text, t.in.Now); ok && (len(dates) == 0 || strings.Contains(own, "/")) {
		dates = []string{own}
	}
	for _, o := range f.Options { // 还在干: an answer that is no date
		if !slices.ContainsFunc(o.forms(), func(form string) bool { return strings.Contains(fold(text), form) }) {
			continue
		}
		h := heard{answer: Answer{Value: o.ID, Text: text, Source: Said}, used: []string{KindDate}}
		if f.Pair != "" && len(dates) > 0 {
			first, _, _ := strings.Cut(dates[0], "/")
			h.pair = &Answer{Value: first, Text: text, Source: Said}
		}
		return h
	}
	if len(dates) == 0 {
		return wrong("intake.bad.date")
	}
	last := dates[len(dates)-1]
	h := heard{used: []string{KindDate}}
	if f.Pair != "" {
		first := ""
		if a, b, span := strings.Cut(last, "/"); span && len(dates) == 1 && spanned(text) {
			first, last = a, b
		} else if len(dates) == 2 {
			first = dates[0]
		}
		if first != "" {
			h.pair = &Answer{Value: first, Text: text, Source: Said}
		}
	} else if a, b, span := strings.Cut(last, "/"); span && spanned(text) && t.pairs(f) {
		last = a
		h.end = &Answer{Value: b, Text: text, Source: Said}
	} else if len(dates) > 1 {
		last = dates[0]
	}
	if f.Check.Past && begins(last) > t.in.Now.Format("2006-01-02") {
		return wrong("intake.bad.future")
	}
	h.answer = Answer{Value: last, Text: text, Source: Said}
	return h
}

// pairs reports whether f is the beginning of another field's span.
func (t *turn) pairs(f *Field) bool {
	return slices.ContainsFunc(t.fields, func(g *Field) bool { return g.Pair == f.ID })
}

// spanned reports whether a text says "from … to …", as opposed to naming a vague time that is kept as an interval.
func spanned(text string) bool {
	return strings.ContainsAny(text, "到至~—") || strings.Contains(text, "--")
}

func (t *turn) parseNumber(f *Field, text string, values []Value) heard {
	number := ""
	if v, n := sole(values, KindCount); n == 1 {
		number, _, _ = strings.Cut(v.Value, " ")
	}
	if number == "" {
		plain := strings.TrimRightFunc(fold(text), func(r rune) bool {
			return strings.ContainsRune("个人名头只匹峰亩口户天条家左右多位元 ", r)
		})
		for _, lead := range []string{"大概", "大约", "一共", "总共", "有", "就", "我们", "共"} {
			plain = strings.TrimPrefix(plain, lead)
		}
		if _, err := strconv.ParseFloat(plain, 64); err == nil {
			number = plain
		} else if n, ok := ParseNumeral(plain); ok {
			number = strconv.FormatFloat(n, 'f', -1, 64)
		}
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n != n {
		return wrong("intake.bad.number")
	}
	if c := f.Check; (c.Max > 0 && n > c.Max) || n < c.Min || n < 0 {
		return wrong("intake.bad.range", "min", strconv.FormatFloat(c.Min, 'f', -1, 64), "max", strconv.FormatFloat(c.Max, 'f', -1, 64))
	}
	return heard{answer: Answer{Value: strconv.FormatFloat(n, 'f', -1, 64), Text: text, Source: Said}, used: []string{KindCount}}
}

func parsePhone(text string, values []Value) heard {
	v := digitsOf(text)
	if found, n := sole(values, KindPhone); n >= 1 {
		v = digitsOf(found.Value)
	}
	if !ValidPhone(v) {
		return wrong("intake.bad.phone")
	}
	return heard{answer: Answer{Value: v, Text: text, Source: Said}, used: []string{KindPhone}}
}

func (t *turn) parseRegion(f *Field, text string, values []Value) heard {
	if len(t.s.Narrow) > 0 {
		if o, ok := t.pickOption(t.options(f), text); ok {
			return heard{answer: Answer{Value: o.ID, Text: text, Source: Said}, used: []string{KindRegion}}
		}
	}
	within := ""
	if f.Within != "" {
		within = strings.Join(t.values(f.Within), "")
	}
	codes := t.b.regions.Match(text, within)
	if len(codes) == 0 {
		for _, v := range values {
			if g, ok := t.b.regions.Region(v.Value); ok && v.Kind == KindRegion {
				codes = []string{g.Code}
			}
		}
	}
	want := 3
	if f.Level == "town" {
		want = 4
	}
	if len(codes) == 1 {
		g, _ := t.b.regions.Region(codes[0])
		h := heard{used: []string{KindRegion}}
		switch {
		case want == 3 && g.Level == 4:
			h.town, g.Code = g.Code, g.Parent
		case g.Level < want:
			codes = t.b.regions.children(g.Code, want)
			if len(codes) == 0 || len(codes) > 20 {
				return wrong("intake.bad.region_small", "place", g.Name)
			}
			t.s.Narrow = codes
			return wrong("intake.bad.region_which", "place", g.Name)
		}
		h.answer = Answer{Value: g.Code, Text: text, Source: Said}
		return h
	}
	if len(codes) > 1 && len(codes) <= 12 {
		t.s.Narrow = codes
		return wrong("intake.bad.region_many")
	}
	return wrong("intake.bad.region")
}

// children is the codes of the places directly under code at a level, sorted.
func (r *Regions) children(code string, level int) []string {
	var out []string
	for c, g := range r.byCode {
		if g.Level == level && g.Parent == code && g.Kind != "statistical_zone" && g.Kind != "other" {
			out = append(out, c)
		}
	}
	slices.Sort(out)
	return out
}
