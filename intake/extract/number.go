package extract

// number is a number read from text. cents holds its value in hundredths. unit is its largest 百 千 万 亿, 0 for
// none; han tells a number written in characters; loose one that says about how much.
type number struct {
	cents      int64
	start, end int
	unit       int64
	han, loose bool
	digits     int // figures in its first part
}

const maxCents = 1_000_000_000_000_00 // a million million: beyond any dispute, and safe to multiply

func hanDigit(r rune) int {
	switch r {
	case '零', '〇':
		return 0
	case '一', '壹', '幺':
		return 1
	case '二', '两', '贰', '俩':
		return 2
	case '三', '叁', '仨':
		return 3
	case '四', '肆':
		return 4
	case '五', '伍':
		return 5
	case '六', '陆':
		return 6
	case '七', '柒':
		return 7
	case '八', '捌':
		return 8
	case '九', '玖':
		return 9
	}
	return -1
}

func hanUnit(r rune) int64 {
	switch r {
	case '十', '拾':
		return 10
	case '百', '佰':
		return 100
	case '千', '仟':
		return 1000
	case '万', '萬':
		return 10000
	case '亿':
		return 100000000
	}
	return 0
}

func hanNumeral(r rune) bool { return hanDigit(r) >= 0 || hanUnit(r) > 0 }
func isNumeral(r rune) bool  { return isDigit(r) || hanNumeral(r) }

// number reads the number that begins at i.
func (s *script) number(i int) (number, bool) {
	if isDigit(s.at(i)) {
		return s.figures(i)
	}
	if r := s.at(i); hanDigit(r) >= 0 || r == '十' || r == '拾' || hanUnit(r) >= 100 {
		return s.characters(i)
	}
	return number{}, false
}

// figures reads 8000, 8,000.00, 2.3万, 2万3, 1千5百, 3千多.
func (s *script) figures(i int) (number, bool) {
	n := number{start: i}
	var whole int64
	for isDigit(s.at(i)) {
		if n.digits++; n.digits <= 13 {
			whole = whole*10 + int64(s.at(i)-'0')
		}
		i++
		if s.at(i) == ',' && n.digits <= 3 || s.at(i) == ',' && s.at(i-4) == ',' {
			if isDigit(s.at(i+1)) && isDigit(s.at(i+2)) && isDigit(s.at(i+3)) && !isDigit(s.at(i+4)) {
				i++
			}
		}
	}
	if n.digits > 13 {
		n.end = i
		return n, false
	}
	frac, scale := int64(0), int64(1) // of a whole
	if s.at(i) == '.' && isDigit(s.at(i+1)) {
		for i++; isDigit(s.at(i)); i++ {
			if scale < 10000 {
				frac, scale = frac*10+int64(s.at(i)-'0'), scale*10
			}
		}
	}
	n.end, n.unit = i, 1
	for {
		u := hanUnit(s.at(i))
		if u == 0 && (s.at(i) == 'k' || s.at(i) == 'w') && !isLatin(s.at(i+1)) {
			u = map[rune]int64{'k': 1000, 'w': 10000}[s.at(i)]
		}
		if u == 0 && isLoose(s.at(i)) && hanUnit(s.at(i+1)) > 0 {
			n.loose = true
			i++
			continue
		}
		if u == 0 || n.unit*u > 1_000_000_000 {
			break
		}
		n.unit *= u
		i++
		n.end = i
	}
	n.cents = clampMul(whole, n.unit*100) + frac*n.unit*100/scale
	if n.unit == 1 {
		n.unit = 0
		if isLoose(s.at(i)) {
			n.loose, n.end = true, i+1
		}
		return n, true
	}
	n.cents, n.end, n.loose = s.rest(n.cents, n.end, n.unit, n.loose)
	return n, n.cents <= maxCents
}

func isLoose(r rune) bool { return r == '多' || r == '来' || r == '余' || r == '几' }

func clampMul(a, b int64) int64 {
	if a > 0 && b > maxCents/a {
		return maxCents + 1
	}
	return a * b
}

// rest reads what follows a unit: 2万3 and 2万3千 are 23000, 三千五 is 3500; a following 多 makes it loose.
func (s *script) rest(cents int64, end int, unit int64, loose bool) (int64, int, bool) {
	i := end
	if isLoose(s.at(i)) {
		return cents, i + 1, true
	}
	zero := s.at(i) == '零' || s.at(i) == '〇'
	if zero {
		i++
	}
	if !isDigit(s.at(i)) && hanDigit(s.at(i)) <= 0 || unit < 100 {
		return cents, end, loose
	}
	if isDigit(s.at(i)) {
		k := i
		for isDigit(s.at(k)) {
			k++
		}
		switch u := hanUnit(s.at(k)); {
		case u > 0 && u < unit:
			if n, ok := s.figures(i); ok && n.cents < unit*100 {
				return cents + n.cents, n.end, n.loose
			}
		case k == i+1 && !zero && !s.duration(k): // 2万3
			return cents + int64(s.at(i)-'0')*unit*10, k, isLoose(s.at(k))
		}
		return cents, end, loose
	}
	n, ok := s.characters(i)
	if !ok || n.cents >= unit*100 {
		return cents, end, loose
	}
	if n.unit == 0 && !zero && n.end == i+1 {
		if s.duration(n.end) || s.at(i) == '一' && s.oneOf(n.end, "直", "分", "毛", "共", "下", "拖", "概", "并") > 0 { // 3万|一直没给
			return cents, end, loose
		}
		n.cents *= unit / 10
	}
	return cents + n.cents, n.end, n.loose
}

// characters reads 三百, 两万三, 一百零五, 三十来万, 十几万, 七八百 (the lower), 壹万贰仟.
func (s *script) characters(i int) (number, bool) {
	n := number{start: i, han: true}
	if hanUnit(s.at(i)) >= 100 && !s.oddOnes(i) {
		return n, false
	}
	var total, section, last int64 // last: the unit just read, for the short form 三千五
	digit := int64(-1)
read:
	for ; ; i++ {
		r := s.at(i)
		if d := int64(hanDigit(r)); d >= 0 {
			n.digits++
			switch {
			case digit < 0 && d == 0:
				last = 0
			case digit < 0:
				digit = d
			case d-digit == 1 && hanUnit(s.at(i+1)) > 0 && r != '两': // 七八百
				n.loose = true
			default: // 二零二五: a row of figures
				break read
			}
			continue
		}
		u := hanUnit(r)
		switch {
		case u == 0 && isLoose(r) && hanUnit(s.at(i+1)) >= 100 && i > n.start:
			n.loose = true
			continue
		case u == 0:
			break read
		case u >= 10000:
			section += max(digit, 0)
			if section+total == 0 {
				section = 1
			}
			if u == 10000 {
				total += section * u
			} else {
				total = clampMul(total+section, u)
			}
			section = 0
		case digit < 0 && u > 10 && i > n.start:
			break read
		case digit < 0:
			section += u
		default:
			section += digit * u
		}
		n.unit = max(n.unit, u)
		digit, last = -1, u
	}
	n.end = i
	if digit > 0 {
		switch {
		case last >= 100 && (s.duration(i) || digit == 1 && s.measures(i)): // 借了五万|三年, 八千|一头
			n.end--
		case last >= 100:
			section += digit * last / 10
		default:
			section += digit
		}
	}
	if n.end == n.start || total > maxCents/100 || s.at(n.start) == '零' && n.unit == 0 {
		return n, false
	}
	n.cents = (total + section) * 100
	if n.unit > 0 && (isLoose(s.at(n.end)) || s.at(n.end) == '把') {
		n.loose = true
		n.end++
	}
	return n, true
}

// oddOnes: a number that begins with its unit, 百八十块, 万把块, 千八百.
func (s *script) oddOnes(i int) bool {
	return s.at(i+1) == '把' || hanDigit(s.at(i+1)) > 0 && hanUnit(s.at(i+2)) > 0
}

// duration reports whether a measure of time stands at i: in 欠两千三个月 the 三 belongs to the months.
func (s *script) duration(i int) bool {
	return s.oneOf(i, "年", "个月", "月", "天", "日", "号", "周", "个星期", "星期", "个礼拜", "岁", "个人", "个", "小时", "次", "回") > 0
}

// measures reports whether a measure of something other than money stands at i.
func (s *script) measures(i int) bool {
	if s.oneOf(i, "房东", "房主", "房租", "房款", "房贷", "房子", "房产", "房屋") > 0 { // 交了6万|房东不让干
		return false
	}
	switch s.at(i) {
	case '个', '只', '头', '匹', '峰', '亩', '年', '月', '日', '号', '天', '人', '名', '户', '岁', '次', '斤', '吨', '公', '平', '米', '张', '份', '件', '台', '辆', '位', '口', '捆', '车', '套', '间', '层', '周', '星', '里', '度', '分', '%', '倍', '期', '点', '条', '棵', '袋', '箱', '瓶', '桶', '根', '家', '届', '级', '楼', '栋', '单', '回', '遍', '股', '成', '把', '垧', '枚', '部', '房', '室', '支', '顶', '盒', '双', '副', '组', '批', '幅', '颗', '粒', '包', '听', '罐', '篇', '章', '节', '路', '弄', '队', '班', '羊', '牛', '马', '工', '克', '毫', '厘', '瓦', '种', '段', '片', '块', '街', '巷', '村':
		return true
	}
	return false
}
