package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"heshi/intake"
	"heshi/retrieval"
)

// startMediation opens the mediation form, unless safety or the law speaks against it: then it says why and where to go.
func (t *turn) startMediation() error {
	if t.conv.SafetyHold {
		m, err := t.humanMatter("urgent", []string{"urgent", "safety_hold"})
		if err != nil {
			return err
		}
		t.conv.Mode = ModeHuman
		t.say("notice", "mediation.safety", nil, []intake.Button{button("go:legalaid", "button.legal_aid")})
		t.audit("mediation_refused_safety", m.ID, "")
		return nil
	}
	if sub, ok := t.mainSubtype(scored(t.conv.Types)); ok && sub.Mediable == "no" && sub.Limits != "" {
		ty, _ := t.Taxonomy.Type(level1(sub.Code))
		body := t.Say.Text(t.conv.Lang, "mediation.not_possible", map[string]string{"why": sub.Limits})
		if len(ty.Bodies) > 0 {
			body += "\n" + t.Say.Text(t.conv.Lang, "mediation.go", map[string]string{"bodies": strings.Join(ty.Bodies, "、")})
		}
		t.reply("notice", body, []intake.Button{button("go:legalaid", "button.legal_aid"), button("go:human", "button.human")})
		return nil
	}
	if t.inCourt() {
		t.say("notice", "court.already", nil, []intake.Button{button("go:legalaid", "button.legal_aid"), button("go:human", "button.human")})
		return nil
	}
	return t.start(intake.Mediation)
}

// inCourt reports that what was told is before a court already, which a committee may not take up
// (人民调解工作若干规定 22).
func (t *turn) inCourt() bool {
	return t.Words.told("in_court", t.story()) && !t.Words.told("not_in_court", t.story())
}

// start opens a form from the story told so far. A form already running of the same kind is gone on with.
func (t *turn) start(form string) error {
	if t.conv.Mode == ModeHuman && form == intake.Mediation {
		m, ok, err := t.matter()
		if err != nil {
			return err
		}
		if ok && (!isCall(m) || t.unmediable()) {
			return t.status()
		}
	}
	if s := t.conv.Session; s != nil && s.Form == form && s.Stage != intake.Submitted {
		if t.conv.Paused && t.otherThan(s.Types, t.conv.Types) {
			t.askBegin(form)
			return nil
		}
		_, err := t.resume()
		return err
	}
	story := t.story()
	in := t.input()
	in.Text, in.Button, in.Attachments = story, "", t.conv.Attachments
	in.Values = t.read(story)
	in.Types = t.conv.Types
	offices, err := t.Records.Offices(t.ctx)
	if err != nil {
		return err
	}
	in.Offices = offices
	t.conv.Mode, t.conv.Paused = ModeIntake, false
	out := t.Book.Start(form, in.Types, in)
	if in.Fields = t.readFields(story, out.Session); len(in.Fields) > 0 {
		out = t.Book.Start(form, in.Types, in)
	}
	return t.take(out)
}

// unmediable reports that violence or a criminal matter was told, which nobody may mediate.
func (t *turn) unmediable() bool {
	return t.conv.SafetyHold || slices.ContainsFunc(t.conv.Urgent, func(code string) bool { return slices.Contains(t.Gate.Card(code).Flags, "criminal") })
}

// readFields asks the assistant for what the rules did not find in the story. The rules alone find no more than they
// already did; a model may. What it says is checked by the form like any answer, and confirmed like anything extracted.
func (t *turn) readFields(story string, s intake.Session) map[string]string {
	var want []FieldSpec
	for _, id := range t.Book.Missing(s) {
		if f, ok := t.Book.Field(id); ok && f.Askable() && !f.Sensitive() {
			spec := FieldSpec{ID: f.ID, Label: f.Label, Type: f.Type}
			for _, o := range f.Options {
				spec.Options = append(spec.Options, o.Label)
			}
			want = append(want, spec)
		}
	}
	if story == "" || len(want) == 0 {
		return nil
	}
	x, err := t.Assistant.Extract(t.ctx, ExtractRequest{Text: story, Lang: t.conv.Lang, Fields: want, Now: t.now})
	if err != nil {
		t.Log.Warn("assistant could not read the story; the rules did", "assistant", t.Assistant.Name(), "err", err)
		return nil
	}
	return x.Fields
}

// story is what was told while asking, oldest first.
func (t *turn) story() string {
	var b strings.Builder
	for i, s := range t.conv.Story {
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(s.Text)
	}
	return b.String()
}

// input is this message as a form reads it.
func (t *turn) input() intake.Input {
	in := intake.Input{
		Text: t.text, Button: t.msg.Button, Attachments: t.msg.Attachments,
		From: t.conv.Address.String(), Now: t.now, Lang: t.conv.Lang, Profile: map[string]string{},
	}
	for _, a := range t.msg.Attachments {
		if a.Kind == "contact" && a.Caption != "" {
			in.Profile["phone"] = a.Caption
		}
	}
	return in
}

// step answers the question on the table.
func (t *turn) step() error {
	in := t.input()
	in.Values = t.read(t.text)
	if t.text != "" {
		in.Types = confident(t.Types.Types(t.text))
		if t.asksSwitch(in.Types) {
			return nil
		}
	}
	offices, err := t.Records.Offices(t.ctx)
	if err != nil {
		return err
	}
	in.Offices = offices
	if t.msg.Album != "" && t.msg.Album == t.conv.Album && t.text == "" {
		// A further photo of an album already thanked for: kept, and nothing is said again.
		out := t.Book.Step(*t.conv.Session, in)
		t.conv.Session = &out.Session
		return nil
	}
	t.conv.Album = t.msg.Album
	return t.take(t.Book.Step(*t.conv.Session, in))
}

// confident keeps types that a single answer names clearly; a form must not change its mind over a stray word.
func confident(types []retrieval.TypeScore) []string {
	var out []string
	for _, s := range types {
		if s.Score >= 0.5 {
			out = append(out, s.Code)
		}
	}
	return out
}

// take turns an outcome of the form into a decision: an alarm inside an answer goes before everything it says.
func (t *turn) take(out intake.Outcome) error {
	t.sealConsents(&out.Session)
	t.conv.Session = &out.Session
	if done, err := t.alarmCodes(out.Alarms); done || err != nil {
		return err
	}
	if out.Done {
		return t.submit(out)
	}
	if out.Paused {
		t.conv.Paused, t.conv.Mode = true, ModeAsk
	} else {
		t.conv.RemindAt = t.now.Add(remindAfter)
	}
	t.speak(out.Says)
	return nil
}

// sealConsents notes what text each consent was given to, so that it can be proved later (个人信息保护法 14).
func (t *turn) sealConsents(s *intake.Session) {
	for i := range s.Consents {
		if c := &s.Consents[i]; c.Shown == "" {
			sum := sha256.Sum256([]byte(t.Say.Text(c.Lang, c.Key, nil)))
			c.Shown = hex.EncodeToString(sum[:])
		}
	}
}

// speak puts the parts of one outcome into one bubble; the buttons of the last part that has any stand under it.
func (t *turn) speak(says []intake.Say) {
	var parts []string
	var buttons []intake.Button
	kind := "notice"
	for _, s := range says {
		text := s.Text
		if s.Key != "" {
			text = t.Say.Text(t.conv.Lang, s.Key, s.Args)
		}
		if text != "" {
			parts = append(parts, text)
		}
		if len(s.Buttons) > 0 {
			buttons = s.Buttons
		}
		if s.Kind != "" {
			kind = s.Kind
		}
	}
	if len(parts) > 0 {
		t.reply(kind, strings.Join(parts, "\n"), buttons)
	}
}

// submit freezes the answers into a matter, finds its office, and hands the conversation to a person.
func (t *turn) submit(out intake.Outcome) error {
	offices, err := t.Records.Offices(t.ctx)
	if err != nil {
		return err
	}
	draft := t.Book.Draft(out.Session)
	office, found := officeOf(out.Session, draft, offices)
	seq, err := t.number(office)
	if err != nil {
		return err
	}
	m, err := t.Book.SubmitFrom(out.Session, intake.Filing{
		ID: t.NewID(), Conversation: t.conv.Address.String(), Seq: seq, At: t.now, Office: office,
		Clocks: t.deadlines(draft), Citations: t.citations(draft),
	})
	if err != nil {
		return err
	}
	if t.conv.SafetyHold {
		m = withFlags(m, []string{"safety_hold"})
	}
	t.d.Matters = append(t.d.Matters, m)
	t.tellStory(m)
	t.conv.Matter, t.conv.MatterNo, t.conv.Mode = m.ID, m.No, ModeHuman
	t.conv.Session, t.conv.Story, t.conv.Attachments, t.conv.Paused = nil, nil, nil, false
	t.conv.RemindAt = time.Time{}
	key, args := "submitted.done", map[string]string{"office": office.Name, "no": m.No, "wait": t.Say.Text(t.conv.Lang, "submitted.wait_"+string(m.Kind), nil)}
	if !found {
		key = "submitted.no_office"
	}
	r := t.say("receipt", key, args, []intake.Button{button("go:status", "button.status"), button("go:withdraw", "button.withdraw")})
	r.Matter = m.ID
	t.audit("submit", m.ID, string(m.Kind))
	return nil
}

// deadlines are the clocks of the matter's type, from the dates in its answers.
func (t *turn) deadlines(m intake.Matter) []intake.Deadline {
	sub, ok := t.mainSubtype(scored(m.Types))
	if !ok {
		return nil
	}
	var out []intake.Deadline
	for _, c := range t.Clocks(sub.Deadlines, t.dates(), t.now) {
		out = append(out, intake.Deadline{ID: c.ID, Name: c.Name, Due: c.Due, Level: c.Level, Phrase: c.Phrase, Src: c.Src})
	}
	return out
}

// dates gives the answers by field id, as rules read them; a clock takes the ones it starts from.
func (t *turn) dates() map[string]string {
	if t.conv.Session == nil {
		return nil
	}
	return t.Book.Facts(*t.conv.Session)
}

// citations are the cases and articles that fit the story, so that the desk sees what the citizen was shown.
func (t *turn) citations(m intake.Matter) []intake.Citation {
	var out []intake.Citation
	found := t.Finder.Find(t.ctx, t.story(), scored(m.Types), nil)
	for _, c := range found.Cases {
		out = append(out, intake.Citation{Kind: "case", Key: c.ID})
	}
	for _, a := range found.Articles {
		out = append(out, intake.Citation{Kind: "law", Key: a.Key})
	}
	return out
}

// officeOf is the office the person agreed to, else the one routing finds.
func officeOf(s intake.Session, m intake.Matter, offices []intake.Office) (intake.Office, bool) {
	for _, o := range offices {
		if s.Office != "" && o.ID == s.Office {
			return o, true
		}
	}
	o, _, ok := intake.Route(m, offices)
	return o, ok
}
