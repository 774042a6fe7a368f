package bot

import (
	"fmt"
	"slices"
	"strings"

	"heshi/prompts"
)

// nearShown is how many terms are offered for a word the table does not have.
const nearShown = 3

// lookUp answers a question for a word with its forms in every script and the article that defines it. It keeps nothing
// and leaves everything where it was: the question of a running form is asked again, the buttons offered before are
// still pressed by their number.
func (t *turn) lookUp() error {
	offered := slices.Clone(t.conv.Offered)
	l, ok := t.asked()
	body := t.Say.Text(t.conv.Lang, "term.how", nil)
	if ok {
		var err error
		if body, err = t.termText(l.word); err != nil {
			t.Log.Warn("the index could not be asked for a term", "err", err)
		}
	}
	t.reply("notice", body, nil)
	t.conv.Offered = offered
	return t.askAgain()
}

// termText words what is known of a word. A word the table does not have is said to be missing, whatever else is near.
func (t *turn) termText(word string) (string, error) {
	hits := t.Finder.exactly(word)
	var err error
	if len(hits) == 0 {
		if hits, err = t.Finder.Terms(t.ctx, word, nearShown); err == nil && len(hits) > 0 && hits[0].Exact {
			hits = slices.DeleteFunc(hits, func(h TermHit) bool { return !h.Exact })
		}
	}
	var out []string
	say := func(key string, args map[string]string) { out = append(out, t.Say.Text(t.conv.Lang, key, args)) }
	switch {
	case len(hits) == 0:
		say("term.unknown", map[string]string{"word": word})
		say("term.how", nil)
	case !hits[0].Exact:
		say("term.unknown", map[string]string{"word": word})
		say("term.near", nil)
		for _, h := range hits {
			out = append(out, "· "+t.termLine(h))
		}
	case len(hits) == 1:
		out = append(out, t.termLines(hits[0])...)
	default:
		say("term.several", map[string]string{"word": word, "n": fmt.Sprint(len(hits))})
		for i, h := range hits {
			lines := t.termLines(h)
			lines[0] = fmt.Sprintf("%d. %s", i+1, lines[0])
			out = append(out, lines...)
		}
	}
	if slices.ContainsFunc(hits, TermHit.unsure) {
		say("term.unsure_why", nil)
	}
	return strings.Join(out, "\n"), err
}

func (h TermHit) unsure() bool {
	return slices.ContainsFunc(h.Forms(), func(f TermForm) bool { return f.Unsure })
}

// form is one form with its mark.
func (t *turn) form(f TermForm) string {
	if f.Unsure {
		return f.Text + t.Say.Text(prompts.Chinese, "term.unsure", nil)
	}
	return f.Text
}

// termLines is everything known of one term, a form on each line.
func (t *turn) termLines(h TermHit) []string {
	var out []string
	have := map[string]string{}
	for _, f := range h.Forms() {
		have[f.Lang] = t.form(f)
	}
	none := t.Say.Text(prompts.Chinese, "term.none", nil)
	for _, lang := range []string{prompts.Chinese, prompts.Cyrillic, prompts.Vertical} {
		s, ok := have[lang]
		if !ok {
			s = none
		}
		out = append(out, t.Say.Label(t.conv.Lang, "term.in."+lang)+"："+s)
	}
	if note := t.senseNote(h.Term.Note); note != "" {
		out = append(out, t.Say.Text(prompts.Chinese, "term.note", map[string]string{"note": note}))
	}
	switch {
	case h.Digest != "":
		out = append(out, t.Say.Text(prompts.Chinese, "term.article", map[string]string{"cite": h.Cite, "digest": h.Digest}))
	case h.Cite != "":
		out = append(out, t.Say.Text(prompts.Chinese, "term.article_only", map[string]string{"cite": h.Cite}))
	}
	return out
}

// senseNote is what a note says of the sense of a term, without the remarks of those who keep the table.
func (t *turn) senseNote(note string) string {
	parts := slices.DeleteFunc(strings.Split(note, "；"), func(s string) bool { return t.Words.told("word_remark", s) })
	return strings.Join(parts, "；")
}

// termLine is a term on one line.
func (t *turn) termLine(h TermHit) string {
	var out []string
	for _, f := range h.Forms() {
		out = append(out, t.form(f))
	}
	return strings.Join(out, " — ")
}
