package main

import (
	"errors"
	"testing"
)

func TestDemand(t *testing.T) {
	r := map[string]any{"ndcg@10": 0.5, "p50_ms": 2.0, "five": map[string]float64{"p@1": 0.62}}
	for list, ok := range map[string]bool{
		"": true, "ndcg@10=0.47": true, "ndcg@10=0.51": false, "p50_ms<3": true, "p50_ms<1.5": false,
		"five.p@1=0.6,ndcg@10=0.5": true, "five.p@1=0.6,ndcg@10=0.6": false,
	} {
		if err := demand(r, list); (err == nil) != ok {
			t.Errorf("%q: %v", list, err)
		}
	}
	for _, list := range []string{"nothing=1", "ndcg@10", "ndcg@10=x", "five=1"} {
		if err := demand(r, list); !errors.Is(err, errMisuse) {
			t.Errorf("%q: %v", list, err)
		}
	}
}
