package retrieval

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"heshi/caselib"
	"heshi/retrieval/text"
	"heshi/retrieval/text/linear"
)

// What a text says about its label, against a sentence written to teach.
const (
	sayingCounts   = 1.0
	layCounts      = 0.7 // lay wording of taxonomy and cases
	caseCounts     = 0.4 // title, summary, facts
	questionCounts = 0.3 // an article answers questions of several kinds
)

// lesson is a labelled text of the library.
type lesson struct {
	text   string
	labels []string
	weight float64
}

// lessons are the texts the recognition of types is learned from, in a fixed order: sayings, and what the library
// says of each type.
func lessons(lib *caselib.Library, sayings []caselib.Saying) []lesson {
	if lib.Taxonomy == nil {
		return nil
	}
	var out []lesson
	add := func(weight float64, labels []string, texts ...string) {
		for _, l := range labels {
			if _, ok := lib.Taxonomy.Subtype(l); !ok && !strings.HasPrefix(l, outside) {
				return // nothing is learned of what cannot be told
			}
		}
		for _, s := range texts {
			if s = strings.TrimSpace(s); s != "" && len(labels) > 0 {
				out = append(out, lesson{s, labels, weight})
			}
		}
	}
	for _, s := range sayings {
		add(sayingCounts, []string{s.Type}, s.Say...)
	}
	for _, t := range lib.Taxonomy.Types {
		var all []string
		for _, s := range t.Subtypes {
			all = append(all, s.Code)
			add(layCounts, []string{s.Code}, s.Name)
			add(layCounts, []string{s.Code}, s.Lay...)
		}
		add(layCounts, all, t.Mn...)
	}
	for _, c := range lib.Cases {
		if len(c.Types) == 0 {
			continue
		}
		first := c.Types[:1]
		add(caseCounts, first, c.Title.Zh, c.Summary.Zh, c.Facts, mongolian(c.Title.Mn), mongolian(c.Summary.Mn))
		add(layCounts, first, c.Lay...)
	}
	for _, s := range lib.Statutes {
		if len(s.Types) > 0 && len(s.Types) <= 2 {
			add(questionCounts, s.Types[:1], s.Questions...)
		}
	}
	return out
}

// TeachingDigest names what TeachTypes would learn from: when it differs from a model's Digest, the model is stale.
func TeachingDigest(lib *caselib.Library, sayings []caselib.Saying) string {
	h := sha256.New()
	for _, l := range lessons(lib, sayings) {
		fmt.Fprintf(h, "%q %q %g\n", l.text, l.labels, l.weight)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// TeachTypes learns to tell the disputes of the taxonomy, and the topics outside it that sayings name, from a library
// and sayings. The analyzer must have Learned the library. It takes some seconds.
func TeachTypes(ctx context.Context, a *text.Analyzer, lib *caselib.Library, sayings []caselib.Saying) (*linear.Model, error) {
	cut := cutter{a, newWidener(a, Tables(lib))}
	var examples []linear.Example
	seen := map[string]bool{}
	for _, l := range lessons(lib, sayings) {
		if seen[l.text] {
			continue // said twice, learned once
		}
		seen[l.text] = true
		examples = append(examples, linear.Example{Features: cut.features(l.text), Labels: l.labels, Weight: l.weight})
	}
	return linear.Ratios(ctx, examples, linear.Options{Digest: TeachingDigest(lib, sayings)})
}

// cutter turns a text into features: its words, what they lead to through the tables, and pairs of characters.
type cutter struct {
	analyzer *text.Analyzer
	widen    *widener
}

// undisputed: every type is a 纠纷, and money is in most of them; these words tell none from another.
var undisputed = strings.NewReplacer("纠纷", "", "争议", "", "人民币", "", "юань", "")

func (c cutter) features(s string) []string {
	s = undisputed.Replace(s)
	cut := analyse(c.analyzer, s)
	var out []string
	add := func(cut analysed) {
		for _, t := range cut.tokens {
			if !isNumber(t.Key) {
				out = append(out, t.Key)
			}
		}
		for _, g := range cut.grams[pairs] {
			if k := g.String(); !text.IsStop(k) {
				out = append(out, k)
			}
		}
	}
	add(cut)
	for _, w := range c.widen.find(s, cut.tokens) {
		for _, to := range w.row.cut {
			add(to)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func isNumber(key string) bool { return strings.Trim(key, "0123456789.") == "" }
