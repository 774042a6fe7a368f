package bot

import (
	"crypto/sha256"
	"encoding/hex"

	"heshi/intake"
	"heshi/prompts"
)

// universal does what a universal word asks, whatever else is going on. done is false when cmd is none of its business.
func (t *turn) universal(cmd string) (done bool, err error) {
	switch cmd {
	case "human":
		return true, t.askHuman()
	case "mediation", "legal_aid":
		if t.tellsBeside() {
			if t.inForm() {
				return false, nil // it answers the question on the table
			}
			t.remember(t.Types.Types(t.text))
		}
		if cmd == "mediation" {
			return true, t.startMediation()
		}
		return true, t.start(intake.LegalAid)
	case "lawyer":
		if t.inForm() {
			t.say("notice", "help.lawyer", nil, nil)
			return true, t.askAgain()
		}
		t.say("notice", "help.lawyer", nil, t.nextSteps())
	case "cancel":
		return t.cancel()
	case "resume":
		return t.resume()
	case "thanks":
		if t.inForm() {
			return false, nil // 好的 may answer the question on the table
		}
		t.say("notice", "thanks", nil, nil)
	case "help":
		if t.inForm() {
			t.say("notice", "help.form", nil, nil)
			return true, t.askAgain()
		}
		key := "help.text"
		if t.conv.SafetyHold {
			key = "help.safety" // no word of mediation
		}
		t.say("notice", key, nil, t.nextSteps())
	case "delete":
		what, err := t.deletable()
		if err != nil {
			return true, err
		}
		t.conv.Awaiting = "delete"
		t.say("confirm", "delete.ask"+what, map[string]string{"no": t.conv.MatterNo}, yesNo())
	case "withdraw":
		if t.conv.Matter == "" {
			t.say("notice", "withdraw.nothing", nil, t.nextSteps())
			return true, nil
		}
		t.conv.Awaiting = "withdraw"
		t.say("confirm", "withdraw.ask", map[string]string{"no": t.conv.MatterNo}, yesNo())
	case "complaint":
		t.conv.Awaiting = "complaint"
		t.say("question", "complaint.ask", nil, nil)
	case "status":
		return true, t.status()
	case "term", "meaning":
		return true, t.lookUp()
	case "language":
		t.say("question", "language.ask", nil, []intake.Button{
			button("lang:zh-Hans", "button.lang_zh"), button("lang:mn-Cyrl", "button.lang_cyrl"), button("lang:mn-Mong", "button.lang_mong")})
	case "lang:zh-Hans", "lang:mn-Cyrl", "lang:mn-Mong":
		t.conv.Lang, t.conv.LangChosen = cmd[len("lang:"):], true
		if t.conv.Session != nil {
			t.conv.Session.Lang = t.conv.Lang
		}
		if t.inForm() {
			t.say("notice", "language.set", nil, nil)
			return true, t.askAgain()
		}
		t.say("notice", "language.set", nil, t.nextSteps())
	default:
		return false, nil
	}
	return true, nil
}

func yesNo() []intake.Button {
	return []intake.Button{button("yes", "button.yes"), button("no", "button.no")}
}

func (t *turn) inForm() bool {
	return t.conv.Mode == ModeIntake && t.conv.Session != nil && !t.conv.Paused
}

// askAgain repeats the question on the table after an aside, if there is one.
func (t *turn) askAgain() error {
	if !t.inForm() {
		return nil
	}
	in := t.input()
	in.Text, in.Button, in.Attachments = "", "", nil
	return t.take(t.Book.Step(*t.conv.Session, in))
}

// cancel leaves a running form without losing it. Without one there is nothing to cancel.
func (t *turn) cancel() (bool, error) {
	if !t.inForm() {
		t.say("notice", "cancel.nothing", nil, t.nextSteps())
		return true, nil
	}
	if t.conv.Session.Stage == intake.Picking || t.conv.Session.Pending != "" {
		return false, nil // it cancels the change being made, which is the form's business
	}
	in := t.input()
	in.Text, in.Button = "", "nav:pause"
	return true, t.take(t.Book.Step(*t.conv.Session, in))
}

func (t *turn) resume() (bool, error) {
	if m, ok, err := t.matter(); err != nil || ok && t.conv.Mode == ModeHuman && m.Assignee != "" && t.msg.Button == "" {
		if err != nil {
			return true, err
		}
		return true, t.toHuman() // 继续 may well be an answer to the person on the other side
	}
	if t.conv.Session == nil {
		if t.conv.Mode == ModeHuman && t.conv.Matter != "" && !t.conv.SafetyHold {
			t.conv.Mode = ModeAsk
			t.say("notice", "human.back", nil, t.nextSteps())
			return true, nil
		}
		t.say("notice", "resume.nothing", nil, t.nextSteps())
		return true, nil
	}
	if t.conv.SafetyHold && t.conv.Session.Form == intake.Mediation {
		t.say("notice", "resume.safety", nil, []intake.Button{button("go:legalaid", "button.legal_aid"), button("go:human", "button.human")})
		return true, nil
	}
	if t.inForm() {
		return true, t.askAgain()
	}
	t.conv.Paused, t.conv.Mode = false, ModeIntake
	s := *t.conv.Session
	if !s.Paused() { // put aside by an alarm, another matter or a wish for a person: the form itself knows nothing of it
		s.PausedAt = t.now
	}
	in := t.input()
	in.Text, in.Button, in.Attachments = "", "nav:resume", nil
	return true, t.take(t.Book.Step(s, in))
}

// awaited takes the answer to a yes/no question of our own about the conversation.
func (t *turn) awaited() (done bool, err error) {
	what := t.conv.Awaiting
	if what == "" {
		return false, nil
	}
	if what == "complaint" {
		if t.command() == "cancel" { // it cancels the complaint, and nothing else
			t.conv.Awaiting = ""
			t.say("notice", "kept", nil, nil)
			return true, t.askAgain()
		}
		if t.command() != "" || t.text == "" {
			t.conv.Awaiting = ""
			return false, nil
		}
		return true, t.complain()
	}
	if done, err := t.switched(what); done || err != nil {
		return done, err
	}
	yes, no := t.yesNo()
	t.conv.Awaiting = ""
	switch {
	case no:
		t.say("notice", "kept", nil, nil)
		return true, t.askAgain()
	case yes && what == "delete":
		return true, t.deleteAll()
	case yes && what == "withdraw":
		return true, t.withdraw()
	}
	return false, nil // anything else is not an answer: the question lapses, nothing was changed
}

func (t *turn) yesNo() (yes, no bool) {
	b := t.msg.Button
	if b == "" {
		b = t.numbered()
	}
	switch b {
	case "yes":
		return true, false
	case "no":
		return false, true
	}
	switch utterance(t.text) {
	case "是", "是的", "对", "确定", "确认", "好", "同意", "yes", "y", "тийм", "删除", "撤回":
		return true, false
	case "否", "不", "不是", "不要", "算了", "取消", "no", "n", "үгүй":
		return false, true
	}
	return false, false
}

// deleteAll erases everything the law does not keep: messages, drafts, photos. A submitted file belongs to the office
// that took it, which must keep its records (人民调解法 27); the receipt says so.
func (t *turn) deleteAll() error {
	what, err := t.deletable()
	if err != nil {
		return err
	}
	old := t.conv
	t.conv = NewConversation(old.Address)
	t.conv.Lang, t.conv.LangChosen, t.conv.LastSeen, t.conv.Greeted = old.Lang, old.LangChosen, t.now, true
	t.d.Erase = append(t.d.Erase, old.Address)
	receipt := "X" + shortHash(old.Address.String()+t.now.String())
	if old.Matter != "" {
		t.conv.Matter, t.conv.MatterNo, t.conv.Mode = old.Matter, old.MatterNo, old.Mode
	}
	r := t.say("receipt", "delete.done"+what, map[string]string{"receipt": receipt, "no": old.MatterNo}, nil)
	r.Resend = ResendAsk
	t.audit("erase", "conversation:"+shortHash(old.Address.String()), receipt)
	return nil
}

// deletable is the ending of the messages about deleting: what stays differs with the file that there is.
func (t *turn) deletable() (string, error) {
	m, ok, err := t.matter()
	switch {
	case err != nil || t.conv.Matter == "":
		return "", err
	case ok && isCall(m):
		return "_call", nil
	}
	return "_matter", nil
}

// withdraw takes a submitted application back. The file stays, closed; the other side is told nothing by us.
func (t *turn) withdraw() error {
	m, ok, err := t.matter()
	if err != nil {
		return err
	}
	next, moveErr := m.To(intake.Withdrawn, "citizen", t.now, "")
	if !ok || moveErr != nil {
		t.say("notice", "withdraw.too_late", map[string]string{"no": t.conv.MatterNo}, []intake.Button{button("go:human", "button.human")})
		return nil
	}
	t.d.Matters = append(t.d.Matters, next)
	t.conv.Mode, t.conv.Matter, t.conv.MatterNo, t.conv.Session = ModeAsk, "", "", nil
	t.say("receipt", "withdraw.done", map[string]string{"no": m.No}, nil)
	t.audit("withdraw", m.ID, "")
	return nil
}

// complain freezes what was said into a complaint that a person must answer.
func (t *turn) complain() error {
	t.conv.Awaiting = ""
	m, err := t.humanMatter("complaint", []string{"complaint"})
	if err != nil {
		return err
	}
	t.d.Entries = append(t.d.Entries, Entry{ID: t.NewID(), Matter: m.ID, Party: t.conv.Address, From: "citizen", Text: t.text, At: t.now})
	t.say("receipt", "complaint.done", map[string]string{"no": m.No}, nil)
	t.audit("complaint", m.ID, m.No)
	return t.askAgain()
}

func (t *turn) status() error {
	m, ok, err := t.matter()
	if err != nil {
		return err
	}
	if !ok {
		if m, ok, err = t.lastMatter(); err != nil {
			return err
		}
	}
	if !ok {
		t.say("notice", "status.nothing", nil, t.nextSteps())
		return nil
	}
	t.say("notice", "status.is", map[string]string{"no": m.No, "status": t.Say.Text(prompts.Chinese, "status."+string(m.Status), nil)}, nil)
	return nil
}

// lastMatter is the newest file of a person who has none that is open.
func (t *turn) lastMatter() (last intake.Matter, ok bool, err error) {
	all, err := t.Records.Matters(t.ctx, MatterFilter{Address: t.conv.Address})
	for _, m := range all {
		if !ok || m.Created.After(last.Created) {
			last, ok = m, true
		}
	}
	return last, ok, err
}

// shortHash names something in a record without saying what it is.
func shortHash(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:5])
}

// refused answers a request that nobody may help with (triage.md §5). One that merely asks for a promise is told that
// there is none, and is answered all the same.
func (t *turn) refused() (bool, error) {
	for _, r := range t.Refusals.Check(t.text) {
		say := r.Say
		if c := t.cites(r.Src); c != "" {
			say += "（" + c + "）"
		}
		if r.Code == "B2" {
			t.prefix += say + "\n\n"
			continue
		}
		t.audit("refused", "conversation:"+shortHash(t.conv.Address.String()), r.Code)
		if t.inForm() {
			t.reply("notice", say, nil)
			return true, t.askAgain()
		}
		t.reply("notice", say, t.nextSteps())
		return true, nil
	}
	return false, nil
}
