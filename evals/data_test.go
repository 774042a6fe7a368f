package evals

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"heshi/caselib"
	"heshi/intake"
	"heshi/retrieval/text"
)

func library(t *testing.T) *caselib.Library {
	t.Helper()
	lib, err := caselib.Load(caselib.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return lib
}

// sets loads all questions.
func sets(t *testing.T) (lay []laySet, alarms []alarmSet, queries []querySet, values valueSet) {
	t.Helper()
	var err error
	if lay, err = readSets[laySet]("types"); err != nil {
		t.Fatal(err)
	}
	if alarms, err = readSets[alarmSet]("urgency"); err != nil {
		t.Fatal(err)
	}
	if queries, err = readSets[querySet]("cases"); err != nil {
		t.Fatal(err)
	}
	if err := readYAML("data/values.yaml", &values); err != nil {
		t.Fatal(err)
	}
	if _, err := values.day(); err != nil {
		t.Fatal(err)
	}
	return lay, alarms, queries, values
}

// subtypes are the codes of the taxonomy.
func subtypes(lib *caselib.Library) (types, subs []string) {
	for _, t := range lib.Taxonomy.Types {
		types = append(types, t.Code)
		for _, s := range t.Subtypes {
			subs = append(subs, s.Code)
		}
	}
	return types, subs
}

func TestLayLabels(t *testing.T) {
	for prefix, least := range map[string]int{"types": 5, "heldapart": 3} {
		t.Run(prefix, func(t *testing.T) { layLabels(t, prefix, least) })
	}
}

// layLabels checks one set of sentences: six hundred, some Mongolian, every subtype, every type.
func layLabels(t *testing.T, prefix string, least int) {
	lay, err := readSets[laySet](prefix)
	if err != nil {
		t.Fatal(err)
	}
	types, subs := subtypes(library(t))
	bySub, n, mn := map[string]int{}, 0, 0
	for _, s := range lay {
		if s.Type == outsideType {
			continue
		}
		for _, a := range s.Also {
			if !slices.Contains(types, a) {
				t.Errorf("%s is no type", a)
			}
		}
		if !slices.Contains(subs, s.Type) {
			t.Errorf("%s is no subtype", s.Type)
		}
		for _, say := range s.Say {
			n++
			bySub[s.Type]++
			if strings.HasPrefix(text.Lang(say), "mn") {
				mn++
				if s.Confidence == "" {
					t.Errorf("no confidence: %s", say)
				}
			}
		}
	}
	if n < 600 || mn < 45 {
		t.Errorf("%d sentences, %d Mongolian; want 600 and 45", n, mn)
	}
	for _, code := range subs {
		if bySub[code] < least {
			t.Errorf("%s has %d sentences", code, bySub[code])
		}
	}
	for _, code := range types {
		sum := 0
		for sub, k := range bySub {
			if level1(sub) == code {
				sum += k
			}
		}
		if sum < 20 {
			t.Errorf("%s has %d sentences", code, sum)
		}
	}
}

func TestAlarmLabels(t *testing.T) {
	_, alarms, _, _ := sets(t)
	known, err := os.ReadFile("../intake/rules/urgency.yaml")
	if err != nil {
		t.Fatal(err)
	}
	need, traps := 0, 0
	for _, s := range alarms {
		for _, code := range slices.Concat(s.Codes, s.May) {
			if !regexp.MustCompile(`code: ` + code + `\b`).Match(known) {
				t.Errorf("%s is no code", code)
			}
		}
		if len(s.Codes) > 0 {
			need += len(s.Say)
		} else {
			traps += len(s.Say)
		}
	}
	if need < 150 || traps < 150 {
		t.Errorf("%d messages in need, %d traps; want 150 each", need, traps)
	}
}

func TestQueryLabels(t *testing.T) {
	_, _, queries, _ := sets(t)
	lib := library(t).Published()
	_, subs := subtypes(lib)
	n, langs := 0, map[string]int{}
	for _, s := range queries {
		if len(s.Articles) == 0 {
			t.Errorf("no article: %v", s.Ask)
		}
		for _, code := range s.Types {
			if !slices.Contains(subs, code) {
				t.Errorf("%s is no subtype", code)
			}
		}
		for _, key := range s.Articles {
			if _, ok := lib.Statute(key); !ok {
				t.Errorf("no published digest of %s", key)
			}
		}
		for _, q := range s.Ask {
			n++
			langs[language(q)]++
		}
	}
	if n < 400 {
		t.Errorf("%d queries", n)
	}
	for _, l := range []string{"zh-Hans", "zh-Hant", "mn-Cyrl", "mn-Mong", "mixed"} {
		if langs[l] < 20 {
			t.Errorf("%d queries in %s", langs[l], l)
		}
	}
}

func TestValueLabels(t *testing.T) {
	_, _, _, values := sets(t)
	book, err := intake.LoadBook(intake.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	if len(values.Items) < 100 {
		t.Errorf("%d sentences", len(values.Items))
	}
	money, date := regexp.MustCompile(`^\d+\.\d\d$`), regexp.MustCompile(`^\d{4}(-\d\d){0,2}(/\d{4}(-\d\d){0,2})?$`)
	for _, it := range values.Items {
		for _, v := range it.Money {
			if !money.MatchString(v) {
				t.Errorf("%s: sum %q", it.Say, v)
			}
		}
		for _, v := range it.Date {
			if !date.MatchString(v) {
				t.Errorf("%s: date %q", it.Say, v)
			}
		}
		for _, v := range it.Region {
			if _, ok := book.Regions().Region(v); !ok {
				t.Errorf("%s: place %q", it.Say, v)
			}
		}
	}
}

// TestApart keeps questions apart from each other and from all that may train:
// no sentence twice, none that stands in the library.
func TestApart(t *testing.T) {
	lay, alarms, queries, values := sets(t)
	lib := library(t)
	taught := map[string]string{}
	teach := func(where string, texts ...string) {
		for _, s := range texts {
			taught[bare(s)] = where
		}
	}
	for _, c := range lib.Cases {
		teach(c.ID, c.Lay...)
		teach(c.ID, c.Title.Zh, c.Summary.Zh, c.Title.Mn.Cyrl, c.Summary.Mn.Cyrl)
	}
	for _, s := range lib.Statutes {
		teach(s.ID, s.Questions...)
	}
	for _, l := range lib.Thesaurus {
		teach("thesaurus", l.Lay)
	}
	for _, ty := range lib.Taxonomy.Types {
		for _, s := range ty.Subtypes {
			teach(s.Code, s.Lay...)
		}
	}
	sayings, err := caselib.LoadSayings(caselib.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sayings {
		teach("sayings of "+s.Type, s.Say...)
	}
	check := func(suite string, texts []string, seen map[string]bool) {
		for _, s := range texts {
			if s != strings.TrimSpace(s) || bare(s) == "" {
				t.Errorf("%s: %q", suite, s)
			}
			if seen[bare(s)] {
				t.Errorf("%s: twice: %s", suite, s)
			}
			seen[bare(s)] = true
			// A term alone is what people type; it may well stand in the library.
			// So is a word of two characters: 你好, 救命.
			if where, ok := taught[bare(s)]; ok && len([]rune(s)) > 2 && !strings.HasPrefix(language(s), "mn") {
				t.Errorf("%s: %s is taught by %s", suite, s, where)
			}
		}
	}
	seen := map[string]bool{}
	apart, err := readSets[laySet]("heldapart")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range slices.Concat(lay, apart) {
		check("types", s.Say, seen)
	}
	seen = map[string]bool{}
	for _, s := range alarms {
		check("urgency", s.Say, seen)
	}
	seen = map[string]bool{}
	for _, s := range queries {
		check("cases", s.Ask, seen)
	}
	seen = map[string]bool{}
	for _, it := range values.Items {
		check("values", []string{it.Say}, seen)
	}
	rules, err := os.ReadFile("../intake/rules/testdata/urgency.tsv")
	if err != nil {
		t.Fatal(err)
	}
	own := map[string]bool{}
	for line := range strings.Lines(string(rules)) {
		s, _, _ := strings.Cut(line, "\t")
		own[bare(s)] = true
	}
	for _, s := range alarms {
		for _, say := range s.Say {
			if own[bare(say)] && len([]rune(say)) > 2 {
				t.Errorf("urgency: %s is a test of the rules", say)
			}
		}
	}
}

// bare is s without punctuation and blanks.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\n，。？！、；：,.?!;:“”\"", r) {
			return -1
		}
		return r
	}, s)
}
