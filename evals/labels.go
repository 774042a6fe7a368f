package evals

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"gopkg.in/yaml.v3"

	"heshi/retrieval"
)

// LabelConfig names a set of labelled texts from elsewhere and the table that
// leads from our types to its labels. Texts are lines {"id","text","label"}. The
// table is YAML: a list of {label, codes}, where a code is a subtype, a type that
// stands for those of its subtypes not named elsewhere, or a topic outside.
type LabelConfig struct {
	Texts, Table string
	Classifier   *retrieval.Classifier
	// Answer, when set, hears the label chosen for each text.
	Answer func(id, label string)
}

// LabelResult is what `heshi eval labels -json` prints.
type LabelResult struct {
	Texts    int     `json:"texts"`
	Accuracy float64 `json:"accuracy"`
	MacroF1  float64 `json:"macro_f1"`
}

// ErrTable wraps every reason for which a table cannot be used.
var ErrTable = errors.New("evals: mapping table")

// mapping is one label of a foreign set and our codes that mean it.
type mapping struct {
	Label string   `yaml:"label"`
	Codes []string `yaml:"codes"`
}

// Labels sorts texts by the labels of a foreign set: each label is believed as
// much as the classes its codes name together.
func Labels(ctx context.Context, c LabelConfig) (LabelResult, error) {
	table, err := readTable(c.Table)
	if err != nil {
		return LabelResult{}, err
	}
	f, err := os.Open(c.Texts)
	if err != nil {
		return LabelResult{}, err
	}
	defer f.Close()
	var want, got []string
	sc := bufio.NewScanner(f)
	sc.Buffer(make([]byte, 0, 64<<10), 16<<20)
	for n := 1; sc.Scan(); n++ {
		if err := ctx.Err(); err != nil {
			return LabelResult{}, err
		}
		var line struct{ ID, Text, Label string }
		if err := json.Unmarshal(sc.Bytes(), &line); err != nil {
			return LabelResult{}, fmt.Errorf("%s:%d: %w", c.Texts, n, err)
		}
		if !slices.ContainsFunc(table, func(m mapping) bool { return m.Label == line.Label }) {
			return LabelResult{}, fmt.Errorf("%w: %s:%d: label %q is not in %s", ErrTable, c.Texts, n, line.Label, c.Table)
		}
		label := bestLabel(table, c.Classifier.Believe(line.Text))
		want, got = append(want, line.Label), append(got, label)
		if c.Answer != nil {
			c.Answer(line.ID, label)
		}
	}
	if err := sc.Err(); err != nil {
		return LabelResult{}, fmt.Errorf("%s: %w", c.Texts, err)
	}
	if len(want) == 0 {
		return LabelResult{}, fmt.Errorf("%s: no texts", c.Texts)
	}
	right := 0
	for i := range want {
		if want[i] == got[i] {
			right++
		}
	}
	return LabelResult{len(want), float64(right) / float64(len(want)), macroF1(want, got)(all(len(want)))}, nil
}

func readTable(file string) ([]mapping, error) {
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var table []mapping
	if err := yaml.Unmarshal(b, &table); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrTable, file, err)
	}
	owner := map[string]string{}
	for _, m := range table {
		for _, code := range m.Codes {
			if o, ok := owner[code]; ok {
				return nil, fmt.Errorf("%w: %s: %s stands under %s and %s", ErrTable, file, code, o, m.Label)
			}
			owner[code] = m.Label
		}
	}
	return table, nil
}

// bestLabel adds up what is believed of each label's codes.
func bestLabel(table []mapping, believed []retrieval.TypeScore) string {
	owner := map[string]int{}
	for i, m := range table {
		for _, code := range m.Codes {
			owner[code] = i
		}
	}
	sum := make([]float64, len(table))
	for _, b := range believed {
		i, ok := owner[b.Code]
		if !ok {
			i, ok = owner[level1(b.Code)]
		}
		if ok {
			sum[i] += b.Score
		}
	}
	best := 0
	for i := range sum {
		if sum[i] > sum[best] {
			best = i
		}
	}
	return table[best].Label
}
