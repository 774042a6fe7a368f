package intake

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

func (e orExpr) eval(f facts) bool {
	return slices.ContainsFunc(e, func(x expr) bool { return x.eval(f) })
}

func (e andExpr) eval(f facts) bool {
	return !slices.ContainsFunc(e, func(x expr) bool { return !x.eval(f) })
}

func (e notExpr) eval(f facts) bool  { return !e.e.eval(f) }
func (e nameExpr) eval(f facts) bool { return f.is(string(e)) }
func (e sensExpr) eval(f facts) bool { return f.sensitive(string(e)) }

func (e testExpr) eval(f facts) bool {
	if v, ok := f.word(e.id); ok {
		return compareWords(e, []string{v}, nil)
	}
	return compareWords(e, f.values(e.id), f.field(e.id))
}

func compareWords(e testExpr, have []string, field *Field) bool {
	switch e.op {
	case "is empty":
		return len(have) == 0
	case "not empty":
		return len(have) > 0
	case "!=":
		return !anyEqual(e.words, have, field)
	case "==", "in", "contains":
		return anyEqual(e.words, have, field)
	}
	if len(have) == 0 {
		return false
	}
	a, err := strconv.ParseFloat(have[0], 64)
	if err != nil {
		return false
	}
	b, err := strconv.ParseFloat(e.words[0], 64)
	if err != nil {
		return false
	}
	switch e.op {
	case ">=":
		return a >= b
	case "<=":
		return a <= b
	case ">":
		return a > b
	}
	return a < b
}

func anyEqual(words, have []string, field *Field) bool {
	for _, w := range words {
		for _, h := range have {
			if h == w {
				return true
			}
			if field == nil {
				continue
			}
			if field.Type == "taxonomy" && strings.HasPrefix(h, w+"-") {
				return true
			}
			if o, ok := field.Option(h); ok && o.Label == w {
				return true
			}
		}
	}
	return false
}

func (e orExpr) check(b *Book) []string  { return checkAll(b, e) }
func (e andExpr) check(b *Book) []string { return checkAll(b, e) }
func (e notExpr) check(b *Book) []string { return e.e.check(b) }

func checkAll(b *Book, all []expr) (out []string) {
	for _, e := range all {
		out = append(out, e.check(b)...)
	}
	return out
}

func (e sensExpr) check(*Book) []string {
	if len(e) == 2 && e[0] == 'S' && e[1] >= '0' && e[1] <= '3' {
		return nil
	}
	return []string{fmt.Sprintf("%s is no level of sensitivity", string(e))}
}

func (e nameExpr) check(b *Book) []string {
	switch e {
	case "safety_hold", "before_submit":
		return nil
	}
	if _, ok := b.varText[string(e)]; ok {
		return nil
	}
	return []string{fmt.Sprintf("%s is no system variable", string(e))}
}

func (e testExpr) check(b *Book) (out []string) {
	if e.id == "stage" || e.id == "safety_hold" {
		return nil
	}
	f, ok := b.byID[e.id]
	if !ok {
		return []string{fmt.Sprintf("there is no field %s", e.id)}
	}
	if f.Type == "taxonomy" {
		for _, w := range e.words {
			if _, ok := b.types[w]; !ok {
				out = append(out, fmt.Sprintf("there is no dispute type %s", w))
			}
		}
		return out
	}
	if len(f.Options) == 0 {
		return nil
	}
	for _, w := range e.words {
		if _, ok := f.optionByLabel(w); !ok {
			out = append(out, fmt.Sprintf("%s has no option %s", e.id, w))
		}
	}
	return out
}
