package laws

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"heshi/caselib"
)

// What a file can fail with.
var (
	ErrNotLaw    = errors.New("laws: no heading with the name of a law")
	ErrNoVersion = errors.New("laws: no date of the version")
	ErrNotText   = errors.New("laws: not UTF-8 text")
)

var (
	fileDate  = regexp.MustCompile(`[（(]([0-9]{4})-([0-9]{2})-([0-9]{2})[)）]$`)
	dayForm   = regexp.MustCompile(`([0-9]{4})\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日`)
	noteForm  = regexp.MustCompile(`^[0-9]{4}\s*年\s*[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*日`)
	fromForm  = regexp.MustCompile(`自([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日起(?:正式)?(?:施行|实施|生效)`)
	openForm  = regexp.MustCompile(`^(?:\*\*)?第([一二三四五六七八九十百千零〇两0-9]+)条(?:之([一二三四五六七八九十]+))?(?:\*\*)?(?:[\s　]+|$)`)
	comment   = regexp.MustCompile(`<!--.*?-->`)
	headLevel = regexp.MustCompile(`^(#{1,6})(?:[ \t　]+(.*))?$`)
)

// Parse reads one file of law. name is its path below the imported folder.
// Articles that do not follow in number, which a table of contents or a quoted
// decision can look like, are left in the paragraph they stand in and named in
// doubts. A file without articles gives one article, number 0.
func Parse(name string, text []byte) (law caselib.LawText, doubts []string, err error) {
	if !utf8.Valid(text) {
		return law, nil, fmt.Errorf("%w: %s: save it as UTF-8", ErrNotText, name)
	}
	sum := sha256.Sum256(text)
	law.Hash, law.File = hex.EncodeToString(sum[:16]), name
	if dir := path.Dir(name); dir != "." {
		law.Category = dir
	}
	p := parser{law: &law}
	body := strings.TrimPrefix(norm.NFC.String(string(text)), "\uFEFF")
	p.head = strings.Contains(body, "<!-- INFO END -->")
	for line := range strings.Lines(body) {
		p.take(strings.TrimRight(line, "\r\n"))
	}
	p.finish()
	if law.Name == "" {
		return law, nil, fmt.Errorf("%w: %s: begin the file with \"# name\"", ErrNotLaw, name)
	}
	base := strings.TrimSuffix(path.Base(name), path.Ext(name))
	if m := fileDate.FindStringSubmatch(base); m != nil {
		law.Version = m[1] + "-" + m[2] + "-" + m[3]
	} else {
		law.Version = passed(law.Notes)
	}
	if law.Version == "" {
		return law, nil, fmt.Errorf("%w: %s: put it at the end of the file name, as in 草原法(2021-04-29).md", ErrNoVersion, name)
	}
	law.Effective = effective(law)
	return law, p.doubts, nil
}

// parser reads a file line by line.
type parser struct {
	law    *caselib.LawText
	head   bool // still before INFO END
	front  bool // within YAML front matter
	lines  int
	levels [7]string
	para   []string // paragraphs of the article, or of the preamble, being read
	open   bool     // an article has begun
	doubts []string
}

func (p *parser) take(line string) {
	p.lines++
	trimmed := strings.TrimFunc(line, unicode.IsSpace)
	if trimmed == "---" && (p.lines == 1 || p.front) {
		p.front = p.lines == 1
		return
	}
	if p.front {
		return
	}
	if strings.Contains(trimmed, "<!-- INFO END -->") {
		p.head = false
		return
	}
	trimmed = strings.TrimSpace(comment.ReplaceAllString(trimmed, ""))
	if trimmed == "" {
		return
	}
	if m := headLevel.FindStringSubmatch(trimmed); m != nil {
		p.heading(len(m[1]), strings.Join(strings.Fields(m[2]), " "))
		return
	}
	if p.head || p.law.Name != "" && !p.open && len(p.para) == 0 && noteForm.MatchString(trimmed) {
		p.law.Notes = append(p.law.Notes, trimmed)
		return
	}
	if m := openForm.FindStringSubmatch(trimmed); m != nil {
		if p.begin(caselib.ParseNumeral(m[1]), caselib.ParseNumeral(m[2])) {
			p.para = append(p.para, strings.TrimSpace(trimmed[len(m[0]):]))
			return
		}
	}
	p.para = append(p.para, trimmed)
}

// heading takes the name of the law, of its part, or of a chapter.
func (p *parser) heading(level int, text string) {
	switch {
	case level == 1 && p.law.Name == "":
		p.law.Name = text
		return
	case level == 1 && p.law.Part == "" && !p.open && len(p.levels[2]) == 0:
		p.law.Part = text
		return
	}
	p.closeArticle()
	p.levels[level] = text
	for l := level + 1; l < len(p.levels); l++ {
		p.levels[l] = ""
	}
}

func (p *parser) path() string {
	var parts []string
	for _, t := range p.levels {
		if t != "" {
			parts = append(parts, t)
		}
	}
	return strings.Join(parts, " / ")
}

// begin opens an article, if it may stand here: numbers go up one by one, and
// 之一, 之二 follow their article.
func (p *parser) begin(n, sub int) bool {
	last := caselib.LawArticle{}
	if k := len(p.law.Articles); k > 0 {
		last = p.law.Articles[k-1]
	}
	next := n == last.Number+1 && sub == 0 || n == last.Number && sub == last.Sub+1
	first := last.Number == 0 && n > 0 && sub == 0 // a part of a code begins where it begins
	switch {
	case n == 0:
		return false
	case next || first:
	case n > last.Number && n-last.Number <= 20 && sub == 0: // a missing article is worth saying
		p.doubt("第%s条 follows 第%s条", n, last.Number)
	default:
		p.doubt("a paragraph begins with 第%s条 after 第%s条 and is kept as text", n, last.Number)
		return false
	}
	p.closeArticle()
	p.law.Articles = append(p.law.Articles, caselib.LawArticle{Number: n, Sub: sub, Path: p.path()})
	p.open = true
	return true
}

func (p *parser) doubt(form string, n, last int) {
	p.doubts = append(p.doubts, fmt.Sprintf("line %d: "+form, p.lines, caselib.Numeral(n), caselib.Numeral(last)))
}

// closeArticle gives the paragraphs to whom they belong.
func (p *parser) closeArticle() {
	text := strings.TrimSpace(strings.Join(p.para, "\n"))
	p.para = nil
	k := len(p.law.Articles)
	switch {
	case text == "":
	case k == 0:
		p.law.Preamble = strings.TrimSpace(p.law.Preamble + "\n" + text)
	default:
		a := &p.law.Articles[k-1]
		a.Text = strings.TrimSpace(a.Text + "\n" + text)
	}
}

func (p *parser) finish() {
	p.closeArticle()
	if len(p.law.Articles) == 0 && p.law.Preamble != "" {
		p.law.Articles = []caselib.LawArticle{{Text: p.law.Preamble}}
		p.law.Preamble = ""
	}
}

// passed is the last day on which the law was passed or changed.
func passed(notes []string) string {
	day := ""
	for _, n := range notes {
		if strings.HasSuffix(strings.TrimSpace(n), "施行") {
			continue
		}
		if m := dayForm.FindStringSubmatch(n); m != nil {
			day = max(day, iso(m[1:]))
		}
	}
	return day
}

// effective is the day the version began to count: said in the head of the
// file or in the last article. A day before the version is that of an older one.
func effective(l caselib.LawText) string {
	var days []string
	for _, n := range l.Notes {
		if m := dayForm.FindStringSubmatch(n); m != nil && strings.HasSuffix(strings.TrimSpace(n), "施行") {
			days = append(days, iso(m[1:]))
		}
		if m := fromForm.FindStringSubmatch(n); m != nil {
			days = append(days, iso(m[1:]))
		}
	}
	texts := []string{l.Preamble}
	for _, a := range l.Articles[max(0, len(l.Articles)-2):] {
		texts = append(texts, a.Text)
	}
	for _, t := range texts {
		if m := fromForm.FindStringSubmatch(t); m != nil {
			days = append(days, iso(m[1:]))
		}
	}
	best := ""
	for _, d := range days {
		if d >= l.Version && (best == "" || d < best) {
			best = d
		}
	}
	return best
}

func iso(ymd []string) string {
	two := func(s string) string {
		if len(s) == 1 {
			return "0" + s
		}
		return s
	}
	return ymd[0] + "-" + two(ymd[1]) + "-" + two(ymd[2])
}

// plainName makes names of laws comparable.
func plainName(s string) string {
	s = strings.ReplaceAll(norm.NFKC.String(s), "中华人民共和国", "")
	s = strings.TrimSuffix(s, "(国务院)")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return r
		}
		return -1
	}, s)
}

// keyOf is the key of a law: that of sources.yaml for a name it knows, or one
// made from the name, the same on every machine.
func keyOf(name string, known map[string]string) string {
	p := plainName(name)
	if key, ok := known[p]; ok {
		return key
	}
	sum := sha256.Sum256([]byte(cmp.Or(p, name)))
	return "L" + strings.ToUpper(hex.EncodeToString(sum[:4]))
}
