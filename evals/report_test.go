package evals

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"
)

func TestShareKnowsItsNoise(t *testing.T) {
	f := share("x", 90, 100)
	if f.Value != 0.9 || math.Abs(f.Low-0.8256) > 1e-3 || math.Abs(f.High-0.9448) > 1e-3 {
		t.Errorf("90 of 100 gives %+v", f)
	}
	if f := share("x", 20, 20); f.High != 1 || f.Low > 0.84 || f.Low < 0.83 {
		t.Errorf("20 of 20 gives %+v", f)
	}
	if f := share("x", 0, 0); f.Value != 0 || f.N != 0 {
		t.Errorf("nothing asked gives %+v", f)
	}
}

func TestMacroF1(t *testing.T) {
	want := []string{"a", "a", "a", "b"}
	got := []string{"a", "a", "b", "b"}
	// a: precision 1, recall 2/3, F1 0.8; b: precision 1/2, recall 1, F1 2/3.
	if f := macroF1(want, got)(all(4)); math.Abs(f-(0.8+2.0/3)/2) > 1e-12 {
		t.Errorf("macro-F1 %v", f)
	}
	if f := macroF1([]string{"a", "b"}, []string{"a", ""})(all(2)); f != 0.5 {
		t.Errorf("an answer kept back gives %v", f)
	}
}

func TestBootstrapRepeats(t *testing.T) {
	v := []float64{0, 1, 1, 0.5, 1, 0.25, 1, 1}
	a, b := bootstrap("m", len(v), meanOf(v)), bootstrap("m", len(v), meanOf(v))
	if a != b {
		t.Errorf("two runs differ: %+v %+v", a, b)
	}
	if a.Value != 0.71875 || a.Low >= a.Value || a.High <= a.Value {
		t.Errorf("mean with a band: %+v", a)
	}
}

func TestCommonCountsEachOnce(t *testing.T) {
	if n := common([]string{"5", "5"}, []string{"5"}); n != 1 {
		t.Errorf("5 5 in 5: %d", n)
	}
	if n := common([]string{"5", "6"}, []string{"6", "7", "5"}); n != 2 {
		t.Errorf("order must not matter: %d", n)
	}
}

func TestBaselineComparison(t *testing.T) {
	base := Record(nil, Report{Suite: "s", Data: "d", Figures: []Figure{share("plain", 90, 100), {Name: "strict", Value: 1, Low: 0.96, High: 1, N: 100, Strict: true}}})
	b, err := base.JSON()
	if err != nil {
		t.Fatal(err)
	}
	if base, err = ReadBaseline(b); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name      string
		r         Report
		regressed bool
		note      string
	}{
		{"the same", Report{Suite: "s", Data: "d", Figures: []Figure{share("plain", 90, 100)}}, false, ""},
		{"within noise", Report{Suite: "s", Data: "d", Figures: []Figure{share("plain", 84, 100)}}, false, ""},
		{"beyond noise", Report{Suite: "s", Data: "d", Figures: []Figure{share("plain", 80, 100)}}, true, ""},
		{"better", Report{Suite: "s", Data: "d", Figures: []Figure{share("plain", 99, 100)}}, false, ""},
		{"one danger missed", Report{Suite: "s", Data: "d", Figures: []Figure{{Name: "strict", Value: 0.99, N: 100, Strict: true}}}, true, ""},
		{"other questions", Report{Suite: "s", Data: "e", Figures: []Figure{share("plain", 1, 100)}}, false, "other questions"},
		{"new suite", Report{Suite: "t", Figures: []Figure{share("plain", 1, 100)}}, false, "no baseline"},
	} {
		base.Compare(&c.r)
		if c.r.Regressed() != c.regressed {
			t.Errorf("%s: regressed is %v", c.name, c.r.Regressed())
		}
		if !strings.Contains(strings.Join(c.r.Notes, " "), c.note) {
			t.Errorf("%s: notes %q", c.name, c.r.Notes)
		}
	}
}

func TestRecordKeepsOtherSuites(t *testing.T) {
	base := Record(Baseline{"old": {Data: "x"}}, Report{Suite: "new", Data: "y"})
	if base["old"].Data != "x" || base["new"].Data != "y" {
		t.Errorf("%+v", base)
	}
}

// sample is a report with everything a page can show.
func sample() Report {
	v := 0.95
	bad := share("top-1", 5, 10)
	bad.Must, bad.Base, bad.Regression = 0.9, &v, true
	return Report{Suite: "s", Questions: 10, Data: "d", Library: "0123456789abcdef", Figures: []Figure{bad, share("none", 0, 0)},
		Slices:   []Slice{{By: "type", Name: "D01", Label: "婚姻<家庭>", N: 10, Figures: []Figure{bad}}, {By: "language", Name: "zh", N: 3, Figures: []Figure{share("top-1", 3, 3)}}},
		Misses:   []Miss{{Text: "问<b>", Want: "D01", Got: "D02", Why: "second"}},
		Unlisted: 4, Notes: []string{"a note"}}
}

func TestRenderings(t *testing.T) {
	r := sample()
	md := Markdown(r)
	for _, want := range []string{"| top-1 | 0.500 |", "REGRESSED", "0.950", "| D01 婚姻<家庭> | 10 | 0.500 |", "4 more held back", "Note: a note"} {
		if !strings.Contains(md, want) {
			t.Errorf("Markdown lacks %q:\n%s", want, md)
		}
	}
	var page bytes.Buffer
	if err := HTML(&page, r); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"<svg ", `class="REGRESSED"`, "婚姻&lt;家庭&gt;", "问&lt;b&gt;", `width="210.0"`} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	for _, no := range []string{"<script", "http://", "https://", "<b>", "ZgotmplZ"} {
		if strings.Contains(page.String(), no) {
			t.Errorf("the page has %q", no)
		}
	}
	j, err := r.JSON()
	if err != nil {
		t.Fatal(err)
	}
	var back Report
	if err := json.Unmarshal(j, &back); err != nil || !back.Regressed() || back.Misses[0].Text != "问<b>" {
		t.Errorf("%v %+v", err, back)
	}
	if len(r.Short()) != 1 {
		t.Errorf("short of what must be: %+v", r.Short())
	}
}

func TestHeldMissesAreOnlyCounted(t *testing.T) {
	var r Report
	for _, s := range []string{"甲", "乙", "丙", "丁", "戊", "己", "庚", "辛", "壬", "癸"} {
		r.miss(Miss{Text: s})
	}
	if r.Unlisted == 0 || len(r.Misses) == 0 || r.Unlisted+len(r.Misses) != 10 {
		t.Errorf("%d listed, %d not", len(r.Misses), r.Unlisted)
	}
	for _, m := range r.Misses {
		if held(m.Text) {
			t.Errorf("%s is held back and listed", m.Text)
		}
	}
}
