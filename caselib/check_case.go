package caselib

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

var caseID = regexp.MustCompile(`^HS-[0-9]{4,9}$`)

// fewest is the smallest number of real published cases that may share a
// place, a subtype and a year: below it a person could be recognised
// (domain rule on k-anonymity; illustrative cases happened to nobody).
const fewest = 5

// barred are subtypes whose real cases are never published: violence at home
// and sexual harassment.
var barred = []string{"D01-08", "D06-07"}

func (c *checker) cases() {
	seen := map[string]string{}
	crowd := map[string][]int{}
	for i, cs := range c.lib.Cases {
		c.where = at(cs.At, cs.ID)
		if !caseID.MatchString(cs.ID) {
			c.report("number it HS-0001 and so on; never imitate an official number", "case id %q", cs.ID)
		}
		if first, dup := seen[cs.ID]; dup {
			c.report("give it its own number", "the id is used already, at %s", first)
		}
		seen[cs.ID] = cs.At
		if !cs.State.Valid() {
			c.report("use one of draft, anonymised, bilingual_review, published, withdrawn", "state is %q", cs.State)
		}
		if OutcomeName(cs.Outcome) == "" {
			names := slices.Sorted(maps.Keys(outcomes))
			c.report("use one of "+strings.Join(names, ", "), "outcome is %q", cs.Outcome)
		}
		if len(cs.Types) == 0 {
			c.report("name the main subtype first", "no dispute type")
		}
		c.types(cs.Types, true)
		for _, k := range cs.Articles {
			c.article("articles", k)
		}
		c.mongolian("title.", cs.Title.Mn)
		c.mongolian("summary.", cs.Summary.Mn)
		c.casePlace(cs)
		c.casePrivacy(cs)
		if cs.State == PublishedState {
			c.publishedCase(cs)
			if !cs.Illustrative && len(cs.Types) > 0 {
				key := fmt.Sprintf("%s × %s × %d", cs.Region, cs.Types[0], cs.Year)
				crowd[key] = append(crowd[key], i)
			}
		}
	}
	for key, members := range crowd {
		if len(members) >= fewest {
			continue
		}
		for _, i := range members {
			c.where = at(c.lib.Cases[i].At, c.lib.Cases[i].ID)
			c.report("widen the region to 自治区, or hold the case back", "only %d published cases share %s", len(members), key)
		}
	}
}

// publishedCase demands what a reader needs.
func (c *checker) publishedCase(cs Case) {
	for _, f := range []struct{ name, text string }{
		{"title", cs.Title.Zh}, {"summary", cs.Summary.Zh}, {"facts", cs.Facts}, {"result", cs.Result},
	} {
		if strings.TrimSpace(f.text) == "" {
			c.report("write it in Chinese", "published without %s", f.name)
		}
	}
	if len(cs.Articles) == 0 {
		c.report("cite the law it turned on", "published without an article")
	}
	if strings.TrimSpace(cs.Provenance) == "" {
		c.report("say where the case comes from", "published without provenance")
	}
	for _, ty := range cs.Types {
		if !cs.Illustrative && slices.Contains(barred, ty) {
			c.report("withdraw it", "real cases of %s are never published", ty)
		}
	}
}

var illustrativeWords = []string{"示范", "示例", "虚构", "编写"}

func (c *checker) casePlace(cs Case) {
	if cs.Region != "" && !slices.Contains(c.lib.Places, cs.Region) {
		c.report("use a place of places.yaml", "region %q is not one a case may name", cs.Region)
	}
	if cs.Year != 0 && (cs.Year < 1980 || cs.Year > 2100) {
		c.report("write four digits", "year is %d", cs.Year)
	}
	said := slices.ContainsFunc(illustrativeWords, func(w string) bool { return strings.Contains(cs.Provenance, w) })
	if cs.Illustrative && !said {
		c.report("say in provenance that it was written as an example", "illustrative, but provenance %q does not say so", cs.Provenance)
	}
	if !cs.Illustrative && said {
		c.report("set illustrative: true", "provenance says it was written as an example, but illustrative is not set")
	}
}

func (c *checker) casePrivacy(cs Case) {
	texts := cs.texts()
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		for _, kind := range personal(texts[name]) {
			// What was found stays out of the report: reports are logged.
			c.report("remove or generalise it", "%s contains %s", name, kind)
		}
	}
}

// identifiers are written as people write them; text is normalised to plain
// digits first.
var identifiers = []struct {
	kind string
	form *regexp.Regexp
}{
	{"a mobile number", regexp.MustCompile(`(?:^|[^0-9])1[3-9][0-9](?:[ -]?[0-9]{4}){2}(?:[^0-9]|$)`)},
	{"a telephone number", regexp.MustCompile(`(?:^|[^0-9])0[0-9]{2,3}[ -][0-9]{7,8}(?:[^0-9]|$)`)},
	{"an identity number", regexp.MustCompile(`(?:^|[^0-9])[1-9][0-9]{5}(?:19|20)?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]?(?:[^0-9]|$)`)},
	{"a bank card number", regexp.MustCompile(`(?:^|[^0-9])[1-9][0-9]{3}(?:[ -]?[0-9]{4}){3}[0-9]{0,3}(?:[^0-9]|$)`)},
	{"a number plate", regexp.MustCompile(`[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·. ]?[A-Z0-9]{5,6}`)},
	{"a WeChat or mail address", regexp.MustCompile(`(?i)wxid_[a-z0-9]+|[a-z0-9._-]+@[a-z0-9-]+\.[a-z]{2,}`)},
	{"coordinates", regexp.MustCompile(`(?:^|[^0-9])[34][0-9]\.[0-9]{3,}.{0,6}1[0-2][0-9]\.[0-9]{3,}`)},
}

// plainDigit maps full-width and Chinese digits to ASCII, so that a number
// spelt 一三八… is found too.
func plainDigit(r rune) rune {
	if r >= '！' && r <= '～' {
		return r - 0xFEE0
	}
	if r == '幺' {
		return '1'
	}
	if i := strings.IndexRune("〇一二三四五六七八九", r); i >= 0 {
		return rune('0' + i/3) // three bytes each
	}
	if r == '零' {
		return '0'
	}
	return r
}

// personal names the kinds of personal data a text seems to contain.
func personal(text string) []string {
	plain := strings.Map(plainDigit, text)
	var kinds []string
	for _, id := range identifiers {
		if id.form.MatchString(plain) {
			kinds = append(kinds, id.kind)
		}
	}
	return kinds
}
