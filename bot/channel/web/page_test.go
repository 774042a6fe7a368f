package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestLanguages(t *testing.T) {
	b := newRig(t, nil, nil).browser()
	if code, _, _ := b.get("/chat?lang=mn-Mong"); code != http.StatusSeeOther {
		t.Errorf("status %d", code)
	}
	_, page, _ := b.get("/chat")
	if !strings.Contains(page, `<div class="b" lang="mn-Mong">`) || !strings.Contains(page, "您好") {
		t.Error("Mongolian above Chinese is missing")
	}
	b.get("/chat?lang=<script>")
	if _, page, _ = b.get("/chat"); strings.Contains(page, "ᠶᠠᠭᠤ") {
		t.Error("an unknown language is Chinese")
	}
}

func TestJSON(t *testing.T) {
	b := newRig(t, nil, nil).browser()
	code, body, _ := b.post("/chat/say", url.Values{"csrf": {b.csrf()}, "id": {"1"}}, "Accept", "application/json")
	var answer struct{ Error string }
	if err := json.Unmarshal([]byte(body), &answer); err != nil || code != 400 || answer.Error == "" {
		t.Errorf("%d %q %v", code, body, err)
	}
}
