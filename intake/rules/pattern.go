package rules

import (
	"fmt"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// A pattern is a row of elements separated by blanks:
//
//	打|揍        any of these words         @hit      any word of the class hit
//	@asp?        may be missing             !@hit     must not be denied (没打我)
//	_6           up to 6 characters between, within the clause      __20   across clauses
//	гал+түймэр   + stands for a blank       sos$      ends a written word
//
// Words in letters begin a written word. Without a gap the next element follows at once.
type pattern struct {
	elems []elem
	rule  int32
}

type elem struct {
	class int32
	gap   int32
	cross bool
	deny  bool // must not be denied
}

// compiler collects words and patterns and makes the matcher of them.
type compiler struct {
	classes map[string]int32
	names   []string
	words   map[string]*word
	order   []string
	fold    func(string) string
	simple  map[rune]rune
}

func newCompiler(fold func(string) string, simple map[rune]rune) *compiler {
	return &compiler{classes: map[string]int32{}, words: map[string]*word{}, fold: fold, simple: simple}
}

func (c *compiler) class(name string) int32 {
	id, ok := c.classes[name]
	if !ok {
		id = int32(len(c.names))
		c.classes[name] = id
		c.names = append(c.names, name)
	}
	return id
}

// add makes lit a word of the class.
func (c *compiler) add(lit string, class int32) error {
	whole := strings.HasSuffix(lit, "$")
	body := strings.ReplaceAll(strings.TrimSuffix(lit, "$"), "+", " ")
	if body == "" {
		return fmt.Errorf("empty word")
	}
	if strings.ContainsFunc(body, isMongolian) {
		body = markMongolian(c.fold(body))
	}
	runes, _ := normal(nil, nil, body, c.simple)
	if len(runes) == 0 {
		return fmt.Errorf("word %q has no letters", lit)
	}
	key := string(runes)
	if whole {
		key += "$"
	}
	w := c.words[key]
	if w == nil {
		w = &word{text: runes, head: isLetter(runes[0]), whole: whole}
		c.words[key] = w
		c.order = append(c.order, key)
	}
	if !slices.Contains(w.classes, class) {
		w.classes = append(w.classes, class)
	}
	return nil
}

// compile reads one pattern; optional elements make several.
func (c *compiler) compile(src string, rule int32) ([]pattern, error) {
	out := []pattern{{rule: rule}}
	gap, cross := int32(0), false
	for _, tok := range strings.Fields(src) {
		if strings.HasPrefix(tok, "_") {
			digits := strings.TrimLeft(tok, "_")
			n, err := strconv.Atoi(digits)
			if err != nil || n < 0 || n > 60 {
				return nil, fmt.Errorf("pattern %q: bad gap %q", src, tok)
			}
			gap, cross = int32(n), len(tok)-len(digits) > 1
			continue
		}
		optional := strings.HasSuffix(tok, "?")
		tok = strings.TrimSuffix(tok, "?")
		deny := strings.HasPrefix(tok, "!")
		tok = strings.TrimPrefix(tok, "!")
		id, err := c.element(tok)
		if err != nil {
			return nil, fmt.Errorf("pattern %q: %w", src, err)
		}
		e := elem{class: id, gap: gap, cross: cross, deny: deny}
		n := len(out)
		for i := 0; i < n; i++ {
			with := out[i]
			with.elems = append(slices.Clone(with.elems), e)
			if optional {
				out = append(out, with)
			} else {
				out[i] = with
			}
		}
		if !optional { // a gap before a missing element still counts for the one after it
			gap, cross = 0, false
		}
	}
	for _, p := range out {
		if len(p.elems) == 0 {
			return nil, fmt.Errorf("pattern %q has no words", src)
		}
	}
	return out, nil
}

// element is the class of one token: @class itself, or a class made for its alternatives.
func (c *compiler) element(tok string) (int32, error) {
	parts := strings.Split(tok, "|")
	if len(parts) == 1 && strings.HasPrefix(tok, "@") {
		id, ok := c.classes[tok[1:]]
		if !ok {
			return 0, fmt.Errorf("unknown word class %s", tok)
		}
		return id, nil
	}
	id := c.class("=" + tok)
	for _, p := range parts {
		if !strings.HasPrefix(p, "@") {
			if err := c.add(p, id); err != nil {
				return 0, err
			}
			continue
		}
		sub, ok := c.classes[p[1:]]
		if !ok {
			return 0, fmt.Errorf("unknown word class %s", p)
		}
		for _, key := range c.order {
			if w := c.words[key]; slices.Contains(w.classes, sub) && !slices.Contains(w.classes, id) {
				w.classes = append(w.classes, id)
			}
		}
	}
	return id, nil
}

// automaton of all words added so far.
func (c *compiler) automaton() *automaton {
	words := make([]word, 0, len(c.order))
	for _, key := range c.order {
		words = append(words, *c.words[key])
	}
	return newAutomaton(words)
}

// byFirst orders patterns so that those that begin with a class lie together.
func byFirst(ps []pattern, classes int) [][]pattern {
	out := make([][]pattern, classes)
	for _, p := range ps {
		out[p.elems[0].class] = append(out[p.elems[0].class], p)
	}
	for _, list := range out {
		sort.SliceStable(list, func(i, j int) bool { return list[i].rule < list[j].rule })
	}
	return out
}

// mongMark begins every folded word of traditional Mongolian, so that a key never looks like a Latin word.
const mongMark = '\u182E'

func markMongolian(keys string) string {
	var b strings.Builder
	for _, k := range strings.Fields(keys) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		stem, _, _ := strings.Cut(k, "-") // suffixes written apart tell nothing here
		b.WriteRune(mongMark)
		b.WriteString(stem)
	}
	return b.String()
}
