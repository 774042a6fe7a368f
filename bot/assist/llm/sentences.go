package llm

import (
	"slices"
	"strings"

	"heshi/bot"
)

type rewordData struct {
	Lang      string
	Sentences []bot.Sentence
}

// wording marks a sentence that states no law; it is ours, fixed, and not for a model.
const wording = "ui"

func interfaceOnly(s bot.Sentence) bool {
	return !slices.ContainsFunc(s.Sources, func(id string) bool { return id != wording })
}

// readSentences checks a reworded answer whole: either all of it may be said, or why not.
func (a *Assistant) readSentences(answer string, legal []bot.Sentence, m *mask) ([]bot.Sentence, string) {
	var got struct {
		Sentences []bot.Sentence `json:"sentences"`
	}
	if err := strict(answer, &got); err != nil || len(got.Sentences) == 0 {
		return nil, whyMalformed
	}
	if len(got.Sentences) > 3*len(legal) {
		return nil, whyUnsupported
	}
	missing := map[string]bool{}
	for _, s := range legal {
		for _, id := range s.Sources {
			missing[id] = true
		}
	}
	var out []bot.Sentence
	for _, s := range got.Sentences {
		s.Text = strings.TrimSpace(m.show(s.Text))
		if s.Text == "" || len(s.Sources) == 0 || !a.supported(s, legal) {
			return nil, whyUnsupported
		}
		for _, id := range s.Sources {
			delete(missing, id)
		}
		out = append(out, s)
	}
	if len(missing) > 0 { // it left something out: perhaps the deadline
		return nil, whyUnsupported
	}
	return out, ""
}

// supported holds a sentence against the sentences of its sources.
func (a *Assistant) supported(s bot.Sentence, legal []bot.Sentence) bool {
	var basis strings.Builder
	for _, id := range s.Sources {
		known := false
		for _, l := range legal {
			if slices.Contains(l.Sources, id) {
				known = true
				basis.WriteString(l.Text + "\n")
			}
		}
		if !known {
			return false
		}
	}
	stands := basis.String()
	have := factsOf(stands)
	for f := range factsOf(s.Text) {
		if !have[f] {
			return false
		}
	}
	for _, word := range a.promises {
		if strings.Contains(s.Text, word) && !strings.Contains(stands, word) {
			return false
		}
	}
	return len(s.Text) <= 2*len(stands)
}

// weave puts the reworded sentences where the first sentence of one of their sources stood, between the interface
// wording, which stays.
func weave(draft, said []bot.Sentence) []bot.Sentence {
	at := map[int][]bot.Sentence{}
	for _, s := range said {
		i := slices.IndexFunc(draft, func(d bot.Sentence) bool {
			return !interfaceOnly(d) && slices.ContainsFunc(d.Sources, func(id string) bool { return slices.Contains(s.Sources, id) })
		})
		at[i] = append(at[i], s)
	}
	var out []bot.Sentence
	for i, d := range draft {
		if interfaceOnly(d) {
			out = append(out, d)
		}
		out = append(out, at[i]...)
	}
	return out
}
