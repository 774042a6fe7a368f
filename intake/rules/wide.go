package rules

import (
	"fmt"
	"slices"

	"gopkg.in/yaml.v3"
)

// wideDoc is urgency_wide.yaml: more words, traps and signals of the codes that urgency.yaml names.
type wideDoc struct {
	Words   yaml.Node              `yaml:"words"`
	Traps   []trapDoc              `yaml:"traps"`
	Signals map[string][]signalDoc `yaml:"signals"`
}

// join adds the wide signals behind those of doc.
func (w *wideDoc) join(doc *urgencyDoc) error {
	doc.Traps = append(doc.Traps, w.Traps...)
	for code, signals := range w.Signals {
		i := slices.IndexFunc(doc.Codes, func(u urgency) bool { return u.Code == code })
		if i < 0 {
			return fmt.Errorf("%w: urgency_wide.yaml: unknown code %q", ErrRules, code)
		}
		doc.Codes[i].Signals = append(doc.Codes[i].Signals, signals...)
	}
	return nil
}
