package text

import (
	"embed"
	"strconv"
	"strings"
	"sync"
)

//go:embed data
var data embed.FS

// rows yields the tab-separated rows of an embedded table, without comments and
// without the heading.
func rows(name string) [][]string {
	b, err := data.ReadFile("data/" + name)
	if err != nil {
		return nil // the embedding is checked when the program is built
	}
	var out [][]string
	heading := true
	for line := range strings.Lines(string(b)) {
		line = strings.TrimRight(line, "\r\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if heading {
			heading = false
			continue
		}
		out = append(out, strings.Split(line, "\t"))
	}
	return out
}

// lines yields the entries of an embedded word list.
func lines(name string) []string {
	b, err := data.ReadFile("data/" + name)
	if err != nil {
		return nil
	}
	return listed(string(b))
}

// listed yields the entries of a word list: one a line, # begins a comment.
func listed(s string) []string {
	var out []string
	for line := range strings.Lines(s) {
		line = strings.TrimRight(line, "\r\n")
		if line != "" && !strings.HasPrefix(line, "#") {
			out = append(out, line)
		}
	}
	return out
}

// codepoint reads "U+1820" or "1820".
func codepoint(s string) (rune, bool) {
	n, err := strconv.ParseUint(strings.TrimPrefix(s, "U+"), 16, 32)
	return rune(n), err == nil
}

// menksoftTable maps the private-use characters of Menksoft fonts to Unicode.
var menksoftTable = sync.OnceValue(func() map[rune]rune {
	m := map[rune]rune{}
	for _, r := range rows("menksoft.tsv") {
		if len(r) < 3 {
			continue
		}
		from, ok1 := codepoint(r[0])
		to, ok2 := codepoint(r[2])
		if ok1 && ok2 {
			m[from] = to
		}
	}
	return m
})

func isMenksoft(r rune) bool { return r >= 0xE234 && r <= 0xE34F }

// DecodeMenksoft replaces Menksoft private-use characters by the Unicode
// letters they stand for; positional forms are dropped.
func DecodeMenksoft(s string) string {
	if !strings.ContainsFunc(s, isMenksoft) {
		return s
	}
	t := menksoftTable()
	return strings.Map(func(r rune) rune {
		if to, ok := t[r]; ok {
			return to
		}
		return r
	}, s)
}

// stopWords are the words too common to tell two texts apart, as keys.
var stopWords = sync.OnceValue(func() map[string]bool {
	m := map[string]bool{}
	for _, w := range lines("stopwords_cyrl.txt") {
		m[w] = true
	}
	for _, w := range lines("stopwords_mong.txt") {
		for _, word := range hudumWords(w) {
			m[hudumMark+word.key] = true
		}
	}
	for _, w := range lines("stopwords_zh.txt") {
		m[w] = true
	}
	return m
})
