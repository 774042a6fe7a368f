package llm

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"heshi/bot"
	"heshi/bot/assist/assisttest"
)

// TestUnsupportedWords: each is an honest rewording with one thing in it that its sources do not say.
func TestUnsupportedWords(t *testing.T) {
	law, hs, arb := []string{"LDMA:27"}, []string{"HS-0001"}, []string{"K-ARB"}
	honest := []bot.Sentence{
		{Text: "要在一年内申请仲裁。", Sources: law}, {Text: "有案例分两次付清。", Sources: hs}, {Text: "2026年10月1日前申请。", Sources: arb},
	}
	for _, c := range []struct {
		name  string
		spoil func([]bot.Sentence) []bot.Sentence
		why   string
	}{
		{"honest", func(s []bot.Sentence) []bot.Sentence { return s }, ""},
		{"one sentence of two sources", func(s []bot.Sentence) []bot.Sentence {
			return []bot.Sentence{{Text: "要在一年内，也就是2026年10月1日前申请仲裁。", Sources: []string{"LDMA:27", "K-ARB"}}, s[1]}
		}, ""},
		{"two sentences of one source", func(s []bot.Sentence) []bot.Sentence {
			return append(s, bot.Sentence{Text: "过了一年就难了。", Sources: law})
		}, ""},
		{"another article", text(0, "按第二十八条，要在一年内申请仲裁。"), whyUnsupported},
		{"another law", text(0, "《劳动合同法》说要在一年内申请仲裁。"), whyUnsupported},
		{"an open title", text(0, "《劳动合同法说要在一年内申请仲裁。"), whyUnsupported},
		{"another period", text(0, "要在两年内申请仲裁。"), whyUnsupported},
		{"another period in digits", text(0, "要在３年内申请仲裁。"), whyUnsupported},
		{"another unit", text(0, "要在一个月内申请仲裁。"), whyUnsupported},
		{"another kind of month", text(2, "2026年10个月1日前申请。"), whyUnsupported},
		{"the same in digits", text(0, "要在１年内申请仲裁。"), ""},
		{"an amount", text(1, "有案例赔了9000元。"), whyUnsupported},
		{"an amount in words", text(1, "有案例赔了九千元。"), whyUnsupported},
		{"an amount of another source", text(0, "一年内可要回8000元。"), whyUnsupported},
		{"a date", text(2, "2026年10月15日前申请。"), whyUnsupported},
		{"a phone", text(2, "2026年10月1日前拨打12348。"), whyUnsupported},
		{"an address", text(2, "2026年10月1日前上 www.example.com 申请。"), whyUnsupported},
		{"another case", text(1, "有案例HS-0002分两次付清。"), whyUnsupported},
		{"a promise", text(0, "一年内申请仲裁，肯定能要回来。"), whyUnsupported},
		{"an assurance", text(0, "一年内申请仲裁，保证有效。"), whyUnsupported},
		{"an unknown source", source(0, "CC:577"), whyUnsupported},
		{"interface wording", source(0, "ui"), whyUnsupported},
		{"no source", func(s []bot.Sentence) []bot.Sentence { s[0].Sources = nil; return s }, whyUnsupported},
		{"no words", text(0, " "), whyUnsupported},
		{"the deadline left out", func(s []bot.Sentence) []bot.Sentence { return s[:2] }, whyUnsupported},
		{"much more than there was", text(0, string(slices.Repeat([]rune("要在一年内申请仲裁。"), 20))), whyUnsupported},
		{"nothing", func([]bot.Sentence) []bot.Sentence { return []bot.Sentence{} }, whyMalformed},
	} {
		t.Run(c.name, func(t *testing.T) {
			said, err := json.Marshal(map[string]any{"sentences": c.spoil(slices.Clone(honest))})
			if err != nil {
				t.Fatal(err)
			}
			a, _ := assistant(t, newModel(t, says(string(said))), 0)
			d, err := a.Reword(t.Context(), assisttest.Draft())
			if err != nil || d.Fallback != c.why {
				t.Errorf("fallback %q, want %q, %v", d.Fallback, c.why, err)
			}
			if used := d.Provenance == "llm:m"; used != (c.why == "") {
				t.Errorf("provenance %q", d.Provenance)
			}
		})
	}
}

func text(i int, words string) func([]bot.Sentence) []bot.Sentence {
	return func(s []bot.Sentence) []bot.Sentence {
		s[i].Text = words
		return s
	}
}

func source(i int, id string) func([]bot.Sentence) []bot.Sentence {
	return func(s []bot.Sentence) []bot.Sentence {
		s[i].Sources = []string{id}
		return s
	}
}

// TestFieldsAreChecked: what the model says of one field, and what comes of it.
func TestFieldsAreChecked(t *testing.T) {
	for _, c := range []struct{ name, id, entry, want string }{
		{"amount", "w_owed", `{"value":"8000.00","quote":"8000元"}`, "8000.00"},
		{"amount with unit", "w_owed", `{"value":"8千元","quote":"欠我8000元"}`, "8000.00"},
		{"another amount", "w_owed", `{"value":"80000","quote":"8000元"}`, ""},
		{"no amount", "w_owed", `{"value":"很多","quote":"8000元"}`, ""},
		{"a quote without amount", "w_owed", `{"value":"8000","quote":"欠条"}`, ""},
		{"a quote nobody said", "w_owed", `{"value":"9000","quote":"9000元"}`, ""},
		{"no quote", "w_owed", `{"value":"8000"}`, ""},
		{"empty quote", "employer", `{"value":"","quote":""}`, ""},
		{"an extra key", "w_owed", `{"value":"8000","quote":"8000元","sure":true}`, ""},
		{"a bare value", "w_owed", `"8000"`, ""},
		{"a number", "w_owed", `{"value":8000,"quote":"8000元"}`, ""},
		{"month", "w_since", `{"value":"2025-10","quote":"2025年10月"}`, "2025-10"},
		{"another month", "w_since", `{"value":"2025-11","quote":"2025年10月"}`, ""},
		{"no date", "w_since", `{"value":"2025-13-40","quote":"2025年10月"}`, ""},
		{"words", "employer", `{"value":"宏达建筑","quote":"宏达建筑"}`, "宏达建筑"},
		{"other words", "employer", `{"value":"宏达建筑公司","quote":"宏达建筑"}`, ""},
		{"option", "proof", `{"value":"有欠条","quote":"有欠条"}`, "有欠条"},
		{"wrong option", "proof", `{"value":"有合同","quote":"有欠条"}`, ""},
		{"option out of the air", "proof", `{"value":"没有","quote":"没有证据"}`, ""},
		{"a phone", "phone", `{"value":"〔PHONE1〕","quote":"〔PHONE1〕"}`, "13912345678"},
		{"a phone made up", "phone", `{"value":"13800000000","quote":"〔PHONE1〕"}`, ""},
		{"no phone", "phone", `{"value":"宏达建筑","quote":"宏达建筑"}`, ""},
		{"nobody asked", "spouse", `{"value":"宏达建筑","quote":"宏达建筑"}`, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, _ := assistant(t, newModel(t, says(`{"`+c.id+`":`+c.entry+`}`)), 0)
			x, err := a.Extract(t.Context(), story())
			if err != nil || x.Fields[c.id] != c.want {
				t.Fatalf("%q, want %q, %v", x.Fields[c.id], c.want, err)
			}
			why, who := "", "plain+llm:m"
			if c.want == "" {
				why, who = whyUnsupported, "plain"
			}
			if x.Fallback != why || x.Provenance != who || len(x.Values) == 0 {
				t.Errorf("fallback %q, provenance %q, %d values", x.Fallback, x.Provenance, len(x.Values))
			}
		})
	}
}

func TestNumbers(t *testing.T) {
	for _, c := range []struct {
		text string
		want string
	}{
		{"8,000元、８０００块、八千元、8千元", "8000 yuan, 8000 yuan, 8000 yuan, 8000 yuan"},
		{"第二十七条，一年三个月", "1 year, 27 article, 3 months"},
		{"一般来说大家一起去，一个人也行", ""},
		{"一个月和一个小时", "1 hour, 1 months"},
		{"两万三，2.3万，2万元", "20000 yuan, 23000, 23000"},
		{"二〇二六年3月五日", "2026 year, 3 month, 5 day"},
		{"᠑᠒ ᠰᠠᠷ᠎ᠠ", "12"},
		{"第三人，两个办法，120亩", "120 mu, 2, 3 people"},
	} {
		got := []string{}
		for _, n := range numbers(c.text) {
			got = append(got, n.value+n.unit)
		}
		slices.Sort(got)
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %q, want %q", c.text, s, c.want)
		}
	}
}
