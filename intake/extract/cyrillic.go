package extract

// cyrillicWord is one word of a Mongolian number: its value and the rune after it. scale tells мянга from долоо.
type cyrillicWord struct {
	value int64
	scale bool
	end   int
}

// cyrillicNumber reads a number in Mongolian words: найман мянга, хорин гурван зуун.
func (s *script) cyrillicNumber(i int) (number, bool) {
	n := number{start: i}
	var total, section int64
	for words := 0; words < 10; words++ {
		w := s.cyrillicAt(i)
		if w.value == 0 {
			break
		}
		switch {
		case w.scale && w.value >= 1000:
			total += max(section, 1) * w.value
			section = 0
			n.unit = max(n.unit, w.value)
		case w.scale: // зуу
			section = max(section, 1) * w.value
			n.unit = max(n.unit, w.value)
		default:
			section += w.value
		}
		n.end = w.end
		i = s.blanks(w.end)
		if i == w.end && i < len(s.r) || total > 1_000_000_000 {
			break
		}
	}
	if n.end == 0 {
		return n, false
	}
	n.cents = (total + section) * 100
	return n, true
}

// mongolianScale is a scale word (мянга, зуу, түм, сая, ᠮᠢᠩᠭ᠎ᠠ, ᠲᠦᠮᠡ) at i.
func (s *script) mongolianScale(i int) cyrillicWord {
	for stem, value := range map[string]int64{"ᠮᠢᠩᠭ": 1000, "ᠲᠦᠮᠡ": 10000} {
		if s.has(i, stem) {
			for i++; isMongolian(s.at(i)); i++ {
			}
			return cyrillicWord{value, true, i}
		}
	}
	if w := s.cyrillicAt(i); w.scale {
		return w
	}
	return cyrillicWord{}
}

// cyrillicAt reads the number word at i; a case ending may follow its stem.
func (s *script) cyrillicAt(i int) cyrillicWord {
	best := cyrillicWord{}
	length := 0
	if !isCyrillic(s.at(i)) {
		return best
	}
	for stem, w := range cyrillicNumbers {
		if k := len([]rune(stem)); k > length && s.has(i, stem) {
			end := i + k
			for n := 0; n < 5 && isCyrillic(s.at(end)); n++ {
				end++
			}
			if isCyrillic(s.at(end)) {
				continue
			}
			best, length = cyrillicWord{w.value, w.scale, end}, k
		}
	}
	return best
}

// cyrillicNumbers are the number words by stem (mongolian terms, high confidence).
var cyrillicNumbers = map[string]struct {
	value int64
	scale bool
}{
	"нэг": {1, false}, "хоёр": {2, false}, "гурав": {3, false}, "гурван": {3, false}, "дөрөв": {4, false}, "дөрвөн": {4, false},
	"тав": {5, false}, "таван": {5, false}, "зургаа": {6, false}, "зургаан": {6, false}, "долоо": {7, false}, "долоон": {7, false},
	"найм": {8, false}, "найман": {8, false}, "ес": {9, false}, "есөн": {9, false}, "арав": {10, false}, "арван": {10, false},
	"хорь": {20, false}, "хорин": {20, false}, "гуч": {30, false}, "гучин": {30, false}, "дөч": {40, false}, "дөчин": {40, false},
	"тавь": {50, false}, "тавин": {50, false}, "жар": {60, false}, "жаран": {60, false}, "дал": {70, false}, "далан": {70, false},
	"ная": {80, false}, "наян": {80, false}, "ер": {90, false}, "ерэн": {90, false},
	"зуу": {100, true}, "зуун": {100, true}, "мянга": {1000, true}, "мянган": {1000, true}, "түм": {10000, true}, "түмэн": {10000, true}, "сая": {1000000, true},
}
