package web

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"heshi/bot"
	"heshi/intake"
)

type event struct {
	id   string
	HTML string `json:"html"`
	Seq  int64  `json:"seq"`
}

// listen opens a stream and gives its events.
func (b *browser) listen(ctx context.Context, query, lastID string) (<-chan event, int) {
	b.t.Helper()
	req, err := http.NewRequestWithContext(ctx, "GET", b.hub.URL+"/chat/events"+query, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	if lastID != "" {
		req.Header.Set("Last-Event-ID", lastID)
	}
	resp, err := b.http.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	out := make(chan event, 100)
	if resp.StatusCode != 200 {
		resp.Body.Close()
		return out, resp.StatusCode
	}
	go func() {
		defer resp.Body.Close()
		defer close(out)
		lines := bufio.NewScanner(resp.Body)
		var e event
		for lines.Scan() {
			switch l := lines.Text(); {
			case strings.HasPrefix(l, "id: "):
				e.id = l[4:]
			case strings.HasPrefix(l, "data: "):
				if json.Unmarshal([]byte(l[6:]), &e) != nil {
					return
				}
				out <- e
			}
		}
	}()
	return out, 200
}

func next(t *testing.T, ch <-chan event) event {
	t.Helper()
	select {
	case e := <-ch:
		return e
	case <-time.After(5 * time.Second):
		t.Fatal("no event")
		return event{}
	}
}

func TestStreamGoesOnWhereItStopped(t *testing.T) {
	r := newRig(t, nil, nil)
	b := r.browser()
	to := bot.Address{Channel: Name, User: b.user()}
	write := func(i int) {
		r.mem.Write(bot.Reply{ID: fmt.Sprint(i), To: to, Text: fmt.Sprintf("第%d句<script>", i), Made: time.Now(), Kind: "urgent",
			Buttons: []intake.Button{{ID: "y", Label: "好"}}})
		r.mem.Write(bot.Reply{ID: fmt.Sprint("other", i), To: bot.Address{Channel: Name, User: "other"}, Text: "别人的"})
	}
	for i := range 60 {
		write(i)
	}
	ctx, stop := context.WithCancel(context.Background())
	events, _ := b.listen(ctx, "?after=0", "")
	for i := range 60 {
		e := next(t, events)
		if !strings.Contains(e.HTML, fmt.Sprintf("第%d句&lt;script&gt;", i)) || !strings.Contains(e.HTML, `value="y"`) || !strings.Contains(e.HTML, csrfIn.FindStringSubmatch(e.HTML)[1]) {
			t.Fatalf("event %d: %s", i, e.HTML)
		}
	}
	write(60)
	live := next(t, events)
	if !strings.Contains(live.HTML, "第60句") {
		t.Fatalf("live: %s", live.HTML)
	}
	stop()
	write(61)
	write(62)
	ctx, stop = context.WithCancel(context.Background())
	defer stop()
	events, _ = b.listen(ctx, "?after=3", live.id) // what the browser remembers counts, not the page
	for i := 61; i <= 62; i++ {
		if e := next(t, events); !strings.Contains(e.HTML, fmt.Sprintf("第%d句", i)) {
			t.Errorf("after coming back: %s", e.HTML)
		}
	}
	// Send alone wakes the page too: a commit in another process rings nothing here.
	if d := r.ch.Send(ctx, bot.Reply{To: to}); d.Kind != bot.Sent {
		t.Errorf("%+v", d)
	}
	if _, code := r.browser().listen(ctx, "", ""); code != http.StatusForbidden {
		t.Errorf("a browser without a page: %d", code)
	}
}
