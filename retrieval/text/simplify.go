package text

import (
	"strings"
	"sync"

	"github.com/longbridgeapp/opencc"
)

// traditional holds the conversion table and, for speed, what each character
// becomes alone: nearly all text has nothing to convert.
type traditional struct {
	cc     *opencc.OpenCC
	single map[rune]rune
	// simple marks characters that only the simplified set uses.
	simple map[rune]bool
}

// conversion is read-only once made.
var conversion = sync.OnceValue(func() *traditional {
	t := &traditional{single: map[rune]rune{}, simple: map[rune]bool{}}
	cc, err := opencc.New("t2s")
	if err != nil {
		return t // embedded data of the library; without it text stays as it is
	}
	t.cc = cc
	for r := rune(0x4E00); r <= 0x9FFF; r++ {
		out, err := cc.Convert(string(r))
		if err != nil {
			continue
		}
		to := []rune(out)
		if len(to) == 1 && to[0] != r {
			t.single[r] = to[0]
			t.simple[to[0]] = true
		}
	}
	for r := range t.single {
		delete(t.simple, r)
	}
	for _, r := range sharedCharacters {
		delete(t.simple, r)
	}
	return t
})

// Simplify converts Traditional Chinese to Simplified, for matching only: the
// choice of character is a guess where one simplified character has several
// traditional ones.
func Simplify(s string) string {
	t := conversion()
	if !t.has(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, piece := range chunks(s, 4<<10) {
		out, err := t.cc.Convert(piece)
		if err != nil {
			out = piece
		}
		b.WriteString(out)
	}
	return b.String()
}

// has reports whether any character of s would change.
func (t *traditional) has(s string) bool {
	for _, r := range s {
		if r >= 0x4E00 && r <= 0x9FFF {
			if _, ok := t.single[r]; ok {
				return true
			}
		}
	}
	return false
}

// isTraditional reports whether a Han run reads as Traditional Chinese: more
// characters that only Traditional uses than only Simplified.
func isTraditional(s string) bool {
	t := conversion()
	trad, simp := 0, 0
	for _, r := range s {
		if _, ok := t.single[r]; ok {
			trad++
		} else if t.simple[r] {
			simp++
		}
	}
	return trad > simp
}

// sharedCharacters are in both sets: each is also the simplified form of a rarer
// character and says nothing about the set.
const sharedCharacters = "里后干只面台系出于余几谷松斗冬曲丑卷才表采吊合回伙借克困累了签舍胡须郁御愿云折征致制准周咨朱仆仇占志游同欲注布凶岳幸佣升背辟别卜沾范丰秆姜夸腊凌蒙弥千秋涂吁旋熏岩吃床你群峰奶痒踪柜污咸"
