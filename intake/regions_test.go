package intake

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func regions(t testing.TB) *Regions {
	t.Helper()
	r, err := LoadRegions(Data())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestRegionsNarrowest(t *testing.T) {
	r := regions(t)
	for _, x := range []struct{ text, want string }{
		{"我在锡林浩特市打工", "152502"},
		{"锡林浩特", "152502"},
		{"锡盟西乌旗的草场", "152526"},
		{"呼市赛罕区", "150105"},
		{"Хөх хот", "150100"},
		{"想和平解决，日子不幸福", ""},
		{"去海南打工", ""},
		{"锡林浩特市宝力根苏木", "152502200000"},
		{"内蒙古呼和浩特市新城区", "150102"},
	} {
		got, doubt := r.Narrowest(x.text)
		if x.want == "152502200000" { // whichever code the table gives the sumu
			g, ok := r.Region(got)
			if !ok || g.Name != "宝力根苏木" || g.Parent != "152502" {
				t.Errorf("%s: got %s %+v", x.text, got, g)
			}
			continue
		}
		if got != x.want {
			t.Errorf("%s: got %q (doubt %v), want %q", x.text, got, doubt, x.want)
		}
	}
}

func TestRegionsMatch(t *testing.T) {
	r := regions(t)
	one := r.Match("宝力根苏木", "152502")
	if len(one) != 1 || r.Path(one[0]) != "锡林郭勒盟锡林浩特市宝力根苏木" {
		t.Errorf("宝力根苏木 in 锡林浩特: got %v", one)
	}
	if two := r.Match("宝力根", "152502"); len(two) != 2 { // the sumu and the street of that name
		t.Errorf("宝力根 in 锡林浩特: got %v", two)
	}
	if many := r.Match("团结", ""); len(many) < 2 {
		t.Errorf("团结 is the name of several places, got %v", many)
	}
	if none := r.Match("火星", ""); len(none) != 0 {
		t.Errorf("火星: got %v", none)
	}
}

func TestRegionsAround(t *testing.T) {
	r := regions(t)
	if d := cmp.Diff([]string{"152500", "150000"}, r.Parents("152502")); d != "" {
		t.Error(d)
	}
	if !r.Within("152502", "152500000000") || r.Within("152502", "150100") {
		t.Error("Within is wrong")
	}
	if got := r.Path("152502000000"); got != "锡林郭勒盟锡林浩特市" {
		t.Errorf("Path: %q", got)
	}
}
