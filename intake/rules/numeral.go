package rules

// numeral finds numbers with a unit whose value lies in a range and makes them words of a class: 12岁, 四十个工人.
type numeral struct {
	class    int32
	units    [][]rune
	min, max int
}

// find appends the hits. The number may be written in figures or in Chinese, with 多, 来, 几 before the unit.
func (n numeral) find(text []rune, hits []hit) []hit {
	for i := 0; i < len(text); i++ {
		if i > 0 && isNumeral(text[i-1]) || !isNumeral(text[i]) {
			continue
		}
		value, end := readNumber(text, i)
		if end < len(text) && (text[end] == '多' || text[end] == '来' || text[end] == '几') {
			end++
		}
		if value < n.min || value > n.max {
			continue
		}
		for _, u := range n.units {
			if end+len(u) <= len(text) && equal(text[end:end+len(u)], u) {
				hits = append(hits, hit{int32(i), int32(end + len(u)), n.class})
				break
			}
		}
	}
	return hits
}

func equal(a, b []rune) bool {
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func isNumeral(r rune) bool { return isDigit(r) || hanDigit(r) >= 0 || hanUnit(r) > 0 }

func hanDigit(r rune) int {
	switch r {
	case '零', '〇':
		return 0
	case '一':
		return 1
	case '二', '两':
		return 2
	case '三':
		return 3
	case '四':
		return 4
	case '五':
		return 5
	case '六':
		return 6
	case '七':
		return 7
	case '八':
		return 8
	case '九':
		return 9
	}
	return -1
}

func hanUnit(r rune) int {
	switch r {
	case '十':
		return 10
	case '百':
		return 100
	case '千':
		return 1000
	case '万':
		return 10000
	}
	return 0
}

// readNumber reads the number that begins at i; it stops at a million, which no age and no crowd reaches.
func readNumber(text []rune, i int) (value, end int) {
	const limit = 1_000_000
	if isDigit(text[i]) {
		for ; i < len(text) && isDigit(text[i]); i++ {
			if value < limit {
				value = value*10 + int(text[i]-'0')
			}
		}
		return value, i
	}
	digit := -1
	for ; i < len(text); i++ {
		if d := hanDigit(text[i]); d >= 0 {
			if digit > 0 && value == 0 { // 二零二五
				digit = min(digit*10+d, limit)
			} else {
				digit = d
			}
			continue
		}
		u := hanUnit(text[i])
		if u == 0 {
			break
		}
		if digit < 0 {
			digit = 1
		}
		value, digit = min(value+digit*u, limit), -1
	}
	if digit > 0 {
		value += digit
	}
	return value, i
}
