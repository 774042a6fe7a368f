package intake

import (
	"testing"
	"time"
)

func TestValidators(t *testing.T) {
	for name, x := range map[string]struct{ got, want bool }{
		"id":                  {ValidID("11010519491231002X", noon), true}, // the example of the standard
		"id with a small x":   {ValidID("11010519491231002x", noon), true},
		"id, check digit":     {ValidID("110105194912310021", noon), false},
		"id, 30 February":     {ValidID("110105194902300025", noon), false},
		"id of 15":            {ValidID("110105491231002", noon), false},
		"id, not born yet":    {ValidID("11010519491231002X", time.Date(1949, 1, 1, 0, 0, 0, 0, time.UTC)), false},
		"uscc":                {ValidUSCC("91350100M000100Y43"), true}, // the example of the standard
		"uscc, check digit":   {ValidUSCC("91350100M000100Y44"), false},
		"uscc with an I":      {ValidUSCC("9135010IM000100Y43"), false},
		"mobile":              {ValidMobile("13800138000"), true},
		"mobile of 12":        {ValidMobile("12800138000"), false},
		"landline":            {ValidPhone("0479-8221234"), true},
		"service number":      {ValidPhone("12348"), false},
		"plate":               {ValidPlate("蒙A12345"), true},
		"plate, new energy":   {ValidPlate("蒙AD12345"), true},
		"plate of the police": {ValidPlate("蒙A1234警"), true},
		"plate without city":  {ValidPlate("蒙12345"), false},
		"name":                {ValidName("巴特尔"), true},
		"name with a point":   {ValidName("阿拉坦·乌云"), true},
		"name in Cyrillic":    {ValidName("Доржийн Бат"), true},
		"name in Mongolian":   {ValidName("ᠪᠠᠭᠠᠲᠤᠷ"), true},
		"name, rare sign":     {ValidName("𠮷野"), true},
		"name with a digit":   {ValidName("王5"), false},
		"name of one":         {ValidName("王"), false},
	} {
		if x.got != x.want {
			t.Errorf("%s: %v", name, x.got)
		}
	}
}

func TestParseDate(t *testing.T) {
	for text, want := range map[string]string{
		"2025-03-01": "2025-03-01", "2025年3月1日": "2025-03-01", "2025年3月": "2025-03", "去年5月": "2025-05", "今年1月": "2026-01",
		"5月": "2025-05", "3月1号": "2026-03-01", "3月20日": "2025-03-20", "2024年": "2024", "去年": "2025", "昨天": "2026-03-15",
		"去年3月到10月": "2025-03/2025-10", "2024年11月至2月": "2024-11/2025-02", "去年3月干到10月": "2025-03/2025-10",
		"大概2025年3月左右": "2025-03", "2025.3.1": "2025-03-01", "2025/3": "2025-03", "去年10月离开的": "2025-10",
	} {
		got, ok := ParseDate(text, noon)
		if got != want || ok != (want != "") {
			t.Errorf("ParseDate(%s) = %q %v, want %q", text, got, ok, want)
		}
	}
	for _, text := range []string{"5", "很久以前", "2025年13月", "2025年2月30日", "十几天", "300", "到", "月", "2025-3到"} {
		if got, ok := ParseDate(text, noon); ok {
			t.Errorf("ParseDate(%s) = %q, want none", text, got)
		}
	}
}

func TestBegins(t *testing.T) {
	for s, want := range map[string]string{"2025": "2025-01-01", "2025-03": "2025-03-01", "2025-03-09": "2025-03-09", "2025-10/2025-12": "2025-10-01"} {
		if got := begins(s); got != want {
			t.Errorf("begins(%s) = %s, want %s", s, got, want)
		}
	}
}
