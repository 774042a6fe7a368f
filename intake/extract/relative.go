package extract

import (
	"fmt"
	"strings"
	"time"
)

// relative reads dates told from today: 昨天, 三天前, 上个月5号, 去年10月, 前年冬天, 上周三, 半年前.
func (d reader) relative(i int, before *point) (point, bool) {
	now := d.now
	day := func(n, end int) (point, bool) {
		t := now.AddDate(0, 0, n)
		return point{t.Format(time.DateOnly), d.clock(end), t.Year(), int(t.Month()), false}, true
	}
	for _, w := range []struct {
		word string
		days int
	}{{"大前天", -3}, {"大后天", 3}, {"前天", -2}, {"前日", -2}, {"昨天", -1}, {"昨日", -1}, {"昨晚", -1}, {"昨夜", -1}, {"昨儿", -1}, {"夜来", -1},
		{"今天", 0}, {"今日", 0}, {"今早", 0}, {"今晚", 0}, {"今儿", 0}, {"今晨", 0}, {"明天", 1}, {"明日", 1}, {"明早", 1}, {"后天", 2}, {"前晚", -2}} {
		if d.has(i, w.word) && !(w.word == "前天" && d.at(i-1) == '大') && !(w.word == "后天" && d.at(i-1) == '大') {
			if w.word == "前日" && isNumeral(d.at(i-1)) || w.word == "今日" && d.has(i+2, "头条") || w.word == "明日" && d.at(i-1) == '声' {
				continue
			}
			return day(w.days, i+len([]rune(w.word)))
		}
	}
	for _, w := range []struct {
		word  string
		years int
	}{{"大前年", -3}, {"前年", -2}, {"去年", -1}, {"上年", -1}, {"今年", 0}, {"本年", 0}, {"明年", 1}, {"后年", 2}} {
		if d.has(i, w.word) && !isNumeral(d.at(i-1)) && !(w.word == "前年" && d.at(i-1) == '大') && !(w.word == "上年" && (d.has(i+2, "纪") || d.has(i+2, "级"))) && !(w.word == "本年" && d.at(i-1) == '基') {
			k := i + len([]rune(w.word))
			if _, e, ok := d.integer(k, 150); ok && d.oneOf(e, "岁", "周岁", "多岁", "了") > 0 { // 我今年四十五岁
				continue
			}
			return d.afterYear(now.Year()+w.years, d.blanks(k), k)
		}
	}
	if p, ok := d.months(i); ok {
		return p, true
	}
	if p, ok := d.weeks(i); ok {
		return p, true
	}
	return d.ago(i)
}

// months reads 上个月, 上上个月, 这个月, 本月, 下个月, with a day or a part of the month.
func (d reader) months(i int) (point, bool) {
	for _, w := range []struct {
		word string
		n    int
	}{{"上上个月", -2}, {"上上月", -2}, {"大上个月", -2}, {"上个月", -1}, {"上月", -1}, {"这个月", 0}, {"本月", 0}, {"当月", 0}, {"下个月", 1}, {"下月", 1}} {
		if !d.has(i, w.word) || w.word == "当月" || w.word == "下月" && d.at(i-1) == '以' {
			continue
		}
		t := time.Date(d.now.Year(), d.now.Month()+time.Month(w.n), 1, 0, 0, 0, 0, time.UTC)
		return d.afterMonth(t.Year(), int(t.Month()), i+len([]rune(w.word)))
	}
	return point{}, false
}

// weeks reads 上周, 上星期三, 这周, 下周一. A week begins on Monday.
func (d reader) weeks(i int) (point, bool) {
	for _, w := range []struct {
		word string
		n    int
	}{{"上上周", -2}, {"上上个星期", -2}, {"上周", -1}, {"上个周", -1}, {"上星期", -1}, {"上个星期", -1}, {"上礼拜", -1}, {"上个礼拜", -1}, {"这周", 0}, {"本周", 0}, {"这个星期", 0}, {"这星期", 0}, {"这礼拜", 0}, {"下周", 1}, {"下星期", 1}, {"下个星期", 1}, {"下礼拜", 1}} {
		if !d.has(i, w.word) {
			continue
		}
		k := i + len([]rune(w.word))
		monday := d.now.AddDate(0, 0, -(int(d.now.Weekday())+6)%7+7*w.n)
		if n := d.weekday(k); n > 0 {
			t := monday.AddDate(0, 0, n-1)
			return point{t.Format(time.DateOnly), d.clock(k + 1), t.Year(), int(t.Month()), false}, true
		}
		return point{monday.Format(time.DateOnly) + "/" + monday.AddDate(0, 0, 6).Format(time.DateOnly), k, monday.Year(), int(monday.Month()), false}, true
	}
	return point{}, false
}

func (d reader) weekday(i int) int {
	switch d.at(i) {
	case '日', '天', '末':
		return 7
	}
	if v := hanDigit(d.at(i)); v >= 1 && v <= 6 && !isNumeral(d.at(i+1)) {
		return v
	}
	if v := int(d.at(i) - '0'); isDigit(d.at(i)) && v >= 1 && v <= 6 && !isDigit(d.at(i+1)) {
		return v
	}
	return 0
}

// ago reads 三天前, 两个月以前, 半年前, 一年多前, 前几天, 刚才. What is loose gives the stretch it may mean.
func (d reader) ago(i int) (point, bool) {
	if k := d.oneOf(i, "前几天", "前些天", "前两天", "前段时间", "前阵子", "前一阵", "前些日子", "前几个月", "前几年"); k > 0 {
		stretch := map[string][2]int{"前几天": {9, 2}, "前些天": {15, 3}, "前两天": {3, 1}, "前段时间": {90, 7}, "前阵子": {60, 7}, "前一阵": {60, 7}, "前些日子": {45, 5}, "前几个月": {240, 60}, "前几年": {365 * 5, 365}}[string(d.r[i:i+k])]
		first, last := d.now.AddDate(0, 0, -stretch[0]), d.now.AddDate(0, 0, -stretch[1])
		return point{first.Format(time.DateOnly) + "/" + last.Format(time.DateOnly), i + k, first.Year(), int(first.Month()), false}, true
	}
	half := 0.0
	n, k, ok := 0, i, false
	switch {
	case d.at(i) == '半':
		half, k, ok = 0.5, i+1, true
	case d.at(i) == '两' || d.at(i) == '俩':
		n, k, ok = 2, i+1, !isNumeral(d.at(i+1))
	default:
		n, k, ok = d.integer(i, 999)
		if ok && n == 0 {
			ok = false
		}
	}
	if !ok || isNumeral(d.at(i-1)) || d.at(i-1) == '.' || d.at(i-1) == '第' {
		return point{}, false
	}
	loose := isLoose(d.at(k))
	if loose {
		k++
	}
	if d.at(k) == '个' {
		k++
		if d.at(k) == '半' {
			half = 0.5
			k++
		}
		if isLoose(d.at(k)) {
			loose = true
			k++
		}
	}
	var unit string
	for _, u := range []string{"天", "日", "周", "星期", "礼拜", "月", "年"} {
		if d.has(k, u) {
			unit = u
		}
	}
	if unit == "" {
		return point{}, false
	}
	k += len([]rune(unit))
	if d.at(k) == '半' {
		half = 0.5
		k++
	}
	if isLoose(d.at(k)) {
		loose = true
		k++
	}
	back := d.oneOf(k, "以前", "之前", "前")
	if back == 0 || d.has(k, "前后") || d.has(k, "前面") {
		if p, ok := d.coming(i, n, unit, k); ok {
			return p, true
		}
		return point{}, false
	}
	t := back1(d.now, n, half, unit)
	end := k + back
	value := t.Format(time.DateOnly)
	if loose { // a little longer ago than said
		earlier := back1(t, 0, map[string]float64{"年": 0.5, "月": 0.5, "天": 0, "日": 0}[unit], unit)
		if unit == "天" || unit == "日" {
			earlier = t.AddDate(0, 0, -max(1, n/2))
		}
		value = earlier.Format(time.DateOnly) + "/" + value
	} else if unit == "年" && half == 0 {
		value = fmt.Sprintf("%04d", t.Year())
	} else if unit == "月" && half == 0 || unit == "年" {
		value = t.Format("2006-01")
	}
	return point{value, end, t.Year(), int(t.Month()), false}, true
}

// coming reads 再过三天, 三天后 at the head of a clause: days still to come.
func (d reader) coming(i, n int, unit string, k int) (point, bool) {
	after := d.oneOf(k, "后", "以后", "之后")
	led := d.oneOf(i-2, "再过", "还有", "还剩", "只剩") > 0
	head := i == 0 || strings.ContainsRune(" ，。！？,.!?\n", d.at(i-1))
	if n == 0 || unit != "天" || !led && (after == 0 || !head) {
		return point{}, false
	}
	t := d.now.AddDate(0, 0, n)
	return point{t.Format(time.DateOnly), k + after, t.Year(), int(t.Month()), false}, true
}

func back1(t time.Time, n int, half float64, unit string) time.Time {
	switch unit {
	case "天", "日":
		return t.AddDate(0, 0, -n)
	case "周", "星期", "礼拜":
		return t.AddDate(0, 0, -7*n)
	case "月":
		return t.AddDate(0, -n, -int(half*30))
	}
	return t.AddDate(-n, -int(half*12), 0)
}
