package retrieval

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"heshi/caselib"
	"heshi/retrieval/text"
	"heshi/retrieval/text/linear"
)

// TypeScore is a dispute type and how much of the belief it holds, 0 to 1. The
// score of a type (D10) is the sum over its subtypes (D10-01).
type TypeScore struct {
	Code  string
	Score float64
}

// Classifier tells which disputes of the taxonomy a text is about, in either
// language. What it knows was learned from the sayings and the library; see
// TeachTypes.
type Classifier struct {
	cut   cutter
	model *linear.Model
	types []string // of each class of the model: its type, "" for a topic outside the taxonomy
}

// types.linear is made by `heshi train types`.
//
//go:embed types.linear
var typesModel []byte

// The numbers of the classifier, found on development sets.
const (
	floor    = 0.04  // below this a subtype is not reported beside another of its type
	faint    = 0.002 // below this a type is not reported beside two others
	maxTypes = 4
	talk     = 0.5             // belief in small talk from which nothing is reported
	talkCode = "O-TALK"        // greetings, thanks, weather
	chat     = 40              // features: a longer message is no small talk
	familiar = 0.2             // share of a text's features that must be known
	outside  = caselib.Outside // begins the code of a topic that is no dispute
)

// NewClassifier reads the built-in model for the taxonomy of lib.
func NewClassifier(a *text.Analyzer, lib *caselib.Library) (*Classifier, error) {
	m, err := linear.Read(bytes.NewReader(typesModel))
	if err != nil {
		return nil, fmt.Errorf("types.linear: %w", err)
	}
	return ClassifierOf(a, lib, m), nil
}

// ClassifierOf is a classifier with a model of one's own, made by TeachTypes.
// Classes the taxonomy of lib does not know count as outside it.
func ClassifierOf(a *text.Analyzer, lib *caselib.Library, m *linear.Model) *Classifier {
	c := &Classifier{cut: cutter{a, newWidener(a, Tables(lib))}, model: m, types: make([]string, len(m.Classes))}
	for i, code := range m.Classes {
		if lib.Taxonomy == nil || strings.HasPrefix(code, outside) {
			continue
		}
		if t, ok := lib.Taxonomy.Type(code); ok {
			c.types[i] = t.Code
		}
	}
	return c
}

// Model is what the classifier decides by.
func (c *Classifier) Model() *linear.Model { return c.model }

// Types lists the disputes s is about, best first: each subtype is followed by
// its type unless that stands above already, and types come in the order of
// their own sums. Nothing is listed when s says too little, or is small talk.
func (c *Classifier) Types(s string) []TypeScore {
	p, known := c.believed(s)
	if known < familiar {
		return nil
	}
	if i := slices.Index(c.model.Classes, talkCode); i >= 0 && p[i] >= talk {
		return nil
	}
	return c.report(p)
}

// Outside names the topic outside the taxonomy that s is about, "" when a dispute
// of the taxonomy is likelier than any such topic.
func (c *Classifier) Outside(s string) string {
	p, known := c.believed(s)
	if known < familiar {
		return ""
	}
	best, inside := -1, 0.0
	for i := range p {
		switch {
		case c.types[i] != "":
			inside += p[i]
		case best < 0 || p[i] > p[best]:
			best = i
		}
	}
	if best < 0 || p[best] <= inside {
		return ""
	}
	return c.model.Classes[best]
}

// believed is what the model says of s, save that small talk is never long: a story of many ordinary words is none.
func (c *Classifier) believed(s string) (p []float64, known float64) {
	features := c.cut.features(s)
	p, known = c.model.Scores(features)
	i := slices.Index(c.model.Classes, talkCode)
	if i < 0 || len(features) <= chat || p[i] == 1 {
		return p, known
	}
	rest := 1 - p[i]
	p[i] = 0
	for k := range p {
		p[k] /= rest
	}
	return p, known
}

// report orders what is believed: types by their sums, within each the subtypes.
func (c *Classifier) report(p []float64) []TypeScore {
	sum := map[string]float64{}
	var order []int
	for i, t := range c.types {
		if t != "" {
			sum[t] += p[i]
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(sum[c.types[b]], sum[c.types[a]]), cmp.Compare(c.types[a], c.types[b]),
			cmp.Compare(p[b], p[a]), cmp.Compare(c.model.Classes[a], c.model.Classes[b]))
	})
	var out []TypeScore
	told := map[string]bool{}
	for _, i := range order {
		t := c.types[i]
		if !told[t] && (len(told) >= maxTypes || len(told) >= 2 && sum[t] < faint) {
			break
		}
		if told[t] && p[i] < floor {
			continue
		}
		out = append(out, TypeScore{c.model.Classes[i], p[i]})
		if !told[t] {
			told[t] = true
			out = append(out, TypeScore{t, sum[t]})
		}
	}
	return out
}

// Believe gives the belief in every class of the model, subtypes and topics
// outside the taxonomy, in order of code. It leaves nothing out and is meant for
// those who sort texts by other headings than ours.
func (c *Classifier) Believe(s string) []TypeScore {
	p, _ := c.believed(s)
	out := make([]TypeScore, len(p))
	for i := range p {
		out[i] = TypeScore{c.model.Classes[i], p[i]}
	}
	return out
}
