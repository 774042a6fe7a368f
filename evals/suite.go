package evals

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"heshi/bot/app"
	"heshi/retrieval/text"
)

// ErrNoSuite is returned for a suite that does not exist.
var ErrNoSuite = errors.New("evals: no such suite")

// Suites names the suites in the order they are run.
func Suites() []string {
	return []string{"types", "types-seen", "urgency", "urgency-fresh", "urgency-seen", "cases", "duplicates", "terms", "values"}
}

// Run asks a suite's questions of b and compares the figures with the embedded
// baseline. It fails with ErrNoSuite, the context's error, or ErrUnavailable of
// package retrieval; a wrong answer is no error but a lower figure.
func Run(ctx context.Context, b *app.Brain, name string) (Report, error) {
	run, ok := map[string]func(context.Context, *app.Brain) (Report, error){
		"types":         runTypes,
		"types-seen":    runTypesSeen,
		"urgency":       runUrgency,
		"urgency-fresh": runUrgencyFresh,
		"urgency-seen":  runUrgencySeen,
		"cases":         runCases,
		"duplicates":    runDuplicates,
		"terms":         runTerms,
		"values":        runValues,
	}[name]
	if !ok {
		return Report{}, fmt.Errorf("%w: %q; there are %s", ErrNoSuite, name, strings.Join(Suites(), ", "))
	}
	r, err := run(ctx, b)
	if err != nil {
		return Report{}, fmt.Errorf("suite %s: %w", name, err)
	}
	r.Suite = name
	r.Library = b.Library.Hash()
	r.sortMisses()
	base, err := EmbeddedBaseline()
	if err != nil {
		return Report{}, err
	}
	base.Compare(&r)
	return r, nil
}

// language names the slice a text belongs to.
func language(s string) string {
	var han, mong, cyrl bool
	for _, sc := range text.Scripts(s) {
		han = han || sc == "Hans" || sc == "Hant"
		mong = mong || sc == "Mong"
		cyrl = cyrl || sc == "Cyrl"
	}
	switch {
	case han && (mong || cyrl):
		return "mixed"
	case mong:
		return "mn-Mong"
	case cyrl:
		return "mn-Cyrl"
	case text.Simplify(s) != s:
		return "zh-Hant"
	}
	return "zh-Hans"
}

// level1 is the type of a subtype: D10 of D10-01.
func level1(code string) string {
	code, _, _ = strings.Cut(code, "-")
	return code
}

// groups collects the indexes of questions by a name.
type groups map[string][]int

func (g groups) add(name string, i int) { g[name] = append(g[name], i) }

// slices makes one Slice per group, in order of name.
func (g groups) slices(by string, label func(string) string, figures func(pick []int) []Figure) []Slice {
	var out []Slice
	for _, name := range sortedKeys(g) {
		s := Slice{By: by, Name: name, N: len(g[name]), Figures: figures(g[name])}
		if label != nil {
			s.Label = label(name)
		}
		out = append(out, s)
	}
	return out
}

// yes counts the questions of a draw for which ok holds.
func yes(ok []bool, pick []int) int {
	n := 0
	for _, i := range pick {
		if ok[i] {
			n++
		}
	}
	return n
}

// all is every index below n.
func all(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i
	}
	return out
}
