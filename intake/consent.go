package intake

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// consentItem is one consent to be asked: what kind, which message says it.
type consentItem struct{ kind, key string }

// needed is the consents this file needs, in the order they are read (个人信息保护法 13, 23, 29, 31). The transfer
// names its office; without an office there is nobody to name, and it is not asked.
func (t *turn) needed() []consentItem {
	out := []consentItem{{"basic", "intake.consent.basic"}}
	if t.sensitive("S2") {
		out = append(out, consentItem{"sensitive", "intake.consent.sensitive"})
	}
	if slices.Contains(t.s.Flags, "under14") {
		out = append(out, consentItem{"guardian", "intake.consent.guardian"})
	}
	for _, f := range t.fields {
		if f.Type == "consent_separate" && f.form.Code == "F3A" && t.visible(f) {
			out = append(out, consentItem{"check", "intake.consent.check"})
		}
	}
	if _, _, ok := t.office(); ok {
		out = append(out, consentItem{"transfer", "intake.consent.transfer"})
	}
	return out
}

func (t *turn) office() (Office, string, bool) { return Route(t.b.draft(t.s), t.in.Offices) }

// decided is the standing answer to a consent: the last one, and for a transfer to the office now meant.
func (t *turn) decided(kind string) (given, ok bool) {
	office := ""
	if kind == "transfer" {
		o, _, _ := t.office()
		office = o.ID
	}
	for i := len(t.s.Consents) - 1; i >= 0; i-- {
		if c := t.s.Consents[i]; c.Kind == kind && c.Office == office {
			return c.Given, true
		}
	}
	return false, false
}

// open is the consents still to be answered.
func (t *turn) open() []consentItem {
	return slices.DeleteFunc(t.needed(), func(c consentItem) bool { _, ok := t.decided(c.kind); return ok })
}

// consents asks what is still open, each on a line of its own, with the notices of rights before the first.
func (t *turn) consents() {
	if t.s.Stage != Consent && t.s.Stage != Declined {
		t.say("notice", "intake.notice."+string(t.b.flows[t.s.Form].Kind))
	}
	t.s.Stage, t.s.Asking = Consent, ""
	open := t.open()
	if given, asked := t.decided("basic"); len(open) == 0 || asked && !given { // without the first there is nothing to ask the others for
		t.finish()
		return
	}
	o, why, _ := t.office()
	t.say("consent", "intake.consent.head")
	var buttons []Button
	if len(open) > 1 {
		buttons = append(buttons, Button{ID: "consent:all:yes", Key: "intake.agree_all"})
	}
	needed := t.needed()
	for _, c := range open {
		i := slices.Index(needed, c) // a consent keeps its number while others are answered
		t.say("consent", c.key, "n", ordinals[i], "office", o.Name, "why", why)
		yes, no := Button{ID: "consent:" + c.kind + ":yes", Key: "intake.agree"}, Button{ID: "consent:" + c.kind + ":no", Key: "intake.refuse"}
		if len(open) > 1 {
			yes.Key, yes.Label = "", "同意第"+ordinals[i]+"条"
			no.Key, no.Label = "", "不同意第"+ordinals[i]+"条"
		}
		buttons = append(buttons, yes, no)
	}
	t.offer(buttons...)
}

func (t *turn) consented(rest string) {
	kind, yes, _ := strings.Cut(rest, ":")
	switch kind {
	case "grant": // what was refused and stands in the way is agreed to after all
		for _, c := range t.needed() {
			if given, asked := t.decided(c.kind); asked && !given && c.kind != "sensitive" && c.kind != "check" {
				t.consent(c, true)
			}
		}
	case "reopen":
		t.s.Consents = slices.DeleteFunc(t.s.Consents, func(c ConsentGiven) bool { return !c.Given })
	case "all":
		open := t.open()
		for _, c := range open {
			if c.kind != "guardian" || len(open) == 1 { // a guardian's word is given by itself
				t.consent(c, true)
			}
		}
	default:
		for _, c := range t.open() {
			if c.kind == kind {
				t.consent(c, yes == "yes")
			}
		}
	}
	t.consents()
}

func (t *turn) consent(c consentItem, given bool) {
	g := ConsentGiven{Kind: c.kind, Given: given, Key: c.key, Version: t.s.Version, Lang: t.s.Lang, At: t.in.Now}
	if c.kind == "transfer" {
		o, _, _ := t.office()
		g.Office = o.ID
	}
	t.s.Consents = append(t.s.Consents, g)
}

// hearConsent reads 同意, 不同意, 都同意, and for several at once "1同意 2不同意" or "不同意第二条".
func (t *turn) hearConsent(text string) {
	w := t.b.words
	if t.s.Stage == Declined {
		if says(w.Agree, text) || says(w.AgreeAll, text) || says(w.Yes, text) || fold(text) == "1" {
			t.consented("grant")
			return
		}
		t.again()
		return
	}
	open := t.open()
	switch {
	case says(w.Agree, text) || says(w.AgreeAll, text) || (len(open) == 1 && says(w.Yes, text)):
		t.consented("all:yes")
		return
	case says(w.Refuse, text) || says(w.No, text):
		if len(open) == 1 {
			t.consented(open[0].kind + ":no")
			return
		}
		t.say("error", "intake.consent.which")
		t.consents()
		return
	}
	if n := atoi(fold(text)); n >= 1 && n <= len(t.s.Offered) {
		t.press(t.s.Offered[n-1])
		return
	}
	needed := t.needed()
	verdicts, rest := numberedConsents(text, len(needed)), otherConsents.FindStringSubmatch(fold(text))
	if len(verdicts) > 0 || rest != nil {
		for i, c := range needed {
			given, named := verdicts[i+1]
			switch {
			case named:
				t.consent(c, given)
			case rest != nil && c.kind != "guardian" && slices.Contains(open, c): // a guardian's word is given by itself
				t.consent(c, rest[1]+rest[2] == "同意")
			}
		}
		t.consents()
		return
	}
	if t.correct(text) {
		return
	}
	t.say("error", "intake.bad.consent")
	t.consents()
}

// ordinals number the consents: a plain figure is the number of a button, and nobody shall agree by mistake.
var ordinals = [...]string{"一", "二", "三", "四", "五"}

var (
	numberFirst  = regexp.MustCompile(`(\d)[、.：:\s]*(不?同意)`)
	verdictFirst = regexp.MustCompile(`(不?同意)\s*(\d)`)
	// otherConsents is the verdict on all that was not numbered: "其他同意", "同意其余的".
	otherConsents = regexp.MustCompile(`(?:其他|其它|其余|剩下|别的)的?几?条?(?:我?[都全也])*(不?同意)|(不?同意)(?:其他|其它|其余|剩下|别的)`)
)

// numberedConsents reads verdicts by number: "1同意，2不同意", "不同意第二条".
func numberedConsents(text string, n int) map[int]bool {
	text = strings.NewReplacer("第", "", "条", "").Replace(fold(text))
	for i, d := range ordinals {
		text = strings.ReplaceAll(text, d, strconv.Itoa(i+1))
	}
	shape, number, verdict := numberFirst, 1, 2
	if strings.HasPrefix(text, "同意") || strings.HasPrefix(text, "不同意") {
		shape, number, verdict = verdictFirst, 2, 1
	}
	out := map[int]bool{}
	for _, m := range shape.FindAllStringSubmatch(text, -1) {
		if i := atoi(m[number]); i >= 1 && i <= n {
			out[i] = m[verdict] == "同意"
		}
	}
	return out
}

// finish ends the session when every consent has been answered. Without the basic one nothing may be processed,
// without the guardian's nothing of a child under fourteen, and without the transfer the office cannot be given
// the file; refusing the sensitive data only leaves them out.
func (t *turn) finish() {
	for _, kind := range []string{"basic", "guardian", "transfer"} {
		if given, asked := t.decided(kind); asked && !given {
			t.s.Stage = Declined
			t.say("consent", "intake.declined."+kind)
			t.offer(Button{ID: "consent:reopen", Key: "intake.reopen"}, Button{ID: "nav:back", Key: "intake.back"})
			return
		}
	}
	given, asked := t.decided("sensitive")
	if asked && !given {
		t.s.Flags = appendNew(t.s.Flags, "no_sensitive")
		t.say("ack", "intake.no_sensitive")
	} else {
		t.s.Flags = slices.DeleteFunc(t.s.Flags, func(f string) bool { return f == "no_sensitive" })
	}
	for _, f := range t.fields {
		if f.From == FromNotice && t.visible(f) {
			t.s.Answers[f.ID] = Answer{Value: t.noticed(f), Source: Notice, At: t.in.Now}
		}
	}
	o, _, ok := t.office()
	t.s.Stage, t.done = Submitted, true
	if ok {
		t.s.Office = o.ID
		t.say("done", "intake.done", "office", o.Name)
	} else {
		t.say("done", "intake.done_no_office")
	}
	t.offer()
}

// noticed is what is kept of a field shown with the consents: the day for a date, the verdict for a consent.
func (t *turn) noticed(f *Field) string {
	kinds := map[string]string{"consent_basic": "basic", "consent_sensitive": "sensitive", "consent_transfer": "transfer",
		"consent_guardian": "guardian", "ec_check": "check"}
	switch {
	case f.Type == "date":
		return t.in.Now.Format("2006-01-02")
	case kinds[f.ID] != "":
		if given, _ := t.decided(kinds[f.ID]); given {
			return "yes"
		}
		return "no"
	}
	return "shown"
}
