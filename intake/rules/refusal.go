package rules

import (
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"gopkg.in/yaml.v3"
)

// Refusal is a request that must not be helped with: its code (B2, B4, …), what to say instead, and why.
type Refusal struct {
	Code, Name, Say string
	Src             []string
}

// Refusals recognises requests nobody may help with. Safe for concurrent use.
type Refusals struct {
	m     *matcher
	rules []refusalDoc
	pool  sync.Pool
}

type refusalDoc struct {
	Code     string   `yaml:"code"`
	Name     string   `yaml:"name"`
	Basis    string   `yaml:"basis"`
	Src      []string `yaml:"src"`
	Say      string   `yaml:"say"`
	Patterns []string `yaml:"p"`
}

// LoadRefusals reads refusals.yaml and traditional.yaml.
func LoadRefusals(fsys fs.FS) (*Refusals, error) {
	var doc struct {
		Version  int       `yaml:"version"`
		Words    yaml.Node `yaml:"words"`
		Negation struct {
			Words  []string `yaml:"words"`
			Filler string   `yaml:"filler"`
		} `yaml:"negation"`
		Traps []trapDoc    `yaml:"traps"`
		Rules []refusalDoc `yaml:"rules"`
	}
	if err := decode(fsys, "refusals.yaml", &doc); err != nil {
		return nil, err
	}
	simple, err := loadTraditional(fsys)
	if err != nil {
		return nil, err
	}
	c := newCompiler(foldMongolian, simple)
	m := &matcher{simple: simple, filler: map[rune]bool{}}
	if err := c.wordClasses(&doc.Words); err != nil {
		return nil, fmt.Errorf("%w: refusals.yaml: %w", ErrRules, err)
	}
	m.denies = c.class("~denies")
	for _, w := range doc.Negation.Words {
		if err := c.add(w, m.denies); err != nil {
			return nil, fmt.Errorf("%w: refusals.yaml: negation: %w", ErrRules, err)
		}
	}
	for _, r := range doc.Negation.Filler {
		m.filler[r] = true
	}
	traps, err := m.compileTraps(c, doc.Traps)
	if err != nil {
		return nil, err
	}
	var signals []pattern
	for i, r := range doc.Rules {
		if r.Say == "" || len(r.Src) == 0 && r.Basis == "" {
			return nil, fmt.Errorf("%w: refusals.yaml: %s needs say, and src or basis", ErrRules, r.Code)
		}
		for _, src := range r.Patterns {
			ps, err := c.compile(src, int32(i))
			if err != nil {
				return nil, fmt.Errorf("%w: refusals.yaml: %s: %w", ErrRules, r.Code, err)
			}
			signals = append(signals, ps...)
		}
	}
	m.finish(c, signals, traps)
	out := &Refusals{m: m, rules: doc.Rules}
	out.pool.New = func() any { return new(reading) }
	return out, nil
}

// Check returns the refusals a message calls for, in the order of the file; nil for nearly every message.
func (x *Refusals) Check(text string) []Refusal {
	r := x.pool.Get().(*reading)
	defer x.pool.Put(r)
	x.m.read(r, text)
	var found []int
	for _, c := range r.active {
		for _, p := range x.m.signals[c] {
			r.found = r.found[:0]
			x.m.match(r, p)
			if len(r.found) > 0 && !slices.Contains(found, int(p.rule)) {
				found = append(found, int(p.rule))
			}
		}
	}
	slices.Sort(found)
	var out []Refusal
	for _, i := range found {
		d := x.rules[i]
		out = append(out, Refusal{Code: d.Code, Name: d.Name, Say: d.Say, Src: d.Src})
	}
	return out
}
