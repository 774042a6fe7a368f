package text

import (
	"slices"
	"unicode"
	"unicode/utf8"
)

// Script is the ISO 15924 code of a writing system this product reads.
type Script string

// The scripts told apart. Latn stays Latn whatever language it spells.
const (
	Hans Script = "Hans"
	Hant Script = "Hant"
	Mong Script = "Mong"
	Cyrl Script = "Cyrl"
	Latn Script = "Latn"
	None Script = ""
)

// Run is a stretch of text in one script. Start and End are byte offsets into
// the string given; Text is that stretch, with Menksoft characters decoded.
// Spaces, digits and punctuation belong to the run before them.
type Run struct {
	Script     Script
	Text       string
	Start, End int
}

// family tells the script of one character; Han characters are Hans here.
func family(r rune) Script {
	switch {
	case r < 0x80:
		if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return Latn
		}
		return None
	case isHan(r):
		return Hans
	case isMongolian(r):
		return Mong
	case unicode.Is(unicode.Cyrillic, r):
		return Cyrl
	case unicode.Is(unicode.Latin, r):
		return Latn
	}
	return None
}

func isHan(r rune) bool {
	return r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r == 0x3007 || r > 0xFFFF && unicode.Is(unicode.Han, r)
}

// isMongolian reports letters, digits and joiners of the Mongolian block and
// the Menksoft private-use range; NNBSP belongs here because only Mongolian
// text uses it.
func isMongolian(r rune) bool {
	return r >= 0x1800 && r <= 0x18AF || isMenksoft(r) || r == nnbsp
}

// Runs splits s into stretches of one script.
func Runs(s string) []Run {
	var runs []Run
	cur := Run{}
	for i, r := range s {
		f := family(narrow(r))
		if f == None || f == cur.Script {
			continue
		}
		if cur.Script == None {
			cur.Script = f
			continue
		}
		cur.End = i
		runs = append(runs, cur)
		cur = Run{Script: f, Start: i}
	}
	if len(s) > 0 {
		cur.End = len(s)
		runs = append(runs, cur)
	}
	for i := range runs {
		r := &runs[i]
		r.Text = s[r.Start:r.End]
		switch r.Script {
		case Hans:
			if isTraditional(r.Text) {
				r.Script = Hant
			}
		case Mong:
			r.Text = DecodeMenksoft(r.Text)
		}
	}
	return runs
}

// letters counts the letters of each script.
func letters(s string) map[Script]int {
	n := map[Script]int{}
	for _, run := range Runs(s) {
		c := 0
		for _, r := range run.Text {
			if f := family(narrow(r)); f != None && (f != Mong || r >= 0x1820 && r <= 0x18AA) {
				c++
			}
		}
		if c > 0 {
			n[run.Script] += c
		}
	}
	return n
}

// Scripts lists the scripts present, the one with most letters first, ties by
// code. Text without a letter has none.
func Scripts(s string) []Script {
	n := letters(Clean(s))
	var out []Script
	for k := range n {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b Script) int {
		if n[a] != n[b] {
			return n[b] - n[a]
		}
		if a < b {
			return -1
		}
		return 1
	})
	return out
}

// Lang names the language: "zh", "mn-Cyrl", "mn-Mong", "mn-Latn" or "und".
// Mixed text is in the language of most letters, zh on ties. Latin letters
// count only when they spell Mongolian; a brand name inside a Chinese sentence
// does not change its language.
func Lang(s string) string {
	s = Clean(s)
	n := letters(s)
	lang, most := "und", 0
	for _, c := range []struct {
		lang string
		n    int
	}{
		{"zh", n[Hans] + n[Hant]},
		{"mn-Mong", n[Mong]},
		{"mn-Cyrl", n[Cyrl]},
	} {
		if c.n > most {
			lang, most = c.lang, c.n
		}
	}
	if n[Latn] > most && IsLatinMongolian(s) {
		return "mn-Latn"
	}
	return lang
}

// chunks cuts s into pieces of at most size bytes at character boundaries.
func chunks(s string, size int) []string {
	var out []string
	for len(s) > size {
		cut := size
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		if cut == 0 {
			cut = size
		}
		out = append(out, s[:cut])
		s = s[cut:]
	}
	if s != "" {
		out = append(out, s)
	}
	return out
}
