package channeltest

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

// WeChatAnswer is how a webhook answered. Text is the passive answer, decrypted, with its tap lines taken out.
type WeChatAnswer struct {
	Status  int
	Success bool
	Text    string
	Options []WeChatOption
	Body    string
}

// Seal encrypts and signs an inner message as the platform would at a time, for a request of your own.
func (s *WeChatServer) Seal(inner []byte, at time.Time) (url.Values, []byte) {
	s.mu.Lock()
	s.nonce++
	nonce := fmt.Sprintf("nonce%d", s.nonce)
	s.mu.Unlock()
	sealed, err := wechatSeal(s.AESKey, s.AppID, []byte("0123456789abcdef"), inner)
	if err != nil {
		s.tb.Fatal(err)
	}
	ts := strconv.FormatInt(at.Unix(), 10)
	q := url.Values{"timestamp": {ts}, "nonce": {nonce}, "signature": {wechatSign(s.Token, ts, nonce)},
		"encrypt_type": {"aes"}, "msg_signature": {wechatSign(s.Token, ts, nonce, sealed)}, "openid": {"ignored"}}
	body := "<xml><ToUserName><![CDATA[" + s.Account + "]]></ToUserName><Encrypt><![CDATA[" + sealed + "]]></Encrypt></xml>"
	return q, []byte(body)
}

// Plain signs an inner message without encryption.
func (s *WeChatServer) Plain(inner []byte, at time.Time) (url.Values, []byte) {
	s.mu.Lock()
	s.nonce++
	nonce := fmt.Sprintf("nonce%d", s.nonce)
	s.mu.Unlock()
	ts := strconv.FormatInt(at.Unix(), 10)
	return url.Values{"timestamp": {ts}, "nonce": {nonce}, "signature": {wechatSign(s.Token, ts, nonce)}}, inner
}

// Post seals inner, posts it to the webhook, and checks and opens the answer.
func (s *WeChatServer) Post(tb testing.TB, webhook string, inner string) WeChatAnswer {
	tb.Helper()
	q, body := s.Seal([]byte(inner), time.Now())
	return s.PostRaw(tb, webhook, q, body)
}

// PostRaw posts a request of your own making and checks and opens the answer.
func (s *WeChatServer) PostRaw(tb testing.TB, webhook string, q url.Values, body []byte) WeChatAnswer {
	tb.Helper()
	resp, err := http.Post(webhook+"?"+q.Encode(), "text/xml", bytes.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		tb.Fatal(err)
	}
	a := WeChatAnswer{Status: resp.StatusCode, Body: string(raw), Success: string(raw) == "success"}
	if a.Status == http.StatusOK && !a.Success {
		s.open(tb, &a, q)
	}
	return a
}

var tapLine = regexp.MustCompile(`(?:\n?\d+\. )?<a href="weixin://bizmsgmenu\?msgmenucontent=([^"&]*)&msgmenuid=(\d{1,9})">([^<]*)</a>`)

func (s *WeChatServer) open(tb testing.TB, a *WeChatAnswer, q url.Values) {
	tb.Helper()
	inner := []byte(a.Body)
	if q.Get("encrypt_type") == "aes" {
		var e struct {
			XMLName   xml.Name `xml:"xml"`
			Encrypt   string
			Signature string `xml:"MsgSignature"`
			TimeStamp string
			Nonce     string
		}
		if err := xml.Unmarshal(inner, &e); err != nil {
			tb.Fatalf("wechat answer %.80q: %v", a.Body, err)
		}
		if e.Signature != wechatSign(s.Token, e.TimeStamp, e.Nonce, e.Encrypt) {
			tb.Error("wechat answer: wrong signature")
		}
		plain, err := wechatOpen(s.AESKey, s.AppID, e.Encrypt)
		if err != nil {
			tb.Fatalf("wechat answer: %v", err)
		}
		inner = plain
	}
	var m struct {
		XMLName                  xml.Name `xml:"xml"`
		ToUserName, FromUserName string
		CreateTime               int64
		MsgType, Content         string
	}
	if err := xml.Unmarshal(inner, &m); err != nil {
		tb.Fatalf("wechat answer: %v", err)
	}
	if m.FromUserName != s.Account || m.ToUserName == "" || m.CreateTime == 0 || m.MsgType != "text" || m.Content == "" || len(m.Content) > 2048 {
		tb.Errorf("wechat answer breaks the rules: from %q, type %q, %d bytes", m.FromUserName, m.MsgType, len(m.Content))
	}
	for _, t := range tapLine.FindAllStringSubmatch(m.Content, -1) {
		a.Options = append(a.Options, WeChatOption{t[2], t[1]})
	}
	a.Text = strings.TrimSpace(tapLine.ReplaceAllString(m.Content, ""))
	s.keep(WeChatSent{User: m.ToUserName, Text: m.Content, Options: a.Options, Passive: true})
}

// WeChatMessage is it as a follower's message in the platform's XML. A button is a tap on the last option whose
// content holds its name.
func (s *WeChatServer) WeChatMessage(it Item, openID string) string {
	body := ""
	cd := func(tag, v string) {
		var b bytes.Buffer
		_ = xml.EscapeText(&b, []byte(v))
		body += "<" + tag + ">" + b.String() + "</" + tag + ">"
	}
	kind := string(it.Kind)
	switch it.Kind {
	case Text:
		cd("Content", it.Text)
	case Button:
		kind = "text"
		o, ok := s.Option(it.Button)
		if !ok {
			o = WeChatOption{"777", it.Button} // a tap on what was never offered
		}
		cd("Content", o.Content)
		cd("bizmsgmenuid", o.ID)
	case Photo:
		kind = "image"
		cd("PicUrl", "http://mmbiz.qpic.cn/x/0")
		cd("MediaId", fmt.Sprintf("media-%d", it.N))
	case Voice:
		cd("MediaId", fmt.Sprintf("media-%d", it.N))
		cd("Format", "amr")
		cd("Recognition", it.Text)
	case Location:
		body += fmt.Sprintf("<Location_X>%v</Location_X><Location_Y>%v</Location_Y><Scale>20</Scale>", it.Lat, it.Lon)
		cd("Label", "内蒙古自治区锡林郭勒盟锡林浩特市")
	case Unsupported:
		kind = "miniprogrampage"
	}
	return fmt.Sprintf("<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%d</CreateTime>"+
		"<MsgType><![CDATA[%s]]></MsgType>%s<MsgId>%d</MsgId></xml>", s.Account, openID, 1767225600+it.N, kind, body, 23000000000000000+it.N)
}

// WeChatEvent is an event of the platform: subscribe, unsubscribe, CLICK, …
func (s *WeChatServer) WeChatEvent(event, key, openID string, at int64) string {
	return fmt.Sprintf("<xml><ToUserName><![CDATA[%s]]></ToUserName><FromUserName><![CDATA[%s]]></FromUserName><CreateTime>%d</CreateTime>"+
		"<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[%s]]></Event><EventKey><![CDATA[%s]]></EventKey></xml>", s.Account, openID, at, event, key)
}
