package text

import (
	"slices"
	"strings"
	"unicode"
)

// hudumMark begins the key of a traditional Mongolian word, so that it never
// meets a Latin word spelled alike.
const hudumMark = "~"

// hudumWord is one word of traditional Mongolian: its text, its key, and the
// keys of the suffixes written apart after it.
type hudumWord struct {
	text     string
	key      string
	suffixes []string
}

// readSuffixes fills apart and returns the joined endings as they look after a
// stem, longest first. Endings of one letter are left out: they cut words that
// merely end in n or g.
func (t *foldTable) readSuffixes() []string {
	seen := map[string]bool{}
	var endings []string
	for _, row := range rows("suffixes_mong.tsv") {
		if len(row) < 10 {
			continue
		}
		switch row[0] {
		case "separated":
			t.apart[t.exact(row[1])] = true
		case "joined":
			// After a stem the first vowel of the ending is never a first syllable.
			key := strings.ReplaceAll(row[9], "w", "o")
			tensed := strings.HasPrefix(row[7], "Ft") || strings.HasPrefix(row[7], "Fn") || strings.HasPrefix(row[7], "Fs") || strings.HasPrefix(row[7], "Fb")
			if len(key) >= 2 && tensed && !seen[key] {
				seen[key] = true
				endings = append(endings, key)
			}
		}
	}
	slices.SortFunc(endings, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	return endings
}

// exact is a suffix as spelled, without variation selectors and joiners.
func (t *foldTable) exact(s string) string {
	return strings.Map(func(r rune) rune {
		if t.remove[r] {
			return -1
		}
		return r
	}, s)
}

// hudumWords splits Mongolian text into words. A suffix is recognised after
// NNBSP, after MVS, and after a plain space when it is spelled exactly like a
// listed one.
func hudumWords(s string) []hudumWord {
	t := folding()
	var out []hudumWord
	add := func(w string) {
		if key := t.key(w); key != "" {
			out = append(out, hudumWord{text: w, key: key})
		}
	}
	suffix := func(part string) {
		if len(out) == 0 {
			add(part)
			return
		}
		last := &out[len(out)-1]
		last.suffixes = append(last.suffixes, t.key(part))
	}
	for _, piece := range t.pieces(s) {
		exact := t.exact(piece.text)
		if exact == "" {
			continue
		}
		if piece.narrow && len(out) > 0 {
			if exact == "ᠠ" || exact == "ᠡ" { // NNBSP written for MVS before a final vowel
				last := &out[len(out)-1]
				last.text += string(mvs) + piece.text
				last.key = t.key(last.text)
				continue
			}
			suffix(piece.text)
			continue
		}
		if piece.spaced && len(out) > 0 && t.apart[exact] {
			suffix(piece.text)
			continue
		}
		// MVS: before a lone final vowel it is part of the word, before a listed
		// suffix it is a boundary, otherwise it is dropped.
		for {
			i := strings.LastIndex(exact, string(mvs))
			if i < 0 || !t.apart[exact[i+len(string(mvs)):]] {
				break
			}
			exact = exact[:i]
			piece.tail = append(piece.tail, piece.text[strings.LastIndex(piece.text, string(mvs))+len(string(mvs)):])
			piece.text = piece.text[:strings.LastIndex(piece.text, string(mvs))]
		}
		if exact == "" && len(piece.tail) > 0 {
			for _, p := range slices.Backward(piece.tail) {
				suffix(p)
			}
			continue
		}
		add(piece.text)
		for _, p := range slices.Backward(piece.tail) {
			suffix(p)
		}
	}
	return out
}

// piece is what stands between two breaks, and what kind of break came before.
type piece struct {
	text   string
	narrow bool // after NNBSP
	spaced bool // after plain spaces only
	tail   []string
}

func (t *foldTable) pieces(s string) []piece {
	var out []piece
	start := -1
	cur := piece{}
	flush := func(end int) {
		if start >= 0 {
			cur.text = s[start:end]
			out = append(out, cur)
		}
		start = -1
	}
	for i, r := range s {
		switch {
		case r == nnbsp:
			flush(i)
			cur = piece{narrow: true}
		case r == ' ' || r == '\u00A0' || r == '\n' || r == '\t':
			if start >= 0 {
				flush(i)
				cur = piece{spaced: r == ' ' || r == '\u00A0'}
			}
		case t.breaks[r] || unicode.IsPunct(r) || unicode.IsSymbol(r) && !t.remove[r]:
			flush(i)
			cur = piece{}
		default:
			if start < 0 {
				start = i
			}
		}
	}
	flush(len(s))
	return out
}

// stemHudum strips one joined verbal ending from a key, leaving at least three
// letters with a vowel among them. A key in heads is a known word and stays.
func stemHudum(key string, heads map[string]bool) string {
	if heads[key] {
		return key
	}
	t := folding()
	best := ""
	for _, e := range t.endings {
		stem, ok := strings.CutSuffix(key, e)
		if !ok || len(stem) < 3 || !strings.ContainsAny(stem, "aeiowv") {
			continue
		}
		if heads[stem] {
			return stem
		}
		if best == "" {
			best = stem
		}
	}
	if best == "" {
		return key
	}
	return best
}
