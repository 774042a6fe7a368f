package rules

import (
	"testing"

	"github.com/longbridgeapp/opencc"
)

// TestTraditional: what raises an alarm in simplified characters raises the same in traditional ones.
func TestTraditional(t *testing.T) {
	cc, err := opencc.New("s2t")
	if err != nil {
		t.Fatal(err)
	}
	g := gate(t)
	for _, c := range readUrgency(t, "testdata/urgency.tsv") {
		hant, err := cc.Convert(c.text)
		if err != nil {
			t.Fatal(err)
		}
		a, b := g.Check(c.text), g.Check(hant)
		if len(a) != len(b) {
			t.Errorf("%s: %v, %s: %v", c.text, a, hant, b)
			continue
		}
		for i := range a {
			if a[i].Code != b[i].Code || a[i].View != b[i].View {
				t.Errorf("%s: %v, %s: %v", c.text, a[i], hant, b[i])
			}
		}
	}
}
