//go:build browser

// These tests drive the chat page in real Chromium:
//
//	go test -tags browser -run Browser ./bot/channel/web
//
// With HESHI_SHOTS naming a folder, every step leaves a picture there to be looked at.
package web

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"heshi/bot"
	"heshi/intake"
)

type tab struct {
	t   *testing.T
	ctx context.Context
	url string
}

func (r *rig) tab(t *testing.T, width, height int64) tab {
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, stop2 := chromedp.NewContext(ctx)
	t.Cleanup(stop2)
	ctx, stop3 := context.WithTimeout(ctx, 60*time.Second)
	t.Cleanup(stop3)
	b := tab{t, ctx, r.hub.URL}
	b.do(chromedp.EmulateViewport(width, height))
	return b
}

func (b tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

func (b tab) truth(js string) bool {
	found, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("document.readyState !== 'loading' && !!("+js+")"))
	return err == nil && found
}

// see waits until js is true on the page.
func (b tab) see(js string) {
	b.t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end) && b.ctx.Err() == nil; time.Sleep(40 * time.Millisecond) {
		if b.truth(js) {
			return
		}
	}
	b.t.Fatalf("never came: %s", js)
}

func (b tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.url + path))
	b.see("document.querySelector('main')")
}

func (b tab) js(code string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool]("(function(){"+code+"})(), true")); err != nil {
		b.t.Fatal(err)
	}
}

func (b tab) typed(css, text string) {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.CSS(css), text))
}

func (b tab) click(css string) {
	b.t.Helper()
	b.js(fmt.Sprintf("document.querySelector(%q).click()", css))
}

func (b tab) shot(name string) {
	b.t.Helper()
	dir := os.Getenv("HESHI_SHOTS")
	if dir == "" {
		return
	}
	time.Sleep(150 * time.Millisecond)
	raw, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), raw, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

// fits reports how far the page is wider than the window: nobody scrolls sideways on a phone.
func (b tab) fits(what string) {
	b.t.Helper()
	over, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
	if err != nil || over > 0 {
		b.t.Errorf("%s is %d pixels wider than the window (%v)", what, over, err)
	}
}

const wageAnswer = `您说的是拖欠工资。先说最要紧的：申请劳动仲裁有一年的期限，从您知道权利受到侵害那天算起；还在单位上班的，不受这一年限制，离职后一年内要提出。
《劳动争议调解仲裁法》第二十七条（2007-12-29）

相似的案例（示范案例）：
1. 工地干完活，包工头拖着八千块不给。相同：欠薪、没有合同。结果：调解后分两次付清。
2. 牧场雇工，年底少付三个月工资。相同：欠薪。结果：仲裁支持。

可以打12348问法律服务，也可以到旗劳动监察大队投诉，电话0471-1234567。`

// talk answers every new message the way an engine would.
func (r *rig) talk(t *testing.T) {
	done := make(chan struct{})
	t.Cleanup(func() { close(done) })
	go func() {
		seen := 0
		for {
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
			ms := r.mem.Messages()
			for ; seen < len(ms); seen++ {
				m := ms[seen]
				rp := bot.Reply{ID: m.Key, To: m.From, Cause: m.Key, Kind: "answer", Made: time.Now()}
				switch {
				case strings.Contains(m.Text, "工资"):
					rp.Text = wageAnswer
					rp.Buttons = []intake.Button{{ID: "go:mediation", Label: "申请调解", LabelMn: "ᠡᠪᠯᠡᠷᠡᠭᠦᠯᠦᠯᠲᠡ"}, {ID: "go:legalaid", Label: "申请法律援助"}, {ID: "go:human", Label: "转人工"}}
				case strings.Contains(m.Text, "打我"):
					rp.Kind, rp.Text = "urgent", "请您先到安全的地方。现在就打110。\n妇女维权热线：12338。"
				case m.Button != "":
					rp.Kind, rp.Text = "question", "ᠶᠠᠭᠤ ᠪᠣᠯᠤᠭᠰᠠᠨ ᠢ ᠲᠣᠪᠴᠢ ᠪᠢᠴᠢᠨ᠎ᠡ ᠦᠦ᠃\nЮу болсныг товч бичнэ үү.\n请简单说明发生了什么事。"
				default:
					rp.Text = "听到了。"
				}
				r.mem.Write(rp)
			}
		}
	}()
}

const answers = "document.querySelectorAll('.msg.bot').length"

func TestBrowserConversation(t *testing.T) {
	for name, size := range map[string][2]int64{"phone": {390, 844}, "small": {320, 568}, "desktop": {1280, 900}} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, nil, nil)
			r.talk(t)
			b := r.tab(t, size[0], size[1])
			b.open("/chat")
			b.fits("empty page")
			b.shot(name + "-1-empty")
			b.click(".examples button")
			b.see(answers + " === 1")
			b.fits("answer")
			b.shot(name + "-2-answer")
			b.see("!document.querySelector('#empty') && document.querySelector('.choices button').value === 'go:mediation'")
			b.click(".choices button")
			b.see(answers + " === 2 && document.querySelectorAll('.choices').length === 0")
			b.typed("#text", "他又打我了")
			b.do(chromedp.SendKeys(chromedp.CSS("#text"), "\r"))
			b.see("document.querySelector('.msg.urgent a[href=\"tel:110\"]')")
			r.mem.Write(bot.Reply{ID: "staff", To: r.mem.Messages()[0].From, Kind: "staff", Text: "我是调解员王芳，已经看到您的情况，下午给您打电话。", Made: time.Now()})
			b.see("document.querySelector('.msg.staff')")
			b.fits("long conversation")
			b.shot(name + "-3-talk")
			if n := len(r.mem.Messages()); n != 3 {
				t.Errorf("%d messages arrived", n)
			}
			b.open("/chat")
			b.see(answers + " === 4 && document.querySelectorAll('.msg.me').length === 3")
			b.see("document.querySelectorAll('.msg.me')[1].textContent.includes('申请调解')")
			b.click(".more summary")
			b.fits("help opened")
			b.js("scrollTo(0,0)")
			b.shot(name + "-4-more")
			b.click("form[action='/chat/code'] button")
			b.see("document.querySelector('.code .big')")
			b.fits("code")
			b.shot(name + "-5-code")
		})
	}
}

func TestBrowserTroubleIsShownAndRetried(t *testing.T) {
	r := newRig(t, nil, nil)
	r.talk(t)
	b := r.tab(t, 390, 844)
	b.open("/chat")
	r.mem.Refuse(true)
	b.typed("#text", "我家的草场")
	b.click(".go")
	b.see("document.querySelector('.msg.unsent .again')")
	b.shot("trouble-1-unsent")
	r.mem.Refuse(false)
	b.click(".again")
	b.see(answers + " === 1 && !document.querySelector('.again')")
	b.click(".again, body")
	if n := len(r.mem.Messages()); n != 1 {
		t.Errorf("%d messages", n)
	}
	b.js("window.dispatchEvent(new Event('offline'))")
	b.see("!document.querySelector('#offline').hidden")
	b.shot("trouble-2-offline")
	// The server goes away: the words stay on the page.
	r.hub.CloseClientConnections()
	r.hub.Listener.Close()
	b.typed("#text", "还有一句")
	b.click(".go")
	b.see("document.querySelectorAll('.msg.unsent').length === 1")
	b.shot("trouble-3-gone")
}

func TestBrowserLanguages(t *testing.T) {
	for _, lang := range []string{"mn-Mong", "mn-Cyrl"} {
		r := newRig(t, nil, nil)
		r.talk(t)
		b := r.tab(t, 390, 844)
		b.open("/chat?lang=" + lang)
		b.fits(lang)
		b.shot(lang + "-1-empty")
		b.typed("#text", "ᠴᠠᠯᠢᠩ ᠥᠭᠬᠦ ᠦᠭᠡᠢ")
		b.click(".go")
		b.see(answers + " === 1")
		r.mem.Write(bot.Reply{ID: "q", To: r.mem.Messages()[0].From, Kind: "question", Made: time.Now(), Text: "ᠶᠠᠭᠤ ᠪᠣᠯᠤᠭᠰᠠᠨ ᠢ ᠲᠣᠪᠴᠢ ᠪᠢᠴᠢᠨ᠎ᠡ ᠦᠦ᠃ ᠬᠠᠤᠯᠢ ᠴᠠᠭᠠᠵᠠ ᠶᠢᠨ ᠦᠢᠯᠡᠴᠢᠯᠡᠭᠡ ᠶᠢᠨ ᠤᠲᠠᠰᠤ: 12348\nЮу болсныг товч бичнэ үү.\n请简单说明发生了什么事。",
			Buttons: []intake.Button{{ID: "yes", Label: "是", LabelMn: "ᠲᠡᠢᠮᠦ"}, {ID: "no", Label: "否", LabelMn: "ᠦᠭᠡᠢ"}}})
		b.see(answers + " === 2")
		b.see("getComputedStyle(document.querySelector('.msg.bot .b[lang=mn-Mong]')).writingMode === 'vertical-lr'")
		b.fits(lang + " bubbles")
		b.shot(lang + "-2-talk")
	}
}

func TestBrowserKeyboardOnly(t *testing.T) {
	r := newRig(t, nil, nil)
	r.talk(t)
	b := r.tab(t, 1280, 900)
	b.open("/chat")
	// Tab reaches the skip link first, then everything else in reading order, and each focus can be seen.
	b.js(`window.order = []; document.addEventListener("focusin", function (e) { window.order.push(e.target.id || e.target.className || e.target.name || e.target.value || e.target.textContent.trim().slice(0, 8)); });`)
	for range 12 {
		b.do(chromedp.KeyEvent("\t"))
	}
	b.see(`window.order[0] === "skip" && window.order[1] === "exit"`)
	b.see(`window.order.indexOf("text") > 0 && window.order.indexOf("file") > window.order.indexOf("text")`)
	b.shot("keyboard")
	b.typed("#text", "老板不给工资")
	b.do(chromedp.KeyEvent("\r"))
	b.see(answers + " === 1")
	b.see("document.activeElement === document.querySelector('#text')")
}
