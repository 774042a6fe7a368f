package rules

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"heshi/caselib"
)

// What a verdict says to do.
const (
	Accept = "accept" // people's mediation may take it; Limits says which part
	Refer  = "refer"  // it may not: Go says where to go
	Ask    = "ask"    // one more answer is needed: Missing names the field
	Human  = "human"  // a person decides
)

// Verdict is the first look at a matter; the committee decides. Reason and Go are said to the citizen. Src names the
// articles. Review lists what staff should look at although the matter can be taken.
type Verdict struct {
	Do, Code, Reason, Go string
	Missing              string
	Limits               string
	Src                  []string
	Review               []string
}

// Acceptance is the decision table of what people's mediation may take (PML, PMR 20-24, taxonomy X1-X9).
type Acceptance struct {
	rows     []row // the first that applies decides
	reviews  []row // all that apply are noted
	accepted row
	taxonomy *caselib.Taxonomy
}

// LoadAcceptance reads acceptance.yaml. The taxonomy says what of each dispute can be mediated.
func LoadAcceptance(fsys fs.FS, taxonomy *caselib.Taxonomy) (*Acceptance, error) {
	var doc struct {
		Version  int   `yaml:"version"`
		Rows     []row `yaml:"rows"`
		Reviews  []row `yaml:"reviews"`
		Accepted row   `yaml:"accepted"`
	}
	if err := decode(fsys, "acceptance.yaml", &doc); err != nil {
		return nil, err
	}
	for _, r := range slices.Concat(doc.Rows, doc.Reviews, []row{doc.Accepted}) {
		if err := r.check("acceptance.yaml"); err != nil {
			return nil, err
		}
		if !slices.Contains([]string{Accept, Refer, Ask, Human}, r.Do) || r.Do == Refer && r.Go == "" || r.Do == Ask && r.Ask == "" {
			return nil, fmt.Errorf("%w: acceptance.yaml: %s: unknown do %q, or nowhere to go, or nothing to ask", ErrRules, r.Code, r.Do)
		}
	}
	return &Acceptance{rows: doc.Rows, reviews: doc.Reviews, accepted: doc.Accepted, taxonomy: taxonomy}, nil
}

// Decide reads facts: answers by field id (several values joined by 、), types (codes of the taxonomy), urgent (codes
// of the urgency gate), and the facts named in acceptance.yaml.
func (a *Acceptance) Decide(facts map[string]string) Verdict {
	for _, r := range a.rows {
		if r.applies(facts) {
			return Verdict{Do: r.Do, Code: r.Code, Reason: r.Reason, Go: r.Go, Missing: r.Ask, Src: r.Src, Review: a.review(facts)}
		}
	}
	code, _, _ := strings.Cut(facts["types"], "、")
	sub, ok := a.taxonomy.Subtype(code)
	if ok && sub.Mediable == "no" {
		return Verdict{Do: Refer, Code: "NOT_MEDIABLE", Reason: sub.Name + "：" + sub.Limits, Go: a.bodies(code), Src: sub.Src, Review: a.review(facts)}
	}
	v := Verdict{Do: a.accepted.Do, Code: a.accepted.Code, Reason: a.accepted.Reason, Go: a.accepted.Go, Src: a.accepted.Src, Review: a.review(facts)}
	if ok {
		v.Limits, v.Src = sub.Limits, slices.Concat(v.Src, sub.Src)
	}
	return v
}

func (a *Acceptance) review(facts map[string]string) []string {
	var out []string
	for _, r := range a.reviews {
		if r.applies(facts) {
			out = append(out, r.Reason)
		}
	}
	return out
}

func (a *Acceptance) bodies(code string) string {
	t, ok := a.taxonomy.Type(code)
	if !ok {
		return ""
	}
	return strings.Join(t.Bodies, "、")
}
