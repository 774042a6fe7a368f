package desk

import (
	"bufio"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestLive: the stream says "changed" when the thread grows, at once when it grew before it was asked, and nothing else.
func TestLive(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	w.matter("m1", "xl", citizen, nil)
	b := w.signIn("wang")
	liveURL := regexp.MustCompile(`data-live="([^"]+)"`)
	for _, path := range []string{"/desk/m/m1", "/desk"} {
		_, page := b.get(path)
		m := liveURL.FindStringSubmatch(page)
		if m == nil {
			t.Fatalf("%s has no stream", path)
		}
		res, err := b.http.Get(w.srv.URL + m[1])
		w.must(err)
		if res.Header.Get("Content-Type") != "text/event-stream" {
			t.Fatalf("content type %s", res.Header.Get("Content-Type"))
		}
		lines := make(chan string, 16)
		go func() {
			defer close(lines)
			for s := bufio.NewScanner(res.Body); s.Scan(); {
				lines <- s.Text()
			}
		}()
		next := func() string {
			for {
				select {
				case l, ok := <-lines:
					if !ok {
						return "closed"
					}
					if strings.HasPrefix(l, "event:") || strings.HasPrefix(l, ":") {
						return l
					}
				case <-time.After(5 * time.Second):
					return "nothing"
				}
			}
		}
		if got := next(); got != ": still here" {
			t.Errorf("%s: an unchanged page hears %q", path, got)
		}
		b.post("/desk/m/m1/note", "text", "电话没人接")
		if got := next(); got != "event: changed" {
			t.Errorf("%s: after a note %q", path, got)
		}
		w.must(res.Body.Close())
	}
	// What changed between the page and its stream is not missed.
	_, page := b.get("/desk/m/m1")
	b.post("/desk/m/m1/note", "text", "又打了一次")
	res, err := b.http.Get(w.srv.URL + liveURL.FindStringSubmatch(page)[1])
	w.must(err)
	got := make([]byte, 64)
	for n := 0; !strings.Contains(string(got), "changed") && n < len(got); {
		k, err := res.Body.Read(got[n:])
		n += k
		if err != nil {
			t.Fatalf("the stream ended with %q: %v", got, err)
		}
	}
	w.desk.Close()
	if _, err := res.Body.Read(make([]byte, 64)); err == nil {
		t.Error("the stream outlives the desk")
	}
	w.must(res.Body.Close())
}
