package desk

import (
	"log/slog"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"heshi/intake"
)

// layoutFile is data/layout.yaml: how answers are grouped, and what the forms of the desk offer.
type layoutFile struct {
	Groups []struct {
		ID     string   `yaml:"id"`
		Fields []string `yaml:"fields"`
	} `yaml:"groups"`
	Hidden     []string `yaml:"hidden"`
	Reasons    []string `yaml:"reasons"`
	ReasonsAid []string `yaml:"reasons_aid"`
	Routes     []string `yaml:"routes"`
	Roles      []string `yaml:"roles"`
}

func loadLayout(log *slog.Logger) (l layoutFile) {
	raw, err := files.ReadFile("data/layout.yaml")
	if err == nil {
		err = yaml.Unmarshal(raw, &l)
	}
	if err != nil { // the file is part of the build and the tests read it
		log.Error("desk: the layout of the answers cannot be read", "error", err)
	}
	return l
}

func matches(pattern, field string) bool {
	return pattern == field || strings.HasSuffix(pattern, "_") && strings.HasPrefix(field, pattern)
}

func (l layoutFile) hidden(field string) bool {
	return slices.ContainsFunc(l.Hidden, func(p string) bool { return matches(p, field) })
}

// place gives the group of a field and its rank in it. A whole name wins over a beginning.
func (l layoutFile) place(field string) (group, rank int) {
	group, rank = len(l.Groups)-1, 1<<10
	exact := false
	for g, have := range l.Groups {
		for i, p := range have.Fields {
			switch {
			case p == field:
				return g, i
			case !exact && matches(p, field):
				group, rank, exact = g, i, true
			}
		}
	}
	return group, rank
}

// reasons are the reasons for declining that fit the kind of matter.
func (l layoutFile) reasons(k intake.Kind) []string {
	if k == intake.ForLegalAid {
		return l.ReasonsAid
	}
	return l.Reasons
}
