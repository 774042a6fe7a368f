package extract

import (
	"strings"

	"heshi/intake"
)

// persons finds people by name (张三, 老王, 李某某, 巴特尔) and by what they are to the writer (我老板, 邻居).
func (x *Extractor) persons(s *script, all []found) []found {
	for i := 0; i < len(s.r); i++ {
		if !isHan(s.at(i)) {
			if k := x.relationMn(s, i); k > 0 {
				all = append(all, found{intake.KindPerson, string(s.r[i : i+k]), i, i + k, rankPerson})
				i += k - 1
			}
			continue
		}
		if start, end := x.name(s, i); end > 0 {
			all = append(all, found{intake.KindPerson, string(s.r[start:end]), start, end, rankPerson})
			i = end - 1
			continue
		}
		if k := s.any(i, x.lex.relations); k > 0 && !x.notRelation(s, i, k) {
			all = append(all, found{intake.KindPerson, string(s.r[i : i+k]), i, i + k, rankPerson})
			i += k - 1
		}
	}
	return all
}

// name reads a personal name at i.
func (x *Extractor) name(s *script, i int) (start, end int) {
	if k := s.any(i, x.lex.mongolian); k > 0 {
		if e := x.mongolianName(s, i); e > 0 {
			return i, e
		}
	}
	if (s.at(i) == '老' || s.at(i) == '小' || s.at(i) == '大') && x.lex.surname[s.at(i+1)] && (x.begins(s, i) || s.at(i) == '老' && !strings.ContainsRune("养敬古苍变衰元父大最太很", s.at(i-1))) {
		if e := i + 2; !x.lex.notGiven[s.at(i+1)] && x.ends(s, e) && s.oneOf(i, "老人", "小时", "老师", "小于", "大于", "小区", "大车", "小车", "老家", "大小", "小金", "老高", "大方", "大水", "老牛", "小牛", "小马", "老马", "小孩", "大概", "小米", "大米", "老是", "小时候", "大家", "小事", "大事", "大路", "小路", "大雪", "小雪", "大年", "老常", "小白", "老方", "大田", "大江", "小江", "大龙", "小石", "大石", "小毛") == 0 {
			return i, e
		}
	}
	n := 0
	if k := s.any(i, x.lex.compound); k > 0 {
		n = k
	} else if x.lex.surname[s.at(i)] {
		n = 1
	}
	if n == 0 {
		return 0, 0
	}
	if k := s.oneOf(i+n, "某某某", "某某", "某"); k > 0 { // 李某, 王某某, 张某甲, 李某1
		e := i + n + k
		if k == 1 {
			if r := s.at(e); r == '甲' || r == '乙' || r == '丙' || r == '丁' || isDigit(r) && !isDigit(s.at(e+1)) {
				e++
			} else if x.lex.given[r] && !x.ends(s, e) && x.ends(s, e+1) {
				e++
			}
		}
		return i, e
	}
	if k := s.oneOf(i+n, "xx", "××", "x"); k > 0 {
		return i, i + n + k
	}
	if k := s.any(i+n, x.lex.addresses); k > 0 && x.begins(s, i) {
		return i, i + n + k
	}
	if s.any(i, x.lex.notNames) > 0 {
		return 0, 0
	}
	titled := x.titled(s, i)
	if !titled && !x.begins(s, i) {
		return 0, 0
	}
	for _, given := range []int{2, 1} {
		e := i + n + given
		if !x.givenName(s, i+n, e, titled) {
			continue
		}
		if x.ends(s, e) && (titled || x.sure(s, i, e)) {
			return i, e
		}
	}
	return 0, 0
}

func (x *Extractor) givenName(s *script, from, to int, titled bool) bool {
	common := false
	for k := from; k < to; k++ {
		r := s.at(k)
		if !isHan(r) || x.lex.notGiven[r] {
			return false
		}
		common = common || x.lex.given[r]
	}
	return common || titled
}

// sure: without a title a name needs the grammar of one: 张三欠我, 和李四, 借给王五.
func (x *Extractor) sure(s *script, i, end int) bool {
	led := s.anyBefore(i, x.lex.before) > 0
	closed := isHan(s.at(end)) && x.ends(s, end)
	edge := i == 0 || !isHan(s.at(i-1))
	over := end >= len(s.r) || !isHan(s.at(end))
	return led && (closed || over) || edge && closed || edge && over && end-i == 3
}

// titled: the name follows what the person is: 包工头李强, 我叫王芳.
func (x *Extractor) titled(s *script, i int) bool {
	return s.anyBefore(i, x.lex.titles) > 0 || s.anyBefore(i, x.lex.kin) > 0
}

// begins: a name may begin at i.
func (x *Extractor) begins(s *script, i int) bool {
	return i == 0 || !isHan(s.at(i-1)) || s.anyBefore(i, x.lex.before) > 0 || x.titled(s, i)
}

// ends: a name may end before i.
func (x *Extractor) ends(s *script, i int) bool {
	if i >= len(s.r) || !isHan(s.at(i)) || s.any(i, x.lex.after) > 0 {
		return true
	}
	n, ok := s.number(i) // 借给李四|两万
	return ok && n.unit >= 100
}

// mongolianName reads a Mongolian name written in Chinese characters, which is made of known parts.
func (x *Extractor) mongolianName(s *script, i int) int {
	end, parts := i, 0
	for {
		k := s.any(end, x.lex.mongolian)
		if k == 0 {
			break
		}
		end += k
		parts++
	}
	if parts == 0 || end-i < 2 || end-i > 8 || s.oneOf(end, "旗", "盟", "市", "县", "苏木", "嘎查", "镇", "草原", "湖", "河", "山", "路", "街", "区", "浩特", "木仁", "察布", "哈达", "图嘎") > 0 {
		return 0
	}
	return end
}

// notRelation: the word is part of another, or no person: 老板娘, 对方公司, 邻居家 stays a person.
func (x *Extractor) notRelation(s *script, i, k int) bool {
	return s.oneOf(i+k, "公司", "合同", "市场", "法", "证", "保险", "权", "关系", "费") > 0
}

func (x *Extractor) relationMn(s *script, i int) int {
	if !isCyrillic(s.at(i)) || isCyrillic(s.at(i-1)) {
		return 0
	}
	k := s.any(i, x.lex.relationMn)
	if k == 0 {
		return 0
	}
	if e := s.wordEnd(i + k); e-i-k > 5 {
		return 0
	}
	return k
}

// oneOfBefore gives the length of the longest of words that ends at i, 0 for none.
func (s *script) oneOfBefore(i int, words []string) int {
	best := 0
	for _, w := range words {
		n := 0
		for range w {
			n++
		}
		if n > best && i-n >= 0 && s.has(i-n, w) {
			best = n
		}
	}
	return best
}
