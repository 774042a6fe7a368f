package retrieval

import (
	"context"
	"strings"
	"testing"

	"heshi/caselib"
)

func library(t testing.TB) *caselib.Library {
	t.Helper()
	lib, err := caselib.Load(caselib.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return lib.Published()
}

func TestLibraryAnswersWageQuestionInThreeScripts(t *testing.T) {
	lib, a := library(t), analyzer(t)
	Learn(a, lib)
	c, err := NewClassifier(a, lib)
	if err != nil {
		t.Fatal(err)
	}
	x, err := Build(context.Background(), a, FromLibrary(lib), Options{Tables: Tables(lib)})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"老板欠我8000块工资不给", "老闆欠我8000塊工資不給", "Дарга надад цалин өгөхгүй байна 8000 юань", "ᠴᠠᠯᠢᠩ ᠥᠭᠭᠦᠬᠦ ᠦᠭᠡᠢ", "darga nadad tsalin uguhgui baina"} {
		types := c.Types(s)
		if len(types) < 2 || !strings.HasPrefix(types[0].Code, "D10-") || types[1].Code != "D10" {
			t.Errorf("%s: types %+v", s, types)
		}
		var want []string
		for _, ty := range types {
			want = append(want, ty.Code)
		}
		hits, err := x.Search(context.Background(), Query{Text: s, Kind: KindCase, Types: want, K: 3})
		if err != nil || len(hits) == 0 {
			t.Fatalf("%s: %v %v", s, hits, err)
		}
		cs, ok := lib.Case(hits[0].ID)
		if !ok || !strings.HasPrefix(cs.Types[0], "D10") && !strings.HasPrefix(cs.Types[0], "D11") {
			t.Errorf("%s: first case %+v is about %v", s, hits[0], cs.Types)
		}
		laws, err := x.Search(context.Background(), Query{Text: s, Kind: KindLaw, Types: want})
		if err != nil || len(laws) == 0 {
			t.Errorf("%s: no article: %v", s, err)
		}
	}
}

func TestTypesOfPlainSentences(t *testing.T) {
	lib, a := library(t), analyzer(t)
	Learn(a, lib)
	c, err := NewClassifier(a, lib)
	if err != nil {
		t.Fatal(err)
	}
	for s, want := range map[string]string{
		"邻居家的羊老跑到我家草场吃草":       "D07-04",
		"楼上漏水把我家泡了":            "D02-04",
		"借给朋友两万块钱不还":           "D04-01",
		"孩子在学校被同学打伤了":          "D06-04",
		"网上买的手机坏了商家不给退货":       "D14-01",
		"我老公喝酒就打我":             "D01-08",
		"房东不退押金还赶我走":           "D03-04",
		"ᠪᠡᠯᠴᠢᠭᠡᠷ ᠦᠨ ᠮᠠᠷᠭᠤᠭᠠᠨ": "D07",
		"хөршийн чимээ":        "D02",
	} {
		got := c.Types(s)
		if len(got) == 0 || !strings.HasPrefix(got[0].Code, want) {
			t.Errorf("%s: %+v, want %s", s, got, want)
		}
		for i, ty := range got {
			if ty.Score <= 0 || ty.Score > 1.0001 {
				t.Errorf("%s: score %v", s, ty)
			}
			if len(ty.Code) > 3 && i == len(got)-1 && !hasType(got, ty.Code[:3]) {
				t.Errorf("%s: %s without its type", s, ty.Code)
			}
		}
	}
	for _, s := range []string{"", "你好", "?", "hello there", "今天天气真好"} {
		if got := c.Types(s); len(got) > 0 {
			t.Errorf("%q: %+v", s, got)
		}
	}
}

func hasType(ts []TypeScore, code string) bool {
	for _, t := range ts {
		if t.Code == code {
			return true
		}
	}
	return false
}

func TestLowConfidenceMongolianIsNotSearched(t *testing.T) {
	lib := &caselib.Library{
		Cases: []caselib.Case{{ID: "c", Title: caselib.Bilingual{Zh: "工资", Mn: caselib.Mongolian{Cyrl: "цалин", CyrlConf: caselib.Low, Mong: "ᠴᠠᠯᠢᠩ", MongConf: caselib.High}}}},
		Terms: []caselib.Term{{ID: "t", Zh: "欠薪", Mn: caselib.Mongolian{Cyrl: "өр", CyrlConf: caselib.Low}}},
	}
	for _, c := range FromLibrary(lib) {
		for _, f := range c.Fields {
			if strings.Contains(f.Text, "цалин") || strings.Contains(f.Text, "өр") {
				t.Errorf("low confidence text in %s: %q", c.ID, f.Text)
			}
		}
	}
	for _, tb := range Tables(lib) {
		for _, r := range tb.Rows {
			t.Errorf("row from a low-confidence term: %+v", r)
		}
	}
}
