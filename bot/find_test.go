package bot

import (
	"context"
	"slices"
	"testing"

	"heshi/caselib"
	"heshi/retrieval"
)

// oneAnswer answers every search for cases with the same hits.
type oneAnswer []retrieval.Hit

func (s oneAnswer) Search(_ context.Context, q retrieval.Query) ([]retrieval.Hit, error) {
	if q.Kind != retrieval.KindCase {
		return nil, nil
	}
	return s, nil
}

// Of cases that ended alike only the best is shown, so that a reader sees that the same story can end differently.
func TestOneCaseForEveryOutcome(t *testing.T) {
	lib := &caselib.Library{}
	var hits oneAnswer
	for i, outcome := range []string{"agreed", "agreed", "failed", "failed", "partly", "referred"} {
		id := string(rune('A' + i))
		lib.Cases = append(lib.Cases, caselib.Case{ID: id, Types: []string{"D10-01"}, Outcome: outcome})
		hits = append(hits, retrieval.Hit{ID: id, Kind: retrieval.KindCase, Outcome: outcome, Score: 10 - float64(i), Words: []string{"工资", "老板"}})
	}
	f := &Finder{Library: lib, Index: hits}
	var got []string
	for _, c := range f.Find(context.Background(), "老板不给工资", []retrieval.TypeScore{{Code: "D10-01", Score: 0.9}, {Code: "D10", Score: 0.9}}, nil).Cases {
		got = append(got, c.ID)
	}
	if want := []string{"A", "C", "E"}; !slices.Equal(got, want) {
		t.Errorf("shown %v, want %v", got, want)
	}
	if far := f.Find(context.Background(), "楼上漏水", []retrieval.TypeScore{{Code: "D02-04", Score: 0.9}, {Code: "D10-01", Score: 0.01}}, nil); len(far.Cases) > 0 {
		t.Errorf("cases of a type that is hardly believed: %+v", far.Cases)
	}
}
