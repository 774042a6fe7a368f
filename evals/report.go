package evals

import (
	"encoding/json"
	"slices"
	"strings"
)

// Report is one suite's result.
type Report struct {
	Suite     string   `json:"suite"`
	Questions int      `json:"questions"`
	Data      string   `json:"data"`    // hash of the questions and their labels
	Library   string   `json:"library"` // hash of the library asked
	Figures   []Figure `json:"figures"`
	Slices    []Slice  `json:"slices"`
	Misses    []Miss   `json:"misses"` // worst first; those of questions held back are only counted
	Unlisted  int      `json:"unlisted"`
	Notes     []string `json:"notes,omitempty"`
}

// Figure is one measure, 0 to 1, higher is better, with its 95% noise band.
type Figure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
	N     int     `json:"n"`
	// Must is the least the project accepts; 0 means none was set.
	Must float64 `json:"must,omitempty"`
	// Strict figures have no noise: a danger overlooked is never chance.
	Strict bool `json:"strict,omitempty"`
	// Base is what the baseline had, nil where it had nothing comparable.
	Base       *float64 `json:"base,omitempty"`
	Regression bool     `json:"regression,omitempty"`
}

// Reached reports whether a figure is what it must be.
func (f Figure) Reached() bool { return f.Value >= f.Must }

// Slice is the figures of part of the questions.
type Slice struct {
	By      string   `json:"by"` // language, type, code, kind, script
	Name    string   `json:"name"`
	Label   string   `json:"label,omitempty"` // what Name means, for readers
	N       int      `json:"n"`
	Figures []Figure `json:"figures"`
}

// Miss is a question answered wrongly.
type Miss struct {
	Text string `json:"text"`
	Want string `json:"want"`
	Got  string `json:"got"`
	Why  string `json:"why,omitempty"`
	// rank orders misses: the greater the worse.
	rank float64
}

// Figure finds a figure by name.
func (r Report) Figure(name string) (Figure, bool) {
	i := slices.IndexFunc(r.Figures, func(f Figure) bool { return f.Name == name })
	if i < 0 {
		return Figure{}, false
	}
	return r.Figures[i], true
}

// must sets the least the project accepts of a figure.
func (r *Report) must(name string, value float64) {
	for i := range r.Figures {
		if r.Figures[i].Name == name {
			r.Figures[i].Must = value
		}
	}
}

// Regressed reports whether any figure fell below the baseline beyond noise.
func (r Report) Regressed() bool {
	return slices.ContainsFunc(r.Figures, func(f Figure) bool { return f.Regression })
}

// Short lists the figures that are not what they must be.
func (r Report) Short() []Figure {
	var out []Figure
	for _, f := range r.Figures {
		if !f.Reached() {
			out = append(out, f)
		}
	}
	return out
}

// JSON is the report for programs, indented.
func (r Report) JSON() ([]byte, error) { return json.MarshalIndent(r, "", "  ") }

// miss lists m, or counts it where its question is held back.
func (r *Report) miss(m Miss) {
	if held(m.Text) {
		r.Unlisted++
		return
	}
	r.Misses = append(r.Misses, m)
}

// sortMisses puts the worst first, ties by text.
func (r *Report) sortMisses() {
	slices.SortStableFunc(r.Misses, func(a, b Miss) int {
		switch {
		case a.rank > b.rank:
			return -1
		case a.rank < b.rank:
			return 1
		}
		return strings.Compare(a.Text, b.Text)
	})
}
