package extract

import "heshi/intake"

// organisations finds names that end in what organisations are called: …公司, …合作社, …砖厂, …项目部.
func (x *Extractor) organisations(s *script, all []found) []found {
	for i := 0; i < len(s.r); i++ {
		if !isHan(s.at(i)) {
			continue
		}
		k := s.any(i, x.lex.orgEnds)
		if k == 0 {
			continue
		}
		end := i + k
		start := i
		for start > 0 && i-start < 18 && x.orgRune(s.at(start-1)) {
			start--
		}
		start = x.orgStart(s, start, i)
		for { // 银行海拉尔支行: go on while another ending closes the same name
			more := 0
			for e := end; e < end+8 && x.orgRune(s.at(e)); e++ {
				if n := s.any(e, x.lex.orgEnds); n > 0 {
					more = e + n
					break
				}
			}
			if more == 0 {
				break
			}
			end = more
		}
		start = x.afterPlace(all, start, i)
		if name := string(s.r[start:end]); end-start >= 3 && i > start && !contains(x.lex.OrgBare, name) && !x.onlyPlace(s, start, i, end) {
			all = append(all, found{intake.KindOrg, name, start, end, rankOrg})
		}
		i = end - 1
	}
	return all
}

func (x *Extractor) orgRune(r rune) bool {
	return (isHan(r) || isDigit(r) || isLatin(r) || r == '(' || r == ')' || r == '·') && !x.lex.orgStop[r]
}

// orgStart cuts words off the front that belong to the sentence.
func (x *Extractor) orgStart(s *script, start, end int) int {
	for moved := true; moved && start < end; {
		moved = false
		if k := s.any(start, x.lex.orgStarts); k > 0 && start+k <= end {
			start, moved = start+k, true
		} else if !isHan(s.at(start)) && !isLatin(s.at(start)) && !isDigit(s.at(start)) {
			start, moved = start+1, true
		}
	}
	for k := start; k < end; k++ { // a time or a count before the name: 去年在|…, 我们三个人|…
		if n := s.oneOf(k, "年", "月", "天", "次", "日", "号"); n > 0 && isNumeral(s.at(k-1)) {
			start = k + n
		}
		if s.at(k) == '度' && isNumeral(s.at(k-1)) && isNumeral(s.at(k-2)) && s.oneOf(k, "度假", "度电") == 0 { // 才十四度|供热公司
			start = k + 1
		}
	}
	return start
}

// afterPlace cuts places of the address off the front of a name: 包头市青山区|幸福路超市. A place alone stays: 锡盟医院.
func (x *Extractor) afterPlace(all []found, start, at int) int {
	n := 0
	for _, f := range all {
		if f.kind == intake.KindRegion && f.start >= start && f.end < at-1 && (f.start == start || n > 0) {
			n++
			start = max(start, f.end)
		}
	}
	return start
}

// onlyPlace: the name is no more than a place and 工地.
func (x *Extractor) onlyPlace(s *script, start, at, end int) bool {
	if !s.has(at, "工地") {
		return false
	}
	prefix := string(s.r[start:at])
	_, short := x.lex.Places[prefix]
	if short || x.regions == nil {
		return short
	}
	p := x.regions.Find(prefix)
	return len(p) > 0 && p[0].Start == 0 && p[len(p)-1].End == len(prefix)
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
