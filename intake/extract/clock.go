package extract

// clock skips the time of day after a day (晚上, 下午3点半, 19时15分许): it belongs to the text of the date, not to its
// value.
func (d reader) clock(i int) int {
	end := i
	k := d.blanks(i)
	if n := d.oneOf(k, "上午", "下午", "早上", "早晨", "晚上", "中午", "凌晨", "夜里", "傍晚", "深夜", "早", "晚"); n > 0 {
		k += n
		end = k
	}
	hour, e, ok := d.integer(d.blanks(k), 24)
	if !ok || hour > 24 {
		return end
	}
	switch {
	case d.at(e) == ':' && isDigit(d.at(e+1)) && isDigit(d.at(e+2)) && !isDigit(d.at(e+3)):
		end = e + 3
	case d.at(e) == '时', d.at(e) == '点' && d.oneOf(e+1, "多元", "几") == 0:
		end = e + 1 + d.oneOf(e+1, "钟", "半")
		if minute, m, ok := d.integer(end, 59); ok && minute >= 0 && d.at(m) == '分' {
			end = m + 1
		}
	default:
		return end
	}
	return end + d.oneOf(end, "左右", "许", "多")
}

// same reads a date told from the one before it in the text: 同年8月, 次年3月5日, 同月24日.
func (d reader) same(i int, last *point) (point, bool) {
	if last == nil || last.year == 0 {
		return point{}, false
	}
	if k := d.oneOf(i, "同年", "当年", "次年", "翌年", "转年"); k > 0 {
		year := last.year
		if d.at(i) != '同' && d.at(i) != '当' {
			year++
		}
		month, e, ok := d.integer(i+k, 12)
		if !ok || month < 1 || d.at(e) != '月' {
			return point{}, false
		}
		return d.afterMonth(year, month, e+1)
	}
	if d.oneOf(i, "同月", "当月") > 0 && last.month > 0 {
		if day, e, ok := d.integer(i+2, 31); ok && d.oneOf(e, "日", "号") > 0 && realDay(last.year, last.month, day) {
			return point{iso(last.year, last.month, day), d.clock(e + 1), last.year, last.month, false}, true
		}
	}
	return point{}, false
}
