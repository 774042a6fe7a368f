package intake

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// A condition compares answers, by field id:
//
//	or     = and { "or" and }
//	and    = not { "and" not }
//	not    = "not" "(" or ")" | "(" or ")" | test
//	test   = id ("==" | "!=" | ">=" | "<=" | ">" | "<") word
//	       | id "in" word { "," word } | id "contains" word | id "is" "empty" | id "not" "empty"
//	       | "any_field" "(" "sens" ">=" level ")" | name
//
// A word is an option's label or id, a number, or the code of a dispute type, which also stands for its subtypes.
// A name alone is a system variable: safety_hold, before_submit, or one of vars in flows.yaml. stage is compared
// like a field. An answer that is missing or unknown equals nothing and is empty.
type expr interface {
	eval(facts) bool
	check(*Book) []string // what is wrong with it
}

// facts is what a condition is asked about.
type facts interface {
	values(id string) []string       // of an answer, ids of options
	is(name string) bool             // a system variable
	word(name string) (string, bool) // a system variable with a value: stage
	sensitive(level string) bool     // some answered field is of this level or above
	field(id string) *Field
}

type (
	orExpr   []expr
	andExpr  []expr
	notExpr  struct{ e expr }
	nameExpr string
	sensExpr string
	testExpr struct {
		id, op string
		words  []string
	}
)

func parseExpr(text string) (expr, error) {
	toks, err := lexExpr(text)
	if err != nil {
		return nil, err
	}
	p := &exprParser{toks: toks, text: text}
	e, err := p.or()
	if err != nil {
		return nil, err
	}
	if p.i < len(p.toks) {
		return nil, p.fail("%q is left over", p.peek())
	}
	return e, nil
}

func lexExpr(text string) (toks []string, err error) {
	rs := []rune(text)
	for i := 0; i < len(rs); {
		switch r := rs[i]; {
		case unicode.IsSpace(r):
			i++
		case strings.ContainsRune("(),，", r):
			if r == '，' {
				r = ','
			}
			toks = append(toks, string(r))
			i++
		case strings.ContainsRune("=!<>", r):
			n := 1
			if i+1 < len(rs) && rs[i+1] == '=' {
				n = 2
			}
			op := string(rs[i : i+n])
			if op == "=" || op == "!" {
				return nil, fmt.Errorf("condition %q: %q is no operator", text, op)
			}
			toks = append(toks, op)
			i += n
		default:
			j := i
			for j < len(rs) && !unicode.IsSpace(rs[j]) && !strings.ContainsRune("(),，=!<>", rs[j]) {
				j++
			}
			toks = append(toks, string(rs[i:j]))
			i = j
		}
	}
	return toks, nil
}

type exprParser struct {
	toks []string
	i    int
	text string
}

func (p *exprParser) fail(format string, args ...any) error {
	return fmt.Errorf("condition %q: %s", p.text, fmt.Sprintf(format, args...))
}

func (p *exprParser) peek() string {
	if p.i < len(p.toks) {
		return p.toks[p.i]
	}
	return ""
}

func (p *exprParser) take(tok string) bool {
	if p.peek() == tok && tok != "" {
		p.i++
		return true
	}
	return false
}

func (p *exprParser) word() (string, error) {
	w := p.peek()
	switch {
	case w == "":
		return "", p.fail("it ends too early")
	case strings.ContainsAny(w, "(),=<>!"), w == "and", w == "or", w == "in", w == "contains", w == "is":
		return "", p.fail("a name or value is missing before %q", w)
	}
	p.i++
	return w, nil
}

func (p *exprParser) or() (expr, error) {
	all, err := p.chain("or", p.and)
	if len(all) == 1 || err != nil {
		return first(all), err
	}
	return orExpr(all), nil
}

func (p *exprParser) and() (expr, error) {
	all, err := p.chain("and", p.not)
	if len(all) == 1 || err != nil {
		return first(all), err
	}
	return andExpr(all), nil
}

// chain reads parts joined by one word.
func (p *exprParser) chain(word string, part func() (expr, error)) ([]expr, error) {
	var all []expr
	for more := true; more; more = p.take(word) {
		e, err := part()
		if err != nil {
			return nil, err
		}
		all = append(all, e)
	}
	return all, nil
}

func first(all []expr) expr {
	if len(all) == 0 {
		return nil
	}
	return all[0]
}

func (p *exprParser) not() (expr, error) {
	negated := p.take("not")
	if p.take("(") {
		e, err := p.or()
		if err != nil {
			return nil, err
		}
		if !p.take(")") {
			return nil, p.fail("a bracket is not closed")
		}
		if negated {
			return notExpr{e}, nil
		}
		return e, nil
	}
	if negated {
		return nil, p.fail("not needs a bracket: not(…)")
	}
	return p.test()
}

func (p *exprParser) test() (expr, error) {
	id, err := p.word()
	if err != nil {
		return nil, err
	}
	if id == "any_field" {
		if p.take("(") && p.take("sens") && p.take(">=") {
			level, err := p.word()
			if err != nil {
				return nil, err
			}
			if p.take(")") {
				return sensExpr(level), nil
			}
		}
		return nil, p.fail("any_field is written any_field(sens>=S2)")
	}
	switch op := p.peek(); op {
	case "==", "!=", ">=", "<=", ">", "<", "contains":
		p.i++
		w, err := p.word()
		if err != nil {
			return nil, err
		}
		if _, err := strconv.ParseFloat(w, 64); err != nil && strings.ContainsAny(op[:1], "<>") {
			return nil, p.fail("%s compares numbers, and %q is none", op, w)
		}
		return testExpr{id, op, []string{w}}, nil
	case "in":
		p.i++
		t := testExpr{id: id, op: "in"}
		for {
			w, err := p.word()
			if err != nil {
				return nil, err
			}
			t.words = append(t.words, w)
			if !p.take(",") {
				return t, nil
			}
		}
	case "is", "not":
		p.i++
		if !p.take("empty") {
			return nil, p.fail("after %q comes empty", op)
		}
		return testExpr{id: id, op: op + " empty"}, nil
	}
	return nameExpr(id), nil
}
