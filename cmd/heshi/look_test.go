package main

import (
	"encoding/json"
	"testing"
)

// Terms written just like the query come first and are said to be so, in whatever script it is.
func TestSearchFindsTermsAsWrittenFirst(t *testing.T) {
	for q, want := range map[string][]string{"хүү": {"儿子", "利息"}, "官司": {"诉讼／官司"}, "ᠭᠡᠷ᠎ᠡ": {"合同"}, "證據": {"证据"}} {
		out, errOut, code := heshi(t, "", "search", "-json", "-kind", "term", "-k", "3", q)
		var s searched
		if err := json.Unmarshal([]byte(out), &s); err != nil || code != exitDone || len(s.Hits) < len(want) {
			t.Fatalf("%s: exit %d, %v, %s %s", q, code, err, out, errOut)
		}
		for i, h := range s.Hits {
			if exact := i < len(want); exact != (h.Label == "一致") || exact && (h.Title != want[i] || h.Score != 1 || h.Kind != "term") {
				t.Errorf("%s: hit %d is %+v", q, i+1, h)
			}
		}
	}
}
