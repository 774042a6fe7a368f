package caselib

import (
	"fmt"
	"io/fs"
)

// Outside begins the code of a topic that is no dispute of the taxonomy.
const Outside = "O-"

// Saying is a group of sentences as people would put one kind of trouble first.
// They teach; nobody is shown one. Type is a subtype of the taxonomy, or a topic
// outside it ("O-TAX"). Confidence is set where the sentences are Mongolian.
type Saying struct {
	Type       string     `yaml:"type"`
	Confidence Confidence `yaml:"confidence"`
	Say        []string   `yaml:"say"`
	At         string     `yaml:"-"` // file:line
}

// LoadSayings reads sayings/*.yaml. The library itself does without them: they
// serve training only.
func LoadSayings(fsys fs.FS) ([]Saying, error) {
	files, err := decodeAll[Saying](fsys, "sayings/*.yaml")
	if err != nil {
		return nil, err
	}
	var out []Saying
	for _, f := range files {
		lines := itemLines(fsys, f.name, caseItem)
		for i := range f.items {
			f.items[i].At = place(f.name, lines, i)
		}
		out = append(out, f.items...)
	}
	return out, nil
}

// CheckSayings finds groups of unknown type and sentences that stand twice.
func CheckSayings(sayings []Saying, t *Taxonomy) []Problem {
	var out []Problem
	at := map[string]string{}
	for _, s := range sayings {
		if _, ok := t.Subtype(s.Type); !ok && (len(s.Type) <= len(Outside) || s.Type[:len(Outside)] != Outside) {
			out = append(out, Problem{Where: s.At, What: fmt.Sprintf("unknown type %q", s.Type), Fix: "write a subtype of the taxonomy, or a topic beginning with " + Outside})
		}
		for _, say := range s.Say {
			if first, ok := at[say]; ok {
				out = append(out, Problem{Where: s.At, What: "a sentence stands twice: " + say, Fix: "remove it here or in " + first})
			}
			at[say] = s.At
		}
	}
	return out
}
