package app

import (
	"strings"
	"testing"

	"heshi/bot"
)

// A channel whose servers are abroad gives public information: cases, articles, telephone numbers. It takes no form,
// calls nobody, keeps nothing of what was said, and warns whoever sends something personal.
func TestPublicChannelKeepsNothing(t *testing.T) {
	k := newTalk(t)
	k.from = bot.Address{Channel: "telegram", User: "1"}
	k.say("老板欠我8000块工资不给")
	if text := k.text(); !strings.Contains(text, "请勿在此发送个人信息") || !strings.Contains(text, "示范案例") || strings.Contains(text, "(go:") {
		t.Errorf("the first answer:\n%s", text)
	}
	for _, words := range []string{"申请调解", "申请法律援助", "人工", "投诉", "我叫巴图，电话13800138000"} {
		if k.say(words); !strings.Contains(k.text(), "请勿在此发送个人信息") || k.state.Mode != bot.ModeAsk || k.state.Matter != "" {
			t.Errorf("%s: %+v\n%s", words, k.state, k.text())
		}
	}
	if k.say("他又喝酒打我了"); !strings.HasPrefix(k.text(), "[urgent] 110") || k.state.Matter != "" {
		t.Errorf("danger: %+v\n%s", k.state, k.text())
	}
	conv, err := k.chat.Store.Conversation(t.Context(), k.from)
	if err != nil || len(conv.Story) != 0 || len(conv.Attachments) != 0 || conv.Session != nil {
		t.Errorf("something was kept: %+v, %v", conv, err)
	}
}
