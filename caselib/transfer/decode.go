package transfer

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"heshi/caselib"
)

// RowError is what is wrong with one row: where, what, and what to do. It
// never quotes the cell.
type RowError struct {
	Line   int    `json:"line"` // from 1, as a text editor or a spreadsheet counts
	Column string `json:"column,omitempty"`
	What   string `json:"what"`
	Fix    string `json:"fix"`
}

// Error puts the problem on one line.
func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("line %d: %s (%s)", e.Line, e.What, e.Fix)
	}
	return fmt.Sprintf("line %d, %s: %s (%s)", e.Line, e.Column, e.What, e.Fix)
}

// claim is a case as a row tells it, with the id and version it claims to be.
type claim struct {
	c       caselib.Case
	id      string
	version int
}

// decoder makes cases of rows.
type decoder struct {
	sheet    *sheet
	types    map[string]string // plain code or name -> code
	outcomes map[string]string
	laws     map[string]string // plain name -> key
	lib      *caselib.Library
}

func newDecoder(s *sheet, lib *caselib.Library) *decoder {
	d := &decoder{sheet: s, types: map[string]string{}, outcomes: map[string]string{}, laws: map[string]string{}, lib: lib}
	for _, t := range lib.Taxonomy.Types {
		for _, sub := range t.Subtypes {
			d.types[plain(sub.Code)], d.types[plain(sub.Name)] = sub.Code, sub.Code
		}
	}
	for _, o := range []string{"agreed", "partly", "failed", "withdrawn", "referred", "aided"} {
		d.outcomes[o], d.outcomes[plain(caselib.OutcomeName(o))] = o, o
	}
	for key, src := range lib.Sources {
		d.laws[plain(src.Short())] = key
	}
	return d
}

// decode reads a row. All that is wrong with it is reported at once.
func (d *decoder) decode(r row) (claim, []*RowError) {
	if r.bad != nil {
		return claim{}, []*RowError{r.bad}
	}
	var cl claim
	var errs []*RowError
	fail := func(column, what, fix string) {
		errs = append(errs, &RowError{r.line, column, what, fix})
	}
	c := &cl.c
	for i, f := range d.sheet.fields {
		text := clean(r.cells[i])
		if len(text) > longest {
			fail(f.Name, fmt.Sprintf("longer than %d bytes", longest), "shorten it; was a quote left open?")
			continue
		}
		if text == "" {
			continue
		}
		if f.Kind == "line" {
			text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\t' }), " ")
		}
		number, yes := 0, false
		var err error
		switch f.Kind {
		case "number":
			if number, err = strconv.Atoi(strings.TrimSuffix(strings.TrimSuffix(text, ".0"), "年")); err != nil {
				fail(f.Name, "not a number", "write figures only")
				continue
			}
		case "yes":
			switch strings.ToLower(text) {
			case "true", "1", "yes", "y", "是":
				yes = true
			case "false", "0", "no", "n", "否":
			default:
				fail(f.Name, "neither true nor false", "write true or false")
				continue
			}
		}
		switch f.Name {
		case "id":
			cl.id = text
		case "version":
			cl.version = number
		case "state": // what is imported is a draft, whatever it was elsewhere
		case "types":
			for _, t := range codes(text) {
				code, ok := d.types[plain(t)]
				if !ok {
					fail(f.Name, "not a dispute type", "write a subtype code such as D10-01, or its name")
				} else if !slices.Contains(c.Types, code) {
					c.Types = append(c.Types, code)
				}
			}
		case "outcome":
			o, ok := d.outcomes[plain(text)]
			if !ok {
				fail(f.Name, "not an outcome", "write agreed, partly, failed, withdrawn, referred or aided, or 达成协议 and so on")
			}
			c.Outcome = o
		case "articles":
			for _, a := range citations(text) {
				key, ok := d.article(a)
				if !ok {
					fail(f.Name, "an article that the library does not know", "write a key such as CC:675 or 《民法典》第六百七十五条, separated by ;")
				} else if !slices.Contains(c.Articles, key) {
					c.Articles = append(c.Articles, key)
				}
			}
		case "region":
			region, ok := d.region(text)
			if !ok {
				fail(f.Name, "not a place a case may name", "write a prefecture such as 通辽市, or 牧区, 农区, 城镇, 自治区")
			}
			c.Region = region
		case "year":
			if number < 1980 || number > 2100 {
				fail(f.Name, "not a year", "write four figures, such as 2024")
			}
			c.Year = number
		case "lay":
			for _, l := range strings.Split(text, "\n") {
				if l = strings.TrimSpace(l); l != "" {
					c.Lay = append(c.Lay, l)
				}
			}
		default:
			set(c, f.Name, text, yes)
		}
	}
	if c.Facts == "" && r.cells != nil {
		fail("facts", "no facts", "every case tells what happened")
	}
	return cl, errs
}

// set fills the fields that are plain text or yes.
func set(c *caselib.Case, name, text string, yes bool) {
	switch name {
	case "title_zh":
		c.Title.Zh = text
	case "summary_zh":
		c.Summary.Zh = text
	case "facts":
		c.Facts = text
	case "focus":
		c.Focus = text
	case "process":
		c.Process = text
	case "result":
		c.Result = text
	case "performance":
		c.Performance = text
	case "lesson":
		c.Lesson = text
	case "illustrative":
		c.Illustrative = yes
	case "provenance":
		c.Provenance = text
	}
	m, part := &c.Title.Mn, name
	if p, ok := strings.CutPrefix(name, "title_mn_"); ok {
		part = p
	} else if p, ok := strings.CutPrefix(name, "summary_mn_"); ok {
		m, part = &c.Summary.Mn, p
	}
	switch part {
	case "cyrl":
		m.Cyrl = text
	case "cyrl_conf":
		m.CyrlConf = caselib.Confidence(strings.ToLower(text))
	case "mong":
		m.Mong = text
	case "mong_conf":
		m.MongConf = caselib.Confidence(strings.ToLower(text))
	case "reviewed":
		m.Reviewed = yes
	}
}

// clean gives text one form: valid UTF-8 in NFC, line feeds, no control
// characters, no space around it. U+202F joins Mongolian suffixes and stays.
func clean(s string) string {
	if s == "" {
		return ""
	}
	s = norm.NFC.String(strings.ToValidUTF8(s, "�"))
	if strings.Contains(s, "\r") {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	s = strings.Map(func(r rune) rune {
		if r < 0x20 && r != '\n' && r != '\t' || r == 0x7F || r == 0xFEFF || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
	return strings.Trim(s, " \t\n　")
}

func codes(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(";；,，、\n\t |", r) })
}

// citations cuts a cell of legal grounds; 、 within 《》 or between articles of
// one law is left to article.
func citations(s string) []string {
	var out []string
	for _, p := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune(";；\n|", r) }) {
		law := ""
		for _, q := range strings.FieldsFunc(p, func(r rune) bool { return strings.ContainsRune("，,、 ", r) }) {
			if i := strings.Index(q, "》"); i >= 0 {
				law = q[:i+len("》")]
			} else if strings.HasPrefix(q, "第") {
				q = law + q // 《民法典》第六百六十七条、第六百七十五条
			}
			out = append(out, q)
		}
	}
	return out
}

var citation = regexp.MustCompile(`^《?(.+?)》?第([0-9一二三四五六七八九十百千零〇两]+)条(?:第?[（(]?([0-9一二三四五六七八九十]+)[）)]?项)?`)

// article turns a key or a citation into the key of an article that exists.
func (d *decoder) article(s string) (string, bool) {
	if _, _, err := d.lib.Article(s); err == nil {
		return s, true
	}
	m := citation.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	key, ok := d.laws[plain(strings.TrimPrefix(m[1], "中华人民共和国"))]
	n := caselib.ParseNumeral(m[2])
	if !ok || n == 0 {
		return "", false
	}
	key = fmt.Sprintf("%s:%d", key, n)
	if item := caselib.ParseNumeral(m[3]); item > 0 {
		key += fmt.Sprintf("(%d)", item)
	}
	_, _, err := d.lib.Article(key)
	return key, err == nil
}

// region widens a place to one that a case may name.
func (d *decoder) region(s string) (string, bool) {
	if slices.Contains(d.lib.Places, s) {
		return s, true
	}
	for _, p := range d.lib.Places {
		if strings.Contains(s, p) && (strings.HasSuffix(p, "市") || strings.HasSuffix(p, "盟")) {
			return p, true
		}
	}
	return "", false
}
