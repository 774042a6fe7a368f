package document

import (
	"fmt"
	"slices"
	"strings"

	"heshi/caselib"
	"heshi/intake"
)

// Lint lists what is wrong with the templates and clauses: placeholders that name no field, value or entry, rows that
// do not fill the width, articles that are unknown or not read well enough to be quoted, blocks that say nothing, kinds
// without a template.
func Lint(book *intake.Book, lib *caselib.Library) []intake.Problem {
	all, err := templates()
	if err != nil {
		return []intake.Problem{{Where: "templates", What: err.Error(), Fix: "correct the file"}}
	}
	l := &linter{book: book, lib: lib, names: map[string]bool{}}
	for _, n := range systemNames() {
		l.names[n] = true
	}
	for _, t := range all {
		for _, x := range t.Staff {
			l.names[x.ID] = true
			if !slices.Contains([]string{"text", "date", "money"}, x.Type) || x.Label == "" {
				l.say(string(t.Kind)+": "+x.ID, "a value of staff needs a label and a type text, date or money", "give both")
			}
			if _, ok := book.Field(x.ID); ok {
				l.say(string(t.Kind)+": "+x.ID, "is the id of a field of the forms", "use another id")
			}
		}
	}
	for _, kind := range order() {
		t := all[kind]
		if t == nil {
			l.say(string(kind), "has no template", "write templates/"+string(kind)+".yaml")
			continue
		}
		l.template(t)
	}
	for kind := range all {
		if !slices.Contains(order(), kind) {
			l.say(string(kind), "is no known document", "add the kind or remove the file")
		}
	}
	bans, err := clauses()
	if err != nil {
		l.say("clauses.yaml", err.Error(), "correct the file")
	}
	for _, b := range bans {
		if len(b.Law) == 0 || len(b.re) == 0 || b.What == "" || b.Fix == "" || (b.Level != Stop && b.Level != Ask) {
			l.say("clauses.yaml: "+b.ID, "needs level, law, what, fix and patterns", "complete it")
		}
		for _, key := range b.Law {
			l.article("clauses.yaml: "+b.ID, key, true)
		}
	}
	slices.SortFunc(l.out, func(a, b intake.Problem) int { return strings.Compare(a.Where+a.What, b.Where+b.What) })
	return l.out
}

type linter struct {
	book  *intake.Book
	lib   *caselib.Library
	names map[string]bool
	out   []intake.Problem
}

func (l *linter) say(where, what, fix string) {
	l.out = append(l.out, intake.Problem{Where: where, What: what, Fix: fix})
}

// systemNames is the values that are neither fields nor of staff.
func systemNames() []string {
	return []string{"no", "office", "office_phone", "office_address", "date", "received", "draft", "type", "bilingual", "clocks", "terms",
		"terms_total", "materials_count", "applicant_names", "respondent_names"}
}

// entryNames is what an entry of a list has.
func entryNames(of string) []string {
	names := map[string][]string{
		"terms":     {"text", "debtor", "creditor", "subject", "amount", "mode", "due", "account", "late", "done"},
		"materials": {"name", "kind", "pages", "form", "at", "sum", "note"},
		"contents":  {"name", "pages", "note"},
		"clocks":    {"name", "due", "phrase"},
	}
	party := []string{"role", "name", "sex", "ethnic", "birth", "id", "job", "phone", "address", "code", "legal", "agent", "agent_scope"}
	for _, k := range []string{"applicants", "respondents", "parties"} {
		names[k] = party
	}
	if names[of] == nil {
		return nil
	}
	return append(names[of], "n", "cn", "ord")
}

func (l *linter) template(t *template) {
	where := string(t.Kind)
	if t.Title == "" || t.Code == "" || t.Version < 1 || len(t.Law) == 0 || len(t.Blocks) == 0 {
		l.say(where, "needs a title, a code, a version, articles and blocks", "complete it")
	}
	for _, key := range t.Law {
		l.article(where, key, false)
	}
	l.text(where, t.Number, "")
	for i, b := range t.Blocks {
		at := fmt.Sprintf("%s: block %d", where, i+1)
		l.block(at, b)
	}
}

func (l *linter) block(at string, b block) {
	parts := 0
	for _, there := range []bool{b.Para != "", len(b.Items) > 0, len(b.Table) > 0, b.List != nil, len(b.Sign) > 0, b.Break} {
		if there {
			parts++
		}
	}
	if parts > 1 || (parts == 0 && b.Heading == "") {
		l.say(at, "must have one of para, items, table, list, sign, break", "split or complete it")
	}
	if b.Each != "" && entryNames(b.Each) == nil {
		l.say(at, "repeats the unknown list "+b.Each, "use a list there is")
	}
	if b.Align != "" && !slices.Contains([]string{"body", "plain", "center", "right", "small", "giant"}, b.Align) {
		l.say(at, "unknown align "+b.Align, "use body, plain, center, right, small or giant")
	}
	for _, name := range []string{b.When, b.Unless} {
		if name != "" {
			l.name(at, name, "")
		}
	}
	for _, s := range append(append([]string{b.Heading, b.Para}, b.Items...), b.Sign...) {
		l.text(at, s, b.Each)
	}
	for i, cells := range b.Table {
		width := 0
		for _, c := range cells {
			width += c.Width
			l.text(at, c.Label, b.Each)
			l.text(at, c.Value, b.Each)
			if c.Width < c.labelWidth() {
				l.say(at, "cell "+c.Label+" is narrower than its label", "widen it")
			}
		}
		if width != grid {
			l.say(fmt.Sprintf("%s: row %d", at, i+1), fmt.Sprintf("is %d columns wide", width), fmt.Sprintf("make it %d", grid))
		}
	}
	if b.List != nil {
		width := 0
		for _, c := range b.List.Columns {
			width += c.Width
			l.text(at, c.Value, b.List.Of)
		}
		if width != grid || entryNames(b.List.Of) == nil {
			l.say(at, fmt.Sprintf("list of %s is %d columns wide", b.List.Of, width), fmt.Sprintf("use a list there is and %d columns", grid))
		}
	}
}

func (l *linter) text(at, s, each string) {
	_, slots := parse(s)
	for _, x := range slots {
		if x.article != "" {
			l.article(at, x.article, true)
			continue
		}
		for _, name := range x.names {
			l.name(at, name, each)
		}
	}
	if strings.Count(s, "{") != strings.Count(s, "}") {
		l.say(at, "an unclosed brace", "close it")
	}
}

func (l *linter) name(at, name, each string) {
	if key, ok := strings.CutPrefix(name, "."); ok {
		if !slices.Contains(entryNames(each), key) {
			l.say(at, "an entry of "+each+" has no "+key, "use a key it has")
		}
		return
	}
	if _, ok := l.book.Field(name); ok || l.names[name] || strings.HasPrefix(name, "clock:DL") {
		return
	}
	l.say(at, "{"+name+"} is no field, no value of staff and no value of the system", "correct the name")
}

// article checks that an article exists, and, where it is quoted to people, that its text was read.
func (l *linter) article(at, key string, quoted bool) {
	src, k, err := l.lib.Article(key)
	switch {
	case err != nil || k.Article == 0:
		l.say(at, "there is no article "+key, "correct the key")
	case quoted && !strings.HasPrefix(src.Status, "text_checked"):
		l.say(at, "the text of "+key+" was not read and may not be quoted", "leave the number out")
	}
}
