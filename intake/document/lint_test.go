package document

import "testing"

func TestTemplatesAreSound(t *testing.T) {
	book, lib := shelf(t)
	for _, p := range Lint(book, lib) {
		t.Errorf("%s: %s (%s)", p.Where, p.What, p.Fix)
	}
}
