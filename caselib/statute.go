package caselib

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Source is one source of law: a statute, a regulation, an interpretation or a
// standard. Status says how well its text is known: text_checked,
// text_checked_newer, secondary or memory (see sources.yaml).
type Source struct {
	Key    string `yaml:"-" json:"key"`
	Name   string `yaml:"name" json:"name"`
	Date   string `yaml:"date,omitempty" json:"date,omitempty"` // of the version
	Eff    string `yaml:"eff,omitempty" json:"eff,omitempty"`   // in force from
	Status string `yaml:"status" json:"status"`
	MaxArt int    `yaml:"max_art,omitempty" json:"max_art,omitempty"` // number of articles; 0 = unknown
	Latest string `yaml:"current_check,omitempty" json:"current_check,omitempty"`
	Note   string `yaml:"note,omitempty" json:"note,omitempty"`
}

// Short is the name people use: without 中华人民共和国 in front.
func (s Source) Short() string { return strings.TrimPrefix(s.Name, "中华人民共和国") }

// Citable reports whether an article of the source may be cited to a citizen.
// A text known only from memory may not.
func (s Source) Citable() bool { return s.Status != "" && s.Status != "memory" }

// Statute is one article: its digest, which says in our own words what it gives
// a lay person, and, for laws the operator has imported, the text itself.
type Statute struct {
	ID        string    `json:"id"`             // LDMA:27
	Law       string    `json:"law"`            // key in sources.yaml
	Name      string    `json:"name"`           // 劳动争议调解仲裁法
	Article   int       `json:"article"`        // 27
	Version   string    `json:"version"`        // date of the version that was read
	Sub       int       `json:"sub,omitempty"`  // 1 in 第一百三十三条之一
	Text      string    `json:"text,omitempty"` // the law's own words, where the operator has imported them
	Path      string    `json:"path,omitempty"` // chapter and section, of an imported text
	Digest    string    `json:"digest"`         // own words; empty for an imported text nobody has digested
	Questions []string  `json:"questions"`      // lay questions it answers
	Types     []string  `json:"types"`          // taxonomy codes it serves
	Mn        Mongolian `json:"mn,omitzero"`
	Status    string    `json:"status"`
	State     State     `json:"state"`

	At string `json:"-"` // file:line; not content
}

// Cite names the article in full:
// 《劳动争议调解仲裁法》第二十七条（2007-12-29）.
func (s Statute) Cite() string { return cite(s.Name, Key{Article: s.Article, Sub: s.Sub}, s.Version) }

func cite(name string, k Key, version string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "《%s》", name)
	if k.Article > 0 { // a reply of a court has no articles
		fmt.Fprintf(&b, "第%s条", Numeral(k.Article))
	}
	if k.Sub > 0 {
		b.WriteString("之" + Numeral(k.Sub))
	}
	if k.Item > 0 {
		fmt.Fprintf(&b, "第%s项", Numeral(k.Item))
	}
	if version != "" {
		fmt.Fprintf(&b, "（%s）", version)
	}
	return b.String()
}

// lawFile is the shape of data/statutes/*.yaml: articles grouped by law, so
// the version that was read is written once for all of them.
type lawFile struct {
	Law      string        `yaml:"law"`
	Version  string        `yaml:"version"`
	State    State         `yaml:"state"`
	Articles []lawFileItem `yaml:"articles"`
}

type lawFileItem struct {
	Article   int       `yaml:"article"`
	Digest    string    `yaml:"digest"`
	Questions []string  `yaml:"questions"`
	Types     []string  `yaml:"types"`
	Mn        Mongolian `yaml:"mn"`
	State     State     `yaml:"state"`
}

var keyForm = regexp.MustCompile(`^([A-Z][A-Z0-9]*):([0-9]{1,4})(?:-([0-9]{1,2}))?(?:\(([0-9]{1,2})\))?$`)

// Key is a parsed article key: "LAL:31(5)" is item 5 of article 31 of LAL,
// "CRL:133-1" is 第一百三十三条之一.
type Key struct {
	Law                string
	Article, Sub, Item int
}

// ParseKey splits an article key such as "CC:1076" or "LAL:31(5)".
func ParseKey(key string) (Key, error) {
	m := keyForm.FindStringSubmatch(key)
	if m == nil {
		return Key{}, fmt.Errorf("caselib: %q is not an article key like CC:1076", key)
	}
	k := Key{Law: m[1]}
	k.Article, _ = strconv.Atoi(m[2]) // digits by the expression above
	k.Sub, _ = strconv.Atoi(m[3])     // "" is none
	k.Item, _ = strconv.Atoi(m[4])
	if k.Article == 0 {
		return Key{}, fmt.Errorf("caselib: article key %q: articles count from 1", key)
	}
	return k, nil
}

// ID is the key of the whole article, without the item.
func (k Key) ID() string {
	if k.Sub > 0 {
		return fmt.Sprintf("%s:%d-%d", k.Law, k.Article, k.Sub)
	}
	return k.Law + ":" + strconv.Itoa(k.Article)
}

// Numeral writes n, 1 to 9999, as Chinese law does: 27 is 二十七, 1001 is
// 一千零一. Outside that range it falls back to digits.
func Numeral(n int) string {
	if n <= 0 || n > 9999 {
		return strconv.Itoa(n)
	}
	digits := []rune("零一二三四五六七八九")
	units := []string{"", "十", "百", "千"}
	var b strings.Builder
	gap := false // a zero between two digits that are not zero is said once
	for i, div := 3, 1000; i >= 0; i, div = i-1, div/10 {
		d := n / div % 10
		if d == 0 {
			gap = gap || b.Len() > 0
			continue
		}
		if gap {
			b.WriteRune(digits[0])
			gap = false
		}
		if !(d == 1 && i == 1 && b.Len() == 0) { // 十二, not 一十二
			b.WriteRune(digits[d])
		}
		b.WriteString(units[i])
	}
	return b.String()
}

// ParseNumeral reads a number from 1 to 9999 as Chinese law writes it, or in
// figures; 0 for anything else.
func ParseNumeral(s string) int {
	if n, err := strconv.Atoi(s); err == nil && n > 0 && n <= 9999 {
		return n
	}
	total, digit := 0, -1
	for _, r := range s {
		if i := strings.IndexRune("〇一二三四五六七八九", r); i >= 0 {
			digit = i / len("一")
			continue
		}
		unit := map[rune]int{'十': 10, '百': 100, '千': 1000}[r]
		switch {
		case r == '零':
			digit = -1
		case r == '两':
			digit = 2
		case unit == 0:
			return 0
		case digit < 0:
			total, digit = total+unit, -1 // 十二
		default:
			total, digit = total+digit*unit, -1
		}
	}
	if digit > 0 {
		total += digit
	}
	if total > 9999 {
		return 0
	}
	return total
}
