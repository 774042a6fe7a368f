package intake

import (
	"slices"
	"strconv"
	"strings"
)

// pickOption finds the option a reply means: its number, its words, the beginning of one, or the longest option
// named in the reply. Two that fit equally well are none.
func (t *turn) pickOption(options []Option, reply string) (Option, bool) {
	reply = fold(reply)
	if n, err := strconv.Atoi(strings.TrimRight(reply, "号、. ")); err == nil {
		if n >= 1 && n <= len(options) {
			return options[n-1], true
		}
	}
	if reply == "" {
		return Option{}, false
	}
	for _, o := range options {
		if slices.Contains(o.forms(), reply) {
			return o, true
		}
	}
	if o, ok := t.yesNo(options, reply); ok {
		return o, true
	}
	var best []Option
	longest := 0
	for _, o := range options {
		length := 0
		for _, form := range o.forms() {
			switch {
			case strings.HasPrefix(form, reply):
				length = max(length, len(reply))
			case len([]rune(form)) > 1 && strings.Contains(reply, form) && t.b.words.tells(reply, form):
				length = max(length, len(form))
			case len([]rune(form)) == 1 && strings.HasPrefix(reply, form):
				length = max(length, len(form))
			}
		}
		switch {
		case length == 0 || length < longest:
		case length > longest:
			best, longest = []Option{o}, length
		default:
			best = append(best, o)
		}
	}
	if len(best) == 1 {
		return best[0], true
	}
	return Option{}, false
}

// forms is every way of writing an option, folded.
func (o Option) forms() []string {
	out := []string{fold(o.Label)}
	for _, w := range append([]string{o.Mn.Cyrl, o.Mn.Mong}, o.Words...) {
		if w = fold(w); w != "" {
			out = append(out, w)
		}
	}
	return out
}

// yesNo answers a question of yes and no by the words for them.
func (t *turn) yesNo(options []Option, reply string) (Option, bool) {
	yes := slices.IndexFunc(options, func(o Option) bool { return o.ID == "yes" })
	no := slices.IndexFunc(options, func(o Option) bool { return o.ID == "no" })
	switch {
	case yes >= 0 && says(t.b.words.Yes, reply):
		return options[yes], true
	case no >= 0 && says(t.b.words.No, reply):
		return options[no], true
	}
	return Option{}, false
}

func (t *turn) parseChoice(f *Field, text string) heard {
	if o, ok := t.pickOption(f.Options, text); ok {
		return heard{answer: Answer{Value: o.ID, Text: text, Source: Said}}
	}
	return wrong("intake.bad.choice")
}

// parseMulti reads "1 3", "1、3", words with joints between them, or a sentence that names several options.
func (t *turn) parseMulti(f *Field, text string) heard {
	options := t.options(f)
	parts := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" 　,，、;；+/和及", r) })
	var picked []string
	clean := true
	for _, p := range parts {
		o, ok := t.pickOption(options, p)
		if !ok {
			clean = false
			break
		}
		picked = appendNew(picked, o.ID)
	}
	if !clean || len(parts) == 0 {
		picked = nil
		for _, o := range options {
			for _, form := range append(o.forms(), o.Story...) {
				if len([]rune(form)) > 1 && t.b.words.tells(fold(text), form) && !strings.HasPrefix(form, "没") {
					picked = appendNew(picked, o.ID)
				}
			}
		}
	}
	if len(picked) == 0 && says(t.b.words.No, text) {
		for _, o := range f.Options {
			if o.None {
				picked = []string{o.ID}
			}
		}
	}
	if len(picked) == 0 {
		return wrong("intake.bad.multi")
	}
	picked = append(slices.Clone(t.s.Picked), picked...)
	return heard{answer: Answer{Values: f.exclusive(picked), Text: text, Source: Said}}
}

// exclusive drops "none of these" when something is named beside it.
func (f *Field) exclusive(ids []string) []string {
	if len(ids) < 2 {
		return ids
	}
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool {
		o, ok := f.Option(id)
		return ok && o.None
	})
}

func appendNew(list []string, s string) []string {
	if slices.Contains(list, s) {
		return list
	}
	return append(list, s)
}

// parseType takes the dispute type the classifier found in the reply, or one named or numbered.
func (t *turn) parseType(f *Field, text string) heard {
	if o, ok := t.pickOption(t.options(f), text); ok {
		return heard{answer: Answer{Value: o.ID, Text: text, Source: Said}}
	}
	for _, code := range sortedKeys(t.b.types) {
		if fold(text) == fold(t.b.types[code].Name) {
			return heard{answer: Answer{Value: code, Text: text, Source: Said}}
		}
	}
	for _, code := range t.in.Types {
		if _, ok := t.b.types[code]; ok {
			return heard{answer: Answer{Value: code, Text: text, Source: Said}}
		}
	}
	return wrong("intake.bad.choice")
}
