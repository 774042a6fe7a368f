package app

import (
	"context"
	"strings"

	"heshi/bot"
	"heshi/bot/desk"
	"heshi/caselib"
	"heshi/intake"
	"heshi/retrieval"
)

// advisor looks things up for the desk as the engine does for the citizen: from the account of the facts.
type advisor struct{ finder func() *bot.Finder }

// Advise implements desk.Advisor. A library that cannot be asked is an error, never an empty answer.
func (a advisor) Advise(ctx context.Context, m intake.Matter) (desk.Advice, error) {
	var types []retrieval.TypeScore
	for _, t := range m.Types {
		types = append(types, retrieval.TypeScore{Code: t, Score: 1})
	}
	var advice desk.Advice
	for _, c := range m.Clocks {
		advice.Clocks = append(advice.Clocks, desk.ClockNote{Name: c.Name, Due: c.Due, Level: c.Level, Phrase: c.Phrase})
	}
	story := facts(m)
	if story == "" && len(types) == 0 {
		return advice, nil
	}
	found := a.finder().Find(ctx, story, types, nil)
	if found.State == bot.Unavailable {
		return advice, retrieval.ErrUnavailable
	}
	for _, c := range found.Cases {
		note := desk.CaseNote{ID: c.ID, Title: c.Title, Summary: c.Summary, Outcome: caselib.OutcomeName(c.Outcome), Why: strings.Join(c.Words, "、")}
		if c.Illustrative {
			note.Label = "示范案例"
		}
		advice.Cases = append(advice.Cases, note)
	}
	for _, s := range found.Articles {
		advice.Statutes = append(advice.Statutes, desk.StatuteNote{Cite: s.Cite, Digest: s.Digest, Why: strings.Join(s.Why, "、")})
	}
	return advice, nil
}

// facts is what the applicant told, from whichever form asked for it.
func facts(m intake.Matter) string {
	var parts []string
	for _, id := range []string{"d_facts", "la_facts", "d_claims", "la_demand"} {
		if a := m.Session.Answers[id]; a.Value != "" {
			parts = append(parts, a.Value)
		}
	}
	return strings.Join(parts, "\n")
}
