package rules

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// A period's kind.
const (
	Limitation = "limitation" // interrupted and suspended; a court does not raise it of its own motion (CC:193)
	Peremptory = "peremptory" // runs on whatever happens (CC:199)
	Procedural = "procedural" // to sue, appeal, apply; mediation does not stop it
	Duty       = "duty"       // binds the authority or the other side
	Status     = "status"     // a waiting or protection period, no deadline
)

type length struct {
	N    int    `yaml:"n"`
	Unit string `yaml:"unit"` // hour day workday month year
	When string `yaml:"when"`
	Src  string `yaml:"src"`
}

type deadline struct {
	ID      string   `yaml:"id"`
	Name    string   `yaml:"name"`
	Trigger string   `yaml:"trigger"`
	From    []string `yaml:"from"`
	Length  length   `yaml:"length"`
	Alt     *length  `yaml:"alt"`
	AltIf   string   `yaml:"alt_if"`
	AltFrom []string `yaml:"alt_from"` // facts that start only the second length
	Long    *struct {
		N     int      `yaml:"n"`
		Unit  string   `yaml:"unit"`
		Words string   `yaml:"words"`
		From  []string `yaml:"from"`
	} `yaml:"longstop"`
	Kind             string   `yaml:"kind"`
	Restart          []string `yaml:"restart"`
	NotWhileEmployed bool     `yaml:"not_while_employed"`
	YieldsTo         string   `yaml:"yields_to"`
	Before           bool     `yaml:"before"` // counted back from the day
	Unless           []string `yaml:"unless"` // does not apply when one of these is known
	Mediation        string   `yaml:"mediation_stops"`
	Action           string   `yaml:"action"`
	Src              []string `yaml:"src"`
	Applies          []string `yaml:"applies"`
	Phrase           string   `yaml:"phrase"`
	Note             string   `yaml:"note"`
	Pitfalls         []string `yaml:"pitfalls"`
}

type countingRule struct {
	ID   string   `yaml:"id"`
	Rule string   `yaml:"rule"`
	Src  []string `yaml:"src"`
}

type clockMeta struct {
	Counting     []countingRule `yaml:"counting"`
	Interruption []countingRule `yaml:"interruption"`
	NoLimitation []countingRule `yaml:"no_limitation"`
	Caution      []string       `yaml:"caution"`
	Never        []string       `yaml:"never"`
	Expired      string         `yaml:"expired"`
	Soon         string         `yaml:"soon"`
	SoonRestart  string         `yaml:"soon_restartable"`
	Unknown      string         `yaml:"unknown"`
	Levels       struct {
		Red    int `yaml:"red"`
		Orange int `yaml:"orange"`
		Yellow int `yaml:"yellow"`
	} `yaml:"levels"`
	Employed struct {
		Facts   []string            `yaml:"facts"`
		Yes     []string            `yaml:"yes"`
		Answers map[string][]string `yaml:"answers"`
		Phrase  string              `yaml:"phrase"`
		Src     []string            `yaml:"src"`
	} `yaml:"employed"`
}

// Clocks computes periods of law. Read-only after LoadClocks.
type Clocks struct {
	meta     clockMeta
	list     []deadline
	byID     map[string]*deadline
	holidays *Holidays
}

// LoadClocks reads deadlines.yaml and holidays.yaml.
func LoadClocks(fsys fs.FS) (*Clocks, error) {
	var doc struct {
		Version   int        `yaml:"version"`
		Meta      clockMeta  `yaml:"meta"`
		Deadlines []deadline `yaml:"deadlines"`
	}
	if err := decode(fsys, "deadlines.yaml", &doc); err != nil {
		return nil, err
	}
	h, err := LoadHolidays(fsys)
	if err != nil {
		return nil, err
	}
	c := &Clocks{meta: doc.Meta, list: doc.Deadlines, byID: map[string]*deadline{}, holidays: h}
	for i := range c.list {
		d := &c.list[i]
		bad := func(what string) error { return fmt.Errorf("%w: deadlines.yaml: %s: %s", ErrRules, d.ID, what) }
		switch {
		case d.ID == "" || c.byID[d.ID] != nil:
			return nil, bad("no id, or the id twice")
		case len(d.Src) == 0:
			return nil, bad("no article")
		case d.Phrase == "":
			return nil, bad("no phrase")
		case d.Length.N > 0 && len(d.From) == 0:
			return nil, bad("nothing starts it")
		case !slices.Contains([]string{Limitation, Peremptory, Procedural, Duty, Status}, d.Kind):
			return nil, bad("unknown kind " + d.Kind)
		case d.Kind == Peremptory && len(d.Restart) > 0:
			return nil, bad("a peremptory period never restarts (CC:199)")
		case d.Alt != nil && d.AltIf == "":
			return nil, bad("two lengths, and no fact to tell which")
		}
		for _, l := range []*length{&d.Length, d.Alt} {
			if l != nil && !slices.Contains([]string{"hour", "day", "workday", "month", "year"}, l.Unit) {
				return nil, bad("unknown unit " + l.Unit)
			}
		}
		for _, never := range c.meta.Never {
			if strings.Contains(d.Phrase, never) {
				return nil, bad("phrase contains " + never)
			}
		}
		c.byID[d.ID] = d
	}
	return c, nil
}

// IDs of all periods, in the order of the file.
func (c *Clocks) IDs() []string {
	var out []string
	for _, d := range c.list {
		out = append(out, d.ID)
	}
	return out
}

// Triggers lists the facts that can start, restart or decide the period, for the intake to ask for.
func (c *Clocks) Triggers(id string) []string {
	d := c.byID[id]
	if d == nil {
		return nil
	}
	out := slices.Clone(d.From)
	if d.Long != nil {
		out = append(out, d.Long.From...)
	}
	out = append(out, d.Restart...)
	if d.AltIf != "" {
		out = append(out, d.AltIf)
	}
	return out
}

// Caution is what every answer with a clock must also say.
func (c *Clocks) Caution() []string { return c.meta.Caution }

// Never is what no answer about periods may contain.
func (c *Clocks) Never() []string { return c.meta.Never }
