package bot

import (
	"slices"
	"strings"

	"heshi/caselib"
	"heshi/intake"
	"heshi/intake/rules"
	"heshi/prompts"
)

// urgent is the gate: every message passes it before anything else, inside forms and while a person is on the other
// side too. done is true when the turn ends with the alarm.
func (t *turn) urgent() (done bool, err error) {
	if alarms := t.Gate.Check(t.text); len(alarms) > 0 && !(onlyLearned(alarms) && t.steers()) {
		if t.tellsAsAsked(alarms) {
			t.prefix += t.numbers(t.hotlines(alarms)) + "\n"
			return false, nil
		}
		return t.alarm(alarms)
	}
	return t.cardButton()
}

// onlyLearned reports that no word of danger is behind the alarms, only what was learned from stories.
func onlyLearned(alarms []rules.Alarm) bool {
	return !slices.ContainsFunc(alarms, func(a rules.Alarm) bool { return !a.Ask || len(a.Words) > 0 })
}

// maxAnswer is the length of an answer to a question that asks for no story, in characters.
const maxAnswer = 24

// steers reports that a message is no story: it commands, asks for a word, asks for what is refused, or answers a
// question on the table. What was learned from stories knows nothing of these; words of danger count in them as anywhere.
func (t *turn) steers() bool {
	if t.looksUp() || t.Words.Command(t.text) != "" || t.conv.Awaiting != "" || len(t.Refusals.Check(t.text)) > 0 {
		return true
	}
	if !t.inForm() {
		return false
	}
	f, ok := t.Book.Field(t.conv.Session.Asking)
	return (!ok || !f.Tells()) && len([]rune(t.text)) <= maxAnswer
}

// tellsAsAsked reports that the application for legal aid asked what happened, and the answer tells nothing but the
// danger that is known and being looked after: whoever was beaten could otherwise never finish it. The numbers are
// said all the same. What threatens life, and anything new, is an alarm here too.
func (t *turn) tellsAsAsked(alarms []rules.Alarm) bool {
	if !t.inForm() || t.conv.Session.Form == intake.Mediation || t.conv.Session.Stage != intake.Asking {
		return false
	}
	f, ok := t.Book.Field(t.conv.Session.Asking)
	return ok && f.Tells() && !slices.ContainsFunc(alarms, func(a rules.Alarm) bool {
		return a.Level < 1 || !slices.Contains(t.conv.Urgent, a.Code)
	})
}

// alarmCodes is an alarm that an answer of a form carries ("正在发生").
func (t *turn) alarmCodes(codes []string) (bool, error) {
	var alarms []rules.Alarm
	for _, c := range codes {
		if card := t.Gate.Card(c); card.Code != "" {
			alarms = append(alarms, rules.Alarm{Code: c, Level: card.Level})
		}
	}
	slices.SortStableFunc(alarms, func(a, b rules.Alarm) int { return a.Level - b.Level })
	if len(alarms) == 0 {
		return false, nil
	}
	return t.alarm(alarms)
}

// alarm says what the most urgent code demands, keeps every code, stops the form and calls a person.
func (t *turn) alarm(alarms []rules.Alarm) (bool, error) {
	top := alarms[0]
	card := t.Gate.CardFor(top)
	if card.Code == "" {
		return false, nil
	}
	stop, human, flags := false, false, []string{}
	for _, a := range alarms {
		if !slices.Contains(t.conv.Urgent, a.Code) {
			t.conv.Urgent = append(t.conv.Urgent, a.Code)
		}
		c := t.Gate.CardFor(a)
		flags = append(flags, c.Flags...)
		flags = append(flags, c.Tasks...)
		stop, human = stop || c.Stop, human || c.Human
		t.conv.SafetyHold = t.conv.SafetyHold || c.NoMediation && slices.Contains(c.Flags, "safety_hold")
	}
	asking := t.conv.Mode == ModeAsk
	t.conv.Greeted = true // the opening names 110; the card says it better and first
	if stop {
		t.putAside()
	}
	body := t.cardText(card, t.hotlines(alarms))
	if human && !top.Ask && !t.public() {
		nobody, err := t.callDuty(top, flags)
		if err != nil {
			return true, err
		}
		if nobody && top.Level <= 1 {
			body += "\n" + t.Gate.NoStaff().Zh
		}
	} else if err := t.tellDesk(human, flags); err != nil {
		return true, err
	}
	if asking {
		t.keepTold(alarms)
	}
	t.reply("urgent", body, t.cardButtons(card, top))
	t.audit("urgent", "conversation:"+shortHash(t.conv.Address.String()), top.Code)
	return true, nil
}

// tellDesk lets whoever works the file read an alarm that calls nobody: the words were for them.
func (t *turn) tellDesk(human bool, flags []string) error {
	if t.conv.Mode != ModeHuman || t.public() {
		return nil
	}
	m, ok, err := t.matter()
	if err != nil || !ok || m.Status == intake.Closed || m.Status == intake.Archived {
		return err
	}
	if human {
		next := withFlags(m, append([]string{"urgent"}, flags...))
		next.Updated = t.now
		t.d.Matters = append(t.d.Matters, next)
	}
	t.d.Entries = append(t.d.Entries, Entry{
		ID: t.NewID(), Matter: m.ID, Party: t.conv.Address, From: "citizen", Text: t.text, Attachments: t.msg.Attachments, At: t.now,
	})
	return nil
}

// keepTold keeps the words of an alarm as the beginning of a story, so that nobody has to tell an accident twice. Of
// violence or hatred nothing is kept, and of a criminal matter only that somebody is held: its facts are not written here.
func (t *turn) keepTold(alarms []rules.Alarm) {
	if t.public() || t.text == "" {
		return
	}
	hidden := false
	for _, a := range alarms {
		c := t.Gate.CardFor(a)
		if slices.Contains(c.Flags, "criminal") {
			if held := clausesWith(t.text, a.Words); held != "" {
				t.conv.Story = append(t.conv.Story, Told{Text: held, At: t.now})
			}
			return
		}
		hidden = hidden || len(c.Flags) > 0
	}
	if !hidden {
		t.remember(t.Types.Types(t.text))
	}
}

// clausesWith gives the clauses of a text that have one of the words.
func clausesWith(s string, words []string) string {
	var out []string
	for _, clause := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("，。；！？,;!?\n ", r) }) {
		if slices.ContainsFunc(words, func(w string) bool { return strings.Contains(clause, w) }) {
			out = append(out, clause)
		}
	}
	return strings.Join(out, "，")
}

// putAside stops a running form without losing it.
func (t *turn) putAside() {
	if t.conv.Session != nil {
		t.conv.Paused = true
	}
	if t.conv.Mode == ModeIntake {
		t.conv.Mode = ModeAsk
	}
}

// atHome is the code of violence in the family. Whatever else is in the message, its numbers lead: a person beaten at
// home needs 110 and 12338.
const atHome = "T-DV"

// maxHotlines is how many numbers one message may show (triage.md §3).
const maxHotlines = 3

// hotlines are the numbers for all alarms together: the two for violence at home first where that is one of them, then
// the first number of every alarm, so that a fire in the same message keeps its 119, then the rest.
func (t *turn) hotlines(alarms []rules.Alarm) []rules.Hotline {
	var out []rules.Hotline
	add := func(all []rules.Hotline, n int) {
		for _, h := range all[:min(n, len(all))] {
			if len(out) < maxHotlines && !slices.ContainsFunc(out, func(o rules.Hotline) bool { return o.Number == h.Number }) {
				out = append(out, h)
			}
		}
	}
	for _, a := range alarms {
		if a.Code == atHome {
			add(t.Gate.CardFor(a).Hotlines, 2)
		}
	}
	for _, n := range []int{1, maxHotlines} {
		for _, a := range alarms {
			add(t.Gate.CardFor(a).Hotlines, n)
		}
	}
	return out
}

// cardText puts the numbers first, then what to do; a line of law ends with its articles.
func (t *turn) cardText(c rules.Card, numbers []rules.Hotline) string {
	return t.numbers(numbers) + t.lines(c.Lines)
}

// numbers writes each number with its name on a line of its own.
func (t *turn) numbers(all []rules.Hotline) string {
	var b strings.Builder
	for _, h := range all {
		b.WriteString(h.Number + " " + h.Name + "\n")
	}
	return b.String()
}

func (t *turn) lines(ls []rules.Line) string {
	var parts []string
	for _, l := range ls {
		s := l.Zh
		if cites := t.cites(l.Src); cites != "" {
			s += "（" + cites + "）"
		}
		if mn := mongolian(t.conv.Lang, l.Mn); mn != "" {
			s = mn + "\n" + s
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "\n")
}

// cites writes the articles a line of law rests on. What is not in the register is not written.
func (t *turn) cites(keys []string) string {
	var out []string
	for _, k := range keys {
		if c, err := t.Finder.Library.Cite(k); err == nil {
			out = append(out, c)
		}
	}
	return strings.Join(out, "、")
}

// mongolian is the string for a reader of lang, when its confidence allows showing it.
func mongolian(lang string, m caselib.Mongolian) string {
	good := func(c caselib.Confidence) bool { return c == "high" || c == "medium" }
	switch {
	case lang == prompts.Cyrillic && good(m.CyrlConf):
		return m.Cyrl
	case lang == prompts.Vertical && good(m.MongConf):
		return m.Mong
	}
	return ""
}

// cardButtons offers the card's answers. The id names code and view, so that an old button still means what it said.
func (t *turn) cardButtons(c rules.Card, a rules.Alarm) []intake.Button {
	var out []intake.Button
	for _, b := range c.Buttons {
		out = append(out, intake.Button{ID: "card:" + c.Code + ":" + a.View + ":" + b.ID, Label: b.Zh, LabelMn: mongolian(t.conv.Lang, b.Mn)})
	}
	if !c.Human || len(c.Buttons) == 0 {
		out = append(out, button("go:human", "button.human"))
	}
	return out
}

// cardButton takes an answer to a card: pressed, typed as its number, or written in its words.
func (t *turn) cardButton() (bool, error) {
	id := t.msg.Button
	if id == "" {
		id = t.numbered()
	}
	if id == "" {
		id = t.offeredCard()
	}
	parts := strings.Split(id, ":")
	if len(parts) != 4 || parts[0] != "card" {
		return false, nil
	}
	alarm := rules.Alarm{Code: parts[1], View: parts[2]}
	card := t.Gate.CardFor(alarm)
	i := slices.IndexFunc(card.Buttons, func(b rules.CardButton) bool { return b.ID == parts[3] })
	if i < 0 {
		return false, nil
	}
	b := card.Buttons[i]
	body := t.lines(b.Then)
	if b.Human && !t.public() {
		alarm.Level = card.Level
		nobody, err := t.callDuty(alarm, card.Flags)
		if err != nil {
			return true, err
		}
		if nobody {
			body += "\n" + t.Gate.NoStaff().Zh
		}
	}
	if body == "" {
		body = t.cardText(card, card.Hotlines)
	}
	t.reply("urgent", body, t.afterCard(card, b))
	t.audit("urgent_answer", "conversation:"+shortHash(t.conv.Address.String()), card.Code+":"+b.ID)
	return true, nil
}

// offeredCard finds the card's answer that was typed in words ("安全", "不方便说").
func (t *turn) offeredCard() string {
	u := utterance(t.text)
	if u == "" {
		return ""
	}
	for _, id := range t.conv.Offered {
		parts := strings.Split(id, ":")
		if len(parts) != 4 || parts[0] != "card" {
			continue
		}
		card := t.Gate.CardFor(rules.Alarm{Code: parts[1], View: parts[2]})
		for _, b := range card.Buttons {
			if b.ID == parts[3] && (utterance(b.Zh) == u || utterance(b.Mn.Cyrl) == u || b.Mn.Mong != "" && utterance(b.Mn.Mong) == u) {
				return id
			}
		}
	}
	return ""
}

// afterCard offers what may follow an answer: never mediation while the card forbids it.
func (t *turn) afterCard(c rules.Card, b rules.CardButton) []intake.Button {
	out := []intake.Button{button("go:human", "button.human")}
	if b.Calm {
		out = append([]intake.Button{button("go:legalaid", "button.legal_aid")}, out...)
		if t.conv.Session != nil && t.conv.Paused && !c.NoMediation {
			out = append(out, button("go:resume", "button.resume"))
		}
	}
	return out
}

// callDuty puts an urgent file before the duty officers and hands them the conversation. It holds what a person needs
// in order to answer, and no story: the words of an alarm stay out of ordinary files. nobody is true while no member
// of staff has taken it.
func (t *turn) callDuty(a rules.Alarm, flags []string) (nobody bool, err error) {
	flags = append([]string{"urgent"}, flags...)
	slices.Sort(flags)
	m, err := t.humanMatter("urgent", slices.Compact(flags))
	if err != nil {
		return true, err
	}
	t.d.Entries = append(t.d.Entries, Entry{
		ID: t.NewID(), Matter: m.ID, Party: t.conv.Address, From: "citizen", Text: t.text, Attachments: t.msg.Attachments, At: t.now,
	})
	if a.Level <= 1 {
		t.conv.Mode = ModeHuman
	}
	return m.Assignee == "", nil
}
