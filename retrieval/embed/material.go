package embed

import (
	"strings"

	"heshi/caselib"
)

// Lesson is one thing to learn: the question should come near the passage.
type Lesson struct {
	Question string
	Passage  string
	// Group names what is asked about. Passages of one group are never set
	// against each other.
	Group string
	// Times is how often the lesson is taken in a round.
	Times int
}

// Law is an article in its own words, to learn the language of the law from.
type Law struct {
	Title, Text string
}

// Material is what an embedder learns from.
type Material struct {
	Lessons []Lesson
	Laws    []Law
}

// MaterialOf makes lessons of a library: the questions of its digests lead to
// the digests and, where laws holds their text, to the articles themselves; the
// lay wording of a case leads to the case and to the articles it rests on, what
// people say of a kind of dispute leads to cases of that kind; lay words lead to
// legal ones, and Mongolian to Chinese. Nothing else is taught,
// laws only show how the law speaks.
func MaterialOf(lib *caselib.Library, sayings []caselib.Saying, laws []Law) Material {
	m := Material{Laws: laws}
	texts := map[string]string{}
	for _, l := range laws {
		if _, ok := texts[plainTitle(l.Title)]; !ok {
			texts[plainTitle(l.Title)] = l.Text
		}
	}
	digests := map[string]string{}
	teach := func(q, p, group string, times int) {
		q, p = strings.TrimSpace(q), strings.TrimSpace(p)
		if q != "" && p != "" && q != p {
			m.Lessons = append(m.Lessons, Lesson{q, p, group, times})
		}
	}
	for _, s := range lib.Statutes {
		title := s.Name + "第" + caselib.Numeral(s.Article) + "条"
		law := s.Text
		if law == "" {
			law = texts[plainTitle(title)]
		}
		digests[s.ID] = title + "\n" + s.Digest
		for i, q := range s.Questions {
			teach(q, title+"\n"+s.Digest, s.ID, 1)
			if law != "" {
				teach(q, title+"\n"+law, s.ID, 2)
			}
			if len(s.Questions) > 1 {
				teach(q, s.Questions[(i+1)%len(s.Questions)], s.ID, 1)
			}
		}
		if law != "" {
			teach(s.Digest, title+"\n"+law, s.ID, 1)
		}
		teach(s.Mn.Cyrl, title+"\n"+s.Digest, s.ID, 1)
		teach(s.Mn.Mong, title+"\n"+s.Digest, s.ID, 1)
	}
	stories := map[string][]string{}
	for _, c := range lib.Cases {
		story := c.Title.Zh + "\n" + c.Summary.Zh + "\n" + c.Facts
		if len(c.Types) > 0 {
			stories[c.Types[0]] = append(stories[c.Types[0]], story)
		}
		for i, l := range c.Lay {
			teach(l, story, c.ID, 2)
			if n := len(c.Articles); n > 0 {
				key := c.Articles[i%n]
				if s, ok := lib.Statute(key); ok {
					teach(l, digests[s.ID], s.ID, 1)
				}
			}
		}
		teach(c.Summary.Zh, c.Facts, c.ID, 1)
		for _, mn := range []caselib.Mongolian{c.Title.Mn, c.Summary.Mn} {
			teach(mn.Cyrl, story, c.ID, 1)
			teach(mn.Mong, story, c.ID, 1)
		}
	}
	for _, s := range sayings {
		for i, one := range s.Say {
			if of := stories[s.Type]; len(of) > 0 {
				teach(one, of[i%len(of)], s.Type, 1)
			}
		}
	}
	for _, l := range lib.Thesaurus {
		teach(l.Lay, l.Legal, "legal "+l.Legal, 1)
	}
	for _, t := range lib.Terms {
		teach(t.Mn.Cyrl, t.Zh, "term "+t.Zh, 2)
		teach(t.Mn.Mong, t.Zh, "term "+t.Zh, 2)
	}
	if lib.Taxonomy != nil {
		for _, t := range lib.Taxonomy.Types {
			for _, s := range t.Subtypes {
				for _, l := range s.Lay {
					teach(l, t.Name+"\n"+s.Name, s.Code, 1)
				}
			}
		}
	}
	return m
}

func plainTitle(s string) string {
	return strings.TrimPrefix(strings.TrimSpace(s), "中华人民共和国")
}
