package rules

import (
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"heshi/caselib"
	"heshi/intake"
)

// Lint refuses what must not be shipped: a rule without an article, an article of a source the register does not
// know or that has fewer articles, a source whose text nobody checked, a safety text without Chinese. basis P marks
// a rule of safe practice, which needs no article. A taxonomy of nil leaves the links to dispute types unchecked.
func Lint(fsys fs.FS, sources map[string]caselib.Source, taxonomy *caselib.Taxonomy) []intake.Problem {
	l := &linter{sources: sources}
	g, err := LoadGate(fsys)
	l.loaded("urgency.yaml", err)
	if err == nil {
		for _, u := range g.codes {
			l.src("urgency.yaml: "+u.Code, u.Src, u.Basis)
		}
		for key, c := range g.cards {
			if key == "" {
				continue
			}
			basis := ""
			if len(c.Src) == 0 {
				basis = "P" // a card may only give numbers and safe practice; its lines of law carry their own
			}
			l.src("cards.yaml: "+key, c.Src, basis)
			for _, line := range c.allLines() {
				l.src("cards.yaml: "+line.ID, line.Src, "P")
			}
		}
	}
	x, err := LoadRefusals(fsys)
	l.loaded("refusals.yaml", err)
	if err == nil {
		for _, r := range x.rules {
			l.src("refusals.yaml: "+r.Code, r.Src, r.Basis)
		}
	}
	c, err := LoadClocks(fsys)
	l.loaded("deadlines.yaml", err)
	if err == nil {
		l.clocks(c, taxonomy)
	}
	a, err := LoadAcceptance(fsys, taxonomy)
	l.loaded("acceptance.yaml", err)
	if err == nil {
		for _, r := range append(append(a.rows, a.reviews...), a.accepted) {
			l.src("acceptance.yaml: "+r.Code, r.Src, r.Basis)
			l.types("acceptance.yaml: "+r.Code, r, taxonomy)
		}
	}
	e, err := LoadEligibility(fsys, Threshold{})
	l.loaded("eligibility.yaml", err)
	if err == nil {
		for _, r := range e.doc.rows() {
			l.src("eligibility.yaml: "+r.Code, r.Src, r.Basis)
			l.types("eligibility.yaml: "+r.Code, r, taxonomy)
		}
	}
	return l.problems
}

type linter struct {
	sources  map[string]caselib.Source
	problems []intake.Problem
}

func (l *linter) add(where, what, fix string) {
	l.problems = append(l.problems, intake.Problem{Where: where, What: what, Fix: fix})
}

func (l *linter) loaded(file string, err error) {
	if err != nil {
		l.add(file, err.Error(), "correct the file; nothing in it is used until it loads")
	}
}

// src checks that each article exists in a source whose text somebody has checked.
func (l *linter) src(where string, src []string, basis string) {
	if len(src) == 0 && basis == "" {
		l.add(where, "no article", "name one as KEY:NUMBER of sources.yaml, or basis: P for a rule of safe practice")
	}
	for _, s := range src {
		key, number, ok := strings.Cut(s, ":")
		source, known := l.sources[key]
		n, err := strconv.Atoi(number)
		switch {
		case !ok || err != nil || n < 1:
			l.add(where, fmt.Sprintf("%q is no article", s), "write KEY:NUMBER")
		case !known:
			l.add(where, fmt.Sprintf("source %s is not in the register", key), "add it to sources.yaml with its status")
		case source.Status == "":
			l.add(where, fmt.Sprintf("source %s has no status", key), "say in sources.yaml how its text was checked")
		case !source.Citable():
			l.add(where, fmt.Sprintf("source %s is known from memory only", key), "check its text first, or leave the article out")
		case source.MaxArt > 0 && n > source.MaxArt:
			l.add(where, fmt.Sprintf("%s has %d articles, not %d", key, source.MaxArt, n), "correct the number")
		}
	}
}

func (l *linter) clocks(c *Clocks, taxonomy *caselib.Taxonomy) {
	for _, list := range [][]countingRule{c.meta.Counting, c.meta.Interruption, c.meta.NoLimitation} {
		for _, r := range list {
			l.src("deadlines.yaml: "+r.ID+r.Rule[:min(12, len(r.Rule))], r.Src, "")
		}
	}
	for _, d := range c.list {
		where := "deadlines.yaml: " + d.ID
		l.src(where, d.Src, "")
		if d.Alt != nil && d.Alt.Src != "" {
			l.src(where, []string{d.Alt.Src}, "")
		}
		if d.YieldsTo != "" && c.byID[d.YieldsTo] == nil {
			l.add(where, "yields to "+d.YieldsTo+", which does not exist", "name a period of the file")
		}
		for _, t := range d.Applies {
			if taxonomy == nil || t == "ALL" || strings.HasPrefix(t, "T-") || strings.HasPrefix(t, "LA") {
				continue
			}
			if taxonomy.Name(t) == "" {
				l.add(where, "applies to "+t+", which the taxonomy does not know", "correct the code")
			}
		}
	}
	if taxonomy == nil {
		return
	}
	for _, code := range taxonomy.Codes() {
		sub, _ := taxonomy.Subtype(code)
		for _, id := range sub.Deadlines {
			if c.byID[id] == nil {
				l.add("taxonomy: "+code, "names the period "+id+", which does not exist", "add it to deadlines.yaml")
			}
		}
	}
}

// types checks the dispute types a row asks for.
func (l *linter) types(where string, r row, taxonomy *caselib.Taxonomy) {
	if taxonomy == nil {
		return
	}
	for _, c := range r.Any {
		for _, t := range c["types"] {
			code := strings.TrimSuffix(t, "*")
			if code != "unknown" && taxonomy.Name(code) == "" {
				l.add(where, "asks for type "+t+", which the taxonomy does not know", "correct the code")
			}
		}
	}
}
