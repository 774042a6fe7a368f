package rules

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// condition asks several facts at once; every one must hold. A fact holds when one of its values is among those
// given: "D10*" begins with D10, ">=10" and "<7" compare numbers, "known" and "unknown" ask whether there is an answer,
// "!不是" must not be there.
type condition map[string][]string

// row is one line of a decision table; it applies when one of Any holds, or always when there is none.
type row struct {
	Code   string      `yaml:"code"`
	Do     string      `yaml:"do"`
	Any    []condition `yaml:"any"`
	Reason string      `yaml:"reason"`
	Go     string      `yaml:"go"`
	Ask    string      `yaml:"ask"`  // field to ask
	Need   []string    `yaml:"need"` // papers that help
	Src    []string    `yaml:"src"`
	Basis  string      `yaml:"basis"` // "P": a rule of practice
	Limits string      `yaml:"limits"`
}

func (r row) applies(facts map[string]string) bool {
	return len(r.Any) == 0 || slices.ContainsFunc(r.Any, func(c condition) bool { return c.holds(facts) })
}

func (c condition) holds(facts map[string]string) bool {
	for name, want := range c {
		if !holds(facts[name], want) {
			return false
		}
	}
	return len(c) > 0
}

func holds(answer string, want []string) bool {
	values := strings.FieldsFunc(answer, func(r rune) bool { return strings.ContainsRune("、,，;；| ", r) })
	for _, w := range want {
		switch {
		case w == "unknown":
			if len(values) == 0 || slices.Contains(values, "不清楚") || slices.Contains(values, "不知道") {
				return true
			}
		case w == "known":
			if len(values) > 0 && !slices.Contains(values, "不清楚") && !slices.Contains(values, "不知道") {
				return true
			}
		case strings.HasPrefix(w, "!"):
			if len(values) > 0 && !slices.Contains(values, w[1:]) {
				return true
			}
		case strings.HasPrefix(w, ">=") || strings.HasPrefix(w, "<"):
			limit, err1 := strconv.ParseFloat(strings.TrimLeft(w, ">=<"), 64)
			n, err2 := strconv.ParseFloat(answer, 64)
			if err1 == nil && err2 == nil && (w[0] == '<' && n < limit || w[0] == '>' && n >= limit) {
				return true
			}
		case strings.HasSuffix(w, "*"):
			if slices.ContainsFunc(values, func(v string) bool { return strings.HasPrefix(v, w[:len(w)-1]) }) {
				return true
			}
		default:
			if slices.Contains(values, w) {
				return true
			}
		}
	}
	return false
}

// check refuses a row that cannot be shown to anybody: no code, no reason, no article.
func (r row) check(file string) error {
	if r.Code == "" || r.Reason == "" || len(r.Src) == 0 && r.Basis == "" {
		return fmt.Errorf("%w: %s: row %q needs code, reason, and src or basis", ErrRules, file, r.Code)
	}
	return nil
}
