package evals

import (
	_ "embed"
	"encoding/json"
	"fmt"
)

//go:embed baseline.json
var accepted []byte

// Baseline is the figures last accepted, by suite.
type Baseline map[string]Accepted

// Accepted is one suite of a baseline.
type Accepted struct {
	Data    string   `json:"data"`
	Figures []Figure `json:"figures"`
}

// EmbeddedBaseline is the baseline the program was built with.
func EmbeddedBaseline() (Baseline, error) { return ReadBaseline(accepted) }

// ReadBaseline decodes a stored baseline.
func ReadBaseline(b []byte) (Baseline, error) {
	var out Baseline
	if err := json.Unmarshal(b, &out); err != nil {
		return nil, fmt.Errorf("evals: baseline: %w", err)
	}
	return out, nil
}

// Record makes a baseline of reports; suites not among them are kept from old.
func Record(old Baseline, reports ...Report) Baseline {
	out := Baseline{}
	for name, a := range old {
		out[name] = a
	}
	for _, r := range reports {
		a := Accepted{Data: r.Data}
		for _, f := range r.Figures {
			f.Base, f.Regression = nil, false
			a.Figures = append(a.Figures, f)
		}
		out[r.Suite] = a
	}
	return out
}

// JSON is the baseline as stored.
func (b Baseline) JSON() ([]byte, error) {
	out, err := json.MarshalIndent(b, "", "  ")
	return append(out, '\n'), err
}

// Compare marks in r what fell below the baseline: a strict figure by anything
// at all, another by more than the baseline's noise band. Figures measured on
// other questions are not compared; a note says so.
func (b Baseline) Compare(r *Report) {
	a, ok := b[r.Suite]
	switch {
	case !ok:
		r.Notes = append(r.Notes, "no baseline of this suite")
		return
	case a.Data != r.Data:
		r.Notes = append(r.Notes, "the baseline was measured on other questions; record a new one")
		return
	}
	for i := range r.Figures {
		f := &r.Figures[i]
		f.Base, f.Regression = nil, false
		for _, old := range a.Figures {
			if old.Name != f.Name {
				continue
			}
			v := old.Value
			f.Base = &v
			floor := old.Low
			if f.Strict {
				floor = old.Value
			}
			f.Regression = f.Value < floor-1e-9
		}
	}
}
