package intake

import (
	"slices"
	"strings"
)

// From says who supplies a field.
type From string

// The suppliers. Ask: asked, unless already known. Story: taken from what was told, otherwise left to staff.
// Default, Channel: as the name says. Staff: completed at the office, or by the citizen who chooses to add more.
// Notice: shown and agreed to once, together with the consents.
const (
	FromAsk     From = "ask"
	FromStory   From = "story"
	FromDefault From = "default"
	FromChannel From = "channel"
	FromStaff   From = "staff"
	FromNotice  From = "notice"
)

// Form is a list of fields for one purpose. A session keeps the version it started with.
type Form struct {
	Code      string   `yaml:"code"`
	Name      string   `yaml:"name"`
	Version   int      `yaml:"version"`
	Applies   string   `yaml:"applies"`
	ShowIf    string   `yaml:"show_if"`
	Documents []string `yaml:"documents"`
	Fields    []*Field `yaml:"fields"`

	showIf expr
}

// Field is one value the documents need.
type Field struct {
	ID      string    `yaml:"id"`
	Label   string    `yaml:"label"`
	Words   []string  `yaml:"words"` // how people name it when they correct it
	Q       string    `yaml:"q"`
	QMn     Mongolian `yaml:"q_mn"`
	Type    string    `yaml:"type"`
	Req     string    `yaml:"req"` // Y, C under its condition, N
	From    From      `yaml:"from"`
	Need    int       `yaml:"need"` // order of asking, smallest first
	AskIf   string    `yaml:"ask_if"`
	Default string    `yaml:"default"`
	Derive  []Rule    `yaml:"derive"`
	Profile string    `yaml:"profile"` // what the channel knows it as
	Options []Option  `yaml:"options"`
	ShowIf  string    `yaml:"show_if"`
	Story   *Cue      `yaml:"story"`
	Pair    string    `yaml:"pair"`   // the field that takes the beginning when a span is given
	Within  string    `yaml:"within"` // the field whose place must contain this one
	Level   string    `yaml:"level"`  // of a region: county or town
	Tell    bool      `yaml:"tell"`   // read back even when it is only assumed
	Check   Check     `yaml:"check"`
	Sens    string    `yaml:"sens"`
	Docs    []string  `yaml:"docs"`
	Why     string    `yaml:"why"`
	Law     []string  `yaml:"law"`
	Rule    string    `yaml:"rule"` // the domain's note on checking, for staff

	form   *Form
	showIf expr
	askIf  expr
}

// Tells reports a question that asks for the account of what happened.
func (f *Field) Tells() bool { return f.tale() }

// Mongolian is a string in both Mongolian scripts, each with its confidence (high, medium, low). Not reviewed.
type Mongolian struct {
	Cyrl     string `yaml:"cyrl,omitempty"`
	CyrlConf string `yaml:"cyrl_conf,omitempty"`
	Mong     string `yaml:"mong,omitempty"`
	MongConf string `yaml:"mong_conf,omitempty"`
}

// In is the text fit to be shown to a reader of lang, or nothing.
func (m Mongolian) In(lang string) string {
	text, conf := "", ""
	switch lang {
	case "mn-Cyrl", "mn-Latn", "mn":
		text, conf = m.Cyrl, m.CyrlConf
	case "mn-Mong":
		text, conf = m.Mong, m.MongConf
	}
	if conf == "high" || conf == "medium" {
		return text
	}
	return ""
}

// Option is one choice. Words are other ways to answer it; Story are words that, in free text and not denied,
// mean it. None excludes every other option. Alarm is an urgency code, Flag a mark on the matter.
type Option struct {
	ID    string    `yaml:"id"`
	Label string    `yaml:"label"`
	Mn    Mongolian `yaml:"mn"`
	Words []string  `yaml:"words"`
	Story []string  `yaml:"story"`
	None  bool      `yaml:"none"`
	Alarm string    `yaml:"alarm"`
	Flag  string    `yaml:"flag"`
}

// Rule derives a value from other answers: the first rule whose condition holds gives it. Value may name answers
// in braces, {w_owed}, or be one answer as it is, $w_owed.
type Rule struct {
	When  string `yaml:"when"`
	Value string `yaml:"value"`

	when expr
}

// Cue says which value of a text belongs to a field: of Kind, in a clause with one of Near and none of Not. Skip
// is words that are no value, 老板 for a name. Alone takes the only value of its kind without a cue.
type Cue struct {
	Kind  string   `yaml:"kind"`
	Or    string   `yaml:"or"` // a second kind, taken by a cue only
	Near  []string `yaml:"near"`
	Not   []string `yaml:"not"`
	Skip  []string `yaml:"skip"`
	Alone bool     `yaml:"alone"`
}

// Check bounds an answer: length in characters of a text, range of a number, Past for a date not after today,
// Name for the name of a person.
type Check struct {
	MinLen int     `yaml:"min_len"`
	MaxLen int     `yaml:"max_len"`
	Min    float64 `yaml:"min"`
	Max    float64 `yaml:"max"`
	Past   bool    `yaml:"past"`
	Name   bool    `yaml:"name"`
}

// Option is the option with an id.
func (f *Field) Option(id string) (Option, bool) {
	for _, o := range f.Options {
		if o.ID == id {
			return o, true
		}
	}
	return Option{}, false
}

func (f *Field) optionByLabel(label string) (Option, bool) {
	for _, o := range f.Options {
		if o.Label == label || o.ID == label {
			return o, true
		}
	}
	return Option{}, false
}

// Askable reports whether the field has a question for a citizen.
func (f *Field) Askable() bool {
	if f.Q == "" || f.Q == "-" {
		return false
	}
	switch f.Type {
	case "consent", "consent_separate", "consent_guardian", "notice", "signature", "user-list", "list-structured":
		return false
	}
	return f.From != FromNotice
}

// Sensitive reports whether the field is S2 or S3 (个人信息保护法 28).
func (f *Field) Sensitive() bool { return f.Sens == "S2" || f.Sens == "S3" }

// Flow is what one kind of matter is made of: its forms in order, fields borrowed from other forms, and the
// largest number of questions a citizen is asked.
type Flow struct {
	Code   string              `yaml:"code"`
	Name   string              `yaml:"name"`
	Kind   Kind                `yaml:"kind"`
	Forms  []string            `yaml:"forms"`
	Borrow map[string][]string `yaml:"borrow"`
	Limit  int                 `yaml:"limit"`
}

// TypeInfo is what the intake knows of a dispute type (D10) or subtype (D10-01).
type TypeInfo struct {
	Name    string   `yaml:"name"`
	Modules []string `yaml:"modules"`
	Aid     string   `yaml:"aid"` // the item of legal aid it may be, LM5
}

// The flows.
const (
	Mediation = "F1"
	LegalAid  = "F3"
)

// flowCode accepts the code of a flow or the kind of matter it makes.
func flowCode(form string) string {
	switch strings.ToLower(form) {
	case "f3", "legal_aid", "legalaid":
		return LegalAid
	}
	return Mediation
}

func (b *Book) form(code string, version int) *Form {
	versions := b.forms[code]
	if f, ok := versions[version]; ok {
		return f
	}
	return versions[b.latest[code]]
}

// plan is every field of a session, in the order of its forms: those of the flow, those borrowed, those of the
// modules its dispute type calls for.
func (b *Book) plan(s Session) []*Field {
	flow := b.flows[s.Form]
	if flow == nil {
		return nil
	}
	codes := append(slices.Clone(flow.Forms), s.Modules...)
	out := make([]*Field, 0, 128)
	for _, code := range codes {
		if f := b.form(code, s.Versions[code]); f != nil {
			out = append(out, f.Fields...)
		}
		if code != flow.Forms[0] {
			continue
		}
		for _, from := range sortedKeys(flow.Borrow) { // who is applying comes first
			if f := b.form(from, s.Versions[from]); f != nil {
				for _, field := range f.Fields {
					if slices.Contains(flow.Borrow[from], field.ID) {
						out = append(out, field)
					}
				}
			}
		}
	}
	return out
}

// Field is the field with an id, whatever form it is in.
func (b *Book) Field(id string) (*Field, bool) {
	f, ok := b.byID[id]
	return f, ok
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}
