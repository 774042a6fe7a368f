package rules

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"

	"gopkg.in/yaml.v3"
)

//go:embed *.yaml said/*.yaml urgency.linear
var embedded embed.FS

// Embedded is the rule files built into the binary.
func Embedded() fs.FS { return embedded }

// decode reads one YAML file strictly: an unknown key is a mistake, not a wish.
func decode(fsys fs.FS, name string, into any) error {
	b, err := fs.ReadFile(fsys, name)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrRules, err)
	}
	d := yaml.NewDecoder(bytes.NewReader(b))
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("%w: %s: %w", ErrRules, name, err)
	}
	return nil
}

// loadTraditional reads the traditional forms of the characters the rules use.
func loadTraditional(fsys fs.FS) (map[rune]rune, error) {
	var doc struct {
		Pairs string `yaml:"pairs"` // traditional and simplified, side by side, in twos
	}
	if err := decode(fsys, "traditional.yaml", &doc); err != nil {
		return nil, err
	}
	out := map[rune]rune{}
	var first rune
	for _, r := range doc.Pairs {
		switch {
		case r == ' ' || r == '\n':
		case first == 0:
			first = r
		default:
			out[first] = r
			first = 0
		}
	}
	if first != 0 || len(out) == 0 {
		return nil, fmt.Errorf("%w: traditional.yaml: want characters in pairs", ErrRules)
	}
	return out, nil
}
