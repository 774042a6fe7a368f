package rules

import (
	"fmt"
	"io/fs"
	"slices"

	"heshi/retrieval/text/linear"
)

// quiet is the class of messages that are no alarm.
const quiet = "-"

// sense is the learned second opinion beside the word rules: how danger sounds when nobody names it. It only adds
// alarms, and every one it adds asks first.
type sense struct {
	model *linear.Model
	quiet int
	at    []int // class of the model -> code
}

// The numbers of the second opinion. Missing somebody costs more than asking one person in vain.
const (
	uneasy  = 0.4  // belief in any danger from which a silent message raises its likeliest code
	terse   = 26   // features: of so few, a sentence of a dozen characters, more is demanded
	surely  = 0.7  // belief in any danger demanded of a terse message
	certain = 0.9  // belief in one code from which it is added beside what the rules found
	share   = 0.45 // of what is believed of all dangers, for a second code
	brief   = 7    // characters and letters: of a shorter message only the word rules speak
)

// loadSense reads urgency.linear, made by `heshi train urgency`.
func loadSense(fsys fs.FS, codes []urgency) (*sense, error) {
	f, err := fsys.Open("urgency.linear")
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRules, err)
	}
	defer f.Close()
	m, err := linear.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%w: urgency.linear: %w", ErrRules, err)
	}
	return newSense(m, codes)
}

func newSense(m *linear.Model, codes []urgency) (*sense, error) {
	s := &sense{model: m, quiet: slices.Index(m.Classes, quiet), at: make([]int, len(m.Classes))}
	if s.quiet < 0 {
		return nil, fmt.Errorf("%w: urgency.linear has no class %q", ErrRules, quiet)
	}
	for k, c := range m.Classes {
		s.at[k] = slices.IndexFunc(codes, func(u urgency) bool { return u.Code == c })
		if s.at[k] < 0 && k != s.quiet {
			return nil, fmt.Errorf("%w: urgency.linear: unknown code %q", ErrRules, c)
		}
	}
	return s, nil
}

// add puts what was learned beside the alarms of the rules.
func (s *sense) add(alarms []Alarm, features []string, codes []urgency, minor bool) []Alarm {
	if len(features) == 0 {
		return alarms
	}
	p, _ := s.model.Scores(features)
	danger := 1 - p[s.quiet]
	silent := len(alarms) == 0
	if silent && (danger < uneasy || danger < surely && spoken(features) < terse) {
		return alarms
	}
	best := -1
	for k := range p {
		if k != s.quiet && (best < 0 || p[k] > p[best]) {
			best = k
		}
	}
	for k := range p {
		if k == s.quiet || slices.ContainsFunc(alarms, func(a Alarm) bool { return a.Code == s.model.Classes[k] }) {
			continue
		}
		if silent && (k == best || p[k] >= share*danger) || p[k] >= certain {
			u := codes[s.at[k]]
			alarms = append(alarms, Alarm{Code: u.Code, Level: u.Level, View: ViewVictim, Ask: true, Minor: minor})
		}
	}
	return alarms
}

// spoken counts the features that are words of the message, not classes of words.
func spoken(features []string) int {
	n := 0
	for _, f := range features {
		if f[0] != '#' && f[0] != '!' {
			n++
		}
	}
	return n
}

// features are what the second opinion looks at: runs of two and three characters within a clause, whole words of
// other scripts and their beginnings, and the classes of the words found. A message of a few characters is an answer, a
// name, a command: it has none; nor has one in the traditional script, of which too little was heard to learn from.
func (g *Gate) features(r *reading) []string {
	letters := 0
	for _, c := range r.text {
		if isMongolian(c) {
			return nil
		}
		if isHan(c) || isLetter(c) {
			letters++
		}
	}
	if letters < brief {
		return nil
	}
	var out []string
	word := 0 // where a word of letters began
	for i, c := range r.text {
		switch {
		case c == clause || c == ' ' || isDigit(c):
			word = i + 1
			continue
		case isLetter(c):
			if i+1 == len(r.text) || !isLetter(r.text[i+1]) {
				out = append(out, string(r.text[word:i+1]))
				if i-word >= 5 {
					out = append(out, string(r.text[word:word+5])+"*")
				}
			}
			continue
		}
		word = i + 1
		if i > 0 && isHan(r.text[i-1]) {
			out = append(out, string(r.text[i-1:i+1]))
			if i > 1 && isHan(r.text[i-2]) {
				out = append(out, string(r.text[i-2:i+1]))
			}
		} else if i == 0 || r.text[i-1] == clause {
			out = append(out, "^"+string(c))
		}
	}
	for _, a := range r.active {
		name := "#" + g.m.names[a]
		if !slices.ContainsFunc(r.of(a), func(h hit) bool { return !g.m.denied(r, h) }) {
			name = "!" + name // 没有打我
		}
		out = append(out, name)
	}
	return out
}
