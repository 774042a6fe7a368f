package extract

import (
	"strconv"
	"strings"

	"heshi/intake"
)

// counts finds livestock ("30 head"), land ("120 mu") and people ("15 people").
func (x *Extractor) counts(s *script, all []found) []found {
	for i := 0; i < len(s.r); i++ {
		if s.at(i-1) == '第' || isNumeral(s.at(i)) && isNumeral(s.at(i-1)) || s.at(i-1) == '.' && isDigit(s.at(i-2)) {
			continue
		}
		n, ok := s.number(i)
		if !ok {
			if isCyrillic(s.at(i)) && !isCyrillic(s.at(i-1)) {
				n, ok = s.cyrillicNumber(i)
			}
			if !ok {
				continue
			}
		}
		if unit, end := x.measure(s, n); end > 0 {
			all = append(all, found{intake.KindCount, plain(n.cents) + " " + unit, i, end, rankCount})
			i = end - 1
			continue
		}
		i = max(i, n.end-1)
	}
	return all
}

// plain writes hundredths without needless zeros: 120, 12.5.
func plain(cents int64) string {
	s := strconv.FormatInt(cents/100, 10)
	if r := cents % 100; r > 0 {
		s += "." + strings.TrimRight(strconv.FormatInt(100+r, 10)[1:], "0")
	}
	return s
}

// measure reads the unit of a count after the number; end is 0 when it counts something else.
func (x *Extractor) measure(s *script, n number) (unit string, end int) {
	i := s.blanks(n.end)
	if isLoose(s.at(i)) {
		i++
	}
	if k := s.oneOf(i, "亩地", "亩草场", "亩"); k > 0 {
		if s.has(i, "亩产") {
			return "", 0
		}
		if e := i + k + s.oneOf(i+k, "才", "就", "要", "得", "也就", "只", "是"); n.cents == 100 && isNumeral(s.at(e)) { // 一亩三十五: a price
			return "", 0
		}
		return "mu", i + 1
	}
	if s.has(i, "му") && !isCyrillic(s.at(i+2)) {
		return "mu", i + 2
	}
	if e := x.livestockMn(s, i); e > 0 {
		return "head", e
	}
	switch s.at(i) {
	case '只', '头', '匹', '峰', '口', '个', '条':
		sure := s.at(i) == '头' || s.at(i) == '匹' || s.at(i) == '峰'
		k := i + 1
		if s.at(k) == '大' || s.at(k) == '小' || s.at(k) == '母' || s.at(k) == '公' || s.at(k) == '种' {
			if e := s.any(k, x.lex.livestock); e == 0 {
				k++
			}
		}
		if e := s.any(k, x.lex.livestock); e > 0 {
			return "head", k + e
		}
		if s.at(i) == '只' || s.at(i) == '口' || s.at(i) == '条' || s.at(i) == '个' {
			if priced, ok := s.number(s.blanks(k)); ok && n.cents == 100 && priced.cents > 1000 && !isHan(s.at(n.start-1)) {
				return "", 0 // 丢了18只羊，一只1300: a price
			}
			if s.at(i) == '只' && (x.livestockBefore(s, n.start) || s.blanks(k) >= len(s.r)) {
				return "head", k
			}
		} else if sure {
			return "head", k
		}
	}
	if e := s.any(i, x.lex.livestock); e > 0 && !isHan(s.at(i+e)) && n.cents >= 200 { // 30羊
		return "head", i + e
	}
	if k := s.oneOf(i, "个工人", "名工人", "个工友", "名工友", "个农民工", "名农民工", "个民工", "个村民", "个牧民", "名牧民", "户牧民", "个人", "名员工", "个员工", "号人", "口人", "个老乡", "个兄弟", "位工友", "名职工", "个孩子", "名业主", "个业主", "个子女", "个儿女"); k > 0 {
		if s.has(i, "个人") && s.oneOf(i+2, "信息", "账户", "名义", "所得", "贷款", "原因") > 0 {
			return "", 0
		}
		return "people", i + k
	}
	if s.at(i) == '人' && (n.unit > 0 || n.cents >= 300) && s.oneOf(i+1, "民", "家", "工", "员", "口", "名", "身") == 0 {
		return "people", i + 1
	}
	if k := s.oneOf(i, "хүн"); k > 0 {
		return "people", s.wordEnd(i + k)
	}
	return "", 0
}

// livestockBefore: animals are named shortly before the number: 羊30只.
func (x *Extractor) livestockBefore(s *script, i int) bool {
	for k := i - 1; k >= 0 && k >= i-10; k-- {
		if strings.ContainsRune("。！？；\n", s.at(k)) {
			return false
		}
		if s.any(k, x.lex.livestock) > 0 {
			return true
		}
	}
	return false
}

func (x *Extractor) livestockMn(s *script, i int) int {
	if !isCyrillic(s.at(i)) && !isMongolian(s.at(i)) {
		return 0
	}
	if k := s.any(i, x.lex.livestockMn); k > 0 {
		e := i + k
		for n := 0; n < 4 && (isCyrillic(s.at(e)) || isMongolian(s.at(e))); n++ {
			e++
		}
		return e
	}
	return 0
}
