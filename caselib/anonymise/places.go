package anonymise

import (
	"slices"
	"strings"
)

// organisations gives organisations letters: A公司, B医院. One that is named
// only by what it is, 物业公司 or 人民法院, stays.
func (a *Anonymiser) organisations(t *text, c *cast) {
	for i := 0; i < len(t.f); i++ {
		k := a.orgEnds.at(t.f, i)
		if k == 0 || !t.free(i, i+k) {
			continue
		}
		start := i
		for start > 0 && i-start < 18 && !t.taken[start-1] && a.orgRune(t.at(start-1)) {
			start--
		}
		for moved := true; moved && start < i; {
			moved = false
			if n := a.orgStarts.at(t.f, start); n > 0 && start+n <= i {
				start, moved = start+n, true
			} else if strings.ContainsRune("年月日号天次", t.at(start)) {
				start, moved = start+1, true
			}
		}
		end := i + k
		for { // 银行海拉尔支行: another ending may close the same name
			more := 0
			for e := end; e < end+6 && e < len(t.f) && a.orgRune(t.at(e)) && !t.taken[e]; e++ {
				if n := a.orgEnds.at(t.f, e); n > 0 {
					more = e + n
					break
				}
			}
			if more == 0 {
				break
			}
			end = more
		}
		k = a.orgEnds.ending(t.f, end)
		last := string(t.f[end-k : end])
		core := start
		for moved := true; moved; { // the place in front
			moved = false
			for _, p := range []phrases{a.prefectures, a.counties, a.provinces} {
				if n := p.at(t.f, core); n > 0 && core+n <= end-k {
					core, moved = core+n, true
				}
			}
		}
		for _, lead := range []string{"内蒙古自治区", "内蒙古", "自治区", "省"} {
			if strings.HasPrefix(string(t.f[core:end-k]), lead) {
				core += len([]rune(lead))
			}
		}
		name := string(t.f[core : end-k])
		i = end - 1
		if a.generic(name) || strings.HasSuffix(name, "某") {
			continue
		}
		if len([]rune(name)) == 1 && (name[0] >= 'A' && name[0] <= 'Z' || strings.Contains(stems, name)) {
			t.hold(core, end) // A公司 is what this package writes
			continue
		}
		keep := last
		if short := a.w.OrgKeep[last]; short != "" {
			keep = short
		}
		if a.publicOrgs.at(t.f, end-k) == k && !(a.begins(t, start) && len([]rune(name)) < 5) {
			continue // the sentence runs into it: 结果等法院
		}
		t.take(span{start: start, end: end, kind: "organisation", who: c.organisation(a.coreName(name), keep)})
	}
}

func (a *Anonymiser) orgRune(r rune) bool {
	return (isHan(r) || digit(r) || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '·') && !a.orgStop[r]
}

// generic reports whether a name says only what something is: 物业, 建筑工程.
func (a *Anonymiser) generic(name string) bool {
	r := []rune(name)
	for i := 0; i < len(r); {
		k := max(a.bareOrgs.at(r, i), a.orgEnds.at(r, i))
		if k == 0 {
			return false
		}
		i += k
	}
	return true
}

// coreName leaves out what kind of organisation it is: 宏达建筑 is 宏达.
func (a *Anonymiser) coreName(name string) string {
	r := []rune(name)
	for k := a.bareOrgs.ending(r, len(r)); k > 0 && len(r)-k >= 2; k = a.bareOrgs.ending(r, len(r)) {
		r = r[:len(r)-k]
	}
	return string(r)
}

// place is one name within an address.
type place struct {
	start, end int
	keep       string // what is left of it
	large      bool   // a prefecture or a province: may be said
}

// places leaves the prefecture of an address, and the kind of the next smaller place.
func (a *Anonymiser) places(t *text) {
	var all []place
	for i := 0; i < len(t.f); {
		p, ok := a.placeAt(t, i, all)
		if !ok {
			i++
			continue
		}
		all = append(all, p)
		i = p.end
	}
	for i := 0; i < len(all); {
		j := i + 1
		for j < len(all) && all[j].start == all[j-1].end {
			j++
		}
		a.address(t, all[i:j])
		i = j
	}
}

// placeAt finds a place whose name or whose ending begins at i.
func (a *Anonymiser) placeAt(t *text, i int, found []place) (place, bool) {
	if t.taken[i] {
		return place{}, false
	}
	for _, lead := range []string{"内蒙古自治区", "内蒙古"} {
		if n := len([]rune(lead)); strings.HasPrefix(string(t.f[i:min(i+n, len(t.f))]), lead) {
			return place{i, i + n, "", true}, true
		}
	}
	if n := a.prefectures.at(t.f, i); n > 0 {
		return place{i, i + n, "", true}, true
	}
	if n := a.provinces.at(t.f, i); n > 0 && (t.at(i+n) == '省' || t.at(i+n) == '市') {
		return place{i, i + n + 1, "", true}, true
	}
	if n := a.counties.at(t.f, i); n > 0 && t.free(i, i+n) {
		if t.at(i+n) == '旗' || t.at(i+n) == '市' || t.at(i+n) == '区' {
			n++
		}
		keep := a.placeKeep[string(t.at(i+n-1))]
		if keep == "" {
			keep = "某旗"
		}
		return place{i, i + n, keep, false}, true
	}
	k := a.placeEnds.at(t.f, i)
	if k == 0 {
		return place{}, false
	}
	left := 0
	if len(found) > 0 {
		left = found[len(found)-1].end
	}
	start := i
	for start > left && i-start < 7 && !t.taken[start-1] && isHan(t.at(start-1)) && !a.placeStop[t.at(start-1)] {
		start--
	}
	for moved := true; moved && start < i; {
		moved = false
		if n := a.placeStarts.at(t.f, start); n > 0 && start+n <= i {
			start, moved = start+n, true
		}
	}
	end := i + k
	for w := k + 1; w <= min(end-start, 6); w++ { // 牧区, 我们村, 同村
		if a.barePlaces.all[string(t.f[end-w:end])] {
			return place{}, false
		}
	}
	if start == i || t.at(start) == '某' || start == i-1 && a.placeSoft[t.at(start)] {
		return place{}, false
	}
	if n := a.barePlaces.at(t.f, i); n > k { // 村委会, 路上 are no ends
		return place{}, false
	}
	if strings.ContainsRune("委会长民组干上边口况过途由线费", t.at(end)) && t.at(end) != 0 && k == 1 {
		return place{}, false
	}
	return place{start, end, a.placeKeep[string(t.f[i:end])], false}, true
}

// address replaces a chain of places, and the house after it.
func (a *Anonymiser) address(t *text, chain []place) {
	end := chain[len(chain)-1].end
	large := 0
	for large < len(chain) && chain[large].large {
		large++
	}
	small := chain[large:]
	for {
		n := house(t, end)
		if n == 0 || len(small) == 0 {
			break
		}
		end += n
	}
	if len(small) == 0 {
		return
	}
	t.take(span{start: small[0].start, end: end, kind: "place", now: small[0].keep})
}

var houseUnits = []string{"号楼", "单元", "号院", "组", "栋", "幢", "楼", "层", "室", "号", "社", "队", "门"}

// house gives the length of 12号, 3单元, 501室 or -2-501 at i.
func house(t *text, i int) int {
	k := i
	if t.at(k) == '-' || t.at(k) == '第' {
		k++
	}
	n := k
	for digit(t.at(n)) || strings.ContainsRune("一二三四五六七八九十", t.at(n)) && t.at(n) != 0 || t.at(n) >= 'A' && t.at(n) <= 'Z' {
		n++
	}
	if n == k {
		return 0
	}
	rest := string(t.f[n:min(n+2, len(t.f))])
	if u := slices.IndexFunc(houseUnits, func(u string) bool { return strings.HasPrefix(rest, u) }); u >= 0 {
		return n + len([]rune(houseUnits[u])) - i
	}
	if k > i && t.at(i) == '-' || t.at(n) == '-' {
		return n - i
	}
	return 0
}
