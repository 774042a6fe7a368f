package rules

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"
)

// ErrRules wraps every reason for which a rule file cannot be loaded.
var ErrRules = errors.New("rules")

// Whose eyes a message is written with.
const (
	ViewVictim      = "victim"
	ViewPerpetrator = "perpetrator"
	ViewThird       = "third" // for a neighbour, a child, a parent
	ViewPast        = "past"  // it happened; ask whether the person is safe now
	ViewHelp        = "help"  // nothing but a cry for help
)

// Alarm is one danger or urgent matter found in a message. Level 0 is the most urgent. Ask: ask first, the words
// may mean less than they say. Minor: the person writing seems to be under eighteen. Words are what was found, in
// normal form, for staff; they may be intimate and must not be logged.
type Alarm struct {
	Code  string
	Level int
	View  string
	Words []string
	Ask   bool
	Minor bool
}

// Gate finds dangers in messages and knows what must be said about each. Safe for concurrent use.
type Gate struct {
	m       *matcher
	codes   []urgency
	rules   []signal
	with    [][]pattern // patterns that count only beside another alarm
	loose   []together
	past    int32
	present int32
	family  int32
	strange int32
	me      int32
	minor   minority
	sense   *sense
	cards   map[string]Card
	pool    sync.Pool
}

type urgency struct {
	Code    string      `yaml:"code"`
	Level   int         `yaml:"level"`
	Name    string      `yaml:"name"`
	Past    bool        `yaml:"past"` // tells a past danger from a present one
	Src     []string    `yaml:"src"`
	Basis   string      `yaml:"basis"` // "P": a rule of safe practice, no article
	Signals []signalDoc `yaml:"signals"`
}

type signalDoc struct {
	Patterns []string    `yaml:"p"`
	All      []string    `yaml:"all"`  // instead of patterns: a word of each class, in any order, in one clause
	Wide     bool        `yaml:"wide"` // … or in two neighbouring clauses
	View     string      `yaml:"view"`
	Ask      bool        `yaml:"ask"`
	Unless   []string    `yaml:"unless"` // word classes that take the meaning away, anywhere in the message
	Near     []string    `yaml:"near"`   // the same, in the same clause
	Need     []string    `yaml:"need"`   // word classes that must occur somewhere
	With     []string    `yaml:"with"`   // counts only beside one of these alarms
	Stranger *strangerAs `yaml:"stranger"`
}

// strangerAs says what the signal means when the person acting is no relative (the boss, a neighbour).
type strangerAs struct {
	Code   string   `yaml:"code"` // empty: nothing
	Ask    bool     `yaml:"ask"`
	Unless []string `yaml:"unless"`
}

// together: words of several classes near each other, in any order. The first class must not be denied.
type together struct {
	classes []int32
	rule    int32
	wide    bool
}

type minority struct {
	patterns [][]pattern
	adds     int
	when     []string
}

type signal struct {
	code                     int
	view                     string
	ask, loose               bool
	unless, near, need       []int32
	with                     []string
	hasStranger, strangerAsk bool
	strangerCode             int
	strangerUnless           []int32
}

type urgencyDoc struct {
	Version  int       `yaml:"version"`
	Words    yaml.Node `yaml:"words"`
	Numbers  []numDoc  `yaml:"numbers"`
	Negation struct {
		Words  []string `yaml:"words"`
		Filler string   `yaml:"filler"`
	} `yaml:"negation"`
	Traps []trapDoc `yaml:"traps"`
	Codes []urgency `yaml:"codes"`
	Minor struct {
		Patterns []string `yaml:"p"`
		Adds     string   `yaml:"adds"`
		When     []string `yaml:"when"`
	} `yaml:"minor"`
}

type numDoc struct {
	Class string   `yaml:"class"`
	Units []string `yaml:"units"`
	Min   int      `yaml:"min"`
	Max   int      `yaml:"max"`
}

type trapDoc struct {
	Patterns []string `yaml:"p"`
	Of       []string `yaml:"of"` // classes hidden; none: all
}

// LoadGate reads urgency.yaml, urgency_words.yaml, urgency_wide.yaml, urgency.linear, cards.yaml and traditional.yaml from fsys.
func LoadGate(fsys fs.FS) (*Gate, error) {
	g, err := loadWords(fsys)
	if err != nil {
		return nil, err
	}
	g.sense, err = loadSense(fsys, g.codes)
	return g, err
}

// loadWords is the gate without the second opinion.
func loadWords(fsys fs.FS) (*Gate, error) {
	var doc urgencyDoc
	if err := decode(fsys, "urgency.yaml", &doc); err != nil {
		return nil, err
	}
	var more struct {
		Words yaml.Node `yaml:"words"`
	}
	if err := decode(fsys, "urgency_words.yaml", &more); err != nil {
		return nil, err
	}
	var wide wideDoc
	if err := decode(fsys, "urgency_wide.yaml", &wide); err != nil {
		return nil, err
	}
	if err := wide.join(&doc); err != nil {
		return nil, err
	}
	simple, err := loadTraditional(fsys)
	if err != nil {
		return nil, err
	}
	c := newCompiler(foldMongolian, simple)
	m := &matcher{simple: simple, fold: c.fold, filler: map[rune]bool{}}
	for _, n := range []*yaml.Node{&more.Words, &doc.Words, &wide.Words} {
		if err := c.wordClasses(n); err != nil {
			return nil, fmt.Errorf("%w: urgency words: %w", ErrRules, err)
		}
	}
	for _, n := range doc.Numbers {
		nu := numeral{class: c.class(n.Class), min: n.Min, max: n.Max}
		for _, u := range n.Units {
			nu.units = append(nu.units, []rune(u))
		}
		m.numerals = append(m.numerals, nu)
	}
	m.denies = c.class("~denies")
	for _, w := range doc.Negation.Words {
		if err := c.add(w, m.denies); err != nil {
			return nil, fmt.Errorf("%w: urgency.yaml: negation: %w", ErrRules, err)
		}
	}
	for _, r := range doc.Negation.Filler {
		m.filler[r] = true
	}
	traps, err := m.compileTraps(c, doc.Traps)
	if err != nil {
		return nil, err
	}
	g := &Gate{m: m}
	g.pool.New = func() any { return new(reading) }
	if err := g.compile(c, doc, traps); err != nil {
		return nil, fmt.Errorf("%w: urgency.yaml: %w", ErrRules, err)
	}
	if g.cards, err = loadCards(fsys, g.codes); err != nil {
		return nil, err
	}
	return g, nil
}

func (g *Gate) compile(c *compiler, doc urgencyDoc, traps []pattern) error {
	var err error
	lookup := func(names []string) (ids []int32) {
		for _, n := range names {
			id, ok := c.classes[n]
			if !ok && err == nil {
				err = fmt.Errorf("unknown word class %q", n)
			}
			ids = append(ids, id)
		}
		return ids
	}
	index := func(code string) int {
		i := slices.IndexFunc(doc.Codes, func(u urgency) bool { return u.Code == code })
		if i < 0 && err == nil {
			err = fmt.Errorf("unknown code %q", code)
		}
		return i
	}
	var plain, with, minor []pattern
	for i, u := range doc.Codes {
		for _, s := range u.Signals {
			rule := signal{code: i, view: s.View, ask: s.Ask, with: s.With, strangerCode: -1,
				unless: lookup(s.Unless), near: lookup(s.Near), need: lookup(s.Need)}
			if s.Stranger != nil {
				rule.hasStranger, rule.strangerAsk = true, s.Stranger.Ask
				rule.strangerUnless = lookup(s.Stranger.Unless)
				if s.Stranger.Code != "" {
					rule.strangerCode = index(s.Stranger.Code)
				}
			}
			for _, w := range s.With {
				index(w)
			}
			if len(s.Patterns) == 0 && len(s.All) < 2 {
				return fmt.Errorf("%s: a signal without patterns", u.Code)
			}
			if len(s.All) > 0 {
				rule.loose = true
				g.loose = append(g.loose, together{lookup(s.All), int32(len(g.rules)), s.Wide})
			}
			for _, src := range s.Patterns {
				ps, perr := c.compile(src, int32(len(g.rules)))
				if perr != nil {
					return fmt.Errorf("%s: %w", u.Code, perr)
				}
				if len(s.With) > 0 {
					with = append(with, ps...)
				} else {
					plain = append(plain, ps...)
				}
			}
			g.rules = append(g.rules, rule)
		}
	}
	for _, src := range doc.Minor.Patterns {
		ps, perr := c.compile(src, 0)
		if perr != nil {
			return fmt.Errorf("minor: %w", perr)
		}
		minor = append(minor, ps...)
	}
	g.minor.adds, g.minor.when = index(doc.Minor.Adds), doc.Minor.When
	ids := lookup([]string{"past", "now", "family", "stranger", "me"})
	if err != nil {
		return err
	}
	g.past, g.present, g.family, g.strange, g.me = ids[0], ids[1], ids[2], ids[3], ids[4]
	g.codes = doc.Codes
	g.m.finish(c, plain, traps)
	g.with = byFirst(with, len(g.m.names))
	g.minor.patterns = byFirst(minor, len(g.m.names))
	return nil
}

// compileTraps adds the traps' words; their patterns hide what lies inside them.
func (m *matcher) compileTraps(c *compiler, docs []trapDoc) ([]pattern, error) {
	var out []pattern
	for i, t := range docs {
		var of []int32
		for _, n := range t.Of {
			id, ok := c.classes[n]
			if !ok {
				return nil, fmt.Errorf("%w: trap %d: unknown word class %q", ErrRules, i+1, n)
			}
			of = append(of, id)
		}
		m.trapOf = append(m.trapOf, of)
		for _, src := range t.Patterns {
			ps, err := c.compile(src, int32(i))
			if err != nil {
				return nil, fmt.Errorf("%w: trap %d: %w", ErrRules, i+1, err)
			}
			out = append(out, ps...)
		}
	}
	return out, nil
}

// finish makes the matcher ready once every word is known.
func (m *matcher) finish(c *compiler, signals, traps []pattern) {
	m.words, m.names, m.classes = c.automaton(), c.names, c.classes
	m.signals = byFirst(signals, len(c.names))
	m.traps = byFirst(traps, len(c.names))
}

// wordClasses reads the classes in the order written; @name takes in the words of an earlier class.
func (c *compiler) wordClasses(n *yaml.Node) error {
	if n.Kind == 0 {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return errors.New("words: want class: [word, …]")
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name := n.Content[i].Value
		var list []string
		if err := n.Content[i+1].Decode(&list); err != nil {
			return fmt.Errorf("words of %s: %w", name, err)
		}
		id := c.class(name)
		for _, lit := range list {
			if sub, ok := strings.CutPrefix(lit, "@"); ok {
				from, known := c.classes[sub]
				if !known {
					return fmt.Errorf("words of %s: unknown class %s", name, lit)
				}
				for _, key := range c.order {
					if w := c.words[key]; slices.Contains(w.classes, from) && !slices.Contains(w.classes, id) {
						w.classes = append(w.classes, id)
					}
				}
				continue
			}
			if err := c.add(lit, id); err != nil {
				return fmt.Errorf("words of %s: %w", name, err)
			}
		}
	}
	return nil
}
