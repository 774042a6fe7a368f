package rules

import (
	"fmt"
	"io/fs"
	"strconv"
	"time"
)

// How likely legal aid is. The institution decides (LAL:43); nothing here is a decision.
const (
	Appointed  = "appointed"  // the authority must notify; no application (LAL:25)
	MayApply   = "may_apply"  // covered, and means are yet to be shown
	NoTest     = "no_test"    // outside the means test (LAL:32)
	NoCheck    = "no_check"   // means are not checked, the condition stays (LAL:42)
	Below      = "below"      // seems to be under the local threshold
	Above      = "above"      // seems to be over it: other ways are named
	Outside    = "outside"    // not on the national list: ask 12348
	Conflicted = "conflicted" // the representative may be the other side (LAL:40)
)

// Likely is the hint: Level, why (each reason with its articles), what papers help, where to apply. Urgent: less than
// seven days are left, aid may be given first and papers later (LAL:44); hand to a person now.
type Likely struct {
	Level   string
	Reasons []Reason
	Need    []string
	Where   Reason
	Urgent  bool
	Human   bool
}

// Reason is one sentence with the rule and the articles behind it.
type Reason struct {
	Code, Text, Go string
	Src            []string
}

// Threshold is the local standard of economic hardship, in yuan per person and month. The zero value: not known.
type Threshold struct {
	Monthly   float64
	Effective string
}

// Eligibility is the decision table of legal aid (LAL 24-44).
type Eligibility struct {
	doc       eligibilityDoc
	threshold Threshold
}

type eligibilityDoc struct {
	Version   int `yaml:"version"`
	Threshold struct {
		Basis     string   `yaml:"basis"`
		Monthly   string   `yaml:"monthly_yuan"`
		Effective string   `yaml:"effective"`
		Src       []string `yaml:"src"`
		Status    string   `yaml:"status"`
	} `yaml:"threshold"`
	Criminal    []row `yaml:"criminal"`
	NoMeansTest []row `yaml:"no_means_test"`
	Matters     []row `yaml:"matters"`
	Outside     row   `yaml:"outside"`
	CheckWaived []row `yaml:"check_waived"`
	Means       struct {
		Unknown   row `yaml:"unknown"`
		Below     row `yaml:"below"`
		Above     row `yaml:"above"`
		Household row `yaml:"household"`
	} `yaml:"means"`
	Urgent   row   `yaml:"urgent"`
	Conflict row   `yaml:"conflict"`
	Refused  row   `yaml:"refused"`
	Where    []row `yaml:"where"`
}

func (d *eligibilityDoc) rows() []row {
	var out []row
	for _, list := range [][]row{d.Criminal, d.NoMeansTest, d.Matters, {d.Outside}, d.CheckWaived,
		{d.Means.Unknown, d.Means.Below, d.Means.Above, d.Means.Household, d.Urgent, d.Conflict, d.Refused}, d.Where} {
		out = append(out, list...)
	}
	return out
}

// LoadEligibility reads eligibility.yaml. A threshold given here wins over the file's.
func LoadEligibility(fsys fs.FS, threshold Threshold) (*Eligibility, error) {
	e := &Eligibility{threshold: threshold}
	if err := decode(fsys, "eligibility.yaml", &e.doc); err != nil {
		return nil, err
	}
	for _, r := range e.doc.rows() {
		if err := r.check("eligibility.yaml"); err != nil {
			return nil, err
		}
	}
	if s := e.doc.Threshold.Monthly; s != "" && threshold.Monthly == 0 {
		n, err := strconv.ParseFloat(s, 64)
		if err != nil || n <= 0 {
			return nil, fmt.Errorf("%w: eligibility.yaml: threshold %q is no sum", ErrRules, s)
		}
		e.threshold = Threshold{n, e.doc.Threshold.Effective}
	}
	return e, nil
}

// Decide reads facts: answers by field id (several values joined by 、), types, urgent (codes of the gate). now is for
// the seven days of LAL:44.
func (e *Eligibility) Decide(facts map[string]string, now time.Time) Likely {
	l := e.decide(facts, now)
	for _, r := range e.doc.Where {
		if r.applies(facts) {
			l.Where = Reason{r.Code, r.Reason, r.Go, r.Src}
			break
		}
	}
	return l
}

func (e *Eligibility) decide(facts map[string]string, now time.Time) Likely {
	var l Likely
	say := func(r row) {
		l.Reasons = append(l.Reasons, Reason{r.Code, r.Reason, r.Go, r.Src})
		l.Need = append(l.Need, r.Need...)
	}
	if e.doc.Conflict.applies(facts) {
		l.Human = true
		say(e.doc.Conflict)
	}
	if end, _, ok := first([]string{"la_deadline", "deadline", "p_deadline"}, facts, now); ok && daysBetween(now, end) < 7 {
		l.Urgent, l.Human = true, true
		say(e.doc.Urgent)
	}
	for i, r := range e.doc.Criminal {
		if r.applies(facts) {
			say(r)
			l.Level = MayApply
			if i == 0 {
				l.Level = Appointed
			}
			return e.finish(l)
		}
	}
	for _, r := range e.doc.NoMeansTest {
		if r.applies(facts) {
			say(r)
			l.Level = NoTest
			return e.finish(l)
		}
	}
	covered := false
	for _, r := range e.doc.Matters {
		if r.applies(facts) {
			say(r)
			covered = true
			break
		}
	}
	if !covered {
		say(e.doc.Outside)
		l.Level = Outside
		return e.finish(l)
	}
	for _, r := range e.doc.CheckWaived {
		if r.applies(facts) {
			say(r)
			l.Level = NoCheck
			return e.finish(l)
		}
	}
	l.Level = MayApply
	if facts["la_opp_house"] == "是" {
		say(e.doc.Means.Household)
	}
	income, err := strconv.ParseFloat(facts["ec_income"], 64)
	switch {
	case e.threshold.Monthly == 0 || err != nil:
		say(e.doc.Means.Unknown)
	case e.perHead(income, facts) <= e.threshold.Monthly:
		l.Level = Below
		say(e.doc.Means.Below)
	default:
		l.Level = Above
		say(e.doc.Means.Above)
	}
	return e.finish(l)
}

// perHead is the income that counts: per member of the household, or the applicant's alone when the other side
// belongs to it.
func (e *Eligibility) perHead(income float64, facts map[string]string) float64 {
	n, err := strconv.ParseFloat(facts["ec_members"], 64)
	if facts["la_opp_house"] == "是" || err != nil || n < 1 {
		return income
	}
	return income / n
}

// finish adds to every discouraging hint what is still open (LAL:49, LAL:23).
func (e *Eligibility) finish(l Likely) Likely {
	if l.Level == Above || l.Level == Outside {
		r := e.doc.Refused
		l.Reasons = append(l.Reasons, Reason{r.Code, r.Reason, r.Go, r.Src})
	}
	return l
}
