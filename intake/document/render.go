package document

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Sizes in half points.
const (
	titleSize = 44 // 22 pt
	headSize  = 26
	bodySize  = 24 // 12 pt
	cellSize  = 24
	tightSize = 21 // in tables with many columns
	smallSize = 18
	rowHeight = 440 // of a row of one line
)

// Render writes a document as .docx. It fails with ErrKind for a document there is none of, and with ErrData for data
// it cannot use.
func Render(kind Kind, d Data) ([]byte, error) {
	all, err := templates()
	if err != nil {
		return nil, err
	}
	t := all[kind]
	if t == nil {
		return nil, fmt.Errorf("%w: %q", ErrKind, kind)
	}
	p, err := newPaper(t, all, d)
	if err != nil {
		return nil, err
	}
	body := p.body()
	number := first(d.Matter.No, "无案号")
	return pack(body, p.footer(number), label{title: t.Title, provider: first(d.Provider, d.Office.Name),
		number: fmt.Sprintf("%s/%s/%d/%s", number, t.Kind, t.Version, p.values["draft"].text), at: d.At})
}

func (p *paper) body() string {
	var b strings.Builder
	b.WriteString(paragraph{align: "center", before: 60, after: 120, keep: true, lines: 300,
		runs: []string{run(p.t.Title, look{size: titleSize, bold: true, song: true})}}.String())
	b.WriteString(p.titleWords())
	if p.t.Number != "" {
		b.WriteString(p.paragraph(p.t.Number, "right", nil).String())
	}
	for i, bl := range p.t.Blocks {
		if !p.holds(bl) {
			continue
		}
		before := i+1 < len(p.t.Blocks) && len(p.t.Blocks[i+1].Sign) > 0
		if bl.Each == "" {
			b.WriteString(p.block(bl, nil, before))
			continue
		}
		for _, e := range p.lists[bl.Each] {
			b.WriteString(p.block(bl, e, before))
		}
	}
	b.WriteString(p.wordTable())
	return b.String()
}

func (p *paper) holds(b block) bool {
	there := func(name string) bool { v := p.value(name, nil); return v.state == known }
	return (b.When == "" || there(b.When)) && (b.Unless == "" || !there(b.Unless))
}

// block sets one block. What stands right before the signatures stays on their page: a page of nothing but signatures
// could be put behind any text.
func (p *paper) block(bl block, e entry, signed bool) string {
	var b strings.Builder
	if bl.Heading != "" {
		b.WriteString(p.heading(bl.Heading, e).String())
	}
	switch {
	case bl.Para != "":
		para := p.paragraph(bl.Para, bl.Align, e)
		para.keep = signed
		b.WriteString(para.String())
	case len(bl.Items) > 0:
		for _, it := range bl.Items {
			b.WriteString(p.paragraph(it, first(bl.Align, "body"), e).String())
		}
	case len(bl.Table) > 0:
		var rows []row
		for _, cells := range bl.Table {
			rows = append(rows, p.row(cells, e))
		}
		b.WriteString(tableXML(rows, true) + gap)
	case bl.List != nil:
		b.WriteString(p.list(*bl.List))
	case len(bl.Sign) > 0:
		b.WriteString(p.sign(bl.Sign, e))
	case bl.Break:
		b.WriteString(`<w:p><w:r><w:br w:type="page"/></w:r></w:p>`)
	}
	return b.String()
}

// gap keeps two tables apart, which would otherwise be read as one; end follows the last table of a document, which must
// not stand last, and is too low to begin a page of its own.
const (
	gap = `<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="140" w:lineRule="exact"/></w:pPr></w:p>`
	end = `<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/><w:rPr><w:sz w:val="2"/></w:rPr></w:pPr></w:p>`
)

func (p *paper) heading(s string, e entry) paragraph {
	l := look{size: headSize, bold: true, song: true}
	return paragraph{before: 120, after: 80, keep: true, runs: append(p.runs(p.fill(s, e, true), l), p.beside(heading(s), "　")...)}
}

// heading is the words of a heading, without its number and placeholders.
func heading(s string) string {
	s, _, _ = strings.Cut(s, "{")
	if _, rest, ok := strings.Cut(s, "、"); ok {
		s = rest
	}
	return s
}

// plain is the text of pieces.
func plain(pieces []piece) string {
	var b strings.Builder
	for _, x := range pieces {
		b.WriteString(x.text)
	}
	return b.String()
}

func (p *paper) paragraph(s, align string, e entry) paragraph {
	l, out := look{size: bodySize}, paragraph{lines: 340}
	switch align {
	case "", "body":
		out.first = 2 * bodySize * 10
	case "right", "center":
		out.align = align
		l.size = cellSize
	case "small":
		l.size, l.grey, out.lines = smallSize, true, 260
	case "giant":
		l, out.align, out.before, out.after = look{size: 72, bold: true, song: true}, "center", 1600, 1600
	}
	out.runs = p.runs(p.fill(s, e, true), l)
	return out
}

func (p *paper) runs(pieces []piece, l look) []string {
	var out []string
	for _, x := range pieces {
		if x.text == "" {
			continue
		}
		set := l
		set.pending = x.pending
		out = append(out, run(x.text, set))
	}
	return out
}

// row sets the cells of a row of a form: labels shaded and centred, values beside them.
func (p *paper) row(cells []cell, e entry) row {
	out := row{height: rowHeight, whole: true}
	for _, c := range cells {
		out.height = max(out.height, c.Lines*360)
		if c.Label != "" {
			label := p.labelled(c, look{size: cellSize, song: true}, e)
			if c.Value == "" && c.Width == c.labelWidth() {
				out.boxes = append(out.boxes, box{width: c.Width, shade: true, paras: label})
				continue
			}
			out.boxes = append(out.boxes, box{width: c.labelWidth(), shade: true, paras: label})
		}
		pieces := p.fill(c.Value, e, false)
		long := 0
		for _, x := range pieces {
			long += len([]rune(x.text))
		}
		if long > 300 {
			out.whole = false // a long account goes on over the page
		}
		cellBox := box{width: c.Width - c.labelWidth(), top: c.Lines > 2}
		cellBox.paras = []paragraph{{before: 30, after: 30, lines: 288, runs: p.runs(pieces, look{size: cellSize})}}
		out.boxes = append(out.boxes, cellBox)
	}
	return out
}

func (p *paper) labelled(c cell, l look, e entry) []paragraph {
	name := plain(p.fill(c.Label, e, true))
	if utf8.RuneCountInString(name)*cellSize*10 > c.labelWidth()*column-160 {
		l.size = min(l.size, tightSize) // a label of many words keeps to one line where it can
	}
	out := []paragraph{{align: "center", runs: []string{run(name, l)}}}
	if mn := p.beside(first(c.Term, name), ""); len(mn) > 0 {
		out = append(out, paragraph{align: "center", runs: mn})
	}
	return out
}

func (p *paper) list(l list) string {
	size := cellSize
	if len(l.Columns) > 5 {
		size = tightSize
	}
	head := row{height: rowHeight, header: true, whole: true}
	for _, c := range l.Columns {
		head.boxes = append(head.boxes, box{width: c.Width, shade: true, paras: p.labelled(c, look{size: size, song: true}, nil)})
	}
	rows := []row{head}
	entries := p.lists[l.Of]
	if len(entries) == 0 {
		for _, d := range l.Default {
			e := entry{}
			for k, v := range d {
				e[k] = text(v)
			}
			entries = append(entries, e)
		}
		number(entries)
	}
	for _, e := range entries {
		r := row{height: rowHeight, whole: true}
		for _, c := range l.Columns {
			r.boxes = append(r.boxes, box{width: c.Width, paras: []paragraph{{before: 20, after: 20, runs: p.runs(p.fill(c.Value, e, false), look{size: size})}}})
		}
		rows = append(rows, r)
	}
	for len(rows)-1 < l.Blank {
		r := row{height: rowHeight}
		for _, c := range l.Columns {
			r.boxes = append(r.boxes, box{width: c.Width})
		}
		rows = append(rows, r)
	}
	return tableXML(rows, true) + gap
}

// sign leaves room to sign, two beside each other, with the date to be written by hand.
func (p *paper) sign(who []string, e entry) string {
	l := look{size: cellSize}
	var rows []row
	for i := 0; i < len(who); i += 2 {
		r := row{whole: true, height: 1300}
		for _, w := range who[i:min(i+2, len(who))] {
			r.boxes = append(r.boxes, box{width: grid / 2, top: true, paras: []paragraph{
				{before: 200, keep: true, runs: p.runs(p.fill(w+"：", e, true), l)},
				{before: 440, after: 60, keep: i+2 < len(who), align: "right", runs: []string{run("　　　　年　　月　　日　", l)}}}})
		}
		if len(r.boxes) == 1 {
			r.boxes = append([]box{{width: grid / 2}}, r.boxes...)
		}
		rows = append(rows, r)
	}
	return tableXML(rows, false) + end
}

func (p *paper) footer(number string) string {
	l := look{size: smallSize, song: true, grey: true}
	field := func(code string) string {
		return `<w:r>` + l.props() + `<w:fldChar w:fldCharType="begin"/></w:r><w:r>` + l.props() + `<w:instrText xml:space="preserve"> ` + code +
			` </w:instrText></w:r><w:r>` + l.props() + `<w:fldChar w:fldCharType="separate"/></w:r><w:r>` + l.props() + `<w:t>1</w:t></w:r><w:r>` + l.props() + `<w:fldChar w:fldCharType="end"/></w:r>`
	}
	mark := "草稿·人工智能辅助·以签署版为准"
	if len(p.used) > 0 {
		mark += "·" + reviewMark
	}
	what := fmt.Sprintf("《%s》第%s稿（文书样式第%d版）　编号%s　第", p.t.Title, p.values["draft"].text, p.t.Version, number)
	return paragraph{align: "center", runs: []string{run(mark, l)}}.String() +
		paragraph{align: "center", runs: []string{run(what, l), field("PAGE"), run("页共", l), field("NUMPAGES"), run("页", l)}}.String()
}
