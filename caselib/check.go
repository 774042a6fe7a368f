package caselib

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Problem is one thing wrong with the library: where, what, and what to do.
type Problem struct {
	Where string `json:"where"` // file:line and id
	What  string `json:"what"`
	Fix   string `json:"fix"`
}

// String puts the problem on one line.
func (p Problem) String() string { return p.Where + ": " + p.What + " (" + p.Fix + ")" }

// checker collects problems; where is the item being looked at.
type checker struct {
	lib   *Library
	codes map[string]bool // every taxonomy code
	where string
	found []Problem
}

func (c *checker) report(fix, what string, args ...any) {
	c.found = append(c.found, Problem{Where: c.where, What: fmt.Sprintf(what, args...), Fix: fix})
}

// Check finds everything wrong with the library, published or not, sorted by
// place. A clean library gives none.
func (l *Library) Check() []Problem {
	c := &checker{lib: l, codes: map[string]bool{}}
	c.taxonomy()
	c.sources()
	c.cases()
	c.statutes()
	c.terms()
	c.thesaurus()
	slices.SortStableFunc(c.found, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Where, b.Where), cmp.Compare(a.What, b.What))
	})
	return c.found
}

// at names an item for reports by place and id.
func at(place, id string) string {
	switch {
	case place == "":
		return id
	case id == "":
		return place
	}
	return place + " " + id
}

// article checks one article key against sources.yaml.
func (c *checker) article(field, key string) {
	src, _, err := c.lib.Article(key)
	if err != nil {
		c.report("cite an article that exists in sources.yaml", "%s: %s", field, strings.TrimPrefix(err.Error(), "caselib: "))
		return
	}
	if !src.Citable() {
		c.report("read the text first, or drop the citation", "%s: %s: %s is known only from memory", field, key, src.Short())
	}
}

// types checks taxonomy codes; subtypesOnly refuses a bare type such as D10.
func (c *checker) types(codes []string, subtypesOnly bool) {
	seen := map[string]bool{}
	for _, code := range codes {
		switch {
		case !c.codes[code]:
			c.report("use a code of taxonomy.yaml", "unknown dispute type %q", code)
		case subtypesOnly && !strings.Contains(code, "-"):
			c.report("use a subtype such as D10-01", "%q is not a subtype", code)
		case seen[code]:
			c.report("keep it once", "type %q is listed twice", code)
		}
		seen[code] = true
	}
}

func (c *checker) mongolian(field string, m Mongolian) {
	for _, v := range []struct {
		name, text string
		conf       Confidence
		problem    func(string) string
	}{
		{"cyrl", m.Cyrl, m.CyrlConf, cyrillicProblem},
		{"mong", m.Mong, m.MongConf, hudumProblem},
	} {
		name := field + v.name
		if !v.conf.Valid() {
			c.report("write high, medium or low", "%s: confidence %q is not known", name, v.conf)
		}
		switch {
		case v.text == "" && v.conf != "":
			c.report("remove the confidence or add the text", "%s: confidence without text", name)
		case v.text != "" && v.conf == "":
			c.report("say how sure you are: high, medium or low", "%s: text without confidence", name)
		}
		if v.text != "" {
			if what := v.problem(v.text); what != "" {
				c.report("retype it from a reviewed source", "%s: %s", name, what)
			}
		}
	}
}

func (c *checker) taxonomy() {
	t := c.lib.Taxonomy
	code := func(s string) {
		if c.codes[s] {
			c.report("give it another code", "code %q is used twice", s)
		}
		c.codes[s] = true
	}
	for _, ty := range t.Types {
		c.where = at("taxonomy.yaml", ty.Code)
		code(ty.Code)
		if ty.Name == "" || len(ty.Bodies) == 0 {
			c.report("add them", "a type needs a name and the bodies to go to")
		}
		for _, s := range ty.Subtypes {
			c.where = at("taxonomy.yaml", s.Code)
			code(s.Code)
			if !strings.HasPrefix(s.Code, ty.Code+"-") {
				c.report("number it under its type", "subtype %q is not under %s", s.Code, ty.Code)
			}
			if s.Name == "" || len(s.Lay) == 0 {
				c.report("add them", "a subtype needs a name and lay words")
			}
			if !slices.Contains([]string{"yes", "limited", "no"}, s.Mediable) {
				c.report("write yes, limited or no", "mediable is %q", s.Mediable)
			}
			for _, k := range s.Src {
				c.article("src", k)
			}
		}
	}
	for _, list := range [][]Exclusion{t.MustNotAccept, t.NonMediation} {
		for _, x := range list {
			c.where = at("taxonomy.yaml", x.Code)
			code(x.Code)
			for _, k := range x.Src {
				c.article("src", k)
			}
		}
	}
	for _, r := range t.Meta.GeneralRules {
		c.where = at("taxonomy.yaml", r.ID)
		for _, k := range r.Src {
			c.article("src", k)
		}
	}
}

var (
	sourceKey = regexp.MustCompile(`^[A-Z][A-Z0-9]*$`)
	isoDate   = regexp.MustCompile(`^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$`)
	statuses  = []string{"text_checked", "text_checked_newer", "secondary", "memory"}
)

func (c *checker) sources() {
	for key, s := range c.lib.Sources {
		c.where = at("sources.yaml", key)
		if !sourceKey.MatchString(key) {
			c.report("use capitals and digits", "key %q", key)
		}
		if s.Name == "" {
			c.report("write the full name", "a source without a name")
		}
		if !slices.Contains(statuses, s.Status) {
			c.report("use one of "+strings.Join(statuses, ", "), "status is %q", s.Status)
		}
		if s.Date != "" && !isoDate.MatchString(s.Date) || s.Eff != "" && !isoDate.MatchString(s.Eff) {
			c.report("write YYYY-MM-DD", "date %q, eff %q", s.Date, s.Eff)
		}
		if strings.HasPrefix(s.Status, "text_checked") && s.Date == "" {
			c.report("add the date of the version that was read", "a checked text without a version date")
		}
	}
}

func (c *checker) statutes() {
	seen := map[string]string{}
	for _, s := range c.lib.Statutes {
		c.where = at(s.At, s.ID)
		if first, dup := seen[s.ID]; dup {
			c.report("keep one of them", "this article has a digest already, at %s", first)
		}
		seen[s.ID] = s.At
		if s.Article > 0 {
			c.article("article", s.ID)
		}
		if !s.State.Valid() {
			c.report("use one of draft, anonymised, bilingual_review, published, withdrawn", "state is %q", s.State)
		}
		if src, ok := c.lib.Sources[s.Law]; ok && s.Version != src.Date {
			c.report("read the article in the new version, then change the date",
				"digest was read in the version of %q, the source is of %q", s.Version, src.Date)
		}
		if s.Text != "" && s.Digest == "" {
			continue // an imported text that nobody has digested yet
		}
		switch n := utf8.RuneCountInString(s.Digest); {
		case n == 0:
			c.report("say in one to three sentences what the article gives", "empty digest")
		case n > 260:
			c.report("cut it to three plain sentences", "digest of %d characters", n)
		case !strings.HasSuffix(s.Digest, "。"):
			c.report("end with 。", "digest does not end a sentence")
		}
		if n := len(s.Questions); s.State == PublishedState && (n < 2 || n > 5) {
			c.report("give two to five", "%d lay questions", n)
		}
		for i, q := range s.Questions {
			if strings.TrimSpace(q) == "" || slices.Contains(s.Questions[:i], q) {
				c.report("write another question", "question %d is empty or repeated", i+1)
			}
		}
		if len(s.Types) == 0 {
			c.report("name at least one", "no dispute type")
		}
		c.types(s.Types, false)
		c.mongolian("", s.Mn)
	}
}

func (c *checker) terms() {
	ids, zhs := map[string]bool{}, map[string]string{}
	for _, t := range c.lib.Terms {
		c.where = at(t.At, t.ID)
		if t.ID == "" || ids[t.ID] {
			c.report("give it its own id", "term id %q is empty or used twice", t.ID)
		}
		ids[t.ID] = true
		if t.Zh == "" {
			c.report("write the Chinese form", "a term without Chinese")
		}
		if other, dup := zhs[t.Zh]; dup {
			c.report("merge the rows", "%q is also term %s", t.Zh, other)
		}
		zhs[t.Zh] = t.ID
		if t.Article != "" {
			c.article("article", t.Article)
		}
		c.mongolian("mn_", t.Mn)
		for _, a := range t.Also {
			if cyrillicProblem(a) != "" && hudumProblem(a) != "" {
				c.report("write Mongolian in one script", "also: %q is in neither Mongolian script", a)
			}
		}
	}
}

func (c *checker) thesaurus() {
	seen := map[[2]string]bool{}
	for _, t := range c.lib.Thesaurus {
		c.where = at(t.At, t.Lay)
		pair := [2]string{t.Lay, t.Legal}
		switch {
		case t.Lay == "" || t.Legal == "":
			c.report("fill both columns", "lay %q, legal %q", t.Lay, t.Legal)
		case t.Lay == t.Legal:
			c.report("drop the row", "lay and legal word are the same")
		case seen[pair]:
			c.report("keep one row", "the pair is listed twice")
		}
		seen[pair] = true
		c.types(t.Types, false)
	}
}
