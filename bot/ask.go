package bot

import (
	"fmt"
	"slices"
	"strings"

	"heshi/caselib"
	"heshi/intake"
	"heshi/prompts"
	"heshi/retrieval"
)

// maxStory bounds what is remembered of the story before an intake: the newest count.
const maxStory = 8

// answer understands the question, looks it up, and says what was found with where it stands.
func (t *turn) answer() error {
	types := t.Types.Types(t.text)
	values := t.read(t.text)
	known := types
	if len(types) == 0 || types[0].Score < weakType {
		// "去年十月的" alone says nothing of a type: it goes on with what was told before.
		if len(t.conv.Types) > 0 {
			known = scored(t.conv.Types)
		}
	}
	found := t.Finder.Find(t.ctx, t.text, known, factWords(values))
	if topic := t.Types.Outside(t.text); len(t.conv.Types) == 0 && t.Say.Has("outside."+topic) {
		found.Outside = topic
		if !named(types, unlikelyType) { // then a similar dispute would mislead
			found.Cases = nil
			if len(found.Articles) == 0 && found.State == Grounded {
				found.State = NoMatch
			}
		}
	}
	if found.State != NoMatch || len(types) > 0 || len(values) > 0 {
		t.remember(types)
	}
	found.Types = t.typeNames(known)
	found.Clocks = t.clocks(known)
	for _, v := range values {
		found.Values = append(found.Values, intake.Value{Kind: v.Kind, Text: v.Text, Value: v.Value})
	}
	if found.State == Grounded {
		t.word(&found)
	}
	switch found.State {
	case Unavailable:
		t.say("answer", "answer.unavailable", nil, t.nextSteps())
	case NoMatch:
		if found.Outside != "" {
			t.say("answer", "answer.outside", t.topic(found.Outside), t.nextSteps())
			break
		}
		t.say("answer", "answer.no_match", nil, t.nextSteps())
	default:
		r := t.reply("answer", t.sentences(found.Sentences), t.steps(known))
		r.Answer = &found
	}
	return nil
}

// unlikelyType is the belief in a type below which a question about something else is not answered with its cases.
const unlikelyType = 0.3

// named reports whether some type is believed at least so much.
func named(types []retrieval.TypeScore, least float64) bool {
	return slices.ContainsFunc(types, func(s retrieval.TypeScore) bool { return s.Score >= least })
}

// topic names what a question outside the taxonomy is about.
func (t *turn) topic(code string) map[string]string {
	return map[string]string{"topic": t.Say.Text(t.conv.Lang, "outside."+code, nil)}
}

// weakType is the score below which a message alone is not taken to name a type of its own.
const weakType = 0.15

// remember keeps what was told for the opening of an intake.
func (t *turn) remember(types []retrieval.TypeScore) {
	if t.public() {
		return
	}
	t.conv.Story = append(t.conv.Story, Told{Text: t.text, At: t.now})
	if n := len(t.conv.Story); n > maxStory {
		t.conv.Story = t.conv.Story[n-maxStory:]
	}
	if len(types) > 0 && types[0].Score >= weakType {
		t.conv.Types = codes(types)
	}
	t.conv.Attachments = append(t.conv.Attachments, t.msg.Attachments...)
}

// read runs the rules and, where one is configured, the model over a text. The assistant falls back by itself.
func (t *turn) read(s string) []intake.Value {
	x, err := t.Assistant.Extract(t.ctx, ExtractRequest{Text: s, Lang: t.conv.Lang, Now: t.now})
	if err != nil {
		t.Log.Warn("assistant could not read a message; the rules did", "assistant", t.Assistant.Name(), "err", err)
		return t.Values.Values(s, t.now)
	}
	return x.Values
}

func (t *turn) typeNames(types []retrieval.TypeScore) []TypeName {
	var out []TypeName
	for _, s := range types {
		out = append(out, TypeName{Code: s.Code, Name: t.Taxonomy.Name(s.Code), Score: s.Score})
	}
	return out
}

// clocks gives the periods of law of the first type, the one that matters most. It carries no date yet: which
// day a period starts from is asked, not guessed.
func (t *turn) clocks(types []retrieval.TypeScore) []Clock {
	sub, ok := t.mainSubtype(types)
	if !ok {
		return nil
	}
	all := t.Clocks(sub.Deadlines, map[string]string{}, t.now)
	return all[:min(len(all), 1)]
}

func (t *turn) mainSubtype(types []retrieval.TypeScore) (caselib.Subtype, bool) {
	for _, s := range types {
		if strings.Contains(s.Code, "-") {
			return t.Taxonomy.Subtype(s.Code)
		}
	}
	return caselib.Subtype{}, false
}

// word writes the sentences of a grounded answer, lets the assistant reword them, and removes what has no source.
func (t *turn) word(a *Answer) {
	ui := []string{"ui"}
	lang := t.conv.Lang
	add := func(text string, sources ...string) {
		a.Sentences = append(a.Sentences, Sentence{Text: text, Sources: sources})
	}
	if a.Outside != "" {
		add(t.Say.Text(lang, "answer.outside", t.topic(a.Outside)), ui...)
	} else if len(a.Types) > 0 {
		add(t.Say.Text(lang, "answer.type", map[string]string{"type": t.kindName(a.Types)}), ui...)
	}
	if heard := t.heard(a.Values); heard != "" {
		add(t.Say.Text(lang, "answer.heard", map[string]string{"list": heard}), ui...)
	}
	if len(a.Cases) > 0 {
		key := "answer.cases"
		if a.Cases[0].Illustrative {
			key = "answer.cases_illustrative"
		}
		add(t.Say.Text(lang, key, nil), ui...)
		for i := range a.Cases {
			c := &a.Cases[i]
			t.mongolianCase(c)
			add(t.caseLine(i+1, *c), c.ID)
		}
	}
	if len(a.Articles) > 0 {
		add(t.Say.Text(lang, "answer.articles", nil), ui...)
		for _, s := range a.Articles {
			add("· "+s.Cite+"："+s.Digest, s.Key)
		}
	}
	for _, c := range a.Clocks {
		if c.Phrase != "" {
			add(t.Say.Text(lang, "answer.clock", map[string]string{"name": c.Name, "phrase": c.Phrase}), c.ID)
		}
	}
	add(t.Say.Text(lang, "answer.disclaimer", nil), ui...)
	d, err := t.Assistant.Reword(t.ctx, Draft{Lang: lang, Sentences: a.Sentences})
	if err == nil && len(d.Sentences) > 0 {
		a.Sentences, a.Provenance, a.Fallback = d.Sentences, d.Provenance, d.Fallback
	} else {
		a.Provenance, a.Fallback = "rules", "error"
	}
	kept, removed := CheckSources(*a)
	a.Sentences = kept
	if len(removed) > 0 {
		t.Log.Warn("sentences without a source were removed", "count", len(removed), "assistant", a.Provenance)
	}
}

// heard says back what was understood of sums, days, places and numbers, so that a person sees at once what was not.
func (t *turn) heard(values []intake.Value) string {
	var out []string
	for _, v := range values {
		var s string
		switch v.Kind {
		case intake.KindMoney:
			s = strings.TrimSuffix(v.Value, ".00") + "元"
		case intake.KindRegion:
			s = t.Book.Regions().Path(v.Value)
		case intake.KindDate:
			s = intake.ShowDate(v.Value)
		case intake.KindCount:
			s = v.Text
		default:
			continue
		}
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return strings.Join(out, "、")
}

// kindName names the subtype when it is clear, else the type it belongs to.
func (t *turn) kindName(types []TypeName) string {
	top := types[0]
	if top.Score < 0.6 && strings.Contains(top.Code, "-") {
		return t.Taxonomy.Name(level1(top.Code))
	}
	return top.Name
}

// mongolianCase puts the Mongolian title beside the Chinese one when the reader reads Mongolian and it is good enough to show.
func (t *turn) mongolianCase(c *CaseHit) {
	k, ok := t.Finder.Library.Case(c.ID)
	if !ok {
		return
	}
	show := func(s string, conf caselib.Confidence) string {
		if conf == "high" || conf == "medium" {
			return s
		}
		return ""
	}
	switch t.conv.Lang {
	case prompts.Cyrillic:
		c.Mongolian = show(k.Title.Mn.Cyrl, k.Title.Mn.CyrlConf)
	case prompts.Vertical:
		c.Mongolian = show(k.Title.Mn.Mong, k.Title.Mn.MongConf)
	}
}

func (t *turn) caseLine(n int, c CaseHit) string {
	title := c.Title
	if c.Mongolian != "" {
		title = c.Mongolian + "（" + c.Title + "）"
	}
	why := strings.Join(append(append([]string{}, c.Facts...), c.Words...), "、")
	args := map[string]string{
		"n": fmt.Sprint(n), "id": c.ID, "title": title, "summary": c.Summary,
		"outcome": caselib.OutcomeName(c.Outcome), "why": why, "label": "",
	}
	if c.Illustrative {
		args["label"] = t.Say.Text(prompts.Chinese, "answer.label_illustrative", nil)
	}
	if why == "" {
		return t.Say.Text(prompts.Chinese, "answer.case_no_why", args)
	}
	return t.Say.Text(prompts.Chinese, "answer.case", args)
}

func (t *turn) sentences(ss []Sentence) string {
	var b strings.Builder
	for i, s := range ss {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

// offers are the next steps that fit: no mediation where the law or safety forbids it.
func (t *turn) offers(types []retrieval.TypeScore) []intake.Button {
	sub, ok := t.mainSubtype(types)
	var out []intake.Button
	if t.public() {
		return nil
	}
	if !t.conv.SafetyHold && (!ok || sub.Mediable != "no") {
		out = append(out, button("go:mediation", "button.mediation"))
	}
	out = append(out, button("go:legalaid", "button.legal_aid"), button("go:human", "button.human"))
	return out
}

// nextSteps are the steps that are always open.
func (t *turn) nextSteps() []intake.Button {
	return t.steps(scored(t.conv.Types))
}

// steps are the offers for types, after the way back to a form left unfinished.
func (t *turn) steps(types []retrieval.TypeScore) []intake.Button {
	out := t.offers(types)
	if t.conv.Session != nil && t.conv.Paused && !t.conv.SafetyHold {
		out = append([]intake.Button{button("go:resume", "button.resume")}, out...)
	}
	return out
}

// keepAttachments takes photos and the like that came before any form.
func (t *turn) keepAttachments() error {
	first := t.msg.Album == "" || t.msg.Album != t.conv.Album
	t.conv.Album = t.msg.Album
	t.conv.Attachments = append(t.conv.Attachments, t.msg.Attachments...)
	if first {
		t.say("ack", "ask.kept_attachment", nil, t.nextSteps())
	}
	return nil
}

// factWords turns values into words a reader recognises, for "why this case".
func factWords(values []intake.Value) []string {
	var out []string
	for _, v := range values {
		if v.Kind == intake.KindMoney || v.Kind == intake.KindCount {
			out = append(out, v.Text)
		}
	}
	return out
}

func scored(codes []string) []retrieval.TypeScore {
	var out []retrieval.TypeScore
	for i, c := range codes {
		out = append(out, retrieval.TypeScore{Code: c, Score: 1 / float64(i+1)})
	}
	return out
}
