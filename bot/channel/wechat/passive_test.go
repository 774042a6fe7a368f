package wechat

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"heshi/bot"
	"heshi/bot/channel/channeltest"
	"heshi/intake"
)

func (r *rig) say(t *testing.T, n int, text string) channeltest.WeChatAnswer {
	t.Helper()
	return r.wx.Post(t, r.hook, r.wx.WeChatMessage(channeltest.Item{N: n, Kind: channeltest.Text, Text: text}, follower))
}

func (r *rig) settled(t *testing.T, id string, want bot.DeliveryKind) {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if d, ok := r.Intake.Settled(id); ok {
			if d.Kind != want {
				t.Errorf("%s settled as %+v, want %s", id, d, want)
			}
			return
		}
	}
	t.Errorf("%s was never settled", id)
}

func TestAnswersInsideTheRequest(t *testing.T) {
	r := newRig(t, nil, func(o *Options) { o.Wait = time.Second })
	r.Intake.Answer("", bot.Reply{ID: "r1", To: r.Citizen, Text: "要申请调解吗？", Buttons: []intake.Button{{ID: "yes", Label: "是"}, {ID: "no", Label: "否 <\"&"}}},
		bot.Reply{ID: "r2", To: r.Citizen, Text: "第二条"}, bot.Reply{ID: "r3", To: r.Citizen, Text: "第三条"})
	a := r.say(t, 1, "老板欠钱")
	if a.Text != "要申请调解吗？" || len(a.Options) != 2 || a.Options[0].Content != "是" || a.Options[1].Content != "否 " {
		t.Fatalf("%+v", a)
	}
	for _, id := range []string{"r1", "r2", "r3"} {
		r.settled(t, id, bot.Sent)
	}
	sent := r.wx.Sent()
	if len(sent) != 3 || sent[1].Text != "第二条" || sent[2].Text != "第三条" || sent[1].Passive {
		t.Errorf("%+v", sent)
	}
	if m := r.Intake.Messages()[0]; !m.Passive {
		t.Error("the message must say that an answer is waited for")
	}
	// The tap on a passive line brings the button.
	r.Deliver(t, channeltest.Item{N: 2, Kind: channeltest.Button, Button: "是"})
	if m := r.Intake.Messages()[1]; m.Button != "yes" || m.Text != "" {
		t.Errorf("tap: %+v", m)
	}
}

func TestSilenceIsSuccess(t *testing.T) {
	r := newRig(t, nil, nil)
	start := time.Now()
	if a := r.say(t, 1, "在吗"); !a.Success {
		t.Errorf("%+v", a)
	}
	if took := time.Since(start); took < 50*time.Millisecond || took > time.Second {
		t.Errorf("held for %v", took)
	}
}

func TestThreeTriesOneAnswer(t *testing.T) {
	r := newRig(t, nil, func(o *Options) { o.Wait = 2 * time.Second })
	var wg sync.WaitGroup
	answers := make([]channeltest.WeChatAnswer, 3)
	for i := range answers {
		wg.Go(func() { answers[i] = r.say(t, 1, "老板欠钱") })
	}
	time.Sleep(100 * time.Millisecond)
	r.Intake.Answer("", bot.Reply{ID: "r1", To: r.Citizen, Text: "答一次"})
	wg.Wait()
	late := r.say(t, 1, "老板欠钱")
	for _, a := range append(answers, late) {
		if a.Text != "答一次" {
			t.Errorf("%+v", a)
		}
	}
	if n := len(r.Intake.Messages()); n != 1 {
		t.Errorf("%d messages", n)
	}
}

func TestRetryWhileStoringFailsIsNotSuccess(t *testing.T) {
	r := newRig(t, nil, nil)
	r.Intake.Refuse(true)
	for range 2 {
		if a := r.say(t, 1, "在吗"); a.Status != 503 {
			t.Errorf("%+v", a)
		}
	}
	r.Intake.Refuse(false)
	if a := r.say(t, 1, "在吗"); !a.Success || len(r.Intake.Messages()) != 1 {
		t.Errorf("%+v", a)
	}
}

func TestLongFirstReplyGoesByCustomMessages(t *testing.T) {
	r := newRig(t, nil, func(o *Options) { o.Wait = time.Second })
	r.Intake.Answer("", bot.Reply{ID: "r1", To: r.Citizen, Text: strings.Repeat("很长的一句。", 300)}, bot.Reply{ID: "r2", To: r.Citizen, Text: "完"})
	if a := r.say(t, 1, "讲讲"); !a.Success {
		t.Errorf("%+v", a)
	}
	r.settled(t, "r2", bot.Sent)
	sent := r.wx.Sent()
	if len(sent) != 4 || sent[3].Text != "完" {
		t.Errorf("%d messages", len(sent))
	}
}

func TestRestKeepsItsOrderWhenOneWaits(t *testing.T) {
	r := newRig(t, nil, func(o *Options) { o.Wait = time.Second })
	var replies []bot.Reply
	for i := range 4 {
		replies = append(replies, bot.Reply{ID: fmt.Sprint("r", i), To: r.Citizen, Text: fmt.Sprint(i)})
	}
	r.wx.Misbehave(channeltest.ServerError, 0)
	r.Intake.Answer("", replies...)
	if a := r.say(t, 1, "讲讲"); a.Text != "0" {
		t.Errorf("%+v", a)
	}
	r.settled(t, "r0", bot.Sent)
	r.settled(t, "r1", bot.Retry)
	r.settled(t, "r2", bot.Retry)
	r.settled(t, "r3", bot.Retry)
	if n := len(r.wx.Sent()); n != 1 {
		t.Errorf("%d messages: what comes behind a waiting reply must wait too", n)
	}
}

func TestNothingCrossesToAnotherFollower(t *testing.T) {
	for _, only := range []bool{false, true} {
		r := newRig(t, nil, func(o *Options) { o.Wait, o.PassiveOnly = time.Second, only })
		r.Intake.Answer("", bot.Reply{ID: "theirs", To: bot.Address{Channel: Name, User: "oSomebodyElse"}, Text: "别人的话"},
			bot.Reply{ID: "mine", To: r.Citizen, Text: "您的话"})
		a := r.say(t, 1, "讲讲")
		r.settled(t, "theirs", bot.Retry)
		r.settled(t, "mine", bot.Sent)
		for _, s := range r.wx.Sent() {
			if s.User != follower || strings.Contains(s.Text, "别人的话") {
				t.Errorf("%+v", s)
			}
		}
		if strings.Contains(a.Text, "别人的话") {
			t.Errorf("%+v", a)
		}
	}
}

func TestPassiveOnly(t *testing.T) {
	r := newRig(t, nil, func(o *Options) { o.PassiveOnly, o.Wait = true, 400*time.Millisecond })
	// Nobody is waiting: the reply waits for the citizen's next word.
	old := bot.Reply{ID: "old", To: r.Citizen, Text: "调解员的话"}
	if d := r.ch.Send(context.Background(), old); d.Kind != bot.WindowClosed {
		t.Fatalf("%+v", d)
	}
	// The next word comes: the sender offers the old one, and the new replies follow in the same answer.
	got := make(chan bot.Delivery, 1)
	go func() {
		for r.ch.slots.of(follower) == nil {
			time.Sleep(time.Millisecond)
		}
		got <- r.ch.Send(context.Background(), old)
		r.Intake.Answer("", bot.Reply{ID: "n1", To: r.Citizen, Text: "新的话"}, bot.Reply{ID: "n2", To: r.Citizen, Text: "还有", Buttons: []intake.Button{{ID: "yes", Label: "好"}}})
	}()
	a := r.say(t, 1, "有消息吗")
	if d := <-got; d.Kind != bot.Sent {
		t.Errorf("old: %+v", d)
	}
	if a.Text != "调解员的话\n\n新的话\n\n还有" || len(a.Options) != 1 {
		t.Errorf("%+v", a)
	}
	r.settled(t, "n1", bot.Sent)
	r.settled(t, "n2", bot.Sent)
	for _, c := range r.wx.Calls() {
		t.Errorf("an account without 客服 messages called %s", c)
	}
}

func TestPassiveOnlyLongReplyComesInPieces(t *testing.T) {
	r := newRig(t, nil, func(o *Options) { o.PassiveOnly, o.Wait = true, 300*time.Millisecond })
	long := bot.Reply{ID: "long", To: r.Citizen, Text: strings.Repeat("很长的一句。", 300), Buttons: []intake.Button{{ID: "yes", Label: "好"}}}
	r.Intake.Answer("", long, bot.Reply{ID: "behind", To: r.Citizen, Text: "后面的"})
	a := r.say(t, 1, "讲讲")
	if !strings.HasSuffix(a.Text, "接着看）") {
		t.Errorf("…%q", a.Text[len(a.Text)-60:])
	}
	r.settled(t, "long", bot.WindowClosed)
	r.settled(t, "behind", bot.WindowClosed)
	all := a.Text
	for n := 2; n < 6; n++ {
		r.Intake.Answer("", long)
		a := r.say(t, n, "继续")
		all += a.Text
		if !strings.HasSuffix(a.Text, "接着看）") {
			break
		}
	}
	if n := strings.Count(all, "很长的一句。"); n != 300 {
		t.Errorf("%d sentences arrived", n)
	}
	if !strings.HasSuffix(all, "1. 好") {
		t.Error("the buttons are lost")
	}
}
