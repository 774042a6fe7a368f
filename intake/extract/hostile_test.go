package extract

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// TestHostile: a long message costs time in proportion to its length, whatever it is made of.
func TestHostile(t *testing.T) {
	x := extractor(t)
	for name, unit := range map[string]string{
		"figures":    "1234567890",
		"characters": "一二三四五六七八九十百千万",
		"commas":     "1,234,",
		"dates":      "2025年10月到",
		"names":      "老王李某张三",
		"units":      "三千五百块",
		"companies":  "公司有限公司",
		"places":     "锡林浩特呼和浩特",
		"cyrillic":   "найман мянган ",
		"blanks":     "          ",
		"sentences":  "去年10月在海拉尔工地干活，老板欠我8000块，电话13800138000。",
	} {
		size := 20_000
		if name == "sentences" {
			size = 100_000
		}
		text := strings.Repeat(unit, size/utf8.RuneCountInString(unit)+1)
		start := time.Now()
		x.Values(text, testNow)
		if d := time.Since(start); d > 5*time.Second {
			t.Errorf("%s: %v for %d characters", name, d, size)
		} else {
			t.Logf("%s: %v", name, d)
		}
	}
}

func FuzzValues(f *testing.F) {
	x := extractor(f)
	for _, s := range sentences(f, "testdata/values.tsv") {
		f.Add(s.text)
	}
	f.Add("\xff\xfe2万\x00三")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, v := range x.Values(text, testNow) {
			if v.Start < last || v.End <= v.Start || v.End > len(text) || text[v.Start:v.End] != v.Text || v.Value == "" {
				t.Errorf("%q: bad value %+v", text, v)
			}
			if v.Kind != "org" { // a place may lie in an organisation's name
				last = v.End
			}
		}
	})
}

func BenchmarkValues(b *testing.B) {
	x := extractor(b)
	text := "去年10月在海拉尔工地干活，老板欠我8000块，电话13800138000，一共三十个工人，说好年底给，到现在没给。"
	b.ReportAllocs()
	for b.Loop() {
		x.Values(text, testNow)
	}
}
