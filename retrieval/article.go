package retrieval

import (
	"regexp"
	"slices"
	"strings"

	"heshi/caselib"
)

// ofArticle splits "民法典第一千零七十六条" into law and article.
var ofArticle = regexp.MustCompile(`^(.+?)(第[〇零一二三四五六七八九十百千]+条(?:之[一二三四五六七八九十]+)?)$`)

// Article makes the chunk of one article of a law's own text. The title names
// law and number, 民法典第一千零七十六条; the law groups its articles and its rank
// says how likely people ask about it at all.
func Article(id, title, text string) Chunk {
	title = strings.TrimSpace(title)
	c := Chunk{ID: id, Kind: KindLaw, Title: title, Fields: []Field{{Name: "text", Text: text, Weight: 1}}}
	if m := ofArticle.FindStringSubmatch(title); m != nil {
		c.Group = m[1]
		c.Prior = askedAbout(m[1])
	}
	return c
}

// askedAbout grades a law by its rank among the sources of law: most of what
// people ask stands in the civil code, then in statutes, then in regulations and
// in what the courts say; notices and departmental rules are asked about least.
// What the civil code repealed (CC:1260) answers nobody any more.
func askedAbout(law string) float64 {
	law = plainTitle(law)
	for _, old := range repealed {
		if law == old || strings.Contains(law, "《"+old+"》") || strings.Contains(law, "《中华人民共和国"+old+"》") {
			return -1
		}
	}
	switch {
	case law == "民法典":
		return 3.2
	case strings.Contains(law, "人民法院"), strings.Contains(law, "检察院"):
		return 0.9
	case strings.HasSuffix(law, "法"):
		return 2.1
	case strings.HasSuffix(law, "条例"):
		return 1
	}
	return 0
}

// repealed are the nine laws that CC:1260 repealed on 1 January 2021.
var repealed = []string{"婚姻法", "继承法", "民法通则", "收养法", "担保法", "合同法", "物权法", "侵权责任法", "民法总则"}

// Enrich returns chunks with the library's own words added to the articles it
// has digests of: the digest and the questions people ask. An article is
// recognised by law and number. Numbers move when a law is revised, and digests
// are plain speech: where most digests of a law share wording with the articles
// of their numbers all are taken, elsewhere only those that do.
func Enrich(chunks []Chunk, lib *caselib.Library) []Chunk {
	byTitle := make(map[string]caselib.Statute, len(lib.Statutes))
	for _, s := range lib.Statutes {
		byTitle[plainTitle(s.Name)+"第"+caselib.Numeral(s.Article)+"条"] = s
	}
	type tally struct{ same, all int }
	laws := map[string]*tally{}
	found := map[int]caselib.Statute{}
	same := map[int]bool{}
	for i, c := range chunks {
		s, ok := byTitle[plainTitle(c.Title)]
		if !ok || c.Kind != KindLaw {
			continue
		}
		found[i] = s
		same[i] = sameMatter(s.Digest, c.Fields)
		if laws[s.Law] == nil {
			laws[s.Law] = &tally{}
		}
		laws[s.Law].all++
		if same[i] {
			laws[s.Law].same++
		}
	}
	out := slices.Clone(chunks)
	for i, s := range found {
		if t := laws[s.Law]; !same[i] && 10*t.same < 9*t.all {
			continue
		}
		c := &out[i]
		c.Fields = append(slices.Clone(c.Fields), Field{Name: "digest", Text: s.Digest, Weight: 0.5})
		if len(s.Questions) > 0 {
			c.Fields = append(c.Fields, Field{Name: "questions", Text: strings.Join(s.Questions, "\n"), Weight: 1})
		}
		c.Types = s.Types
	}
	return out
}

func plainTitle(s string) string {
	return strings.TrimPrefix(strings.TrimSpace(s), "中华人民共和国")
}

// sameMatter reports whether a digest and a text may be about one thing: a tenth
// of the digest's character pairs stand in the text.
func sameMatter(digest string, fields []Field) bool {
	in := map[gram]bool{}
	for _, f := range fields {
		for _, g := range pairsOf(f.Text) {
			in[g] = true
		}
	}
	have, all := 0, 0
	for _, g := range pairsOf(digest) {
		all++
		if in[g] {
			have++
		}
	}
	return all > 0 && 10*have >= all
}
