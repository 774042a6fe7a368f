package app

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var spokenKey = regexp.MustCompile(`(?:\.say\("[a-z]+", |Text\([a-zA-Z.]+, |button\("[^"]+", |key(?:, args)? (?::)?= )"([a-z_]+\.[a-z_.]+)"`)

// Every message the engine speaks exists in Chinese. A key that does not would reach a citizen as it is.
func TestEveryMessageOfTheEngineExists(t *testing.T) {
	files, err := filepath.Glob("../*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("the engine was not found", err)
	}
	say, n := think(t).Catalog, 0
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range spokenKey.FindAllStringSubmatch(string(raw), -1) {
			key := strings.TrimSuffix(m[1], "_")
			n++
			if !say.Has(m[1]) && !strings.HasSuffix(m[1], "_") && !strings.HasSuffix(m[1], ".") {
				t.Errorf("%s speaks %s, which no message file has", file, key)
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d keys were found: the pattern no longer fits the code", n)
	}
	for _, status := range []string{"draft", "submitted", "needs_material", "accepted", "declined", "assigned", "in_progress", "scheduled",
		"agreed", "partly", "failed", "withdrawn", "closed", "follow_up", "archived"} {
		if !say.Has("status." + status) {
			t.Errorf("there is no word for status %s", status)
		}
	}
}
