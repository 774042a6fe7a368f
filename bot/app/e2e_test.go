package app

import (
	"context"
	"html"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"heshi/bot"
	"heshi/bot/channel/channeltest"
	"heshi/bot/channel/wechat"
	"heshi/intake"
)

// service is the whole product on a loopback port, with doubles in the places of Telegram and WeChat.
type service struct {
	*App
	t    testing.TB
	base string
	tg   *channeltest.TelegramServer
	wx   *channeltest.WeChatServer
}

func startService(t testing.TB) *service {
	t.Helper()
	s := &service{t: t, tg: channeltest.NewTelegramServer(t), wx: channeltest.NewWeChatServer(t)}
	cfg := DefaultConfig()
	cfg.Data = t.TempDir()
	cfg.TelegramToken, cfg.TelegramSecret, cfg.TelegramServer, cfg.TelegramIntake = Secret(s.tg.Token), "hook-secret", s.tg.URL(), true
	cfg.WeChatAppID, cfg.WeChatSecret, cfg.WeChatToken, cfg.WeChatAESKey = s.wx.AppID, Secret(s.wx.Secret), Secret(s.wx.Token), Secret(s.wx.AESKey)
	ctx, stop := context.WithCancel(context.Background())
	a, err := Open(ctx, slog.New(slog.DiscardHandler), cfg, Options{WeChatClient: s.wx.Client(5 * time.Second), TelegramRate: -1})
	if err != nil {
		stop()
		t.Fatal(err)
	}
	s.App = a
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.base = "http://" + l.Addr().String()
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx, l) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; err != nil && err != http.ErrServerClosed {
			t.Error("the service did not stop cleanly:", err)
		}
	})
	return s
}

// settle waits until nothing is pending and the number of messages sent has stopped changing.
func (s *service) settle(count func() int) {
	s.t.Helper()
	last, still := -1, 0
	for range 400 {
		n, err := s.Store.Pending(s.t.Context())
		if err != nil {
			s.t.Fatal(err)
		}
		if c := count(); n == 0 && c == last {
			still++
		} else {
			last, still = c, 0
		}
		if still >= 8 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.t.Fatal("the service did not come to rest")
}

// citizen is one person on one channel. Every message is delivered three times, as a platform that hears no answer does.
type citizen struct {
	s       *service
	addr    bot.Address
	deliver func(text string)
	heard   func() []string
}

func (c *citizen) conversation() bot.Conversation {
	conv, err := c.s.Store.Conversation(c.s.t.Context(), c.addr)
	if err != nil {
		c.s.t.Fatal(err)
	}
	return conv
}

// say delivers a message three times and gives what was heard because of it.
func (c *citizen) say(text string) []string {
	c.s.t.Helper()
	before := len(c.heard())
	c.deliver(text)
	c.s.settle(func() int { return len(c.heard()) })
	return c.heard()[before:]
}

func (s *service) weChatCitizen(openID string) *citizen {
	c := &citizen{s: s, addr: bot.Address{Channel: wechat.Name, User: openID}}
	n := 0
	var log []string // in the order in which they were first seen
	taken := 0
	c.deliver = func(text string) {
		n++
		inner := s.wx.WeChatMessage(channeltest.Item{N: n, Kind: channeltest.Text, Text: text}, openID)
		answer := ""
		for range 3 {
			a := s.wx.Post(s.t, s.base+"/wechat", inner)
			if a.Status != http.StatusOK {
				s.t.Fatalf("wechat: status %d", a.Status)
			}
			// The platform asks again when an answer was lost, and shows one: it must be the same, or none.
			if answer != "" && a.Text != "" && a.Text != answer {
				s.t.Errorf("asked again, the same message got another answer:\n%s\n---\n%s", answer, a.Text)
			}
			if answer == "" {
				answer = a.Text
			}
		}
		if answer != "" {
			log = append(log, answer)
		}
	}
	c.heard = func() []string {
		all := s.wx.Sent()
		for _, m := range all[taken:] {
			if m.User == openID && !m.Passive {
				log = append(log, m.Text)
			}
		}
		taken = len(all)
		return log
	}
	return c
}

func (s *service) telegramCitizen(user int64) *citizen {
	id := strconv.FormatInt(user, 10)
	c := &citizen{s: s, addr: bot.Address{Channel: "telegram", User: id}}
	n := int(user % 1000)
	c.deliver = func(text string) {
		n++
		body := channeltest.TelegramUpdate(channeltest.Item{N: n, Kind: channeltest.Text, Text: text}, user)
		for range 3 {
			if code := s.telegram(body, "hook-secret"); code != http.StatusOK {
				s.t.Fatalf("telegram: status %d", code)
			}
		}
	}
	c.heard = func() (out []string) {
		for _, m := range s.tg.Sent() {
			if m.Chat == id {
				out = append(out, m.Text)
			}
		}
		return out
	}
	return c
}

func (s *service) telegram(body, secret string) int {
	req, err := http.NewRequest("POST", s.base+"/telegram/webhook", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// answers what an ordinary person would to whatever the form asks, and gives the receipt number. It fails when the
// same question comes twice or the form does not end.
func (c *citizen) submit() string {
	t := c.s.t
	t.Helper()
	known := map[string]string{
		"w_owed": "8000", "w_employer": "宏达建筑队", "d_place_region": "锡林浩特市", "a_addr_region": "锡林浩特市", "la_addr": "锡林浩特市",
		"a_name": "巴图", "a_phone": "13800138000", "w_end": "2026年1月到2026年2月", "r_list": "包工头老李",
	}
	asked := map[string]bool{}
	for range 40 {
		conv := c.conversation()
		if conv.MatterNo != "" {
			return conv.MatterNo
		}
		if conv.Session == nil {
			t.Fatalf("there is no form: %+v", conv.State())
		}
		switch conv.Session.Stage {
		case intake.Confirm:
			c.say("对")
		case intake.Review:
			c.say("提交")
		case intake.Consent:
			c.say("都同意")
		default:
			f := conv.Session.Asking
			if asked[f] {
				t.Fatalf("%s was asked twice; last heard: %v", f, c.heard()[len(c.heard())-1])
			}
			asked[f] = true
			answer := known[f]
			if answer == "" {
				answer = "不知道"
			}
			c.say(answer)
		}
	}
	t.Fatal("the form does not end")
	return ""
}

// mediator is a member of staff in a browser without scripts.
type mediator struct {
	s      *service
	client *http.Client
}

var csrfField = regexp.MustCompile(`name="csrf" value="([^"]+)"`)

func (s *service) mediator() *mediator {
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &mediator{s, &http.Client{Jar: jar, Timeout: 20 * time.Second}}
}

func (m *mediator) get(path string) string {
	m.s.t.Helper()
	resp, err := m.client.Get(m.s.base + path)
	if err != nil {
		m.s.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		m.s.t.Fatalf("GET %s: %d %v", path, resp.StatusCode, err)
	}
	return string(raw)
}

// post fills the form that a page shows and sends it.
func (m *mediator) post(page, action string, fields url.Values) string {
	m.s.t.Helper()
	token := csrfField.FindStringSubmatch(m.get(page))
	if token == nil {
		m.s.t.Fatalf("%s shows no form", page)
	}
	fields.Set("csrf", html.UnescapeString(token[1]))
	req, err := http.NewRequest("POST", m.s.base+action, strings.NewReader(fields.Encode()))
	if err != nil {
		m.s.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Origin", m.s.base)
	resp, err := m.client.Do(req)
	if err != nil {
		m.s.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		m.s.t.Fatalf("POST %s: %d\n%.600s", action, resp.StatusCode, raw)
	}
	return string(raw)
}

// becomeAdministrator uses the one-time link.
func (m *mediator) becomeAdministrator() {
	m.s.t.Helper()
	offices, err := m.s.Store.Offices(m.s.t.Context())
	if err != nil || len(offices) == 0 {
		m.s.t.Fatal("no office", err)
	}
	link, err := url.Parse(m.s.SetupLink)
	if err != nil || m.s.SetupLink == "" {
		m.s.t.Fatal("no link for the first administrator", err)
	}
	m.post(m.s.SetupLink, "/desk/setup", url.Values{"link": {link.Query().Get("token")}, "login": {"saran"}, "name": {"萨仁"},
		"office": {offices[0].ID}, "password": {"草原上的风很大2026"}, "again": {"草原上的风很大2026"}})
}

// The whole job on both messengers: ask, be led through the intake, submit; a mediator claims, replies, closes; and
// every message of the citizen arrives three times, with one effect each.
func TestWholeJob(t *testing.T) {
	s := startService(t)
	people := map[string]*citizen{"wechat": s.weChatCitizen("oTEST-herder"), "telegram": s.telegramCitizen(5001)}
	desk := s.mediator()
	desk.becomeAdministrator()
	for name, c := range people {
		t.Run(name, func(t *testing.T) {
			got := c.say("老板欠我8000块工资不给")
			if joined := strings.Join(got, "\n"); !strings.Contains(joined, "示范案例") || strings.Count(joined, "我是人工智能助手") != 1 {
				t.Fatalf("one question, sent three times, was answered with:\n%s", joined)
			}
			c.say("申请调解")
			no := c.submit()
			matters, err := s.Store.Matters(t.Context(), bot.MatterFilter{Address: c.addr})
			if err != nil || len(matters) != 1 || matters[0].No != no {
				t.Fatalf("want one matter %s, got %d, %v", no, len(matters), err)
			}
			m := matters[0]
			for _, given := range m.Session.Consents {
				if !given.Given || len(given.Shown) != 64 || given.At.IsZero() {
					t.Errorf("consent %s cannot be proved: %+v", given.Kind, given)
				}
			}
			if !strings.Contains(desk.get("/desk?who=all"), no) {
				t.Fatalf("the queue does not show %s", no)
			}
			page := "/desk/m/" + m.ID
			desk.post(page, page+"/claim", url.Values{})
			before := len(c.heard())
			desk.post(page, page+"/reply", url.Values{"party": {c.addr.String()}, "text": {"您好，请把考勤照片发来。"}})
			s.settle(func() int { return len(c.heard()) })
			if n := countContaining(c.heard()[before:], "考勤照片"); n != 1 {
				t.Errorf("the reply of the mediator arrived %d times: %q", n, c.heard()[before:])
			}
			if c.say("好的，明天发"); c.conversation().Mode != bot.ModeHuman {
				t.Error("the bot took over while a person works the matter")
			}
			if !strings.Contains(desk.get(page), "好的，明天发") {
				t.Error("the thread does not show what the citizen wrote")
			}
			thread, err := s.Store.Thread(t.Context(), m.ID, c.addr)
			if err != nil || count(thread, "好的，明天发") != 1 {
				t.Errorf("written once, sent three times, the thread has it %d times", count(thread, "好的，明天发"))
			}
			desk.post(page, page+"/accept", url.Values{})
			desk.post(page, page+"/close", url.Values{"outcome": {"agreed"}, "note": {"双方同意四月底前付清。"}})
			s.settle(func() int { return len(c.heard()) })
			if n := countContaining(c.heard(), "四月底前付清"); n != 1 {
				t.Errorf("the closing was told %d times", n)
			}
			if conv := c.conversation(); conv.Mode != bot.ModeAsk || conv.Matter != "" {
				t.Errorf("after closing the conversation is %+v", conv.State())
			}
			if got := strings.Join(c.say("邻居往我家排水"), "\n"); !strings.Contains(got, "排水") {
				t.Errorf("the bot does not answer again: %q", got)
			}
		})
	}
	if lines, err := s.Store.VerifyAudit(t.Context()); err != nil || lines == 0 {
		t.Errorf("audit: %d lines, %v", lines, err)
	}
}

func countContaining(all []string, part string) (n int) {
	for _, s := range all {
		if strings.Contains(s, part) {
			n++
		}
	}
	return n
}

func count(thread []bot.Entry, text string) int {
	return len(slices.DeleteFunc(slices.Clone(thread), func(e bot.Entry) bool { return e.Text != text }))
}
