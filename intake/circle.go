package intake

import "slices"

// mentions is the names a condition rests on: fields, and system variables written "var name".
func mentions(e expr) []string {
	switch e := e.(type) {
	case orExpr:
		return mentionsAll(e)
	case andExpr:
		return mentionsAll(e)
	case notExpr:
		return mentions(e.e)
	case nameExpr:
		return []string{"var " + string(e)}
	case testExpr:
		return []string{e.id}
	}
	return nil
}

func mentionsAll(all []expr) (out []string) {
	for _, e := range all {
		out = append(out, mentions(e)...)
	}
	return out
}

// circle is a chain of fields whose visibility rests on itself, empty when there is none. Such forms could not be
// evaluated.
func (b *Book) circle() []string {
	rests := map[string][]string{}
	for name, e := range b.vars {
		rests["var "+name] = mentions(e)
	}
	for _, code := range sortedKeys(b.forms) {
		for _, form := range b.forms[code] {
			for _, f := range form.Fields {
				rests[f.ID] = append(rests[f.ID], append(mentions(form.showIf), mentions(f.showIf)...)...)
			}
		}
	}
	state := map[string]int{} // 1 being visited, 2 done
	var path []string
	var visit func(string) []string
	visit = func(name string) []string {
		switch state[name] {
		case 1:
			return append(slices.Clone(path[slices.Index(path, name):]), name)
		case 2:
			return nil
		}
		state[name] = 1
		path = append(path, name)
		for _, next := range rests[name] {
			if found := visit(next); found != nil {
				return found
			}
		}
		state[name], path = 2, path[:len(path)-1]
		return nil
	}
	for _, name := range sortedKeys(rests) {
		if found := visit(name); found != nil {
			return found
		}
	}
	return nil
}
