package channeltest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"heshi/bot"
	"heshi/intake"
)

// sends is the part of the contract about replies.
func sends(sub func(string, func(*testing.T, *Harness))) {
	sub("sends text and buttons", func(t *testing.T, h *Harness) {
		d := send(t, h, reply(h, "r1", "您好！ᠰᠠᠢᠨ ᠪᠠᠢᠨ\u180eᠠ ᠤᠤ <b>&amp;", "yes", "no"))
		if d.Kind != bot.Sent {
			t.Fatalf("delivery %+v", d)
		}
		parts := h.Sent(t)
		if len(parts) != 1 || !strings.Contains(parts[0].Text, "您好！ᠰᠠᠢᠨ ᠪᠠᠢᠨ\u180eᠠ ᠤᠤ <b>&amp;") {
			t.Fatalf("arrived: %q", parts)
		}
		if got := fmt.Sprint(parts[0].Buttons); got != "[yes no]" {
			t.Errorf("buttons %s", got)
		}
	})
	sub("cuts a long reply", longReply)
	sub("many buttons arrive", func(t *testing.T, h *Harness) {
		ids := make([]string, 12)
		for i := range ids {
			ids[i] = fmt.Sprintf("choice_%02d", i)
		}
		if d := send(t, h, reply(h, "r1", "是哪一类？", ids...)); d.Kind != bot.Sent {
			t.Fatalf("delivery %+v", d)
		}
		var got []string
		for _, p := range h.Sent(t) {
			got = append(got, p.Buttons...)
		}
		if fmt.Sprint(got) != fmt.Sprint(ids) {
			t.Errorf("buttons %v", got)
		}
	})
	for f, want := range faultKinds {
		sub("misbehaving platform: "+string(f), func(t *testing.T, h *Harness) {
			if len(h.Faults) == 0 {
				if h.Misbehave != nil || h.Limit != 0 {
					t.Fatal("a channel with a platform behind it must name the faults it can have")
				}
				if d := send(t, h, reply(h, "r1", said)); d.Kind != bot.Sent {
					t.Errorf("delivery %+v", d)
				}
				return
			}
			fault(t, h, f, want)
		})
	}
	sub("an address of another channel is refused", func(t *testing.T, h *Harness) {
		r := reply(h, "r1", said)
		r.To = bot.Address{Channel: "elsewhere", User: "1"}
		if d := send(t, h, r); d.Kind != bot.Failed {
			t.Errorf("delivery %+v, want failed", d)
		}
		if parts := h.Sent(t); len(parts) != 0 {
			t.Errorf("it went out: %q", parts)
		}
	})
}

func longReply(t *testing.T, h *Harness) {
	line := "第%d句说的是欠薪可以向劳动监察部门投诉，也可以申请仲裁。"
	var b strings.Builder
	for i := range 400 {
		fmt.Fprintf(&b, line, i)
		if i%7 == 0 {
			b.WriteByte('\n')
		}
	}
	text := b.String()
	if d := send(t, h, reply(h, "r1", text, "yes", "no")); d.Kind != bot.Sent {
		t.Fatalf("delivery %+v", d)
	}
	parts := h.Sent(t)
	if h.Limit > 0 && len(parts) < h.Size(text)/h.Limit {
		t.Fatalf("%d parts", len(parts))
	}
	all := ""
	for i, p := range parts {
		if h.Limit > 0 && h.Size(p.Text) > h.Limit {
			t.Errorf("part %d measures %d, limit %d", i, h.Size(p.Text), h.Limit)
		}
		last := i == len(parts)-1
		if (len(p.Buttons) > 0) != last {
			t.Errorf("part %d of %d has buttons %v", i+1, len(parts), p.Buttons)
		}
		if trimmed := strings.TrimSpace(p.Text); !last && !strings.HasSuffix(trimmed, "。") {
			t.Errorf("part %d is cut inside a sentence: …%s", i+1, tail(trimmed))
		}
		all += p.Text
	}
	for i := range 400 {
		if !strings.Contains(all, fmt.Sprintf(line, i)) {
			t.Fatalf("sentence %d is lost or cut", i)
		}
	}
}

func fault(t *testing.T, h *Harness, f Fault, want bot.DeliveryKind) {
	can := false
	for _, x := range h.Faults {
		can = can || x == f
	}
	if !can {
		return // this platform cannot do that
	}
	r := reply(h, "r1", said+phone)
	h.Misbehave(f, 0)
	d := send(t, h, r)
	if d.Kind != want {
		t.Fatalf("delivery %+v, want %s", d, want)
	}
	if d.Code == "" || strings.Contains(d.Code, said) {
		t.Errorf("code %q must say what happened and quote nothing", d.Code)
	}
	if (d.Kind == bot.Retry) != (d.RetryAfter > 0) {
		t.Errorf("retry after %v", d.RetryAfter)
	}
	if f == RateLimited && d.RetryAfter < 7*time.Second {
		t.Errorf("the platform asked for 7 s, got %v", d.RetryAfter)
	}
	if want != bot.Retry {
		return
	}
	if d := send(t, h, r); d.Kind != bot.Sent {
		t.Errorf("trying again: %+v", d)
	}
	// A reply of several parts goes on where it stopped.
	before := len(h.Sent(t))
	const once = "这一句不会发两遍。"
	sentences := 3 * h.Limit / h.Size(once)
	long := reply(h, "r2", strings.Repeat(once, sentences), "yes")
	h.Misbehave(f, 1)
	if d := send(t, h, long); d.Kind != bot.Retry {
		t.Fatalf("second part: %+v", d)
	}
	if d := send(t, h, long); d.Kind != bot.Sent {
		t.Fatalf("going on: %+v", d)
	}
	got := ""
	for _, p := range h.Sent(t)[before:] {
		got += p.Text
	}
	if n := strings.Count(got, once); n != sentences {
		t.Errorf("%d sentences arrived, want %d", n, sentences)
	}
}

func reply(h *Harness, id, text string, buttons ...string) bot.Reply {
	r := bot.Reply{ID: id, To: h.Citizen, Text: text, Kind: "answer", Made: time.Now()}
	for _, b := range buttons {
		r.Buttons = append(r.Buttons, intake.Button{ID: b, Label: "选 " + b, LabelMn: "Тийм"})
	}
	return r
}

func send(t *testing.T, h *Harness, r bot.Reply) bot.Delivery {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Second)
	defer stop()
	if h.Queue != nil {
		h.Queue(r)
	}
	start := time.Now()
	d := h.Channel.Send(ctx, r)
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("Send took %v", took)
	}
	return d
}

func tail(s string) string {
	r := []rune(s)
	return string(r[max(0, len(r)-12):])
}
