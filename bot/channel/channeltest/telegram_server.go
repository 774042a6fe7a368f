package channeltest

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"
)

// TelegramServer speaks the Bot API (core.telegram.org/bots/api) on a loopback address. It checks every call against
// the published limits and fails the test when one is broken.
type TelegramServer struct {
	Token string

	tb      testing.TB
	web     *httptest.Server
	mu      sync.Mutex
	sent    []TelegramSent
	calls   []string
	faults  []scripted
	pending []json.RawMessage
	news    chan struct{}
	offset  int64
	files   map[string][]byte
	hang    chan struct{}
}

// TelegramSent is one message a chat received.
type TelegramSent struct {
	Chat   string
	Text   string
	Labels []string
	Data   []string
}

type scripted struct {
	after int
	fault Fault
}

// NewTelegramServer starts a server with a token of its own; it stops with tb.
func NewTelegramServer(tb testing.TB) *TelegramServer {
	s := &TelegramServer{tb: tb, Token: "700001:AAtest-Token_not_a_real_one", news: make(chan struct{}),
		files: map[string][]byte{}, hang: make(chan struct{})}
	s.web = httptest.NewServer(s)
	tb.Cleanup(func() {
		close(s.hang)
		s.web.Close()
	})
	return s
}

// URL is where the server is.
func (s *TelegramServer) URL() string { return s.web.URL }

// Sent is every message accepted so far.
func (s *TelegramServer) Sent() []TelegramSent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]TelegramSent(nil), s.sent...)
}

// Calls is the name of every method called so far, failed ones included.
func (s *TelegramServer) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.calls...)
}

// Misbehave makes the call that sends or fetches, after `after` good ones, go wrong once.
func (s *TelegramServer) Misbehave(f Fault, after int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, scripted{after, f})
}

// Push queues an update for getUpdates.
func (s *TelegramServer) Push(update string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pending = append(s.pending, json.RawMessage(update))
	close(s.news)
	s.news = make(chan struct{})
}

// Offset is the highest offset a poller has asked for: every update below it is confirmed.
func (s *TelegramServer) Offset() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.offset
}

// PutFile makes a file available under its id.
func (s *TelegramServer) PutFile(id string, data []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[id] = data
}

// ServeHTTP answers one call.
func (s *TelegramServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if path, ok := strings.CutPrefix(r.URL.Path, "/file/bot"+s.Token+"/photos/"); ok {
		s.mu.Lock()
		data, ok := s.files[strings.TrimSuffix(path, ".jpg")]
		s.mu.Unlock()
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		_, _ = w.Write(data)
		return
	}
	method, ok := strings.CutPrefix(r.URL.Path, "/bot"+s.Token+"/")
	if !ok {
		s.fail(w, 401, "Unauthorized", 0)
		return
	}
	args, err := telegramArgs(r)
	if err != nil {
		s.tb.Errorf("telegram %s: %v", method, err)
		s.fail(w, 400, "Bad Request: "+err.Error(), 0)
		return
	}
	s.mu.Lock()
	s.calls = append(s.calls, method)
	f := Fault("")
	if method != "getUpdates" && method != "answerCallbackQuery" && len(s.faults) > 0 {
		if s.faults[0].after > 0 {
			s.faults[0].after--
		} else {
			f, s.faults = s.faults[0].fault, s.faults[1:]
		}
	}
	s.mu.Unlock()
	if f != "" {
		s.misbehave(w, r, f)
		return
	}
	switch method {
	case "sendMessage":
		s.sendMessage(w, args)
	case "answerCallbackQuery":
		if args["callback_query_id"] == "" {
			s.fail(w, 400, "Bad Request: query is too old or invalid", 0)
			return
		}
		s.ok(w, true)
	case "getUpdates":
		s.getUpdates(w, r, args)
	case "getFile":
		s.mu.Lock()
		data, ok := s.files[args["file_id"]]
		s.mu.Unlock()
		if !ok {
			s.fail(w, 400, "Bad Request: invalid file_id", 0)
			return
		}
		s.ok(w, map[string]any{"file_id": args["file_id"], "file_unique_id": "u", "file_size": len(data),
			"file_path": "photos/" + args["file_id"] + ".jpg"})
	case "getMe":
		s.ok(w, map[string]any{"id": 700001, "is_bot": true, "first_name": "heshi", "username": "heshi_bot"})
	case "deleteWebhook", "setWebhook", "leaveChat", "sendChatAction":
		s.ok(w, true)
	default:
		s.tb.Errorf("telegram has no method %q", method)
		s.fail(w, 404, "Not Found", 0)
	}
}

func (s *TelegramServer) sendMessage(w http.ResponseWriter, args map[string]string) {
	m := TelegramSent{Chat: args["chat_id"], Text: args["text"]}
	if _, err := strconv.ParseInt(m.Chat, 10, 64); err != nil {
		s.fail(w, 400, "Bad Request: chat not found", 0)
		return
	}
	broken := ""
	if n := len(utf16.Encode([]rune(m.Text))); n > 4096 {
		broken = fmt.Sprintf("message is too long: %d UTF-16 units", n)
	}
	if strings.TrimSpace(m.Text) == "" {
		broken = "message text is empty"
	}
	if !utf8.ValidString(m.Text) {
		broken = "strings must be encoded in UTF-8"
	}
	if markup := args["reply_markup"]; markup != "" {
		var k struct {
			InlineKeyboard [][]struct {
				Text         string `json:"text"`
				CallbackData string `json:"callback_data"`
			} `json:"inline_keyboard"`
		}
		if err := json.Unmarshal([]byte(markup), &k); err != nil {
			broken = "can't parse reply keyboard markup JSON object"
		}
		for _, row := range k.InlineKeyboard {
			if len(row) > 8 {
				broken = "a row of more than 8 buttons"
			}
			for _, b := range row {
				if len(b.CallbackData) == 0 || len(b.CallbackData) > 64 || b.Text == "" {
					broken = "BUTTON_DATA_INVALID"
				}
				m.Labels, m.Data = append(m.Labels, b.Text), append(m.Data, b.CallbackData)
			}
		}
	}
	if broken != "" {
		s.tb.Errorf("telegram sendMessage: %s", broken)
		s.fail(w, 400, "Bad Request: "+broken, 0)
		return
	}
	s.mu.Lock()
	s.sent = append(s.sent, m)
	n := len(s.sent)
	s.mu.Unlock()
	chat, _ := strconv.ParseInt(m.Chat, 10, 64)
	s.ok(w, map[string]any{"message_id": 1000 + n, "date": time.Now().Unix(), "text": m.Text,
		"chat": map[string]any{"id": chat, "type": "private"}})
}

func (s *TelegramServer) getUpdates(w http.ResponseWriter, r *http.Request, args map[string]string) {
	offset, _ := strconv.ParseInt(args["offset"], 10, 64)
	seconds, _ := strconv.Atoi(args["timeout"])
	late := time.After(min(time.Duration(seconds)*time.Second, 200*time.Millisecond))
	for {
		s.mu.Lock()
		s.offset = max(s.offset, offset)
		keep := s.pending[:0]
		for _, u := range s.pending {
			var id struct {
				ID int64 `json:"update_id"`
			}
			if json.Unmarshal(u, &id) == nil && id.ID >= offset {
				keep = append(keep, u)
			}
		}
		s.pending = keep
		batch := append([]json.RawMessage{}, keep[:min(len(keep), 100)]...)
		news := s.news
		s.mu.Unlock()
		if len(batch) > 0 {
			s.ok(w, batch)
			return
		}
		select {
		case <-news:
		case <-late:
			s.ok(w, batch)
			return
		case <-r.Context().Done():
			return
		case <-s.hang:
			return
		}
	}
}

func (s *TelegramServer) misbehave(w http.ResponseWriter, r *http.Request, f Fault) {
	switch f {
	case RateLimited:
		s.fail(w, 429, "Too Many Requests: retry after 7", 7)
	case BlockedUser:
		s.fail(w, 403, "Forbidden: bot was blocked by the user", 0)
	case Refused:
		s.fail(w, 400, "Bad Request: message text is not acceptable: 13900139000", 0)
	case ServerError:
		w.WriteHeader(502)
		_, _ = io.WriteString(w, "<html>502 Bad Gateway</html>")
	case Garbage:
		_, _ = io.WriteString(w, "{\"ok\":tru")
	case Hang:
		select {
		case <-r.Context().Done():
		case <-s.hang:
		}
	default:
		s.tb.Errorf("telegram cannot do %q", f)
	}
}

func (s *TelegramServer) ok(w http.ResponseWriter, result any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{"ok": true, "result": result})
}

func (s *TelegramServer) fail(w http.ResponseWriter, code int, text string, retry int) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	body := map[string]any{"ok": false, "error_code": code, "description": text}
	if retry > 0 {
		body["parameters"] = map[string]any{"retry_after": retry}
	}
	_ = json.NewEncoder(w).Encode(body)
}

// telegramArgs reads the arguments of a call in any of the three forms the Bot API takes.
func telegramArgs(r *http.Request) (map[string]string, error) {
	args := map[string]string{}
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch kind {
	case "multipart/form-data":
		err := r.ParseMultipartForm(1 << 20)
		if err == io.EOF { // a form without fields
			return args, nil
		}
		if err != nil {
			return nil, fmt.Errorf("form: %w", err)
		}
		for k, v := range r.MultipartForm.Value {
			args[k] = v[0]
		}
	case "application/json":
		var body map[string]any
		if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
			return nil, fmt.Errorf("JSON: %w", err)
		}
		for k, v := range body {
			if s, ok := v.(string); ok {
				args[k] = s
				continue
			}
			raw, err := json.Marshal(v)
			if err != nil {
				return nil, err
			}
			args[k] = string(raw)
		}
	default:
		if err := r.ParseForm(); err != nil {
			return nil, fmt.Errorf("form: %w", err)
		}
		for k, v := range r.Form {
			args[k] = v[0]
		}
	}
	return args, nil
}
