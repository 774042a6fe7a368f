package caselib

// Confidence says how sure the writer of a Mongolian string was. No native
// speaker has seen a string until its Reviewed flag is set.
type Confidence string

// The confidence values; the empty value goes with an empty string only.
const (
	High   Confidence = "high"
	Medium Confidence = "medium"
	Low    Confidence = "low"
)

// Valid reports whether c is one of the known values, "" included.
func (c Confidence) Valid() bool {
	switch c {
	case "", High, Medium, Low:
		return true
	}
	return false
}

// rank orders confidences so that the better of two can be kept.
func (c Confidence) rank() int {
	switch c {
	case High:
		return 3
	case Medium:
		return 2
	case Low:
		return 1
	}
	return 0
}

// Better reports whether c is a higher confidence than d.
func (c Confidence) Better(d Confidence) bool { return c.rank() > d.rank() }

// Mongolian is one text in the two Mongolian scripts: Cyrillic and the
// traditional (Hudum) script. Either may be empty: a missing translation is
// better than an invented one.
type Mongolian struct {
	Cyrl     string     `yaml:"cyrl,omitempty" json:"cyrl,omitempty"`
	Mong     string     `yaml:"mong,omitempty" json:"mong,omitempty"`
	CyrlConf Confidence `yaml:"cyrl_conf,omitempty" json:"cyrl_conf,omitempty"`
	MongConf Confidence `yaml:"mong_conf,omitempty" json:"mong_conf,omitempty"`
	Reviewed bool       `yaml:"reviewed,omitempty" json:"reviewed,omitempty"`
}

// Empty reports whether there is no Mongolian text at all.
func (m Mongolian) Empty() bool { return m.Cyrl == "" && m.Mong == "" }

// usable drops the strings nobody may use yet: low confidence and unreviewed.
func (m Mongolian) usable() Mongolian {
	if m.Reviewed {
		return m
	}
	if m.CyrlConf == Low {
		m.Cyrl, m.CyrlConf = "", ""
	}
	if m.MongConf == Low {
		m.Mong, m.MongConf = "", ""
	}
	return m
}

// Bilingual is a Chinese text with its Mongolian, where there is one.
type Bilingual struct {
	Zh string    `yaml:"zh" json:"zh"`
	Mn Mongolian `yaml:"mn,omitempty" json:"mn,omitzero"`
}

// State is the editorial state of a case or a digest.
type State string

// The states, in the order a case passes through them.
const (
	Draft           State = "draft"
	Anonymised      State = "anonymised"
	BilingualReview State = "bilingual_review"
	PublishedState  State = "published"
	Withdrawn       State = "withdrawn"
)

// Valid reports whether s is a known state.
func (s State) Valid() bool {
	switch s {
	case Draft, Anonymised, BilingualReview, PublishedState, Withdrawn:
		return true
	}
	return false
}

// Outcomes a case may have ended with.
var outcomes = map[string]string{
	"agreed":    "达成协议",
	"partly":    "部分达成协议",
	"failed":    "调解不成",
	"withdrawn": "撤回申请",
	"referred":  "转有权机关",
	"aided":     "提供法律援助",
}

// OutcomeName returns the Chinese name of an outcome, "" for an unknown one.
func OutcomeName(outcome string) string { return outcomes[outcome] }

// Case is one closed matter, told so that nobody in it can be recognised. One
// YAML file holds a list of cases. Illustrative cases were written to show how
// the law works and happened to nobody; every place that shows one says so.
type Case struct {
	ID          string    `yaml:"id" json:"id"`       // our own numbering, HS-0001
	Types       []string  `yaml:"types" json:"types"` // taxonomy subtypes, the first is the main one
	Title       Bilingual `yaml:"title" json:"title"`
	Summary     Bilingual `yaml:"summary" json:"summary"`
	Facts       string    `yaml:"facts" json:"facts"`
	Focus       string    `yaml:"focus,omitempty" json:"focus,omitempty"`
	Process     string    `yaml:"process,omitempty" json:"process,omitempty"`
	Result      string    `yaml:"result" json:"result"`
	Performance string    `yaml:"performance,omitempty" json:"performance,omitempty"`
	Lesson      string    `yaml:"lesson,omitempty" json:"lesson,omitempty"`
	Outcome     string    `yaml:"outcome" json:"outcome"` // agreed partly failed withdrawn referred aided
	Articles    []string  `yaml:"articles" json:"articles"`
	Lay         []string  `yaml:"lay,omitempty" json:"lay,omitempty"` // how people would say it
	Region      string    `yaml:"region,omitempty" json:"region,omitempty"`
	Year        int       `yaml:"year,omitempty" json:"year,omitempty"`

	Illustrative bool   `yaml:"illustrative,omitempty" json:"illustrative,omitempty"`
	State        State  `yaml:"state" json:"state"`
	Version      int    `yaml:"version,omitempty" json:"version,omitempty"`
	Provenance   string `yaml:"provenance,omitempty" json:"provenance,omitempty"`

	At string `yaml:"-" json:"-"` // file:line it was read from; not content
}

// texts lists every Chinese text of the case by field name, for checks.
func (c Case) texts() map[string]string {
	m := map[string]string{
		"title": c.Title.Zh, "summary": c.Summary.Zh, "facts": c.Facts, "focus": c.Focus,
		"process": c.Process, "result": c.Result, "performance": c.Performance,
		"lesson": c.Lesson, "provenance": c.Provenance,
	}
	for _, l := range c.Lay {
		m["lay"] += l + "\n"
	}
	return m
}
