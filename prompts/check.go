package prompts

import (
	"fmt"
	"regexp"
	"sort"
	"strings"
	"unicode"
)

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// Check lists what is wrong with the messages, sorted: a Mongolian key without Chinese, an empty text,
// placeholders that differ between languages, a confidence that is none of high, medium, low, and a text written
// in another script than its folder says.
func (c *Catalog) Check() []string {
	var out []string
	for key, m := range c.byLang[Chinese] {
		if strings.TrimSpace(m.Text) == "" {
			out = append(out, fmt.Sprintf("%s: %q has no Chinese text", c.where[Chinese+"/"+key], key))
		}
		if m.Confidence != "" {
			out = append(out, fmt.Sprintf("%s: %q is Chinese and needs no confidence", c.where[Chinese+"/"+key], key))
		}
	}
	for _, lang := range []string{Cyrillic, Vertical} {
		for key, m := range c.byLang[lang] {
			for _, what := range c.checkMongolian(lang, key, m) {
				out = append(out, fmt.Sprintf("%s: %q %s", c.where[lang+"/"+key], key, what))
			}
		}
	}
	sort.Strings(out)
	return out
}

func (c *Catalog) checkMongolian(lang, key string, m Message) (out []string) {
	zh, ok := c.byLang[Chinese][key]
	if !ok {
		return []string{"has no Chinese"}
	}
	if strings.TrimSpace(m.Text) == "" {
		return []string{"has no text"}
	}
	switch m.Confidence {
	case "high", "medium", "low":
	default:
		out = append(out, fmt.Sprintf("has confidence %q, want high, medium or low", m.Confidence))
	}
	if a, b := placeholders(zh.Text), placeholders(m.Text); a != b {
		out = append(out, fmt.Sprintf("has placeholders %q, the Chinese has %q", b, a))
	}
	script, name := unicode.Cyrillic, "Cyrillic"
	if lang == Vertical {
		script, name = unicode.Mongolian, "Mongolian"
	}
	if letters := strings.IndexFunc(m.Text, unicode.IsLetter); letters >= 0 &&
		strings.IndexFunc(m.Text, func(r rune) bool { return unicode.Is(script, r) }) < 0 {
		out = append(out, "has no "+name+" letter")
	}
	return out
}

func placeholders(s string) string {
	seen := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
		seen[m[1]] = true
	}
	names := make([]string, 0, len(seen))
	for n := range seen {
		names = append(names, n)
	}
	sort.Strings(names)
	return strings.Join(names, ",")
}
