package retrievaltest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"
	"testing"

	"heshi/retrieval"
)

// Vectors checks a vector engine; open returns an empty one.
func Vectors(t *testing.T, open func(t *testing.T) retrieval.Vectors) {
	ctx := context.Background()
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	fill := func(t *testing.T, docs ...retrieval.Vector) retrieval.Vectors {
		t.Helper()
		e := open(t)
		if err := e.Swap(ctx, "c", docs); err != nil {
			t.Fatal(err)
		}
		return e
	}
	ids := func(t *testing.T, e retrieval.Vectors, v []float32, k int) []string {
		t.Helper()
		got, err := e.Nearest(ctx, "c", v, k)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, s := range got {
			out = append(out, s.ID)
		}
		return out
	}
	v := func(id string, x ...float32) retrieval.Vector { return retrieval.Vector{ID: id, Values: x} }

	t.Run("nothing there", func(t *testing.T) {
		e := open(t)
		if got, err := e.Nearest(ctx, "none", []float32{1, 0}, 5); err != nil || len(got) != 0 {
			t.Errorf("unknown collection: %v %v", got, err)
		}
		if err := e.Swap(ctx, "c", nil); err != nil || e.Count("c") != 0 {
			t.Errorf("empty swap: %v, %d", err, e.Count("c"))
		}
	})
	t.Run("nearest first, k more than there are", func(t *testing.T) {
		e := fill(t, v("far", 0, 1), v("near", 1, 0.1), v("mid", 1, 1))
		if got := ids(t, e, []float32{2, 0}, 10); !slices.Equal(got, []string{"near", "mid", "far"}) {
			t.Errorf("got %v", got)
		}
		if got := ids(t, e, []float32{2, 0}, 0); len(got) != 0 {
			t.Errorf("k 0: %v", got)
		}
		got, err := e.Nearest(ctx, "c", []float32{3, 0.3}, 1)
		if err != nil || math.Abs(got[0].Score-1) > 1e-5 {
			t.Errorf("a vector in the same direction has cosine 1: %v %v", got, err)
		}
	})
	t.Run("ties by id", func(t *testing.T) {
		var docs []retrieval.Vector
		for i := range 60 {
			docs = append(docs, v(fmt.Sprintf("t%02d", 59-i), 1, 1))
		}
		e := fill(t, append(docs, v("best", 1, 0))...)
		want := []string{"best", "t00", "t01", "t02"}
		for range 20 {
			if got := ids(t, e, []float32{1, 0}, 4); !slices.Equal(got, want) {
				t.Fatalf("got %v, want %v", got, want)
			}
		}
	})
	t.Run("bad vectors refuse the swap", func(t *testing.T) {
		e := fill(t, v("old", 1, 0))
		for name, bad := range map[string]retrieval.Vector{
			"nan": v("b", nan, 1), "infinite": v("b", inf, 1), "zero": v("b", 0, 0), "short": v("b", 1), "empty": v("b"), "doubled": v("a", 1, 1), "no id": v("", 1, 1),
		} {
			if err := e.Swap(ctx, "c", []retrieval.Vector{v("a", 1, 0), bad}); !errors.Is(err, retrieval.ErrVector) {
				t.Errorf("%s: %v", name, err)
			}
			if got := ids(t, e, []float32{1, 0}, 5); !slices.Equal(got, []string{"old"}) {
				t.Errorf("%s: the old collection is gone: %v", name, got)
			}
		}
		for name, q := range map[string][]float32{"nan": {nan, 0}, "zero": {0, 0}, "long": {1, 0, 0}, "empty": {}} {
			if _, err := e.Nearest(ctx, "c", q, 3); !errors.Is(err, retrieval.ErrVector) {
				t.Errorf("query %s: %v", name, err)
			}
		}
	})
	t.Run("copies what it is given", func(t *testing.T) {
		values := []float32{1, 0}
		e := fill(t, retrieval.Vector{ID: "a", Values: values}, v("b", 0, 1))
		values[0], values[1] = 0, 1
		if got := ids(t, e, []float32{1, 0}, 1); !slices.Equal(got, []string{"a"}) {
			t.Errorf("got %v", got)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		e := fill(t, v("old", 1, 0))
		dead, cancel := context.WithCancel(ctx)
		cancel()
		if got, err := e.Nearest(dead, "c", []float32{1, 0}, 1); !errors.Is(err, context.Canceled) {
			t.Errorf("search: %v %v", got, err)
		}
		if err := e.Swap(dead, "c", []retrieval.Vector{v("new", 1, 0)}); !errors.Is(err, context.Canceled) {
			t.Errorf("swap: %v", err)
		}
		if err := e.Swap(dead, "c", nil); !errors.Is(err, context.Canceled) || e.Count("c") != 1 {
			t.Errorf("emptying: %v, %d left", err, e.Count("c"))
		}
	})
	t.Run("swap beside searches", func(t *testing.T) {
		set := func(tag string) []retrieval.Vector {
			var docs []retrieval.Vector
			for i := range 50 {
				docs = append(docs, v(fmt.Sprintf("%s%02d", tag, i), float32(i+1), 1))
			}
			return docs
		}
		e := fill(t, set("a")...)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range 100 {
					got, err := e.Nearest(ctx, "c", []float32{1, 0}, 50)
					if err != nil || len(got) != 50 {
						t.Errorf("%d hits, %v", len(got), err)
						return
					}
					for _, s := range got {
						if s.ID[0] != got[0].ID[0] {
							t.Error("a search saw two collections at once")
							return
						}
					}
				}
			})
		}
		for i := range 40 {
			if err := e.Swap(ctx, "c", set(string("ab"[i%2]))); err != nil {
				t.Error(err)
			}
		}
		wg.Wait()
	})
}
