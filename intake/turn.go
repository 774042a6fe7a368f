package intake

import (
	"maps"
	"slices"
	"sort"
	"strings"
	"time"
)

// turn is one step being taken: the session as it changes and what there is to say.
type turn struct {
	b       *Book
	s       Session
	in      Input
	fields  []*Field          // the plan, in form order
	index   map[string]*Field // of the plan
	says    []Say
	changes []Change
	alarms  []string
	done    bool
	paused  bool
}

func (b *Book) turn(s Session, in Input) *turn {
	t := &turn{b: b, s: clone(s), in: in}
	if in.Lang != "" {
		t.s.Lang = in.Lang
	}
	t.replan()
	return t
}

// clone copies what a step may change, so that the session given stays as it was.
func clone(s Session) Session {
	s.Answers = maps.Clone(s.Answers)
	if s.Answers == nil {
		s.Answers = map[string]Answer{}
	}
	s.Versions = maps.Clone(s.Versions)
	if s.Versions == nil {
		s.Versions = map[string]int{}
	}
	for _, list := range []*[]string{&s.Modules, &s.Types, &s.Asked, &s.Trail, &s.Picked, &s.Narrow, &s.Offered, &s.Lines, &s.Flags, &s.Noticed} {
		*list = slices.Clone(*list)
	}
	s.History, s.Consents = slices.Clone(s.History), slices.Clone(s.Consents)
	s.Evidence = slices.Clone(s.Evidence)
	return s
}

func (t *turn) outcome() Outcome {
	return Outcome{Session: t.s, Says: t.says, Done: t.done, Paused: t.paused, Changes: t.changes, Alarms: t.alarms}
}

func (t *turn) replan() {
	for _, code := range t.s.Modules {
		if t.s.Versions[code] == 0 {
			t.s.Versions[code] = t.b.latest[code]
		}
	}
	t.fields = t.b.plan(t.s)
	t.index = make(map[string]*Field, len(t.fields))
	for _, f := range t.fields {
		t.index[f.ID] = f
	}
}

// The facts that conditions ask about.

func (t *turn) field(id string) *Field {
	if f, ok := t.index[id]; ok {
		return f
	}
	return t.b.byID[id]
}

func (t *turn) values(id string) []string {
	a, ok := t.s.Answers[id]
	if !ok || a.Unknown {
		return nil
	}
	if f, planned := t.index[id]; planned && f.showIf == nil && f.form.showIf == nil {
		return a.all()
	}
	if f, planned := t.index[id]; !planned || !t.visible(f) {
		return nil // what is out of sight decides nothing
	}
	return a.all()
}

func (a Answer) all() []string {
	if len(a.Values) > 0 {
		return a.Values
	}
	if a.Value != "" {
		return []string{a.Value}
	}
	return nil
}

func (t *turn) is(name string) bool {
	switch name {
	case "safety_hold":
		return slices.Contains(t.s.Flags, "safety_hold")
	case "before_submit":
		return t.s.Stage == Consent || t.s.Stage == Submitted
	}
	if e := t.b.vars[name]; e != nil {
		return e.eval(t)
	}
	return false
}

func (t *turn) word(name string) (string, bool) {
	switch name {
	case "stage":
		return string(t.s.Stage), true
	case "safety_hold":
		if t.is(name) {
			return "true", true
		}
		return "false", true
	}
	return "", false
}

func (t *turn) sensitive(level string) bool {
	for _, f := range t.fields {
		if a, ok := t.s.Answers[f.ID]; ok && !a.Unknown && a.Source != Default && a.Source != Derived && f.Sens >= level {
			return true
		}
	}
	return false
}

// visible reports whether a field applies, given the answers so far.
func (t *turn) visible(f *Field) bool {
	return (f.form.showIf == nil || f.form.showIf.eval(t)) && (f.showIf == nil || f.showIf.eval(t))
}

// settle brings everything that follows from the answers up to date: modules, derived values and defaults, places
// that no longer lie in their county. It is done when nothing changes any more.
func (t *turn) settle() {
	for range 6 {
		changed := t.settleModules()
		for _, f := range t.fields {
			a, had := t.s.Answers[f.ID]
			if had && a.Source != Default && a.Source != Derived {
				changed = t.settleWithin(f, a) || changed
				continue
			}
			v, src, ok := t.follows(f)
			switch {
			case !ok && had:
				delete(t.s.Answers, f.ID)
				changed = true
			case ok && (!had || !slices.Equal(a.all(), v) || a.Source != src):
				t.s.Answers[f.ID] = answerOf(f, v, src, t.in.Now)
				changed = true
			}
		}
		if !changed {
			return
		}
	}
}

func answerOf(f *Field, v []string, src Source, at time.Time) Answer {
	a := Answer{Source: src, At: at}
	if f.Type == "multi" || strings.HasPrefix(f.Type, "list") {
		a.Values = v
	} else {
		a.Value = strings.Join(v, "；")
	}
	return a
}

func (t *turn) settleModules() bool {
	if a, ok := t.s.Answers["d_type"]; ok && a.Value != "" && (len(t.s.Types) == 0 || t.s.Types[0] != a.Value) {
		t.s.Types = slices.DeleteFunc(t.s.Types, func(c string) bool { return c == a.Value })
		t.s.Types = slices.Insert(t.s.Types, 0, a.Value)
	}
	modules := t.b.modules(t.s.Types[:min(1, len(t.s.Types))])
	if slices.Equal(modules, t.s.Modules) {
		return false
	}
	t.s.Modules = modules
	t.replan()
	return true
}

// settleWithin drops a place that its county no longer contains.
func (t *turn) settleWithin(f *Field, a Answer) bool {
	if f.Within == "" || a.Value == "" {
		return false
	}
	county := t.values(f.Within)
	if len(county) == 0 || t.b.regions.Within(a.Value, county[0]) {
		return false
	}
	t.record(f, a, Answer{Source: Derived})
	delete(t.s.Answers, f.ID)
	return true
}

// follows is the value of a field that nobody gave: derived, known to the channel's language, or by default.
func (t *turn) follows(f *Field) ([]string, Source, bool) {
	if (len(f.Derive) == 0 && f.Default == "" && f.Profile != "lang") || !t.visible(f) {
		return nil, "", false
	}
	if f.Profile == "lang" {
		if _, ok := f.Option(t.s.Lang); ok {
			return []string{t.s.Lang}, Default, true
		}
	}
	for _, rule := range f.Derive {
		if rule.when != nil && !rule.when.eval(t) {
			continue
		}
		if v, ok := t.derived(f, rule.Value); ok {
			return v, Derived, true
		}
	}
	if f.Default == "" || (f.askIf != nil && f.askIf.eval(t)) {
		return nil, "", false
	}
	if o, ok := f.optionByLabel(f.Default); ok {
		return []string{o.ID}, Default, true
	}
	return []string{f.Default}, Default, true
}

func (t *turn) derived(f *Field, value string) ([]string, bool) {
	if id, ok := strings.CutPrefix(value, "$"); ok {
		v := t.values(id)
		if id == "aid" && len(t.s.Types) > 0 && t.b.types[t.s.Types[0]].Aid != "" {
			v = []string{t.b.types[t.s.Types[0]].Aid}
		}
		return v, len(v) > 0
	}
	if o, ok := f.optionByLabel(value); ok {
		return []string{o.ID}, true
	}
	for strings.Contains(value, "{") {
		open := strings.IndexByte(value, '{')
		shut := strings.IndexByte(value[open:], '}')
		if shut < 0 {
			return nil, false
		}
		id := value[open+1 : open+shut]
		from := t.field(id)
		if from == nil || len(t.values(id)) == 0 {
			return nil, false
		}
		value = value[:open] + strings.NewReplacer("{", "（", "}", "）").Replace(t.b.show(from, t.s.Answers[id])) + value[open+shut+1:]
	}
	return []string{value}, value != ""
}

// next is the field to ask now, nil when there is none. The limit of the flow counts different questions; in the
// optional round it no longer holds.
func (t *turn) next() *Field {
	var want []*Field
	full := len(t.s.Asked) >= t.b.flows[t.s.Form].Limit
	for _, f := range t.fields {
		if _, answered := t.s.Answers[f.ID]; answered || !f.Askable() || !t.visible(f) {
			continue
		}
		core := f.From == FromAsk || (f.From == FromDefault && f.askIf != nil)
		if f.askIf != nil && !f.askIf.eval(t) {
			continue
		}
		if (core && !full) || (t.s.More && (core || f.Need > 0 || f.Req == "Y")) {
			want = append(want, f)
		}
	}
	if len(want) == 0 {
		return nil
	}
	sort.SliceStable(want, func(i, j int) bool { return want[i].order() < want[j].order() })
	return want[0]
}

func (f *Field) order() int {
	if f.Need == 0 {
		return 1000
	}
	return f.Need
}

// record notes that a field got another value.
func (t *turn) record(f *Field, old, now Answer) {
	c := Change{Field: f.ID, Label: f.Label, By: now.Source, At: t.in.Now}
	if !old.Empty() {
		c.Old = t.b.show(f, old)
	}
	if !now.Empty() {
		c.New = t.b.show(f, now)
	}
	t.s.History = append(t.s.History, c)
	t.changes = append(t.changes, c)
}

// put stores an answer; a different earlier value that somebody gave goes to history.
func (t *turn) put(f *Field, a Answer) {
	old, had := t.s.Answers[f.ID]
	a.At = t.in.Now
	if had && old.Source != Default && old.Source != Derived || had && a.Source == Said {
		if t.b.show(f, old) != t.b.show(f, a) {
			t.record(f, old, a)
		}
	}
	t.s.Answers[f.ID] = a
	for _, id := range a.all() {
		o, ok := f.Option(id)
		if !ok {
			continue
		}
		if o.Alarm != "" && !slices.Contains(t.alarms, o.Alarm) {
			t.alarms = append(t.alarms, o.Alarm)
		}
	}
	t.reflag()
}

// reflag recomputes the flags that answers carry; those put on by others stay.
func (t *turn) reflag() {
	carried := map[string]bool{}
	for _, f := range t.fields {
		for _, o := range f.Options {
			if o.Flag == "" {
				continue
			}
			carried[o.Flag] = carried[o.Flag] || slices.Contains(t.s.Answers[f.ID].all(), o.ID)
		}
	}
	for _, flag := range sortedKeys(carried) {
		has := slices.Contains(t.s.Flags, flag)
		switch {
		case carried[flag] && !has:
			t.s.Flags = append(t.s.Flags, flag)
		case !carried[flag] && has:
			t.s.Flags = slices.DeleteFunc(t.s.Flags, func(f string) bool { return f == flag })
		}
	}
}

func (t *turn) say(kind, key string, args ...string) {
	s := Say{Key: key, Kind: kind}
	for i := 0; i+1 < len(args); i += 2 {
		if s.Args == nil {
			s.Args = map[string]string{}
		}
		s.Args[args[i]] = args[i+1]
	}
	t.says = append(t.says, s)
}

// offer puts buttons under the last thing said; they are what a number or a press may choose now.
func (t *turn) offer(buttons ...Button) {
	t.s.Offered = t.s.Offered[:0]
	for _, b := range buttons {
		t.s.Offered = append(t.s.Offered, b.ID)
	}
	if n := len(t.says); n > 0 {
		t.says[n-1].Buttons = buttons
	}
}
