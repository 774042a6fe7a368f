package intake

import (
	"regexp"
	"slices"
	"strings"
)

// How people correct themselves. The first group, where there is one, names what is wrong; the last what is right.
var (
	changeTo = regexp.MustCompile(`^(?:把|将)?(.{1,12}?)(?:应该)?(?:改成|改为|改到|换成|更正为|应该是|应为)\s*(.+)$`)
	notButIs = regexp.MustCompile(`^(.{1,12}?)(?:不对|错了|说错了|写错了|填错了)[，,。\s]*(?:应该)?(?:是|为|改成)?\s*(.+)$`)
	wrongIs  = regexp.MustCompile(`^(?:不对|错了|说错了|写错了|我说错了|刚才说错了|刚才写错了|更正|更正一下)[，,。：:\s]*(?:应该)?(?:是|为|改成)?\s*(.+)$`)
	wrongAll = regexp.MustCompile(`^(?:(.{1,12}?)(?:不对|错了|说错了|写错了|填错了|有误))$`)
	changeIt = regexp.MustCompile(`^(?:我要|我想|要)?(?:修改|更改|更正|改一下|改|засах)\s*(?:一下)?\s*(.{1,20})$`)
)

// correct handles a reply that corrects an earlier answer, and reports whether it was one.
func (t *turn) correct(text string) bool {
	reply := strings.TrimSpace(text)
	if says(t.b.words.Edit, reply) && !t.isOption(reply) {
		t.offerPick()
		return true
	}
	if m := wrongIs.FindStringSubmatch(reply); m != nil {
		if f := t.lastLike(m[1]); f != nil {
			return t.correctTo(f, m[1])
		}
		return false
	}
	for _, shape := range []*regexp.Regexp{changeTo, notButIs} {
		if m := shape.FindStringSubmatch(reply); m != nil {
			if f := t.namedField(m[1]); f != nil {
				return t.correctTo(f, m[2])
			}
		}
	}
	for _, shape := range []*regexp.Regexp{changeIt, wrongAll} {
		if m := shape.FindStringSubmatch(fold(reply)); m != nil {
			if f := t.namedField(m[1]); f != nil {
				t.edit(f)
				return true
			}
			if f, value := t.namedStart(m[1]); f != nil && value != "" {
				return t.correctTo(f, value)
			}
		}
	}
	return false
}

// isOption reports whether a reply is a choice of the question on the table, 不对 of 对/不对.
func (t *turn) isOption(reply string) bool {
	f := t.index[t.s.Asking]
	if f == nil || t.s.Stage != Asking {
		return false
	}
	return slices.ContainsFunc(t.options(f), func(o Option) bool { return slices.Contains(o.forms(), fold(reply)) })
}

// correctTo gives a field a new value from the words of a correction.
func (t *turn) correctTo(f *Field, value string) bool {
	asking := t.s.Asking
	h := t.parse(f, value, t.in.Values)
	t.s.Narrow = nil
	if h.ask == "" {
		h.answer.Value = t.sameYear(f, value, h.answer.Value)
	}
	if h.ask != "" {
		t.edit(f)
		t.bad(f, h)
		return true
	}
	same := t.b.show(f, t.s.Answers[f.ID]) == t.b.show(f, h.answer)
	t.put(f, h.answer)
	t.fillBeside(f, h, Said)
	if same {
		t.say("ack", "intake.noted", "label", f.Label, "value", t.b.show(f, h.answer))
	}
	before := t.b.modules(t.s.Types[:min(1, len(t.s.Types))])
	t.settle()
	t.sayChanges()
	if t.s.Stage == Asking && asking != f.ID && slices.Equal(before, t.s.Modules) {
		if g := t.index[asking]; g != nil && t.visible(g) {
			t.s.Asking = asking
			t.question(g)
			return true
		}
	}
	switch {
	case t.s.Stage == Confirm:
		t.confirm()
	case len(t.alarms) > 0:
	default:
		if t.s.Stage == Review || t.s.Stage == Consent || t.s.Stage == Declined {
			t.s.Return = Review
		}
		t.proceed()
	}
	return true
}

// yearSaid finds that a date was given with its year, in figures or in words.
var yearSaid = regexp.MustCompile(`\d{4}|年|前天|昨天|今天|上个?月|这个?月|上周|本月`)

// sameYear keeps the year of the date that is corrected where only month and day are: "不对，是5月" of June 2025 is May 2025.
func (t *turn) sameYear(f *Field, said, date string) string {
	old := t.s.Answers[f.ID].Value
	if (f.Type != "date" && f.Type != "datetime") || yearSaid.MatchString(said) || len(old) < 4 || len(date) < 5 || strings.Contains(date, "/") || !ValidDate(old) {
		return date
	}
	if moved := begins(old)[:4] + date[4:]; ValidDate(moved) {
		return moved
	}
	return date
}

// sayChanges says what changed, old beside new.
func (t *turn) sayChanges() {
	for _, c := range t.changes {
		switch {
		case c.Old == "" && c.New == "":
		case c.New == "":
			t.say("ack", "intake.reopened", "label", c.Label, "old", c.Old)
		case c.Old == "":
			t.say("ack", "intake.noted", "label", c.Label, "value", c.New)
		default:
			t.say("ack", "intake.changed", "label", c.Label, "old", c.Old, "new", c.New)
		}
	}
}

// namedField is the field a person names: by label, by one of its words, or by the beginning of its label. Of
// several, an answered one is meant, and of those the one answered last.
func (t *turn) namedField(name string) *Field {
	name = fold(name)
	for _, lead := range []string{"刚才的", "刚才", "前面的", "我的", "那个", "把", "上面的"} {
		name = strings.TrimPrefix(name, lead)
	}
	for _, tail := range []string{"那一项", "那项", "这项", "一项", "那个"} {
		name = strings.TrimSuffix(name, tail)
	}
	if name == "" {
		return nil
	}
	return t.best(func(f *Field) int {
		for _, w := range append([]string{f.Label}, f.Words...) {
			switch w = fold(w); {
			case w == name:
				return 3
			case len([]rune(name)) >= 2 && strings.Contains(w, name), len([]rune(w)) >= 2 && strings.HasSuffix(name, w):
				return 1
			}
		}
		return 0
	})
}

// namedStart splits "金额9000" into the field and what follows its name.
func (t *turn) namedStart(text string) (*Field, string) {
	longest, rest := 0, ""
	f := t.best(func(f *Field) int {
		for _, w := range append([]string{f.Label}, f.Words...) {
			if after, ok := strings.CutPrefix(text, fold(w)); ok && len(w) >= longest {
				longest, rest = len(w), after
				return len(w)
			}
		}
		return 0
	})
	return f, strings.TrimSpace(strings.TrimLeft(rest, "是为：:, ，"))
}

// best is the field with the highest score; ties go to answered fields, then to the one answered last.
func (t *turn) best(score func(*Field) int) *Field {
	var found *Field
	top := 0
	for _, f := range t.fields {
		if !f.Askable() || !t.visible(f) {
			continue
		}
		n := score(f)
		if n == 0 {
			continue
		}
		n *= 1000
		if a, ok := t.s.Answers[f.ID]; ok {
			n += 100
			if a.Source != Default && a.Source != Derived {
				n += 200
			}
		}
		n += slices.Index(t.s.Trail, f.ID) + 1
		if n > top {
			found, top = f, n
		}
	}
	return found
}

// lastLike is the field that "no, it is …" means: the one answered last that can hold such a value, else the one
// answered last of all.
func (t *turn) lastLike(value string) *Field {
	kind := ""
	if _, n := sole(t.in.Values, KindMoney); n > 0 {
		kind = "money"
	} else if _, n := sole(t.in.Values, KindDate); n > 0 {
		kind = "date"
	} else if _, ok := ParseDate(value, t.in.Now); ok {
		kind = "date"
	} else if _, ok := ParseMoney(value); ok && strings.ContainsAny(value, "元块万千") {
		kind = "money"
	} else if len(t.b.regions.Find(value)) > 0 {
		kind = "region"
	} else if ValidPhone(digitsOf(value)) {
		kind = "phone"
	}
	var order []string
	for _, f := range t.fields { // what the story gave counts as answered before everything else
		if a, ok := t.s.Answers[f.ID]; ok && (a.Source == Extracted || a.Source == Confirmed || a.Source == Said) && !slices.Contains(t.s.Trail, f.ID) {
			order = append(order, f.ID)
		}
	}
	order = append(order, t.s.Trail...)
	for i := len(order) - 1; i >= 0; i-- {
		f := t.index[order[i]]
		if f == nil || !t.visible(f) || !f.Askable() {
			continue
		}
		like := f.Type == kind || (kind == "date" && f.Type == "datetime")
		if kind == "" {
			like = t.parse(f, value, nil).ask == ""
			t.s.Narrow = nil
		}
		if like {
			return f
		}
	}
	return nil
}
