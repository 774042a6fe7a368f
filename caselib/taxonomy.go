package caselib

// Taxonomy is the two-level list of disputes: 18 types as in the national
// report form of people's mediation, each with subtypes of our own.
type Taxonomy struct {
	Meta          Meta        `yaml:"meta" json:"meta"`
	Types         []Type      `yaml:"types" json:"types"`
	MustNotAccept []Exclusion `yaml:"-" json:"must_not_accept"` // Meta.MustNotAccept
	NonMediation  []Exclusion `yaml:"non_mediation" json:"non_mediation"`
	Notes         []string    `yaml:"region_specific_notes" json:"notes"`
}

// Meta holds what is true of every dispute: the general rules of acceptance
// and what a mediation committee must not accept.
type Meta struct {
	Version       int         `yaml:"version" json:"version"`
	GeneralRules  []Rule      `yaml:"general_rules" json:"general_rules"`
	MustNotAccept []Exclusion `yaml:"must_not_accept" json:"-"`
}

// Rule is a sentence with the articles it comes from.
type Rule struct {
	ID   string   `yaml:"id" json:"id"`
	Rule string   `yaml:"rule" json:"rule"`
	Src  []string `yaml:"src" json:"src"`
}

// Exclusion is a kind of matter mediation must not take, and where it belongs.
type Exclusion struct {
	Code string   `yaml:"code" json:"code"`
	Name string   `yaml:"name" json:"name,omitempty"`
	When string   `yaml:"when" json:"when,omitempty"`
	Go   string   `yaml:"go" json:"go"`
	Src  []string `yaml:"src" json:"src"`
	Note string   `yaml:"note" json:"note,omitempty"`
}

// Type is one of the 18 report types, D01 to D18.
type Type struct {
	Code     string    `yaml:"code" json:"code"`
	Name     string    `yaml:"name" json:"name"`
	Stat     string    `yaml:"stat" json:"stat"` // bucket of the statistical report
	Mn       []string  `yaml:"mn" json:"mn"`     // Cyrillic search words
	Triage   []string  `yaml:"triage" json:"triage,omitempty"`
	Bodies   []string  `yaml:"bodies" json:"bodies"` // whom to contact, first first
	Subtypes []Subtype `yaml:"subtypes" json:"subtypes"`
}

// Subtype is the level users are asked about. Mediable is yes, limited or no;
// Limits says what is left to mediate or where to go instead.
type Subtype struct {
	Code      string   `yaml:"code" json:"code"`
	Name      string   `yaml:"name" json:"name"`
	Lay       []string `yaml:"lay" json:"lay"`
	Mediable  string   `yaml:"mediable" json:"mediable"`
	Limits    string   `yaml:"limits" json:"limits,omitempty"`
	Src       []string `yaml:"src" json:"src"`
	Evidence  []string `yaml:"evidence" json:"evidence"`
	Modules   []string `yaml:"modules" json:"modules"`
	Deadlines []string `yaml:"deadlines" json:"deadlines"`
	LegalAid  string   `yaml:"legal_aid" json:"legal_aid,omitempty"`
}

// Name gives the Chinese name of a type, subtype or non-mediation code, "" for
// an unknown one.
func (t *Taxonomy) Name(code string) string {
	if s, ok := t.Subtype(code); ok {
		return s.Name
	}
	if ty, ok := t.Type(code); ok && ty.Code == code {
		return ty.Name
	}
	for _, n := range t.NonMediation {
		if n.Code == code {
			return n.Name
		}
	}
	return ""
}

// Type finds the type of a type or subtype code: D10 for both D10 and D10-01.
func (t *Taxonomy) Type(code string) (Type, bool) {
	if len(code) > 3 && code[3] == '-' {
		if _, ok := t.Subtype(code); !ok {
			return Type{}, false
		}
		code = code[:3]
	}
	for _, ty := range t.Types {
		if ty.Code == code {
			return ty, true
		}
	}
	return Type{}, false
}

// Subtype finds a subtype by its code.
func (t *Taxonomy) Subtype(code string) (Subtype, bool) {
	for _, ty := range t.Types {
		for _, s := range ty.Subtypes {
			if s.Code == code {
				return s, true
			}
		}
	}
	return Subtype{}, false
}

// Codes lists every subtype code in order.
func (t *Taxonomy) Codes() []string {
	var codes []string
	for _, ty := range t.Types {
		for _, s := range ty.Subtypes {
			codes = append(codes, s.Code)
		}
	}
	return codes
}
