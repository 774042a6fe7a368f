package extract

import (
	"fmt"
	"time"
)

// seasons as months of the year; to before from runs into the next year.
var seasons = []struct {
	words    []string
	from, to int
}{
	{[]string{"春节前后", "过年前后"}, 1, 2},
	{[]string{"开春", "初春", "春起"}, 3, 4},
	{[]string{"春天", "春季", "春上", "春夏"}, 3, 5},
	{[]string{"夏天", "夏季", "暑假", "伏天"}, 6, 8},
	{[]string{"入秋", "秋天", "秋季", "秋后", "秋收"}, 9, 11},
	{[]string{"入冬"}, 10, 11},
	{[]string{"冬天", "冬季", "寒假"}, 12, 2},
	{[]string{"上半年"}, 1, 6},
	{[]string{"下半年"}, 7, 12},
	{[]string{"年初", "初"}, 1, 2},
	{[]string{"年中"}, 6, 7},
	{[]string{"年底", "年末", "年根", "底", "末"}, 11, 12},
	{[]string{"春"}, 3, 5},
	{[]string{"夏"}, 6, 8},
	{[]string{"秋"}, 9, 11},
	{[]string{"冬"}, 12, 2},
	{[]string{"一季度", "第一季度"}, 1, 3},
	{[]string{"二季度", "第二季度"}, 4, 6},
	{[]string{"三季度", "第三季度"}, 7, 9},
	{[]string{"四季度", "第四季度"}, 10, 12},
}

// partOfYear reads a season or part of the given year at i: 冬天 of 2024 is December to February.
func (d reader) partOfYear(year, i int) (point, bool) {
	if p, ok := d.festival(year, i); ok {
		return p, true
	}
	for _, s := range seasons {
		if k := d.oneOf(i, s.words...); k > 0 {
			return point{d.seasonOf(year, s.from, s.to), i + k, year, s.from, false}, true
		}
	}
	return point{}, false
}

func (d reader) seasonOf(year, from, to int) string {
	if to < from {
		return iso(year, from, 0) + "/" + iso(year+1, to, 0)
	}
	return iso(year, from, 0) + "/" + iso(year, to, 0)
}

// festival reads a feast of the given year; lunar ones through the table.
func (d reader) festival(year, i int) (point, bool) {
	solar := func(month, day, k int) (point, bool) {
		return point{iso(year, month, day), i + k, year, month, false}, true
	}
	switch {
	case d.oneOf(i, "元旦") > 0:
		return solar(1, 1, 2+d.oneOf(i+2, "那天"))
	case d.oneOf(i, "五一") > 0 && d.oneOf(i+2, "路", "街", "村", "社区") == 0:
		return solar(5, 1, 2)
	case d.oneOf(i, "六一") > 0 && d.oneOf(i+2, "路") == 0:
		return solar(6, 1, 2)
	case d.oneOf(i, "国庆节", "国庆", "十一黄金周") > 0 && d.oneOf(i+2, "路") == 0:
		return solar(10, 1, d.oneOf(i, "国庆节", "国庆", "十一黄金周"))
	}
	for _, f := range []struct {
		words      []string
		month, day int
	}{
		{[]string{"元宵节", "元宵", "正月十五"}, 1, 15}, {[]string{"端午节", "端午"}, 5, 5}, {[]string{"中秋节", "中秋"}, 8, 15},
		{[]string{"重阳节", "重阳"}, 9, 9}, {[]string{"腊八"}, 12, 8}, {[]string{"小年"}, 12, 23}, {[]string{"除夕", "大年三十", "年三十"}, 12, -1},
		{[]string{"春节", "大年初一", "白月"}, 1, 1},
	} {
		k := d.oneOf(i, f.words...)
		if k == 0 {
			continue
		}
		y := year
		if f.month == 12 { // people count the end of the lunar year to the old or the new one; the eve of the feast is meant
			y = year - 1
		}
		if t, ok := d.x.lunar.day(y, f.month, f.day); ok {
			return point{t.Format(time.DateOnly), i + k, t.Year(), int(t.Month()), false}, true
		}
	}
	if k := d.oneOf(i, "过年", "年前", "年后"); k > 0 && d.oneOf(i+k, "纪") == 0 {
		if t, ok := d.x.lunar.day(year, 1, 1); ok {
			first, last := t.AddDate(0, 0, -8), t.AddDate(0, 0, 15)
			if d.has(i, "年前") {
				first, last = t.AddDate(0, 0, -30), t.AddDate(0, 0, -1)
			}
			if d.has(i, "年后") {
				first, last = t.AddDate(0, 0, 1), t.AddDate(0, 0, 30)
			}
			return point{first.Format(time.DateOnly) + "/" + last.Format(time.DateOnly), i + k, t.Year(), int(t.Month()), false}, true
		}
	}
	return point{}, false
}

// named reads a season, a feast or a lunar date without a year: the latest that has begun.
func (d reader) named(i int, before *point) (point, bool) {
	if isNumeral(d.at(i-1)) || d.at(i-1) == '年' || d.at(i-1) == '块' || d.at(i-1) == '元' {
		return point{}, false
	}
	year := d.now.Year()
	if before != nil && before.year > 0 {
		year = before.year
		if p, ok := d.partOfYear(year, i); ok && d.whole(i, p.end) {
			if p.iso[:min(7, len(p.iso))] < before.iso[:min(7, len(before.iso))] {
				p, ok = d.partOfYear(year+1, i)
			}
			return p, ok
		}
		return d.lunarDate(year, i, false)
	}
	if p, ok := d.partOfYear(year, i); ok && d.whole(i, p.end) {
		if begun := p.iso[:min(10, len(p.iso))]; begun > d.now.Format(time.DateOnly)[:min(10, len(begun))] && !d.promised(i) {
			p, ok = d.partOfYear(year-1, i)
		}
		p.guessed = true
		return p, ok
	}
	return d.lunarDate(year, i, false)
}

// whole: a part of the year named alone must be a word of its own; 初, 底 and 春 are not.
func (d reader) whole(i, end int) bool {
	if end-i < 2 {
		return false
	}
	w := string(d.r[i:end])
	switch w {
	case "年前", "年后":
		return i == 0 || !isHan(d.at(i-1))
	case "上半年", "下半年", "年底", "年初", "年末":
		return d.at(i-1) != '半'
	case "小年", "春夏":
		return d.oneOf(end, "轻", "纪") == 0
	}
	return true
}

// lunarDate reads 腊月二十三, 正月初五, 农历八月十五, 大年初三, 冬月.
func (d reader) lunarDate(year, i int, said bool) (point, bool) {
	k, month, marked := i, 0, false
	if n := d.oneOf(k, "农历", "阴历", "旧历", "老历"); n > 0 {
		k, marked = k+n, true
		if d.at(k) == '的' {
			k++
		}
	}
	if n := d.oneOf(k, "大年", "年"); n > 0 && d.has(k+n, "初") && !marked && (n == 2 || !isHan(d.at(k-1))) {
		month, k = 1, k+n
	} else if n := d.oneOf(k, "正月", "腊月", "冬月"); n > 0 {
		month = map[rune]int{'正': 1, '腊': 12, '冬': 11}[d.at(k)]
		k += n
	} else if marked {
		m, e, ok := d.integer(k, 12)
		if !ok || m < 1 || d.at(e) != '月' {
			return point{}, false
		}
		month, k = m, e+1
	} else {
		return point{}, false
	}
	return d.lunarMonthDay(year, month, k, i, said)
}

// lunarMonthDay reads the day of a lunar month at k; i is where the date began.
func (d reader) lunarMonthDay(year, month, k, i int, said bool) (point, bool) {
	day, e := 0, k
	if d.at(k) == '初' {
		if v := hanDigit(d.at(k + 1)); v > 0 {
			day, e = v, k+2
		} else if d.at(k+1) == '十' {
			day, e = 10, k+2
		}
	} else if v, end, ok := d.integer(k, 30); ok && v > 0 {
		day, e = v, end
	}
	y := year // 去年腊月 is the twelfth month of the lunar year that bears the number
	for try := 0; try < 2; try++ {
		var value string
		var t time.Time
		var ok bool
		if day > 0 {
			t, ok = d.x.lunar.day(y, month, day)
			value = t.Format(time.DateOnly)
		} else {
			var last time.Time
			t, last, ok = d.x.lunar.span(y, month)
			value = t.Format(time.DateOnly) + "/" + last.Format(time.DateOnly)
		}
		if !ok {
			return point{}, false
		}
		if !said && t.After(d.now) && !d.promised(i) {
			y--
			continue
		}
		return point{value, e, t.Year(), int(t.Month()), !said}, true
	}
	return point{}, false
}

// cyrillicDate reads Mongolian dates: 2025 оны 10 сарын 5, өнгөрсөн сард, өчигдөр, 3 хоногийн өмнө.
func (d reader) cyrillicDate(i int, _ *point) (point, bool) {
	if isCyrillic(d.at(i - 1)) {
		return point{}, false
	}
	for _, w := range []struct {
		word string
		days int
	}{{"уржигдар", -2}, {"өчигдөр", -1}, {"өнөөдөр", 0}, {"маргааш", 1}, {"нөгөөдөр", 2}} {
		if d.has(i, w.word) {
			t := d.now.AddDate(0, 0, w.days)
			return point{t.Format(time.DateOnly), d.wordEnd(i + len([]rune(w.word))), t.Year(), int(t.Month()), false}, true
		}
	}
	for _, w := range []struct {
		word   string
		months int
	}{{"өнгөрсөн сар", -1}, {"өнгөрсөн жил", -12}, {"ноднин", -12}, {"уржнан", -24}, {"энэ сар", 0}, {"энэ жил", 0}, {"ирэх сар", 1}} {
		if d.has(i, w.word) {
			t := time.Date(d.now.Year(), d.now.Month()+time.Month(w.months), 1, 0, 0, 0, 0, time.UTC)
			end := d.wordEnd(i + len([]rune(w.word)))
			if w.months%12 == 0 && w.word != "энэ сар" {
				if m, e, ok := d.monthMn(d.blanks(end)); ok {
					return d.dayMn(t.Year(), m, e)
				}
				return point{fmt.Sprintf("%04d", t.Year()), end, t.Year(), 0, false}, true
			}
			return point{t.Format("2006-01"), end, t.Year(), int(t.Month()), false}, true
		}
	}
	if !isDigit(d.at(i)) || isDigit(d.at(i-1)) {
		return point{}, false
	}
	n, e, ok := d.integer(i, 9999)
	if !ok {
		return point{}, false
	}
	k := d.blanks(e)
	switch {
	case n >= 1950 && n <= 2100 && (d.has(k, "он") || d.has(k, "ᠣᠨ")):
		k = d.wordEnd(k + 2)
		if d.has(d.blanks(k), "ᠤ ") {
			k = d.blanks(k) + 1
		}
		if m, e, ok := d.monthMn(d.blanks(k)); ok {
			return d.dayMn(n, m, e)
		}
		return point{fmt.Sprintf("%04d", n), k, n, 0, false}, true
	case d.oneOf(k, "хоногийн өмнө", "өдрийн өмнө") > 0:
		t := d.now.AddDate(0, 0, -n)
		return point{t.Format(time.DateOnly), k + d.oneOf(k, "хоногийн өмнө", "өдрийн өмнө"), t.Year(), int(t.Month()), false}, true
	case d.oneOf(k, "сарын өмнө") > 0:
		t := d.now.AddDate(0, -n, 0)
		return point{t.Format("2006-01"), k + d.oneOf(k, "сарын өмнө"), t.Year(), int(t.Month()), false}, true
	case d.oneOf(k, "жилийн өмнө") > 0:
		t := d.now.AddDate(-n, 0, 0)
		return point{fmt.Sprintf("%04d", t.Year()), k + d.oneOf(k, "жилийн өмнө"), t.Year(), 0, false}, true
	}
	if m, e, ok := d.monthMn(i); ok && d.oneOf(d.blanks(e), "ажилла", "хугацаа") == 0 {
		year, _ := d.yearFor(m, e, nil, i)
		p, ok := d.dayMn(year, m, e)
		p.guessed = true
		return p, ok
	}
	return point{}, false
}

// monthMn reads "10 сар", "10-р сард", "10 дугаар сарын"; the month needs its case or its -р, else 10 сар is ten months.
func (d reader) monthMn(i int) (month, end int, ok bool) {
	m, e, ok := d.integer(i, 12)
	if !ok || m < 1 || !isDigit(d.at(i)) {
		return 0, 0, false
	}
	ordinal := d.oneOf(e, "-р", "-дугаар", "-дүгээр", " дугаар", " дүгээр", "р")
	k := d.blanks(e + ordinal)
	if d.has(k, "ᠰᠠᠷ") {
		for k += 3; isMongolian(d.at(k)) || d.at(k) == 0x180E; k++ {
		}
		return m, k, true
	}
	if !d.has(k, "сар") {
		return 0, 0, false
	}
	end = d.wordEnd(k + 3)
	suffix := string(d.r[k+3 : end])
	if ordinal == 0 && suffix == "" && i > 0 && d.at(i-1) != ' ' {
		return 0, 0, false
	}
	return m, end, ordinal > 0 || suffix == "д" || suffix == "ын" || suffix == "аас" || suffix == "" && i > 0
}

func (d reader) dayMn(year, month, i int) (point, bool) {
	k := d.blanks(i)
	if n := d.oneOf(k, "ᠶᠢᠨ ", "ᠤᠨ "); n > 0 {
		k = d.blanks(k + n)
	}
	if day, e, ok := d.integer(k, 31); ok && day > 0 && isDigit(d.at(k)) && k > i && realDay(year, month, day) && d.oneOf(d.blanks(e), "мянга", "төг", "юан", "хонь", "цаг") == 0 {
		if d.at(e) == '-' {
			e = d.wordEnd(e + 1)
		}
		if n := d.oneOf(d.blanks(e), "өдөр", "өдрийн"); n > 0 {
			e = d.blanks(e) + n
		}
		return point{iso(year, month, day), e, year, month, false}, true
	}
	return point{iso(year, month, 0), i, year, month, false}, true
}

// wordEnd is the end of the written word that reaches to i or beyond.
func (s *script) wordEnd(i int) int {
	for isCyrillic(s.at(i)) {
		i++
	}
	return i
}
