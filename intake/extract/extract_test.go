package extract

import (
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"heshi/intake"
)

var testNow = time.Date(2026, 3, 15, 10, 0, 0, 0, time.FixedZone("CST", 8*3600))

func extractor(t testing.TB) *Extractor {
	t.Helper()
	regions, err := intake.LoadRegions(intake.Data())
	if err != nil {
		t.Fatal(err)
	}
	x, err := New(regions)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

type sentence struct {
	text string
	want []string // kind=value
}

func sentences(t testing.TB, name string) []sentence {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out []sentence
	for i, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		text, values, ok := strings.Cut(line, "\t")
		if !ok {
			t.Fatalf("%s:%d: want text<TAB>values", name, i+1)
		}
		s := sentence{text: text}
		for _, v := range strings.Fields(values) {
			s.want = append(s.want, strings.ReplaceAll(v, "_", " "))
		}
		out = append(out, s)
	}
	return out
}

// TestValues reads the table and fails under the figures promised for each kind.
func TestValues(t *testing.T) {
	x := extractor(t)
	for _, file := range []string{"testdata/values.tsv", "testdata/values_more.tsv", "testdata/values_third.tsv", "testdata/values_fourth.tsv"} {
		measure(t, x, file)
	}
}

type count struct{ right, found, wanted int }

func (c count) f1() float64 {
	if c.found+c.wanted == 0 {
		return 1
	}
	return 2 * float64(c.right) / float64(c.found+c.wanted)
}

func measure(t *testing.T, x *Extractor, file string) {
	t.Helper()
	per := map[string]*count{}
	of := func(kv string) *count {
		kind, _, _ := strings.Cut(kv, "=")
		if per[kind] == nil {
			per[kind] = &count{}
		}
		return per[kind]
	}
	list := sentences(t, file)
	for _, s := range list {
		var got []string
		for _, v := range x.Values(s.text, testNow) {
			got = append(got, v.Kind+"="+v.Value)
			if s.text[v.Start:v.End] != v.Text {
				t.Errorf("%s: %q is not at %d:%d", s.text, v.Text, v.Start, v.End)
			}
		}
		rest := slices.Clone(s.want)
		for _, g := range got {
			of(g).found++
			if i := slices.Index(rest, g); i >= 0 {
				of(g).right++
				rest = slices.Delete(rest, i, i+1)
			} else {
				t.Logf("%s: found %s", s.text, g)
			}
		}
		for _, w := range s.want {
			of(w).wanted++
		}
		for _, r := range rest {
			t.Logf("%s: missed %s", s.text, r)
		}
	}
	floor := map[string]float64{"money": 0.97, "date": 0.97, "region": 0.95, "person": 0.85, "count": 0.9, "phone": 1, "id": 1, "plate": 1, "org": 0.8}
	var kinds []string
	for k := range per {
		kinds = append(kinds, k)
	}
	sort.Strings(kinds)
	t.Logf("%s: %d sentences", file, len(list))
	for _, k := range kinds {
		c := per[k]
		t.Logf("  %-7s F1 %.3f  (right %d, found %d, wanted %d)", k, c.f1(), c.right, c.found, c.wanted)
		if c.f1() < floor[k] {
			t.Errorf("%s: F1 %.3f, want %.2f", k, c.f1(), floor[k])
		}
	}
}
