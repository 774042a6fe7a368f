package document

import (
	"slices"
	"strings"
	"unicode/utf8"

	"heshi/caselib"
)

// reviewMark stands wherever Mongolian does: no native lawyer has read it yet.
const reviewMark = "蒙古文翻译待审定"

// words is the table of terms by Chinese form, alternatives and remarks in brackets taken apart. Low-confidence Mongolian
// is left out, whoever made the library.
func words(d Data) map[string]caselib.Mongolian {
	if d.Lang != "mn-Cyrl" && d.Lang != "mn-Mong" {
		return nil
	}
	out := map[string]caselib.Mongolian{}
	for _, t := range d.Library.Terms {
		for _, zh := range strings.Split(t.Zh, "／") {
			if i := strings.Index(zh, "（"); i > 0 {
				zh = zh[:i]
			}
			if _, ok := out[zh]; !ok {
				out[zh] = t.Mn
			}
		}
	}
	return out
}

// word is a Chinese word in the Mongolian of the reader, or nothing. What is shown is remembered.
func (p *paper) word(zh string) string {
	m, ok := p.words[zh]
	if !ok {
		return ""
	}
	mn, conf := m.Cyrl, m.CyrlConf
	if p.d.Lang == "mn-Mong" {
		mn, conf = m.Mong, m.MongConf
	}
	if mn == "" || (conf != caselib.High && conf != caselib.Medium) {
		return ""
	}
	if !slices.Contains(p.used, zh) {
		p.used = append(p.used, zh)
	}
	return mn
}

// beside is the Mongolian of a label, to stand under or behind it. The vertical script cannot stand in a line of
// Chinese: it goes into the table at the end.
func (p *paper) beside(zh, before string) []string {
	mn := p.word(zh)
	if mn == "" || p.d.Lang == "mn-Mong" {
		return nil
	}
	return []string{run(before+mn, look{size: smallSize, mongol: true})}
}

// titleWords is the line under the title that helps a Mongolian reader to see what the paper is.
func (p *paper) titleWords() string {
	var out []string
	for _, zh := range p.t.Words {
		if mn := p.word(zh); mn != "" && p.d.Lang == "mn-Cyrl" {
			out = append(out, zh+" "+mn)
		}
	}
	if len(p.words) == 0 {
		return ""
	}
	return paragraph{align: "center", after: 80, runs: []string{run(strings.Join(append(out, "（"+reviewMark+"，以汉文为准）"), "　"), look{size: smallSize, mongol: true, grey: true})}}.String()
}

// perRow is how many vertical words stand side by side.
const perRow = 8

// wordTable is a page that sets the words of the paper side by side, Chinese above, the vertical script below.
func (p *paper) wordTable() string {
	if p.d.Lang != "mn-Mong" || len(p.used) == 0 {
		return ""
	}
	out := paragraph{page: true, after: 80, runs: []string{run("栏目用语汉蒙对照（"+reviewMark+"，以汉文为准）", look{size: cellSize, bold: true, song: true})}}.String()
	var rows []row
	for group := range slices.Chunk(p.used, perRow) {
		zh, mn := row{whole: true, height: rowHeight}, row{whole: true, height: 1200}
		for _, w := range group {
			word := p.word(w)
			mn.height = max(mn.height, 105*utf8.RuneCountInString(word)+300)
			zh.boxes = append(zh.boxes, box{width: grid / perRow, shade: true, paras: []paragraph{{align: "center", runs: []string{run(w, look{size: tightSize, song: true})}}}})
			mn.boxes = append(mn.boxes, box{width: grid / perRow, vertical: true, paras: []paragraph{{left: 100, runs: []string{run(word, look{size: tightSize, mongol: true})}}}})
		}
		if rest := grid - len(group)*(grid/perRow); rest > 0 {
			zh.boxes, mn.boxes = append(zh.boxes, box{width: rest}), append(mn.boxes, box{width: rest})
		}
		rows = append(rows, zh, mn)
	}
	return out + tableXML(rows, true) + gap
}
