package retrieval

import (
	"strings"

	"heshi/caselib"
)

// FromLibrary makes the chunks of a library: one for each case, article and
// term. Pass it Published(): it takes what it is given, except that Mongolian of
// low confidence is left out.
func FromLibrary(lib *caselib.Library) []Chunk {
	var out []Chunk
	for _, c := range lib.Cases {
		out = append(out, caseChunk(lib, c))
	}
	for _, s := range lib.Statutes {
		out = append(out, lawChunk(lib, s))
	}
	for _, t := range lib.Terms {
		out = append(out, termChunk(t))
	}
	return out
}

func caseChunk(lib *caselib.Library, c caselib.Case) Chunk {
	out := Chunk{ID: c.ID, Kind: KindCase, Types: c.Types, Outcome: c.Outcome, Title: c.Title.Zh}
	add := func(name string, weight float64, texts ...string) {
		if t := strings.TrimSpace(strings.Join(texts, "\n")); t != "" {
			out.Fields = append(out.Fields, Field{name, t, weight})
		}
	}
	add("summary", 1.5, c.Summary.Zh)
	add("lay", 1, c.Lay...)
	add("types", 1, typeNames(lib, c.Types)...)
	add("facts", 1, c.Facts)
	add("focus", 1, c.Focus)
	add("rest", 0.4, c.Process, c.Result, c.Lesson)
	add("mn", 2, mongolian(c.Title.Mn), mongolian(c.Summary.Mn))
	return out
}

func lawChunk(lib *caselib.Library, s caselib.Statute) Chunk {
	out := Chunk{ID: s.ID, Kind: KindLaw, Types: s.Types, Title: articleTitle(s), Group: s.Law}
	add := func(name string, weight float64, texts ...string) {
		if t := strings.TrimSpace(strings.Join(texts, "\n")); t != "" {
			out.Fields = append(out.Fields, Field{name, t, weight})
		}
	}
	add("digest", 1, s.Digest)
	add("text", 1, s.Text)
	add("path", 0.3, s.Path)
	add("questions", 1, s.Questions...)
	add("types", 0.5, typeNames(lib, s.Types)...)
	add("mn", 1.5, mongolian(s.Mn))
	return out
}

// articleTitle names an article: 刑法第一百三十三条之一. A text without articles
// goes by the name alone.
func articleTitle(s caselib.Statute) string {
	if s.Article == 0 {
		return s.Name
	}
	t := s.Name + "第" + caselib.Numeral(s.Article) + "条"
	if s.Sub > 0 {
		t += "之" + caselib.Numeral(s.Sub)
	}
	return t
}

func termChunk(t caselib.Term) Chunk {
	t.Mn = confident(t.Mn)
	return Chunk{ID: t.ID, Kind: KindTerm, Title: t.Zh, Fields: []Field{{Name: "forms", Text: strings.Join(t.Forms(), "\n"), Weight: 1}}}
}

func typeNames(lib *caselib.Library, codes []string) []string {
	var out []string
	if lib.Taxonomy == nil {
		return nil
	}
	for _, c := range codes {
		if n := lib.Taxonomy.Name(c); n != "" {
			out = append(out, n)
		}
	}
	return out
}

// confident drops the strings nobody vouches for.
func confident(m caselib.Mongolian) caselib.Mongolian {
	if m.Reviewed {
		return m
	}
	if m.CyrlConf == caselib.Low {
		m.Cyrl = ""
	}
	if m.MongConf == caselib.Low {
		m.Mong = ""
	}
	return m
}

func mongolian(m caselib.Mongolian) string {
	m = confident(m)
	return strings.TrimSpace(m.Cyrl + "\n" + m.Mong)
}

// Tables makes the widening tables of a library: its bilingual terms in both
// directions, and its thesaurus from lay to legal words.
func Tables(lib *caselib.Library) []Table {
	terms := Table{Name: "terms"}
	for _, t := range lib.Terms {
		t.Mn = confident(t.Mn)
		var zh, mn []string
		for _, f := range t.Forms() {
			if hasHan(f) {
				zh = append(zh, f)
			} else {
				mn = append(mn, f)
			}
		}
		if len(zh) == 0 || len(mn) == 0 {
			continue
		}
		// Chinese forms to show and compare: the first, Simplified.
		terms.Rows = append(terms.Rows, Row{From: mn, To: zh[:1], Weight: 2})
		terms.Rows = append(terms.Rows, Row{From: zh, To: mn, Weight: 0.2})
	}
	lay := Table{Name: "lay"}
	for _, l := range lib.Thesaurus {
		lay.Rows = append(lay.Rows, Row{From: []string{l.Lay}, To: []string{l.Legal}})
	}
	return []Table{terms, lay}
}

func hasHan(s string) bool {
	for _, r := range s {
		if r >= 0x4E00 && r <= 0x9FFF {
			return true
		}
	}
	return false
}

// Learn gives an analyzer the Mongolian words of a library. Call it before the
// index is built.
func Learn(a interface{ Learn([]string) }, lib *caselib.Library) {
	for _, t := range lib.Terms {
		for _, f := range t.Forms() {
			if !hasHan(f) {
				a.Learn([]string{f})
			}
		}
	}
	if lib.Taxonomy != nil {
		for _, t := range lib.Taxonomy.Types {
			a.Learn(t.Mn)
		}
	}
}
