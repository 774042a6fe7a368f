package intake

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

var dateShape = regexp.MustCompile(`^(?:(\d{4}|今年|去年|前年)(?:年|[-/.])?)?(?:(\d{1,2})(?:月份?|[-/.])?)?(?:(\d{1,2})[日号]?)?(?:吧|左右|前后|底|初|中旬|上旬|下旬|开始|起)?$`)

var yearless = regexp.MustCompile(`^\d{1,2}月`)

// ParseDate reads an absolute date as people type it into an answer: 2025-03-05, 2025年3月, 去年5月, 3月5日, 昨天, or
// a span of two with 到 between. The result is ISO 8601: a day, a month, a year, or "first/last". A month without a
// year is its latest that is not in the future. What is vaguer ("去年冬天") is for extraction to find.
func ParseDate(text string, now time.Time) (string, bool) {
	text = strings.ReplaceAll(fold(text), " ", "")
	for _, joint := range []string{"到", "至", "--", "~", "—"} {
		a, b, ok := strings.Cut(text, joint)
		if !ok {
			continue
		}
		first, ok1 := oneDate(trimDate(a), now)
		if !ok1 {
			return "", false
		}
		if b = trimDate(b); yearless.MatchString(b) { // 去年3月到10月: the same year, or the next one round the corner
			for _, year := range []string{first[:4], fmt.Sprint(atoi(first[:4]) + 1)} {
				if last, ok := oneDate(year+"年"+b, now); ok && last >= first {
					return first + "/" + last, true
				}
			}
		}
		if last, ok := oneDate(b, now); ok && first[:4] <= last[:4] {
			return first + "/" + last, true
		}
	}
	return oneDate(trimDate(text), now)
}

func trimDate(s string) string {
	for _, lead := range []string{"大概", "大约", "差不多", "应该", "从", "是", "在", "干"} {
		s = strings.TrimPrefix(s, lead)
	}
	for _, tail := range []string{"离职的", "离职", "离开的", "走的", "不干的", "不干了", "停工", "开始干", "开始", "借的", "干", "的", "了"} {
		s = strings.TrimSuffix(s, tail)
	}
	return s
}

func oneDate(s string, now time.Time) (string, bool) {
	if days, ok := map[string]int{"今天": 0, "昨天": 1, "前天": 2, "大前天": 3}[s]; ok {
		return now.AddDate(0, 0, -days).Format(time.DateOnly), true
	}
	m := dateShape.FindStringSubmatch(s)
	if m == nil || (m[1] == "" && m[2] == "") {
		return "", false
	}
	// A bare number is no date: 5 may be anything, 5月 and 2025年 may not.
	if !strings.ContainsAny(s, "年月日号-/.") {
		return "", false
	}
	month, day := atoi(m[2]), atoi(m[3])
	year := atoi(m[1])
	if back, ok := map[string]int{"今年": 0, "去年": 1, "前年": 2}[m[1]]; ok {
		year = now.Year() - back
	}
	if m[1] == "" {
		year = now.Year()
		if time.Month(month) > now.Month() || (time.Month(month) == now.Month() && day > now.Day()) {
			year--
		}
	}
	switch {
	case year < 1900 || year > 2200 || month > 12 || (m[2] != "" && month == 0) || (m[3] != "" && day == 0):
		return "", false
	case m[2] == "":
		return fmt.Sprintf("%04d", year), m[3] == ""
	case m[3] == "":
		return fmt.Sprintf("%04d-%02d", year, month), true
	}
	d := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if d.Day() != day {
		return "", false
	}
	return d.Format(time.DateOnly), true
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}

// ValidDate reports whether s is a date as Value has it: day, month, year, or an interval of them.
func ValidDate(s string) bool {
	first, last, span := strings.Cut(s, "/")
	return validPoint(first) && (!span || (validPoint(last) && first[:4] <= last[:4]))
}

func validPoint(s string) bool {
	for _, layout := range []string{time.DateOnly, "2006-01", "2006"} {
		if len(s) == len(layout) {
			_, err := time.Parse(layout, s)
			return err == nil
		}
	}
	return false
}

// begins is the first day of a date, for comparing with today.
func begins(s string) string {
	first, _, _ := strings.Cut(s, "/")
	return first + "-01-01"[min(len(first)-len("2006"), 6):]
}

// ShowDate writes a date as people do.
func ShowDate(s string) string {
	if first, last, span := strings.Cut(s, "/"); span {
		return ShowDate(first) + "至" + ShowDate(last)
	}
	parts := strings.Split(s, "-")
	out := ""
	for i, unit := range []string{"年", "月", "日"} {
		if i < len(parts) {
			out += strconv.Itoa(atoi(parts[i])) + unit
		}
	}
	return out
}
