package rules

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"strings"

	"gopkg.in/yaml.v3"

	"heshi/caselib"
	"heshi/retrieval/text/linear"
)

// said is messages that carry all of Codes; none: ordinary ones.
type said struct {
	Codes []string `yaml:"codes"`
	Say   []string `yaml:"say"`
}

// heard is one message to learn from.
type heard struct {
	text   string
	codes  []string
	weight float64
}

// touchy are the kinds of trouble whose plain telling may itself be an alarm: their sayings teach nothing here.
var touchy = map[string]bool{"D01-04": true, "D01-08": true, "D06-01": true, "D06-04": true, "D06-07": true, "D15-03": true, "O-CRIME": true, "O-ADMIN": true}

// Ordinary messages count for less than those written to teach: there are many, and some are less ordinary than they seem.
const (
	sayingCounts   = 0.5
	questionCounts = 0.4
)

// heardIn gathers said/*.yaml of fsys and, as ordinary messages, the sayings of disputes and what the library's cases
// and articles are asked with.
func (g *Gate) heardIn(fsys fs.FS, lib *caselib.Library, sayings []caselib.Saying) ([]heard, error) {
	names, err := fs.Glob(fsys, "said/*.yaml")
	if err != nil {
		return nil, err
	}
	var out []heard
	for _, name := range names {
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, err
		}
		var groups []said
		if err := yaml.Unmarshal(b, &groups); err != nil {
			return nil, fmt.Errorf("%w: %s: %w", ErrRules, name, err)
		}
		for _, s := range groups {
			for _, c := range s.Codes {
				if !g.knows(c) {
					return nil, fmt.Errorf("%w: %s: unknown code %q", ErrRules, name, c)
				}
			}
			codes := s.Codes
			if len(codes) == 0 {
				codes = []string{quiet}
			}
			for _, say := range s.Say {
				out = append(out, heard{say, codes, 1})
			}
		}
	}
	for _, s := range sayings {
		if touchy[s.Type] {
			continue
		}
		for _, say := range s.Say {
			out = append(out, heard{say, []string{quiet}, sayingCounts})
		}
	}
	ask := func(types, texts []string) {
		for _, t := range types {
			if touchy[t] {
				return
			}
		}
		for _, s := range texts {
			out = append(out, heard{s, []string{quiet}, questionCounts})
		}
	}
	for _, c := range lib.Cases {
		ask(c.Types, c.Lay)
	}
	for _, s := range lib.Statutes {
		ask(s.Types, s.Questions)
	}
	return out, nil
}

func (g *Gate) knows(code string) bool {
	for _, u := range g.codes {
		if u.Code == code {
			return true
		}
	}
	return false
}

// TeachingDigest names what Teach would learn from: when it differs from the Digest of urgency.linear, that is stale.
func TeachingDigest(fsys fs.FS, lib *caselib.Library, sayings []caselib.Saying) (string, error) {
	g, err := loadWords(fsys)
	if err != nil {
		return "", err
	}
	all, err := g.heardIn(fsys, lib, sayings)
	return digest(all), err
}

func digest(all []heard) string {
	h := sha256.New()
	for _, x := range all {
		fmt.Fprintf(h, "%q %q %g\n", x.text, x.codes, x.weight)
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// Teach learns the second opinion from said/*.yaml and, as messages that are no alarm, sayings and questions of the
// library whose words the rules leave alone. It takes some seconds.
func Teach(ctx context.Context, fsys fs.FS, lib *caselib.Library, sayings []caselib.Saying, progress func(done, total int)) (*linear.Model, error) {
	g, err := loadWords(fsys)
	if err != nil {
		return nil, err
	}
	all, err := g.heardIn(fsys, lib, sayings)
	if err != nil {
		return nil, err
	}
	var examples []linear.Example
	seen := map[string]bool{}
	for _, h := range all {
		if seen[h.text] || strings.TrimSpace(h.text) == "" {
			continue
		}
		seen[h.text] = true
		r := new(reading)
		g.m.read(r, h.text)
		if h.weight < 1 { // not written for this: the rules may know better
			if found, _ := g.byRule(r); found != nil {
				continue
			}
		}
		examples = append(examples, linear.Example{Features: g.features(r), Labels: h.codes, Weight: h.weight})
	}
	return linear.Regress(ctx, examples, linear.Options{Digest: digest(all), Rare: 4, Progress: progress})
}
