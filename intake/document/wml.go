package document

import (
	"encoding/xml"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Measures of the page in twentieths of a point: A4, text 16 cm wide.
const (
	pageWidth  = 11906
	pageHeight = 16838
	column     = 378 // one of the 24 columns
	textWidth  = grid * column
)

// A look is how a stretch of text is set: size in half points, fonts by what they are for. Size 0 is the document's.
type look struct {
	size    int
	bold    bool
	song    bool // 宋体, for titles and labels; else 仿宋
	mongol  bool
	grey    bool
	pending bool
}

// A paragraph is text with its setting. indent, before and after in twentieths of a point.
type paragraph struct {
	align         string // "", center, right
	first, left   int    // indents, of the first line and of all
	before, after int
	lines         int  // line spacing in 240ths, 0 for single
	keep          bool // on the page of what follows
	page          bool // on a new page
	runs          []string
}

func (p paragraph) String() string {
	var b strings.Builder
	b.WriteString("<w:p><w:pPr>")
	if p.keep {
		b.WriteString("<w:keepNext/>")
	}
	if p.page {
		b.WriteString("<w:pageBreakBefore/>")
	}
	lines := p.lines
	if lines == 0 {
		lines = 240
	}
	fmt.Fprintf(&b, `<w:spacing w:before="%d" w:after="%d" w:line="%d" w:lineRule="auto"/>`, p.before, p.after, lines)
	if p.first > 0 || p.left > 0 {
		fmt.Fprintf(&b, `<w:ind w:left="%d" w:firstLine="%d"/>`, p.left, p.first)
	}
	if p.align != "" {
		fmt.Fprintf(&b, `<w:jc w:val="%s"/>`, p.align)
	}
	b.WriteString("</w:pPr>")
	for _, r := range p.runs {
		b.WriteString(r)
	}
	b.WriteString("</w:p>")
	return b.String()
}

// run sets a text. Line ends become breaks.
func run(s string, l look) string {
	var b strings.Builder
	b.WriteString("<w:r>" + l.props() + inner(s) + "</w:r>")
	return b.String()
}

func inner(s string) string {
	var b strings.Builder
	for i, part := range strings.Split(clean(s), "\n") {
		if i > 0 {
			b.WriteString("<w:br/>")
		}
		b.WriteString(`<w:t xml:space="preserve">` + escape(part) + "</w:t>")
	}
	return b.String()
}

func (l look) props() string {
	east, west := "仿宋", "Times New Roman"
	if l.song {
		east = "宋体"
	}
	if l.mongol {
		east, west = "Mongolian Baiti", "Times New Roman"
	}
	var b strings.Builder
	cs := west
	if l.mongol {
		cs = "Mongolian Baiti"
	}
	fmt.Fprintf(&b, `<w:rPr><w:rFonts w:ascii="%s" w:hAnsi="%s" w:eastAsia="%s" w:cs="%s"/>`, west, west, east, cs)
	if l.bold {
		b.WriteString("<w:b/><w:bCs/>")
	}
	if l.grey {
		b.WriteString(`<w:color w:val="595959"/>`)
	}
	if l.size > 0 {
		fmt.Fprintf(&b, `<w:sz w:val="%d"/><w:szCs w:val="%d"/>`, l.size, l.size)
	}
	if l.pending {
		b.WriteString(`<w:shd w:val="clear" w:color="auto" w:fill="FFE699"/>`)
	}
	b.WriteString("</w:rPr>")
	return b.String()
}

// A box is one cell of a table. vertical sets a line of Mongolian script from top to bottom. Such a
// box must be high enough for one line: tbRl is the only vertical direction that Word and LibreOffice both set, and
// further lines would stand to the left of the first, where Mongolian has them to the right.
type box struct {
	width    int // in columns of the grid
	shade    bool
	top      bool // content at the top, not in the middle
	vertical bool
	paras    []paragraph
}

// A row is the boxes of one line of a table; height in twentieths of a point, at least. A short row is not broken
// across pages; header rows are repeated.
type row struct {
	boxes  []box
	height int
	header bool
	whole  bool
}

func tableXML(rows []row, borders bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:tbl><w:tblPr><w:tblW w:w="%d" w:type="dxa"/><w:jc w:val="center"/>`, textWidth)
	kind := "nil"
	if borders {
		kind = "single"
	}
	b.WriteString("<w:tblBorders>")
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		if borders {
			fmt.Fprintf(&b, `<w:%s w:val="%s" w:sz="6" w:space="0" w:color="000000"/>`, side, kind)
		} else {
			fmt.Fprintf(&b, `<w:%s w:val="nil"/>`, side)
		}
	}
	b.WriteString(`</w:tblBorders><w:tblLayout w:type="fixed"/>`)
	b.WriteString(`<w:tblCellMar><w:left w:w="80" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>`)
	for range grid {
		fmt.Fprintf(&b, `<w:gridCol w:w="%d"/>`, column)
	}
	b.WriteString("</w:tblGrid>")
	for _, r := range rows {
		b.WriteString("<w:tr><w:trPr>")
		if r.whole {
			b.WriteString("<w:cantSplit/>")
		}
		if r.height > 0 {
			fmt.Fprintf(&b, `<w:trHeight w:val="%d" w:hRule="atLeast"/>`, r.height)
		}
		if r.header {
			b.WriteString("<w:tblHeader/>")
		}
		b.WriteString("</w:trPr>")
		for _, c := range r.boxes {
			b.WriteString(c.String())
		}
		b.WriteString("</w:tr>")
	}
	b.WriteString("</w:tbl>")
	return b.String()
}

func (c box) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, `<w:tc><w:tcPr><w:tcW w:w="%d" w:type="dxa"/><w:gridSpan w:val="%d"/>`, c.width*column, c.width)
	if c.shade {
		b.WriteString(`<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>`)
	}
	if c.vertical {
		b.WriteString(`<w:textDirection w:val="tbRl"/>`)
	}
	if !c.top {
		b.WriteString(`<w:vAlign w:val="center"/>`)
	}
	b.WriteString("</w:tcPr>")
	if len(c.paras) == 0 {
		c.paras = []paragraph{{}}
	}
	for _, p := range c.paras {
		b.WriteString(p.String())
	}
	b.WriteString("</w:tc>")
	return b.String()
}

func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil { // a strings.Builder does not fail
		return ""
	}
	return b.String()
}

// clean makes a text fit for a paper: valid UTF-8, line ends \n, no control characters, none of the marks that turn the
// direction of what follows (they can make a reader see another text than is there) and no private or unassigned
// stand-ins. Mongolian variation selectors, vowel separator, narrow no-break space and joiners stay.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\t", " ", "\v", " ", "\f", " ").Replace(s)
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case unicode.IsControl(r), r == 0xFEFF, r == 0xFFFE, r == 0xFFFF,
			r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069, r == 0x200E, r == 0x200F, r == 0x061C:
			return -1
		case r > utf8.MaxRune:
			return -1
		}
		return r
	}, s)
}
