package retrieval

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"heshi/caselib"
	"heshi/retrieval/text/linear"
)

// The shipped model was learned from what stands in the library now; `heshi train types` makes it anew.
func TestTypesModelIsFresh(t *testing.T) {
	m, err := linear.Read(bytes.NewReader(typesModel))
	if err != nil {
		t.Fatal(err)
	}
	sayings, err := caselib.LoadSayings(caselib.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if want := TeachingDigest(library(t), sayings); m.Digest != want {
		t.Errorf("types.linear was learned from %s, the library is %s: run heshi train types", m.Digest, want)
	}
	for _, p := range caselib.CheckSayings(sayings, library(t).Taxonomy) {
		t.Error(p)
	}
	if size := len(typesModel); size > 4<<20 {
		t.Errorf("types.linear has %d bytes", size)
	}
}

// A small library teaches its own words, the same every time.
func TestTeachTypes(t *testing.T) {
	lib := &caselib.Library{Taxonomy: &caselib.Taxonomy{Types: []caselib.Type{
		{Code: "D01", Name: "婚姻", Subtypes: []caselib.Subtype{{Code: "D01-01", Name: "离婚", Lay: []string{"过不下去了"}}}},
		{Code: "D10", Name: "欠薪", Subtypes: []caselib.Subtype{{Code: "D10-01", Name: "工地欠薪", Lay: []string{"工钱不给"}}}},
	}}}
	sayings := []caselib.Saying{
		{Type: "D01-01", Say: []string{"想离婚", "他不肯离", "离了孩子归谁"}},
		{Type: "D10-01", Say: []string{"干了活不给工钱", "包工头跑了", "工资拖了半年"}},
		{Type: "O-TALK", Say: []string{"你好", "今天天气真好"}},
	}
	a := analyzer(t)
	var files [2][]byte
	var m *linear.Model
	for i := range files {
		var err error
		if m, err = TeachTypes(context.Background(), a, lib, sayings); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := m.WriteTo(&b); err != nil {
			t.Fatal(err)
		}
		files[i] = b.Bytes()
	}
	if !bytes.Equal(files[0], files[1]) {
		t.Error("two trainings differ")
	}
	c := ClassifierOf(a, lib, m)
	if got := c.Types("老板跑了，工钱没给"); len(got) < 2 || got[0].Code != "D10-01" || got[1].Code != "D10" {
		t.Errorf("wages: %+v", got)
	}
	if got := c.Outside("离婚孩子归谁"); got != "" {
		t.Errorf("a dispute is outside: %q", got)
	}
	sum := 0.0
	for _, b := range c.Believe("离婚") {
		sum += b.Score
	}
	if codes := m.Classes; sum < 0.999 || sum > 1.001 || !slices.IsSorted(codes) {
		t.Errorf("beliefs add up to %v over %v", sum, codes)
	}
}

// What is no dispute handled here is told apart, and small talk is left alone.
func TestOutside(t *testing.T) {
	lib, a := library(t), analyzer(t)
	Learn(a, lib)
	c, err := NewClassifier(a, lib)
	if err != nil {
		t.Fatal(err)
	}
	for s, want := range map[string]string{
		"我的商标被别人抢注了": "O-IP", "弟弟因为盗窃被刑事拘留，能取保吗": "O-CRIME", "公司股东会决议没通知我，有效吗": "O-COMPANY",
		"老板欠我三个月工资": "", "羊跑到我家草场吃草": "",
	} {
		if got := c.Outside(s); got != want {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
	}
	if got := c.Types("你好，今天天气真好"); got != nil {
		t.Errorf("small talk: %+v", got)
	}
}
