package extract

import (
	"fmt"
	"strings"

	"heshi/intake"
)

// money finds sums in yuan: with a unit (8000块, 两万三千元, ￥500), or bare where the words around speak of money
// (老板欠我8000).
func (x *Extractor) money(s *script, all []found) []found {
	for i := 0; i < len(s.r); i++ {
		if c := s.at(i); isDigit(c) && (isDigit(s.at(i-1)) || isLatin(s.at(i-1)) || s.at(i-1) == '.' && isDigit(s.at(i-2))) ||
			hanNumeral(c) && c != '两' && hanNumeral(s.at(i-1)) {
			continue
		}
		n, ok := s.number(i)
		if !ok {
			if isCyrillic(s.at(i)) && !isCyrillic(s.at(i-1)) {
				if n, ok = s.cyrillicNumber(i); ok {
					if end := s.mongolianCurrency(n.end); end > 0 {
						all = append(all, yuan(n.cents, i, end))
						i = end - 1
					} else {
						i = n.end - 1
					}
				}
			}
			continue
		}
		start := i
		for _, sign := range []string{"¥", "￥", "rmb", "人民币"} {
			if k := i - len([]rune(sign)); k >= 0 && s.has(k, sign) {
				start = k
			}
		}
		if k := s.oneOf(start-3, "现金约", "现金共"); k > 0 {
			start -= k
		} else if k := s.oneOf(start-2, "现金"); k > 0 {
			start -= k
		}
		cents, end, ok := s.currency(n)
		ok = ok && s.oneOfBefore(start, x.lex.Foreign) == 0 // 美元500元
		if ok && start == i && x.things(s, n, end) {
			ok = false
			i = max(i, n.end-1)
			continue
		}
		if from, is := s.upTo(n); is && !ok {
			cents, end, ok = from, n.end, true
		}
		if !ok && start < i {
			cents, end, ok = n.cents, n.end, true
		}
		if !ok {
			cents, end, ok = x.bareMoney(s, n)
		}
		if ok && cents > 0 {
			all = append(all, yuan(cents, start, end))
		}
		i = max(i, n.end-1, end-1)
	}
	return all
}

func yuan(cents int64, start, end int) found {
	return found{intake.KindMoney, fmt.Sprintf("%d.%02d", cents/100, cents%100), start, end, rankMoney}
}

// currency reads the unit after a number: 块, 元, 万块钱, 三块五, 5毛, төгрөг, юань.
func (s *script) currency(n number) (cents int64, end int, ok bool) {
	i := s.blanks(n.end)
	if i > n.end && isHan(s.at(i)) && i-n.end > 1 {
		return 0, 0, false
	}
	if k := s.oneOf(i, "块钱", "元钱", "块", "元", "圆", "大洋", "元整", "元人民币", "rmb", "yuan", "人民币"); k > 0 {
		if s.oneOf(i, "块") > 0 && s.oneOf(i+1, "地", "草场", "田", "牌", "砖", "石", "表", "布", "玻璃", "肉", "木", "糖", "饼", "电池", "屏") > 0 && k == 1 {
			return 0, 0, false
		}
		if s.oneOf(i, "元旦", "元宵", "元月") > 0 {
			return 0, 0, false
		}
		cents, end = n.cents, i+k
		if s.oneOf(end, "多", "来") > 0 && n.unit == 0 {
			end++
		}
		if d := s.coins(end); d > 0 && n.cents < 10000*100 && k == 1 {
			cents, end = cents+d, end+1
			if s.oneOf(end, "毛", "角") > 0 {
				end++
			}
		} else if s.oneOf(end, "整", "钱") > 0 {
			end++
		}
		return cents, end, true
	}
	if s.oneOf(i, "毛", "角") > 0 && n.unit == 0 && n.cents <= 9*100 && s.oneOf(i+1, "地", "落") == 0 && (n.han || n.digits == 1) {
		return n.cents / 10, i + 1 + s.oneOf(i+1, "钱"), true
	}
	if e := s.mongolianCurrency(n.end); e > 0 {
		return n.cents, e, true
	}
	if u := s.mongolianScale(i); u.value > 0 { // 8 мянган юань, 8 ᠮᠢᠩᠭ᠎ᠠ ᠶᠤᠸᠠᠨ
		if e := s.mongolianCurrency(u.end); e > 0 {
			return clampMul(n.cents, u.value), e, true
		}
	}
	return 0, 0, false
}

// things: 块 and 角 after a small number count things (手表一块, 六角扳手) unless the words around speak of money.
func (x *Extractor) things(s *script, n number, end int) bool {
	i := s.blanks(n.end)
	switch s.at(i) {
	case '块':
		if s.measures(n.start-1) && isNumeral(s.at(n.start-2)) && isDigit(s.at(n.start)) { // 48箱144块
			return true
		}
		if end > i+1 || n.cents >= 100*100 || n.unit >= 100 || s.oneOf(end, "一", "每", "左右", "多", "不", "没", "的工", "的运", "的钱") > 0 {
			return false
		}
	case '角':
		if s.at(i+1) == '钱' {
			return false
		}
	default:
		return false
	}
	alone := s.blanks(0) == n.start && s.blanks(end) >= len(s.r)
	return !alone && !x.speaksOfMoney(s, n.start, 8)
}

// coins reads the 五 of 三块五: the jiao after 块, when no measure follows.
func (s *script) coins(i int) int64 {
	d := int64(hanDigit(s.at(i)))
	if isDigit(s.at(i)) {
		d = int64(s.at(i) - '0')
	}
	if priced := s.at(i+1) == '一' && s.measures(i+2); d <= 0 || !priced && isNumeral(s.at(i+1)) || s.measures(i+1) || s.at(i+1) == '.' {
		return 0
	}
	return d * 10
}

// mongolianCurrency is the end of төгрөг or юань, in either script, after i; 0 if there is none. Both mean yuan here.
func (s *script) mongolianCurrency(i int) int {
	k := i
	for s.at(k) == '-' || isCyrillic(s.at(k)) && k > i && s.at(i) == '-' { // 8000-н
		k++
	}
	k = s.blanks(k)
	for _, stem := range []string{"төгрөг", "төг", "юань", "юан", "ᠲᠥᠭᠦᠷᠢᠭ", "ᠲᠥᠭᠥᠷᠢᠭ", "ᠲᠦᠭᠦᠷᠢᠭ", "ᠶᠤᠸᠠᠨ", "ᠮᠥᠩᠭ", "tugrug", "tögrög", "yuani", "yuan"} {
		if s.has(k, stem) {
			for k += len([]rune(stem)); isCyrillic(s.at(k)) || isMongolian(s.at(k)); k++ {
			}
			return k
		}
	}
	return 0
}

// bareMoney takes a number without a unit for money when nothing else is measured and the words before speak of
// money, or when it is all that was said, or when only money is counted like that (两万三).
func (x *Extractor) bareMoney(s *script, n number) (cents int64, end int, ok bool) {
	if n.end < len(s.r) && (s.measures(n.end) || isLatin(s.at(n.end)) || s.at(n.end) == '-' || s.at(n.end) == '/' || s.at(n.end) == ':' ||
		s.at(n.end) == '.' && isDigit(s.at(n.end+1)) || isNumeral(s.at(n.end))) {
		if !s.aside(n) && !(s.at(n.end) == '分' && n.unit >= 1000) && !(n.unit >= 100 && s.duration(n.end+1)) {
			return 0, 0, false
		}
	}
	if k := s.blanks(n.end); k > n.end && (s.measures(k) || s.oneOf(k, "ᠣᠨ", "ᠰᠠᠷ") > 0 || isCyrillic(s.at(k)) && !n.han) {
		return 0, 0, false
	}
	if n.unit == 0 && (n.han || n.digits < 2 || n.digits > 8) || n.unit == 10 && n.han && n.cents < 20*100 {
		return 0, 0, false
	}
	if n.unit == 0 && n.cents < 100*100 && !x.speaksOfMoney(s, n.start, 3) {
		return 0, 0, false
	}
	if s.oneOf(s.blanks(n.end), x.lex.Foreign...) > 0 || s.oneOfBefore(n.start, x.lex.Foreign) > 0 {
		return 0, 0, false
	}
	if s.at(n.start-1) == '某' { // 高某221
		return 0, 0, false
	}
	if n.digits == 4 && n.unit == 0 && strings.ContainsRune("([〔【", s.at(n.start-1)) && strings.ContainsRune(")]〕】", s.at(n.end)) {
		return 0, 0, false // the year in the number of a ruling: (2014)第6号
	}
	if n.unit == 0 && contains(x.lex.Hotlines, string(s.r[n.start:n.end])) {
		return 0, 0, false
	}
	if s.at(n.start-1) == '按' && s.at(n.end) == '算' { // 按二百八算
		return n.cents, n.end, true
	}
	alone := s.blanks(0) == n.start && s.blanks(n.end) >= len(s.r)
	if alone && n.unit >= 100 {
		return n.cents, n.end, true
	}
	if n.unit >= 10000 && s.oneOf(n.end, "大军", "里", "人", "步", "年", "多人", "物", "事", "不", "全", "福", "有", "幸", "能", "岁", "家", "恶") == 0 && n.digits > 0 {
		return n.cents, n.end, true
	}
	if x.speaksOfMoney(s, n.start, 8) || s.oneOf(n.end, "没给", "不给", "没还", "不还", "没结", "没发", "没付", "钱", "一个月", "每月", "左右", "上下") > 0 || s.oneOf(n.end+s.oneOf(n.end, "的"), x.lex.MoneyNouns...) > 0 || s.aside(n) && s.oneOf(n.end, "一直", "一分", "一毛") > 0 ||
		s.priced(n.start) || n.unit >= 100 && s.at(n.end) == '一' && s.measures(n.end+1) || s.oneOfBefore(n.start, []string{"个月", "每月", "每天", "一天", "每亩", "平均"}) > 0 {
		return n.cents, n.end, true
	}
	return 0, 0, false
}

// priced: one of something, or each, stands before i: 一亩三十五, 一亩才三十五, 每斤12.
func (s *script) priced(i int) bool {
	for _, k := range []int{i, i - s.oneOfBefore(i, []string{"才", "就", "要", "得", "也就", "是"})} {
		if s.measures(k-1) && (s.at(k-2) == '一' || s.at(k-2) == '每') {
			return true
		}
	}
	return false
}

// upTo reads the second sum of a range that begins with n, 3000-5000元 or 3到5万; the unit of the second is that of the
// first too.
func (s *script) upTo(n number) (cents int64, ok bool) {
	k := s.oneOf(n.end, "-", "~", "—", "到", "至", "－")
	if k == 0 || n.loose {
		return 0, false
	}
	m, ok := s.number(n.end + k)
	if !ok {
		return 0, false
	}
	if _, _, ok := s.currency(m); !ok || isDigit(s.at(n.start-1)) || s.at(n.start-1) == '-' {
		return 0, false
	}
	cents = n.cents
	if n.unit == 0 && m.unit >= 100 && n.cents < 100*100 {
		cents = clampMul(cents, m.unit)
	}
	return cents, cents < m.cents
}

// aside: the 一 after the number begins a word of its own: 两万三|一直没给, 23000|一分没退, 八千|一头.
func (s *script) aside(n number) bool {
	if s.at(n.end) != '一' || !n.han && n.digits < 3 && n.unit == 0 || n.han && n.unit < 100 {
		return false
	}
	return s.oneOf(n.end+1, "直", "分", "毛", "共", "点", "次", "下", "拖", "概", "并", "块", "笔", "个月") > 0 || n.unit >= 100 && s.measures(n.end+1)
}

// speaksOfMoney looks at most reach characters back, within the clause, for a word of owing, paying or price.
func (x *Extractor) speaksOfMoney(s *script, i, reach int) bool {
	for k := i - 1; k >= 0 && k >= i-reach; k-- {
		r := s.at(k)
		if strings.ContainsRune("。！？；!?;\n", r) {
			return false
		}
		if (r == ',' || r == '，') && k < i-1 {
			return false
		}
		if isNumeral(r) && k < i-1 && s.measures(k+1) {
			return false
		}
		if x.lex.money[r] {
			return true
		}
	}
	for k := max(0, i-24); k < i; k++ { // Mongolian words of owing and pay
		if (isCyrillic(s.at(k)) || isMongolian(s.at(k))) && !isCyrillic(s.at(k-1)) && !isMongolian(s.at(k-1)) {
			for _, w := range x.lex.MoneyMn {
				if s.has(k, w) {
					return true
				}
			}
		}
	}
	return false
}
