package channeltest

import (
	"bytes"
	"math"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"heshi/bot"
)

// What the suite's citizen says and is: none of it may reach a log.
const (
	said   = "我家的事不想让别人知道"
	nameMn = "苏日娜"
	phone  = "13900139000"
)

// Run holds a channel to the contract. Every subtest gets a harness of its own from fresh.
func Run(t *testing.T, fresh New) {
	sub := func(name string, f func(t *testing.T, h *Harness)) {
		t.Run(name, func(t *testing.T) {
			logs := &Logs{}
			h := fresh(t, logs.Logger())
			f(t, h)
			logs.Silent(t, append([]string{said, nameMn, phone, h.Citizen.User}, h.Secrets...)...)
		})
	}
	sub("name", func(t *testing.T, h *Harness) {
		if h.Channel.Name() == "" || h.Channel.Name() != h.Citizen.Channel {
			t.Errorf("Name %q, citizens come from %q", h.Channel.Name(), h.Citizen.Channel)
		}
	})
	sub("takes text", func(t *testing.T, h *Harness) {
		m := one(t, h, Item{N: 1, Kind: Text, Text: said})
		if m.Text != said || m.Button != "" || len(m.Attachments) != 0 {
			t.Errorf("got %+v", m)
		}
	})
	sub("takes every kind", everyKind)
	sub("takes a button", func(t *testing.T, h *Harness) {
		if h.lacks(Button) {
			t.Fatal("every channel has buttons, if only numbered ones")
		}
		send(t, h, reply(h, "r1", "要申请调解吗？", "yes", "no"))
		m := one(t, h, Item{N: 2, Kind: Button, Button: "no"})
		if m.Button != "no" {
			t.Errorf("button %q, want no", m.Button)
		}
	})
	sub("the same item three times is one message", func(t *testing.T, h *Harness) {
		for range 3 {
			if got := h.Deliver(t, Item{N: 7, Kind: Text, Text: said}); got != http.StatusOK {
				t.Fatalf("status %d", got)
			}
		}
		if h.Local {
			return // a line typed three times was said three times
		}
		if n := len(h.Intake.Messages()); n != 1 {
			t.Errorf("%d messages, want 1", n)
		}
		one(t, h, Item{N: 8, Kind: Text, Text: said})
	})
	sub("mongolian and long text arrive whole", func(t *testing.T, h *Harness) {
		long := strings.Repeat("草场边界纠纷ᠮᠣᠩᠭᠣᠯ ᠤᠨ\u202fМ", 100_000/10)
		long = string([]rune(long)[:100_000])
		if m := one(t, h, Item{N: 1, Kind: Text, Text: long}); m.Text != long {
			t.Errorf("100,000 letters became %d", len([]rune(m.Text)))
		}
	})
	sub("cleans what is no UTF-8", func(t *testing.T, h *Harness) {
		if got := h.Raw(t, h.Dirty); got != http.StatusOK {
			t.Fatalf("status %d", got)
		}
		ms := h.Intake.Messages()
		if len(ms) != 1 || !utf8.ValidString(ms[0].Text) || !strings.HasPrefix(ms[0].Text, "坏") || !strings.HasSuffix(ms[0].Text, "字") {
			t.Errorf("got %+v", ms)
		}
	})
	sub("refuses what is not of the platform's form", func(t *testing.T, h *Harness) {
		if len(h.Garbled) == 0 {
			t.Fatal("the harness names no garbled body")
		}
		for _, body := range h.Garbled {
			if got := h.Raw(t, []byte(body)); got != http.StatusBadRequest {
				t.Errorf("status %d for %.60q, want 400", got, body)
			}
		}
		nothing(t, h)
		one(t, h, Item{N: 1, Kind: Text, Text: said})
	})
	sub("refuses 5 MB", func(t *testing.T, h *Harness) {
		want := http.StatusRequestEntityTooLarge
		if got := h.Raw(t, bytes.Repeat([]byte("a"), 5<<20)); got != want {
			t.Errorf("status %d, want %d", got, want)
		}
		nothing(t, h)
		one(t, h, Item{N: 1, Kind: Text, Text: said})
	})
	sub("refuses a forged item", func(t *testing.T, h *Harness) {
		if h.Local != (h.Forge == nil) {
			t.Fatal("a channel that can be reached can be forged: the harness must try")
		}
		if h.Local {
			return
		}
		for _, k := range []Kind{Text, Button, Photo} {
			if got := h.Forge(t, Item{N: 1, Kind: k, Text: said, Button: "yes"}); got < 400 || got >= 500 {
				t.Errorf("forged %s: status %d", k, got)
			}
		}
		nothing(t, h)
	})
	sub("a full inbox is not a 200", func(t *testing.T, h *Harness) {
		h.Intake.Refuse(true)
		if got := h.Deliver(t, Item{N: 1, Kind: Text, Text: said}); got < 500 {
			t.Errorf("status %d while the inbox refuses: the platform would never send it again", got)
		}
		h.Intake.Refuse(false)
		one(t, h, Item{N: 1, Kind: Text, Text: said})
	})
	sends(sub)
}

func everyKind(t *testing.T, h *Harness) {
	for n, it := range []Item{
		{Kind: Photo, Text: said},
		{Kind: Voice, Text: said},
		{Kind: Location, Lat: 43.9436, Lon: 116.0857},
		{Kind: Contact, Name: nameMn, Phone: phone},
		{Kind: Unsupported},
	} {
		if h.lacks(it.Kind) {
			continue
		}
		it.N = n + 10
		m := one(t, h, it)
		if it.Kind == Unsupported {
			if m.Unsupported == "" || len(m.Attachments) != 0 {
				t.Errorf("an unreadable item must say so: %+v", m)
			}
			continue
		}
		if len(m.Attachments) != 1 || m.Attachments[0].Kind != string(it.Kind) || m.Unsupported != "" {
			t.Errorf("%s: got %+v", it.Kind, m)
			continue
		}
		a := m.Attachments[0]
		switch it.Kind {
		case Photo, Voice:
			if a.ID == "" && a.SHA256 == "" {
				t.Errorf("%s cannot be found again: %+v", it.Kind, a)
			}
			if !(h.Captionless && it.Kind == Photo) && !strings.Contains(m.Text+a.Caption+a.Transcript, it.Text) {
				t.Errorf("%s lost its words: %+v", it.Kind, m)
			}
		case Location:
			if math.Abs(a.Lat-it.Lat) > 1e-6 || math.Abs(a.Lon-it.Lon) > 1e-6 {
				t.Errorf("location %v,%v, want %v,%v", a.Lat, a.Lon, it.Lat, it.Lon)
			}
		case Contact:
			if a.Name != it.Name || a.Caption != it.Phone || !strings.Contains(m.Text, it.Phone) {
				t.Errorf("contact: got %+v", m)
			}
		}
	}
}

// one delivers it and gives the single message that came of it.
func one(t *testing.T, h *Harness, it Item) bot.Message {
	t.Helper()
	before := len(h.Intake.Messages())
	if got := h.Deliver(t, it); got != http.StatusOK {
		t.Fatalf("%s: status %d", it.Kind, got)
	}
	ms := h.Intake.Messages()
	if len(ms) != before+1 {
		t.Fatalf("%s: %d new messages, want 1", it.Kind, len(ms)-before)
	}
	m := ms[before]
	if m.Key == "" || m.From != h.Citizen || m.At.IsZero() {
		t.Fatalf("%s: key %q, from %v, at %v", it.Kind, m.Key, m.From == h.Citizen, m.At)
	}
	if !strings.HasPrefix(m.Key, h.Channel.Name()+":") {
		t.Errorf("key %q does not say whose it is", m.Key)
	}
	return m
}

func nothing(t *testing.T, h *Harness) {
	t.Helper()
	if ms := h.Intake.Messages(); len(ms) != 0 {
		t.Errorf("%d messages were accepted, want none: %+v", len(ms), ms[0])
	}
}
