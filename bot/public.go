package bot

import "heshi/intake"

// public reports a channel that may only give public information: its servers are abroad, and the operator has not
// decided in writing that personal data may go there (个人信息保护法 38, 39; standards.md §6).
func (t *turn) public() bool { return t.PublicOnly[t.conv.Address.Channel] }

// openPublicly are the universal words that work without personal data.
var openPublicly = map[string]bool{"help": true, "language": true, "delete": true, "term": true, "meaning": true, "lang:zh-Hans": true, "lang:mn-Cyrl": true, "lang:mn-Mong": true}

// publicTurn answers with the law and similar cases, keeps nothing of what was said, and hands nobody over. Whoever
// sends something personal is told at once not to.
func (t *turn) publicTurn() error {
	cmd := t.command()
	if openPublicly[cmd] && !(cmd == "term" && t.personal()) {
		_, err := t.universal(cmd)
		return err
	}
	if cmd != "" || len(t.msg.Attachments) > 0 || t.msg.Button != "" || t.personal() {
		t.say("notice", "public.no_personal", nil, nil)
		return nil
	}
	return t.answer()
}

// personal finds what names or reaches a person.
func (t *turn) personal() bool {
	for _, v := range t.Values.Values(t.text, t.now) {
		switch v.Kind {
		case intake.KindPhone, intake.KindID, intake.KindPlate:
			return true
		}
	}
	return false
}
