package extract

import (
	"fmt"
	"strings"
	"time"

	"heshi/intake"
)

// point is a date or a stretch of time as said: iso is "2025", "2025-10", "2025-10-05" or "first/last". year and
// month are what a second date of a span takes over; guessed says that the year was not said.
type point struct {
	iso         string
	end         int
	year, month int
	guessed     bool
}

// reader reads dates of one text at one time.
type reader struct {
	*script
	x   *Extractor
	now time.Time
}

// dates finds days, months, years and spans.
func (x *Extractor) dates(s *script, now time.Time, all []found) []found {
	d := reader{s, x, now}
	var last *point // what 同年 and 同月 mean
	for i := 0; i < len(s.r); i++ {
		if isDigit(s.at(i)) && isDigit(s.at(i-1)) || hanDigit(s.at(i)) >= 0 && isNumeral(s.at(i-1)) {
			continue
		}
		if !isDigit(s.at(i)) && !x.lex.dateStart[s.at(i)] {
			continue
		}
		p, ok := d.same(i, last)
		if !ok {
			p, ok = d.point(i, nil)
		}
		if !ok {
			continue
		}
		last = &point{year: p.year, month: p.month}
		value, end := p.iso, p.end
		if k := d.joint(p.end); k > 0 {
			if q, ok := d.point(k, &p); ok {
				value, end = d.span(p, q), q.end
			}
		}
		all = append(all, found{intake.KindDate, value, i, end, rankDate})
		i = end - 1
	}
	return all
}

// joint is the place after 到 or 至 that joins two dates, 0 if there is none; 10月干到12月 is joined too.
func (d reader) joint(i int) int {
	i = d.blanks(i)
	for n := 0; n < 2; n++ {
		i += d.oneOf(i, "开始", "起", "一直", "直", "干", "做", "拖", "欠", "住", "租", "放", "上班", "以来", "份")
	}
	if k := d.oneOf(i, "到", "至", "--", "-", "~", "—", "——", "－", "–", "直到", "到了", "截止到", "截至"); k > 0 {
		return d.blanks(i + k)
	}
	return 0
}

// span joins two dates: the first day of the one and the last of the other.
func (d reader) span(p, q point) string {
	first, _, _ := strings.Cut(p.iso, "/")
	_, last, ok := strings.Cut(q.iso, "/")
	if !ok {
		last = q.iso
	}
	if p.guessed && q.guessed && last[:min(7, len(last))] > d.now.Format("2006-01") && !d.ahead(q.end) { // 10月到12月 in November: last year's
		first, last = shiftYear(first), shiftYear(last)
	}
	return first + "/" + last
}

func shiftYear(iso string) string {
	var year int
	if _, err := fmt.Sscanf(iso[:4], "%d", &year); err != nil {
		return iso
	}
	return fmt.Sprintf("%04d%s", year-1, iso[4:])
}

// point reads one date at i. before is the first date of a span, whose year and month the second takes over.
func (d reader) point(i int, before *point) (point, bool) {
	for _, read := range []func(int, *point) (point, bool){d.numeric, d.relative, d.named, d.yearMonthDay, d.cyrillicDate} {
		if p, ok := read(i, before); ok {
			return p, true
		}
	}
	return point{}, false
}

// integer reads figures or characters as a small whole number; width is how many runes it took.
func (d reader) integer(i, most int) (value, end int, ok bool) {
	if isDigit(d.at(i)) {
		for end = i; isDigit(d.at(end)); end++ {
			if value = value*10 + int(d.at(end)-'0'); end-i >= 4 {
				return 0, 0, false
			}
		}
		return value, end, value <= most
	}
	switch {
	case d.at(i) == '元' && d.at(i+1) == '月':
		return 1, i + 1, true
	case d.at(i) == '两' || d.at(i) == '俩':
		return 0, 0, false
	}
	if r := d.at(i); r == '廿' {
		if v := hanDigit(d.at(i + 1)); v > 0 {
			return 20 + v, i + 2, 20+v <= most
		}
		return 20, i + 1, true
	}
	n, end, seen := 0, i, false
	for ; ; end++ {
		r := d.at(end)
		if r == '十' {
			if n == 0 {
				n = 1
			}
			if n >= 10 {
				return 0, 0, false
			}
			n *= 10
			seen = true
			continue
		}
		v := hanDigit(r)
		if v < 0 {
			break
		}
		if n%10 != 0 || n == 0 && end > i {
			return 0, 0, false
		}
		n += v
		seen = true
	}
	return n, end, seen && n <= most
}

// hanYear reads 二〇二五 or 二五 as figures in a row.
func (d reader) hanYear(i int) (value, end int, ok bool) {
	for end = i; hanDigit(d.at(end)) >= 0 && end < i+4; end++ {
		value = value*10 + hanDigit(d.at(end))
	}
	return value, end, end-i == 4
}

// numeric reads 2025-10-05, 2025/10/5, 2025.10.5, 2025-10, 20251005.
func (d reader) numeric(i int, _ *point) (point, bool) {
	if !isDigit(d.at(i)) || isDigit(d.at(i-1)) {
		return point{}, false
	}
	k := i
	for isDigit(d.at(k)) {
		k++
	}
	if k-i == 8 && !isLatin(d.at(k)) && !isLatin(d.at(i-1)) {
		year, month, day := d.figure(i, i+4), d.figure(i+4, i+6), d.figure(i+6, i+8)
		if year >= 1950 && year <= d.now.Year()+5 && realDay(year, month, day) {
			return point{iso(year, month, day), k, year, month, false}, true
		}
		return point{}, false
	}
	if k-i != 4 {
		return point{}, false
	}
	year := d.figure(i, k)
	sep := d.at(k)
	if year < 1900 || year > 2100 || !strings.ContainsRune("-/.", sep) || sep == 0 {
		return point{}, false
	}
	month, m, ok := d.integer(k+1, 12)
	if !ok || month < 1 || !isDigit(d.at(k+1)) {
		return point{}, false
	}
	if d.at(m) == sep && isDigit(d.at(m+1)) {
		if day, e, ok := d.integer(m+1, 31); ok && realDay(year, month, day) {
			return point{iso(year, month, day), d.clock(e), year, month, false}, true
		}
	}
	if isDigit(d.at(m)) || sep == '.' && m-k-1 == 1 && d.at(m) != '月' || isLatin(d.at(m)) || d.at(m) == '万' {
		return point{}, false
	}
	return point{iso(year, month, 0), m, year, month, false}, true
}

func (d reader) figure(i, k int) int {
	n := 0
	for ; i < k; i++ {
		n = n*10 + int(d.at(i)-'0')
	}
	return n
}

// yearMonthDay reads 2025年10月5日, 25年10月, 10月5号, 5月份, 2024年底, 2023年.
func (d reader) yearMonthDay(i int, before *point) (point, bool) {
	year, k, said := 0, i, false
	switch {
	case isDigit(d.at(i)) && isDigit(d.at(i+1)) && isDigit(d.at(i+2)) && isDigit(d.at(i+3)) && d.at(d.blanks(i+4)) == '年':
		year, k, said = d.figure(i, i+4), d.blanks(i+4)+1, true
	case isDigit(d.at(i)) && isDigit(d.at(i+1)) && d.at(i+2) == '年' && d.shortYear(i+3):
		year, k, said = 2000+d.figure(i, i+2), i+3, true
	default:
		if v, e, ok := d.hanYear(i); ok && d.at(e) == '年' {
			year, k, said = v, e+1, true
		} else if hanDigit(d.at(i)) >= 0 && hanDigit(d.at(i+1)) >= 0 && d.at(i+2) == '年' && d.shortYear(i+3) {
			year, k, said = 2000+hanDigit(d.at(i))*10+hanDigit(d.at(i+1)), i+3, true
		} else if before == nil && isDigit(d.at(i)) && isDigit(d.at(i+3)) && !isDigit(d.at(i+4)) && d.joint(i+4) > 0 { // 2023至2024年
			if y := d.figure(i, i+4); y >= 1950 && y <= d.now.Year() && isDigit(d.at(i+1)) && isDigit(d.at(i+2)) {
				if q, ok := d.yearMonthDay(d.joint(i+4), &point{year: y}); ok && !q.guessed && len(q.iso) == 4 {
					return point{fmt.Sprint(y), i + 4, y, 0, false}, true
				}
			}
		}
	}
	if said {
		if year < 1900 || year > 2100 {
			return point{}, false
		}
		return d.afterYear(year, d.blanks(k), k)
	}
	return d.monthDay(i, before)
}

// shortYear: two figures and 年 are a year when a month or a part of the year follows.
func (d reader) shortYear(i int) bool {
	i = d.blanks(i)
	if v, e, ok := d.integer(i, 12); ok && v > 0 && d.at(e) == '月' {
		return true
	}
	return d.oneOf(i, "年底", "底", "初", "春", "夏", "秋", "冬", "开春", "上半年", "下半年", "腊月", "正月", "过年", "春节", "末") > 0
}

// afterYear reads what follows a year: a month and day, a season, or nothing.
func (d reader) afterYear(year, i, bare int) (point, bool) {
	if d.at(i) == '的' {
		i++
	}
	if month, e, ok := d.integer(i, 12); ok && month > 0 {
		if k := d.blanks(e); d.at(k) == '月' {
			if d.at(k+1) == '初' && hanDigit(d.at(k+2)) > 0 && !isDigit(d.at(i)) {
				return d.lunarMonthDay(year, month, k+1, i, true)
			}
			return d.afterMonth(year, month, k+1)
		}
	}
	if p, ok := d.partOfYear(year, i); ok {
		return p, true
	}
	if p, ok := d.lunarDate(year, i, true); ok {
		return p, true
	}
	return point{fmt.Sprintf("%04d", year), bare, year, 0, false}, true
}

// afterMonth reads the day after a month, or the part of the month.
func (d reader) afterMonth(year, month, i int) (point, bool) {
	bare := i
	if d.at(i) == '份' {
		i, bare = i+1, i+1
	}
	i = d.blanks(i)
	if d.at(i) == '的' {
		i++
	}
	if k := d.oneOf(i, "上旬", "初"); k > 0 && hanDigit(d.at(i+1)) < 0 {
		return point{days(year, month, 1, 10), i + k, year, month, false}, true
	}
	if k := d.oneOf(i, "中旬"); k > 0 {
		return point{days(year, month, 11, 20), i + k, year, month, false}, true
	}
	if k := d.oneOf(i, "下旬", "底", "末"); k > 0 {
		return point{days(year, month, 21, lastDay(year, month)), i + k, year, month, false}, true
	}
	if day, e, ok := d.integer(i, 31); ok && day > 0 {
		k := d.blanks(e)
		if d.oneOf(k, "日", "号") > 0 && d.oneOf(k+1, "楼", "院") == 0 {
			if !realDay(year, month, day) {
				return point{}, false
			}
			return point{iso(year, month, day), d.clock(k + 1), year, month, false}, true
		}
		if i == bare && !d.measures(e) && !isNumeral(d.at(e)) && d.currencyAt(e) == 0 && d.at(e) != '.' && realDay(year, month, day) && (isDigit(d.at(i)) || d.at(e) == 0) {
			return point{iso(year, month, day), e, year, month, false}, true // 3月5
		}
	}
	return point{iso(year, month, 0), bare, year, month, false}, true
}

func (d reader) currencyAt(i int) int { return d.oneOf(i, "块", "元", "万", "千", "百", "毛") }

// monthDay reads a month without a year: 10月, 5月3号, 三月份; and a day of the month before: 到10号.
func (d reader) monthDay(i int, before *point) (point, bool) {
	month, e, ok := d.integer(i, 12)
	if ok && month > 0 && d.at(d.blanks(e)) == '月' && d.blanks(e)-e <= 1 {
		k := d.blanks(e) + 1
		if d.oneOf(k, "薪", "租", "费", "供", "息", "工资", "均", "嫂", "票", "饼", "经", "球", "子", "卡") > 0 {
			return point{}, false
		}
		if d.at(k) == '初' && hanDigit(d.at(k+1)) > 0 && !isDigit(d.at(i)) { // 五月初五 is lunar
			return d.lunarMonthDay(d.now.Year(), month, k, i, false)
		}
		year, guessed := d.yearFor(month, k, before, i)
		p, ok := d.afterMonth(year, month, k)
		if !ok {
			return p, false
		}
		if guessed && len(p.iso) == 10 { // the day decides
			if t, err := time.Parse(time.DateOnly, p.iso); err == nil && t.After(d.now) && t.Month() == d.now.Month() && !d.ahead(p.end) && !d.promised(i) {
				p, _ = d.afterMonth(year-1, month, k)
			}
		}
		p.guessed = guessed
		return p, true
	}
	if before != nil && before.month > 0 && ok {
		if day, e, ok := d.integer(i, 31); ok && day > 0 && d.oneOf(e, "日", "号") > 0 && realDay(before.year, before.month, day) {
			return point{iso(before.year, before.month, day), e + 1, before.year, before.month, before.guessed}, true
		}
	}
	return point{}, false
}

// yearFor is the year of a month named alone: after the first date of a span; else the latest that has begun, or the
// next one when the words speak of a promise or an appointment.
func (d reader) yearFor(month, end int, before *point, start int) (int, bool) {
	if before != nil && before.year > 0 {
		if before.month > month {
			return before.year + 1, before.guessed
		}
		return before.year, before.guessed
	}
	year := d.now.Year()
	if d.promised(start) || d.ahead(end) {
		if time.Month(month) < d.now.Month() {
			return year + 1, true
		}
		return year, true
	}
	if time.Month(month) > d.now.Month() {
		return year - 1, true
	}
	return year, true
}

// promised: the words before speak of what is to come.
func (d reader) promised(i int) bool {
	for k := i - 1; k >= 0 && k >= i-8; k-- {
		if strings.ContainsRune("。！？；!?;\n", d.at(k)) {
			return false
		}
		if d.oneOf(k, "约定", "说好", "答应", "承诺", "保证", "最晚", "最迟", "定在", "定于", "还款日", "到期日", "开庭时间", "通知我", "下") > 0 {
			return true
		}
	}
	return false
}

// ahead: the words after say that the day is still to come.
func (d reader) ahead(i int) bool {
	i = d.clock(i)
	return d.oneOf(i, "开庭", "到期", "截止", "之前还", "前还", "还清", "要开庭", "就到期", "前给", "之前给", "底还") > 0
}

func iso(year, month, day int) string {
	if day == 0 {
		return fmt.Sprintf("%04d-%02d", year, month)
	}
	return fmt.Sprintf("%04d-%02d-%02d", year, month, day)
}

func days(year, month, first, last int) string {
	return iso(year, month, first) + "/" + iso(year, month, last)
}

func lastDay(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

func realDay(year, month, day int) bool {
	return month >= 1 && month <= 12 && day >= 1 && day <= lastDay(year, month)
}
