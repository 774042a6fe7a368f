package document

import "testing"

// One agreement, templates read anew included.
func BenchmarkRender(b *testing.B) {
	d := mediation(b)
	for b.Loop() {
		if _, err := Render(Agreement, d); err != nil {
			b.Fatal(err)
		}
	}
}
