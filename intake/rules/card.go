package rules

import (
	"fmt"
	"io/fs"
	"slices"

	"heshi/caselib"
)

// Line is one thing to say. Zh is always shown; Mongolian beside it when its confidence allows. Src names the
// articles the line rests on; a line of safe practice has none.
type Line struct {
	ID  string            `yaml:"id"`
	Zh  string            `yaml:"zh"`
	Mn  caselib.Mongolian `yaml:"mn"`
	Src []string          `yaml:"src"`
}

// Hotline is a telephone number with how well it was checked (已核 通用 记忆…). Numbers can differ by place; an
// operator's copy of cards.yaml replaces ours.
type Hotline struct {
	Number string `yaml:"number"`
	Name   string `yaml:"name"`
	Use    string `yaml:"use"`
	Status string `yaml:"status"`
}

// CardButton is an answer to the card's question; Then are the lines that follow it.
type CardButton struct {
	ID   string            `yaml:"id"`
	Zh   string            `yaml:"zh"`
	Mn   caselib.Mongolian `yaml:"mn"`
	Then []Line            `yaml:"then"`
	// Human: hand the conversation to staff when this is chosen. Calm: lets the card's hold on the flow go.
	Human bool `yaml:"human"`
	Calm  bool `yaml:"calm"`
}

// Card is what must be said and done for one code. Numbers come first, at most three, the most needed one first.
//
// Stop: ordinary questions end here. Human: staff on duty take over. Flags are set on the conversation
// (safety_hold: no contact with the other side, no mediation queue; minor; criminal). Tasks are made for the duty
// roster (mandatory_report: MPL 11). NoMediation: mediation must not be offered. MustNot is what no reply may
// contain, for staff and for the checker of generated text; Forbidden are words that show it.
type Card struct {
	Code        string       `yaml:"code"`
	View        string       `yaml:"view"` // empty: any view without a card of its own
	Level       int          `yaml:"-"`
	Lines       []Line       `yaml:"lines"`
	Hotlines    []Hotline    `yaml:"-"`
	Numbers     []string     `yaml:"numbers"`
	Buttons     []CardButton `yaml:"buttons"`
	Stop        bool         `yaml:"stop"`
	Human       bool         `yaml:"human"`
	NoMediation bool         `yaml:"no_mediation"`
	Flags       []string     `yaml:"flags"`
	Tasks       []string     `yaml:"tasks"`
	MustNot     []string     `yaml:"must_not"`
	Forbidden   []string     `yaml:"forbidden"`
	Src         []string     `yaml:"src"`
}

type cardsDoc struct {
	Version  int       `yaml:"version"`
	Hotlines []Hotline `yaml:"hotlines"`
	Cards    []Card    `yaml:"cards"`
	NoStaff  Line      `yaml:"no_staff"` // when nobody is on duty (levels 0 and 1)
}

// Card is what to say for a code from a victim's view; the zero Card for an unknown code.
func (g *Gate) Card(code string) Card { return g.cards[code+"/"] }

// CardFor is the card for an alarm: the perpetrator, a third person and a past danger are spoken to differently.
func (g *Gate) CardFor(a Alarm) Card {
	c, ok := g.cards[a.Code+"/"+a.View]
	if !ok {
		c = g.cards[a.Code+"/"]
	}
	if a.Minor && !slices.Contains(c.Flags, "minor") {
		c.Flags = append(slices.Clone(c.Flags), "minor")
	}
	return c
}

// NoStaff is what to say at levels 0 and 1 when nobody is on duty: never pretend that somebody is.
func (g *Gate) NoStaff() Line { return g.cards[""].Lines[0] }

// loadCards reads cards.yaml and checks it against the codes.
func loadCards(fsys fs.FS, codes []urgency) (map[string]Card, error) {
	var doc cardsDoc
	if err := decode(fsys, "cards.yaml", &doc); err != nil {
		return nil, err
	}
	bad := func(code, what string) error { return fmt.Errorf("%w: cards.yaml: %s: %s", ErrRules, code, what) }
	if doc.NoStaff.Zh == "" {
		return nil, bad("no_staff", "has no Chinese text")
	}
	cards := map[string]Card{"": {Lines: []Line{doc.NoStaff}}}
	for _, c := range doc.Cards {
		i := slices.IndexFunc(codes, func(u urgency) bool { return u.Code == c.Code })
		if i < 0 {
			return nil, bad(c.Code, "no such code in urgency.yaml")
		}
		c.Level = codes[i].Level
		if len(c.Numbers) > 3 {
			return nil, bad(c.Code, "more than three telephone numbers")
		}
		for _, n := range c.Numbers {
			h := slices.IndexFunc(doc.Hotlines, func(h Hotline) bool { return h.Number == n })
			if h < 0 {
				return nil, bad(c.Code, "unknown telephone number "+n)
			}
			c.Hotlines = append(c.Hotlines, doc.Hotlines[h])
		}
		if len(c.Lines) == 0 || len(c.MustNot) == 0 {
			return nil, bad(c.Code, "needs lines and must_not")
		}
		for _, l := range c.allLines() {
			if l.ID == "" || l.Zh == "" {
				return nil, bad(c.Code, "a line without id or Chinese text")
			}
		}
		key := c.Code + "/" + c.View
		if _, twice := cards[key]; twice {
			return nil, bad(c.Code, "two cards for view "+c.View)
		}
		cards[key] = c
	}
	for _, u := range codes {
		if _, ok := cards[u.Code+"/"]; !ok {
			return nil, bad(u.Code, "no card")
		}
	}
	return cards, nil
}

func (c Card) allLines() []Line {
	out := slices.Clone(c.Lines)
	for _, b := range c.Buttons {
		out = append(out, b.Then...)
	}
	return out
}
