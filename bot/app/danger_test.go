package app

import (
	"fmt"
	"strings"
	"testing"

	"heshi/bot"
	"heshi/intake"
)

// What somebody being hurt writes, in each script people here use.
var violence = map[string]string{
	"zh":      "他又喝酒打我了，正在砸门",
	"zh-Hant": "他又動手打我了，掐我脖子",
	"mn-Cyrl": "Нөхөр намайг зодоод байна",
	"mn-Mong": "ᠡᠷ᠎ᠡ ᠮᠢᠨᠢ ᠨᠠᠮᠠᠶᠢ ᠵᠣᠳᠤᠵᠤ ᠪᠠᠢᠨ᠎ᠠ",
}

// checkDanger asks the engine what it would answer at this point of the conversation; the conversation itself goes on.
func (k *talk) checkDanger(where string) {
	k.t.Helper()
	conv, err := k.chat.Store.Conversation(k.t.Context(), k.from)
	if err != nil {
		k.t.Fatal(err)
	}
	for script, words := range violence {
		d, err := k.chat.Engine.Turn(k.t.Context(), conv, bot.Message{Key: "danger", From: k.from, Text: words, At: k.now})
		if err != nil {
			k.t.Fatalf("%s, %s: %v", where, script, err)
		}
		if len(d.Replies) == 0 {
			k.t.Errorf("%s, %s: no answer", where, script)
			continue
		}
		text := d.Replies[0].Text
		first, second := strings.Index(text, "110"), strings.Index(text, "12338")
		if first < 0 || second < first || second > 40 || d.Replies[0].Kind != "urgent" {
			k.t.Errorf("%s, %s: 110 and 12338 do not come first:\n%s", where, script, text)
		}
		for _, r := range d.Replies {
			for _, b := range r.Buttons {
				if b.ID == "go:mediation" {
					k.t.Errorf("%s, %s: mediation is offered", where, script)
				}
			}
			if strings.Contains(r.Text, "申请调解") {
				k.t.Errorf("%s, %s: mediation is spoken of:\n%s", where, script, r.Text)
			}
		}
		if d.Conversation.Mode == bot.ModeIntake || d.Conversation.Session != nil && !d.Conversation.Paused {
			k.t.Errorf("%s, %s: the form goes on", where, script)
		}
		if !d.Conversation.SafetyHold || len(d.Conversation.Urgent) == 0 {
			k.t.Errorf("%s, %s: nothing is held: %+v", where, script, d.Conversation.State())
		}
	}
}

// At every point of every form, whatever is being asked, danger comes first: 110 and 12338, the form stops, and nobody
// is offered mediation.
func TestDangerAtEveryPointOfEveryForm(t *testing.T) {
	points := 0
	for _, ty := range think(t).Library.Taxonomy.Types {
		for _, form := range []string{intake.Mediation, intake.LegalAid} {
			if len(ty.Subtypes) == 0 {
				continue
			}
			k := newTalk(t)
			k.say(ty.Subtypes[0].Name + "，" + strings.Join(ty.Subtypes[0].Lay, "，"))
			conv, err := k.chat.Store.Conversation(t.Context(), k.from)
			if err != nil || conv.Mode == bot.ModeHuman {
				continue // the wording of the type is itself an alarm
			}
			k.checkDanger(ty.Code + " before any form")
			k.say(map[string]string{intake.Mediation: "申请调解", intake.LegalAid: "申请法律援助"}[form])
			for range 40 {
				conv, err := k.chat.Store.Conversation(t.Context(), k.from)
				if err != nil {
					t.Fatal(err)
				}
				if conv.Session == nil || conv.Mode != bot.ModeIntake {
					break
				}
				points++
				k.checkDanger(fmt.Sprintf("%s %s at %s %s", ty.Code, form, conv.Session.Stage, conv.Session.Asking))
				switch conv.Session.Stage {
				case intake.Confirm:
					k.say("对")
				case intake.Review:
					k.say("提交")
				case intake.Consent:
					k.say("都同意")
				default:
					k.say("不知道")
				}
				if t.Failed() {
					return
				}
			}
		}
	}
	k := newTalk(t)
	k.say("人工")
	k.checkDanger("while a person is on the other side")
	if points < 150 {
		t.Errorf("only %d points of forms were reached", points)
	}
	t.Logf("%d points of forms, %d ways of saying it", points, len(violence))
}
