// Package cmd holds the test of the layers: imports go strictly downward, siblings never.
package cmd

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// layer gives the height of a package of ours, 0 at the bottom. A package may import only what lies below it.
func layer(pkg string) int {
	p := strings.TrimPrefix(pkg, "heshi/")
	switch {
	case within(p, "retrieval/text"), within(p, "caselib"), within(p, "prompts"):
		return 0
	case p == "intake", p == "retrieval":
		return 1
	case within(p, "intake"), within(p, "retrieval"):
		return 2
	case p == "bot":
		return 3
	case within(p, "bot/app"):
		return 5
	case within(p, "bot/channel"), within(p, "bot/store"), within(p, "bot/assist"), within(p, "bot/desk"):
		return 4
	case within(p, "evals"):
		return 6
	case within(p, "cmd"):
		return 7
	}
	return -1
}

func within(p, folder string) bool { return p == folder || strings.HasPrefix(p, folder+"/") }

// family is the folder whose packages belong together: a channel and what all channels share, an engine and its suite.
func family(pkg string) string {
	p := strings.TrimPrefix(pkg, "heshi/")
	for _, f := range []string{"retrieval/text", "caselib", "prompts", "bot/channel", "bot/store", "bot/assist", "bot/desk", "bot/app", "evals", "cmd"} {
		if within(p, f) {
			return f
		}
	}
	return p
}

// shared are the parts of a family that its members may import: what all share, and contract suites.
func shared(from, to string) bool {
	if family(from) != family(to) {
		return false
	}
	t := strings.TrimPrefix(to, "heshi/")
	return t == family(to) || strings.HasSuffix(t, "test") || strings.HasPrefix(strings.TrimPrefix(from, "heshi/"), t+"/") ||
		strings.HasPrefix(t, strings.TrimPrefix(from, "heshi/")+"/")
}

func TestImportsGoDownward(t *testing.T) {
	root := ".."
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && path != root || d.Name() == "testdata") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		rel, _ := filepath.Rel(root, filepath.Dir(path))
		from := "heshi/" + filepath.ToSlash(rel)
		if layer(from) < 0 {
			t.Errorf("%s: package %s has no layer; the top level is fixed", path, from)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, imp := range f.Imports {
			to := strings.Trim(imp.Path.Value, `"`)
			if !strings.HasPrefix(to, "heshi/") {
				continue
			}
			seen++
			if strings.HasSuffix(path, "_test.go") && (strings.HasSuffix(to, "test") || to == "heshi/bot/store/memory") {
				continue // a contract suite, or the fake store that passes one
			}
			if layer(to) >= layer(from) && !shared(from, to) {
				t.Errorf("%s imports %s: layer %d may not see layer %d", path, to, layer(from), layer(to))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Fatal("no import of ours was read: the test looks at the wrong folder")
	}
}
