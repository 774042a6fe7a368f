package app

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"heshi/bot/channel/channeltest"
)

// What is not authentic or not of the platform's form gets a clear status and changes nothing.
func TestBadInputChangesNothing(t *testing.T) {
	s := startService(t)
	good := channeltest.TelegramUpdate(channeltest.Item{N: 1, Kind: channeltest.Text, Text: "你好"}, 7001)
	for name, try := range map[string]struct {
		do   func() int
		want int
	}{
		"telegram: wrong secret":   {func() int { return s.telegram(good, "guess") }, http.StatusForbidden},
		"telegram: 5 MB":           {func() int { return s.telegram(`{"x":"`+strings.Repeat("a", 5<<20)+`"}`, "hook-secret") }, http.StatusRequestEntityTooLarge},
		"telegram: malformed JSON": {func() int { return s.telegram(`{"update_id":`, "hook-secret") }, http.StatusBadRequest},
		"wechat: wrong signature": {func() int {
			q, body := s.wx.Seal([]byte(s.wx.WeChatMessage(channeltest.Item{N: 9, Kind: channeltest.Text, Text: "你好"}, "oX")), time.Now())
			q.Set("msg_signature", strings.Repeat("0", 40))
			return s.wx.PostRaw(t, s.base+"/wechat", q, body).Status
		}, http.StatusForbidden},
		"wechat: plaintext although a key is set": {func() int {
			q, body := s.wx.Plain([]byte(s.wx.WeChatMessage(channeltest.Item{N: 9, Kind: channeltest.Text, Text: "你好"}, "oX")), time.Now())
			return s.wx.PostRaw(t, s.base+"/wechat", q, body).Status
		}, http.StatusForbidden},
		"wechat: ten minutes old": {func() int {
			q, body := s.wx.Seal([]byte(s.wx.WeChatMessage(channeltest.Item{N: 9, Kind: channeltest.Text, Text: "你好"}, "oX")), time.Now().Add(-10*time.Minute))
			return s.wx.PostRaw(t, s.base+"/wechat", q, body).Status
		}, http.StatusForbidden},
		"wechat: 5 MB": {func() int {
			q, _ := s.wx.Seal([]byte("<xml></xml>"), time.Now())
			return s.wx.PostRaw(t, s.base+"/wechat", q, []byte("<xml>"+strings.Repeat("a", 5<<20)+"</xml>")).Status
		}, http.StatusRequestEntityTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			if got := try.do(); got != try.want {
				t.Errorf("status %d, want %d", got, try.want)
			}
		})
	}
	if n, err := s.Store.Pending(t.Context()); err != nil || n != 0 {
		t.Errorf("%d messages were accepted, %v", n, err)
	}
	if len(s.tg.Sent())+len(s.wx.Sent()) != 0 {
		t.Error("something was answered")
	}
}

// Odd but authentic messages get a clear answer, and the next ordinary one works.
func TestOddMessagesAreAnswered(t *testing.T) {
	s := startService(t)
	c := s.telegramCitizen(8001)
	for _, odd := range []string{strings.Repeat("欠薪", 50000), "\x00\x01", strings.Repeat("哈", 3000), "edit:nothing", "🙏🙏🙏", "​"} {
		if got := c.say(odd); len(got) == 0 {
			t.Errorf("no answer to %.20q (%d bytes)", odd, len(odd))
		}
	}
	if got := strings.Join(c.say("老板欠我8000块工资不给"), "\n"); !strings.Contains(got, "示范案例") {
		t.Errorf("afterwards an ordinary question gets %q", got)
	}
}
