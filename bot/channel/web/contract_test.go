package web

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"heshi/bot"
	"heshi/bot/channel/channeltest"
)

func harness(tb testing.TB, lg *slog.Logger) *channeltest.Harness {
	r := newRig(tb, lg, nil)
	b := r.browser()
	token := b.csrf()
	raw := func(tb testing.TB, body []byte) int {
		code, _, _ := b.send("/chat/say", "application/x-www-form-urlencoded", bytes.NewReader(body), "Accept", "application/json")
		return code
	}
	values := func(it channeltest.Item) map[string]string {
		v := map[string]string{"csrf": token, "id": fmt.Sprint("n", it.N), "text": it.Text}
		switch it.Kind {
		case channeltest.Button:
			v["button"] = it.Button
		case channeltest.Location:
			v["lat"], v["lon"] = fmt.Sprint(it.Lat), fmt.Sprint(it.Lon)
		}
		return v
	}
	files := func(it channeltest.Item) [][2]string {
		switch it.Kind {
		case channeltest.Photo:
			return [][2]string{{"p.png", string(pngBytes)}}
		case channeltest.Voice:
			return [][2]string{{"v.mp3", "ID3 sound"}}
		}
		return nil
	}
	cookie := ""
	u, _ := url.Parse(r.hub.URL + "/chat")
	for _, ck := range b.http.Jar.Cookies(u) {
		cookie = ck.Value
	}
	return &channeltest.Harness{
		Channel: r.ch, Intake: r.mem, Citizen: bot.Address{Channel: Name, User: b.user()},
		Deliver: func(tb testing.TB, it channeltest.Item) int {
			if len(it.Text) > 1000 { // as a form, the larger of the two encodings
				f := url.Values{}
				for k, v := range values(it) {
					f.Set(k, v)
				}
				return raw(tb, []byte(f.Encode()))
			}
			code, _ := b.upload(values(it), files(it)...)
			return code
		},
		Raw: raw,
		Garbled: []string{"csrf=" + token, "csrf=" + token + "&id=1", "csrf=" + token + "&id=1&text=+%0A", "%zz",
			"csrf=" + token + "&id=2&lat=north&lon=1", "csrf=" + token + "&id=3&lat=91&lon=1", "csrf=" + token + "&text=a", "csrf=" + token + "&id=4&lat=NaN&lon=1"},
		Dirty: []byte("csrf=" + token + "&id=d&text=%E5%9D%8F%FF%00%E5%AD%97"),
		Forge: func(tb testing.TB, it channeltest.Item) int {
			v := values(it)
			for _, wrong := range []string{"", "x", token[:len(token)-1], r.browser().csrf()} {
				v["csrf"] = wrong
				if code, _ := b.upload(v, files(it)...); code != http.StatusForbidden {
					return code
				}
			}
			f := url.Values{"csrf": {token}, "id": {"1"}, "text": {it.Text}}
			for _, header := range [][2]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
				if code, _, _ := b.post("/chat/say", f, header[0], header[1]); code != http.StatusForbidden {
					return code
				}
			}
			stranger := r.browser() // the token without the cookie
			code, _, _ := stranger.post("/chat/say", f)
			return code
		},
		Queue: r.mem.Write,
		Sent: func(tb testing.TB) []channeltest.Part {
			var out []channeltest.Part
			_, page, _ := b.get("/chat")
			for _, li := range regexp.MustCompile(`(?s)<article class="msg bot.*?</article>`).FindAllString(page, -1) {
				p := channeltest.Part{Text: textOf(li)}
				for _, m := range regexp.MustCompile(`name="button" value="([^"]+)"`).FindAllStringSubmatch(li, -1) {
					p.Buttons = append(p.Buttons, m[1])
				}
				out = append(out, p)
			}
			return out
		},
		Lacks:   []channeltest.Kind{channeltest.Contact, channeltest.Unsupported},
		Secrets: []string{token, cookie},
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

// textOf is what a person reads in html.
func textOf(html string) string {
	s := tags.ReplaceAllString(strings.ReplaceAll(html, "<br>", "\n"), "")
	return strings.TrimSpace(strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&", "&#34;", `"`, "&#39;", "'", "&#43;", "+").Replace(s))
}

func TestContract(t *testing.T) {
	channeltest.Run(t, func(tb testing.TB, lg *slog.Logger) *channeltest.Harness { return harness(tb, lg) })
}
