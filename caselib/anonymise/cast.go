package anonymise

import (
	"fmt"
	"strings"
)

// figure is a person or an organisation that appears in the texts.
type figure struct {
	full  string // 张三, or 张 of whom only the surname is known
	short bool
	org   string // what is left of the organisation's name: 公司
	order int    // of appearance among its kind
	same  *figure
}

// cast is everybody who appears, in order of appearance.
type cast struct {
	a       *Anonymiser
	figures []*figure
	byName  map[string]*figure
	people  int
	orgs    int
}

func newCast(a *Anonymiser) *cast { return &cast{a: a, byName: map[string]*figure{}} }

func (c *cast) person(name string, short bool) *figure {
	key := "p " + name
	if short {
		key = "s " + name
	}
	if f := c.byName[key]; f != nil {
		return f
	}
	f := &figure{full: name, short: short}
	c.byName[key] = f
	c.figures = append(c.figures, f)
	return f
}

func (c *cast) organisation(name, keep string) *figure {
	if f := c.byName["o "+name]; f != nil {
		return f
	}
	f := &figure{full: name, org: keep}
	c.byName["o "+name] = f
	c.figures = append(c.figures, f)
	return f
}

// settle numbers everybody. 老张 is the 张三 of the text if there is just one
// person of that surname.
func (c *cast) settle() {
	for _, f := range c.figures {
		if f.short {
			var same []*figure
			for _, g := range c.figures {
				if !g.short && g.org == "" && strings.HasPrefix(g.full, f.full) {
					same = append(same, g)
				}
			}
			if len(same) == 1 {
				f.same = same[0]
			}
		}
	}
	done := map[*figure]bool{}
	for _, f := range c.figures {
		if f.same != nil {
			f = f.same
		}
		if done[f] {
			continue
		}
		done[f] = true
		if f.org != "" {
			f.order = c.orgs
			c.orgs++
		} else {
			f.order = c.people
			c.people++
		}
	}
}

const stems, branches = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"

// name is what a figure is called now: 甲某 … 癸某, 子某 … 亥某, then 甲子某 … 癸亥某; A公司.
func (c *cast) name(f *figure) string {
	if f.same != nil {
		f = f.same
	}
	if f.org != "" {
		n, label := f.order, ""
		for {
			label = string(rune('A'+n%26)) + label
			if n = n/26 - 1; n < 0 {
				return label + f.org
			}
		}
	}
	st, br := []rune(stems), []rune(branches)
	switch n := f.order; {
	case n < len(st):
		return string(st[n]) + "某"
	case n < len(st)+len(br):
		return string(br[n-len(st)]) + "某"
	case n < len(st)+len(br)+len(st)*len(br):
		n -= len(st) + len(br)
		return string(st[n/len(br)]) + string(br[n%len(br)]) + "某"
	default:
		return fmt.Sprintf("某人%d", n+1)
	}
}
