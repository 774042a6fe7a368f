package extract

import (
	"strings"
	"time"

	"heshi/intake"
)

// identifiers finds identity numbers (with a right check digit), telephones and number plates.
func (x *Extractor) identifiers(s *script, now time.Time, all []found) []found {
	for i := 0; i < len(s.r); i++ {
		switch r := s.at(i); {
		case isDigit(r) && !isDigit(s.at(i-1)) && !isLatin(s.at(i-1)):
			end := i
			for isDigit(s.at(end)) {
				end++
			}
			if f, ok := x.digits(s, i, end, now); ok {
				all = append(all, f)
				i = f.end - 1
				continue
			}
			i = end - 1
		case strings.ContainsRune(plateProvinces, r):
			if end := s.plate(i); end > 0 {
				all = append(all, found{intake.KindPlate, plateValue(s.r[i:end]), i, end, rankPlate})
				i = end - 1
			}
		}
	}
	return all
}

// digits tells what a row of figures is.
func (x *Extractor) digits(s *script, i, end int, now time.Time) (found, bool) {
	if end-i == 17 && s.at(end) == 'x' || end-i == 18 {
		e := i + 18
		id := strings.ToUpper(string(s.r[i:e]))
		if !isLatin(s.at(e)) && intake.ValidID(id, now) {
			return found{intake.KindID, id, i, e, rankID}, true
		}
		return found{}, false
	}
	if isLatin(s.at(end)) {
		return found{}, false
	}
	if e, number := s.mobile(i); e > 0 {
		start := i
		return found{intake.KindPhone, number, start, e, rankPhone}, true
	}
	if s.at(i) == '0' && end-i >= 3 && end-i <= 4 && (s.at(end) == '-' || s.at(end) == ' ') { // 0471-1234567
		e := end + 1
		for isDigit(s.at(e)) {
			e++
		}
		if n := e - end - 1; n == 7 || n == 8 {
			return found{intake.KindPhone, string(s.r[i:end]) + "-" + string(s.r[end+1:e]), i, e, rankPhone}, true
		}
	}
	if s.at(i) == '0' && (end-i == 11 || end-i == 12) && s.at(i+1) != '0' {
		return found{intake.KindPhone, string(s.r[i:i+4]) + "-" + string(s.r[i+4:end]), i, end, rankPhone}, true
	}
	if n := end - i; (n == 6 || n == 12) && s.has(i, "15") && s.currencyAfter(end) == 0 {
		if _, ok := x.regions.Region(string(s.r[i:end])); ok {
			return found{intake.KindRegion, string(s.r[i:end]), i, end, rankID}, true
		}
	}
	return found{}, false
}

func (s *script) currencyAfter(i int) int {
	return s.oneOf(s.blanks(i), "元", "块", "圆", "万", "千", "百", "юан", "төг", "多")
}

// mobile reads eleven figures from 13 to 19, in groups or not, with or without +86.
func (s *script) mobile(i int) (end int, number string) {
	k := i
	if s.has(i, "86") && s.at(i-1) == '+' {
		k = i + 2
		if s.at(k) == ' ' || s.at(k) == '-' {
			k++
		}
	} else if s.has(i, "86") && s.at(i+2) == '1' {
		k = i + 2
	}
	if s.at(k) != '1' || s.at(k+1) < '3' || s.at(k+1) > '9' {
		return 0, ""
	}
	var b strings.Builder
	for e := k; b.Len() < 11; e++ {
		switch {
		case isDigit(s.at(e)):
			b.WriteRune(s.at(e))
		case (s.at(e) == ' ' || s.at(e) == '-') && (b.Len() == 3 || b.Len() == 7) && isDigit(s.at(e+1)):
		default:
			return 0, ""
		}
		end = e + 1
	}
	if isDigit(s.at(end)) {
		return 0, ""
	}
	return end, b.String()
}

const plateProvinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"

// plate is the end of a number plate at i: 蒙A12345, 蒙E·1234挂, 蒙AD12345 of an electric car.
func (s *script) plate(i int) int {
	k := i + 1
	if !isLatin(s.at(k)) || s.at(k) == 'i' || s.at(k) == 'o' {
		return 0
	}
	k++
	if s.at(k) == '·' || s.at(k) == '.' || s.at(k) == ' ' || s.at(k) == '-' {
		k++
	}
	n, figures := 0, 0
	for ; n < 6 && (isDigit(s.at(k)) || isLatin(s.at(k))); k++ {
		if isDigit(s.at(k)) {
			figures++
		}
		n++
	}
	if n == 4 && strings.ContainsRune("挂学警港澳", s.at(k)) && s.at(k) != 0 {
		k++
		n++
	}
	if n < 5 || figures < 3 || isDigit(s.at(k)) || isLatin(s.at(k)) {
		return 0
	}
	return k
}

func plateValue(r []rune) string {
	return strings.ToUpper(strings.NewReplacer("·", "", ".", "", " ", "", "-", "").Replace(string(r)))
}
