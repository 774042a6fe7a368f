package intake

import (
	"slices"
	"strings"
)

// unreachable is the fields that no file of any flow and dispute type can ever show, by form and id. The forms of
// staff are not looked at.
func (b *Book) unreachable() []string {
	reached := map[*Field]bool{}
	for _, flow := range sortedKeys(b.flows) {
		for _, code := range append(sortedKeys(b.types), "") {
			s := Session{Form: flow, Versions: map[string]int{}}
			if code != "" {
				s.Modules = b.modules([]string{code})
			}
			fields := b.plan(s)
			for _, f := range fields {
				if !reached[f] && b.may(f.form.showIf, code, fields) && b.may(f.showIf, code, fields) {
					reached[f] = true
				}
			}
		}
	}
	var out []string
	for _, code := range sortedKeys(b.forms) {
		for _, f := range b.forms[code][b.latest[code]].Fields {
			if !reached[f] && code != "F2" {
				out = append(out, code+"."+f.ID)
			}
		}
	}
	return out
}

// may reports whether a condition could hold in a file of a dispute type with these fields. It takes every answer
// for possible but the type, which is fixed.
func (b *Book) may(e expr, code string, fields []*Field) bool {
	switch e := e.(type) {
	case orExpr:
		return slices.ContainsFunc(e, func(x expr) bool { return b.may(x, code, fields) })
	case andExpr:
		return !slices.ContainsFunc(e, func(x expr) bool { return !b.may(x, code, fields) })
	case nameExpr:
		return b.may(b.vars[string(e)], code, fields)
	case testExpr:
		if e.op == "!=" || e.op == "is empty" || e.id == "stage" || e.id == "safety_hold" {
			return true
		}
		if e.id == "d_type" {
			return slices.ContainsFunc(e.words, func(w string) bool { return code == w || strings.HasPrefix(code, w+"-") })
		}
		return slices.ContainsFunc(fields, func(f *Field) bool { return f.ID == e.id })
	}
	return true
}
