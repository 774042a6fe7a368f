package extract

import (
	"strings"

	"heshi/intake"
	"heshi/retrieval/text"
)

// places finds the places of Inner Mongolia that a text names. A name that could be several places is left to the
// intake to ask about.
func (x *Extractor) places(s *script, original string, all []found) []found {
	if x.regions == nil {
		return all
	}
	searched := original
	if simple := text.Simplify(original); len(simple) == len(original) {
		searched = simple
	}
	index := map[int]int{} // byte offset -> rune
	found1 := x.regions.Find(searched)
	for i, o := range s.off {
		index[o] = i
	}
	for n, p := range found1 {
		start, ok1 := index[p.Start]
		end, ok2 := index[p.End]
		if !ok1 || !ok2 || len(p.Codes) != 1 || x.noPlace(s, start, end) {
			continue
		}
		g, ok := x.regions.Region(p.Codes[0])
		if last := s.at(end - 1); ok && g.Level == 4 && (last == '路' || last == '街') { // 幸福路 is a road first
			continue
		}
		if ok && g.Level == 1 && (n+1 < len(found1) && found1[n+1].Start <= p.End+len("自治区") || isHan(s.at(end)) && !strings.ContainsRune("的在这那，", s.at(end))) {
			continue // 内蒙古 before a league is only its address, before a company only part of its name
		}
		all = append(all, found{intake.KindRegion, intake.Canonical(p.Codes[0]), start, end, rankRegion})
	}
	return x.shortPlaces(s, all)
}

// shortPlaces finds districts by the names people use for them: 海拉尔 for 海拉尔区.
func (x *Extractor) shortPlaces(s *script, all []found) []found {
	for i := 0; i < len(s.r); i++ {
		if !isHan(s.at(i)) {
			continue
		}
		if k := s.any(i, x.lex.places); k > 0 && !x.noPlace(s, i, i+k) {
			all = append(all, found{intake.KindRegion, x.lex.Places[string(s.r[i:i+k])], i, i + k, rankRegion})
		}
	}
	return all
}

// noPlace: the name stands in the name of something else: 苏尼特羊, 呼伦贝尔路, 乌兰察布银行.
func (x *Extractor) noPlace(s *script, start, end int) bool {
	if s.oneOf(end, "羊肉", "牛肉", "路", "街", "大街", "大桥", "品牌", "牌", "酒", "奶粉", "老师", "银行", "某", "先生", "女士") > 0 {
		return true
	}
	if s.any(end, x.lex.mongolian) > 0 && !strings.ContainsRune("旗盟市县区镇木", s.at(end-1)) { // a person's name that begins like a place: 额尔敦|巴特尔
		return true
	}
	return isCyrillic(s.at(start)) && isCyrillic(s.at(start-1))
}
