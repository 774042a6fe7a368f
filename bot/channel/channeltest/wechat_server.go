package channeltest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// WeChatServer speaks the official account API (api.weixin.qq.com) on a loopback address, and plays the platform's
// side of the webhook. It checks every call and fails the test when a published rule is broken.
type WeChatServer struct {
	AppID, Secret, Token, AESKey string
	// Account is the account's own id, the ToUserName of what citizens send.
	Account string

	tb      testing.TB
	web     *httptest.Server
	mu      sync.Mutex
	sent    []WeChatSent
	menus   []WeChatOption
	calls   []string
	faults  []scripted
	token   string
	tokens  int
	media   map[string][]byte
	hang    chan struct{}
	nonce   int
	clients []*http.Transport
}

// WeChatSent is one message a follower received, by 客服 or as a passive answer.
type WeChatSent struct {
	User    string
	Text    string
	Options []WeChatOption
	Passive bool
}

// WeChatOption is one line a follower can tap; ID comes back as bizmsgmenuid.
type WeChatOption struct{ ID, Content string }

// NewWeChatServer starts a platform with keys of its own; it stops with tb.
func NewWeChatServer(tb testing.TB) *WeChatServer {
	s := &WeChatServer{
		tb: tb, AppID: "wxtest00000000ab01", Secret: "app-secret-of-the-test", Token: "verify-token-of-the-test",
		AESKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", Account: "gh_test00000001",
		media: map[string][]byte{}, hang: make(chan struct{}),
	}
	s.web = httptest.NewServer(s)
	tb.Cleanup(func() {
		close(s.hang)
		for _, c := range s.clients {
			c.CloseIdleConnections()
		}
		s.web.Close()
	})
	return s
}

// Client reaches this server whatever host is asked for, as wechat.SetHTTPClient wants it.
func (s *WeChatServer) Client(timeout time.Duration) *http.Client {
	t := &http.Transport{}
	s.clients = append(s.clients, t)
	return &http.Client{Timeout: timeout, Transport: redirect{s, t}}
}

type redirect struct {
	s *WeChatServer
	t *http.Transport
}

func (r redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host != "api.weixin.qq.com" || req.URL.Scheme != "https" {
		return nil, fmt.Errorf("call to a strange host")
	}
	to, err := url.Parse(r.s.web.URL)
	if err != nil {
		return nil, err
	}
	out := req.Clone(req.Context())
	out.URL.Scheme, out.URL.Host, out.Host = to.Scheme, to.Host, to.Host
	return r.t.RoundTrip(out)
}

// Sent is everything followers received so far, passive answers included.
func (s *WeChatServer) Sent() []WeChatSent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]WeChatSent(nil), s.sent...)
}

// Calls is the path of every call so far.
func (s *WeChatServer) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.calls...)
}

// Misbehave makes the send after `after` good ones go wrong once.
func (s *WeChatServer) Misbehave(f Fault, after int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, scripted{after, f})
}

// ExpireToken makes the token now in use worthless before its time.
func (s *WeChatServer) ExpireToken() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.token = ""
}

// PutMedia makes a temporary media item available.
func (s *WeChatServer) PutMedia(id string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.media[id] = data
}

// Option finds the last option whose content holds words.
func (s *WeChatServer) Option(words string) (WeChatOption, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.menus) - 1; i >= 0; i-- {
		if strings.Contains(s.menus[i].Content, words) {
			return s.menus[i], true
		}
	}
	return WeChatOption{}, false
}

// ServeHTTP answers one API call.
func (s *WeChatServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.calls = append(s.calls, r.URL.Path)
	s.mu.Unlock()
	if r.URL.Path == "/cgi-bin/stable_token" {
		s.giveToken(w, r)
		return
	}
	if r.URL.Path == "/video" {
		_, _ = w.Write([]byte("moving pictures"))
		return
	}
	s.mu.Lock()
	good := s.token != "" && r.URL.Query().Get("access_token") == s.token
	s.mu.Unlock()
	if !good {
		code(w, 40001, "invalid credential, access_token is invalid or not latest")
		return
	}
	switch r.URL.Path {
	case "/cgi-bin/message/custom/send":
		s.custom(w, r)
	case "/cgi-bin/media/get":
		s.mu.Lock()
		data, ok := s.media[r.URL.Query().Get("media_id")]
		s.mu.Unlock()
		if !ok {
			code(w, 40007, "invalid media_id")
			return
		}
		if strings.HasPrefix(string(data), "http") { // a video comes as an address
			_ = json.NewEncoder(w).Encode(map[string]string{"video_url": string(data)})
			return
		}
		w.Header().Set("Content-Type", "image/jpeg")
		_, _ = w.Write(data)
	default:
		s.tb.Errorf("wechat has no %s", r.URL.Path)
		http.NotFound(w, r)
	}
}

func (s *WeChatServer) giveToken(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Grant  string `json:"grant_type"`
		AppID  string `json:"appid"`
		Secret string `json:"secret"`
	}
	if err := json.NewDecoder(r.Body).Decode(&ask); err != nil || ask.Grant != "client_credential" {
		s.tb.Errorf("wechat stable_token: malformed request")
	}
	if ask.AppID != s.AppID || ask.Secret != s.Secret {
		code(w, 40125, "invalid appsecret")
		return
	}
	s.mu.Lock()
	if s.token == "" {
		s.tokens++
		s.token = fmt.Sprintf("access-token-no-%d", s.tokens)
	}
	token := s.token
	s.mu.Unlock()
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": token, "expires_in": 7200})
}

func (s *WeChatServer) custom(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	f := Fault("")
	if len(s.faults) > 0 {
		if s.faults[0].after > 0 {
			s.faults[0].after--
		} else {
			f, s.faults = s.faults[0].fault, s.faults[1:]
		}
	}
	s.mu.Unlock()
	switch f {
	case "":
	case RateLimited:
		code(w, 45047, "out of response count limit")
		return
	case BlockedUser:
		code(w, 43004, "require subscribe")
		return
	case ClosedWindow:
		code(w, 45015, "response out of time limit or subscription is canceled")
		return
	case Refused:
		code(w, 48001, "api unauthorized: 13900139000")
		return
	case ServerError:
		w.WriteHeader(http.StatusBadGateway)
		return
	case Garbage:
		_, _ = w.Write([]byte("<html>"))
		return
	case Hang:
		select {
		case <-r.Context().Done():
		case <-s.hang:
		}
		return
	}
	var m struct {
		To   string `json:"touser"`
		Type string `json:"msgtype"`
		Text *struct {
			Content string `json:"content"`
		} `json:"text"`
		Menu *struct {
			Head string `json:"head_content"`
			List []struct {
				ID      string `json:"id"`
				Content string `json:"content"`
			} `json:"list"`
			Tail string `json:"tail_content"`
		} `json:"msgmenu"`
	}
	if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
		s.tb.Errorf("wechat custom/send: %v", err)
		code(w, 47001, "data format error")
		return
	}
	out := WeChatSent{User: m.To}
	size := 0
	switch {
	case m.Type == "text" && m.Text != nil && m.Menu == nil:
		out.Text, size = m.Text.Content, len(m.Text.Content)
	case m.Type == "msgmenu" && m.Menu != nil && m.Text == nil:
		out.Text, size = m.Menu.Head, len(m.Menu.Head)+len(m.Menu.Tail)
		for _, o := range m.Menu.List {
			size += len(o.Content)
			out.Options = append(out.Options, WeChatOption{o.ID, o.Content})
			if o.ID == "" || strings.Trim(o.ID, "0123456789") != "" || len(o.ID) > 9 || o.Content == "" {
				s.tb.Errorf("wechat msgmenu: option %q must have a short number as id", o.ID)
			}
		}
		if len(m.Menu.List) == 0 {
			s.tb.Error("wechat msgmenu without options")
		}
	default:
		s.tb.Errorf("wechat custom/send: type %q with other content", m.Type)
		code(w, 40008, "invalid message type")
		return
	}
	if size == 0 || size > 2048 {
		s.tb.Errorf("wechat custom/send: %d bytes, at most 2048", size)
		code(w, 45002, "content size out of limit")
		return
	}
	s.keep(out)
	code(w, 0, "ok")
}

func (s *WeChatServer) keep(m WeChatSent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, m)
	s.menus = append(s.menus, m.Options...)
}

func code(w http.ResponseWriter, n int, text string) {
	w.Header().Set("Content-Type", "application/json; encoding=utf-8")
	_ = json.NewEncoder(w).Encode(map[string]any{"errcode": n, "errmsg": text})
}
