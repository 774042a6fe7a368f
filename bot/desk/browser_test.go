//go:build browser

// These tests drive the desk in real Chromium:
//
//	go test -tags browser ./bot/desk
//
// With HESHI_SHOTS naming a folder, every step leaves a picture there to be looked at.
package desk

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"image/color"
	"image/png"
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

func (w *world) tab(t *testing.T, width, height int64) tab {
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU)
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, stop2 := chromedp.NewContext(ctx)
	t.Cleanup(stop2)
	ctx, stop3 := context.WithTimeout(ctx, 60*time.Second)
	t.Cleanup(stop3)
	b := tab{t, ctx, w.srv.URL}
	b.do(chromedp.EmulateViewport(width, height))
	return b
}

func (b tab) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// see waits until the page has an element. A wait that is asked while the page changes can be lost with the old
// page, so it is asked anew until it holds.
func (b tab) see(selector string) {
	b.t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		found, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](fmt.Sprintf("document.readyState !== 'loading' && !!document.querySelector(%q)", selector)))
		if err == nil && found {
			return
		}
		if b.ctx.Err() != nil {
			break
		}
	}
	b.t.Fatalf("%s never came", selector)
}

func (b tab) open(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.url + path))
	b.see("main")
}

func ask[T any](b tab, a chromedp.Action[T]) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, a)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

func (b tab) shot(name string) {
	b.t.Helper()
	dir := os.Getenv("HESHI_SHOTS")
	if dir == "" {
		return
	}
	raw := ask(b, chromedp.FullScreenshot(100))
	if err := os.WriteFile(filepath.Join(dir, name+".png"), raw, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

func (b tab) signIn(id string) {
	b.t.Helper()
	b.open("/desk/login")
	b.do(chromedp.SendKeys(chromedp.CSS("input[name=login]"), id), chromedp.SendKeys(chromedp.CSS("input[name=password]"), password+"\r"))
	b.see("header.top")
}

// fits reports how far the page is wider than the window: nobody scrolls sideways on a phone.
func (b tab) fits(what string) {
	b.t.Helper()
	over := ask(b, chromedp.Evaluate[int](`document.documentElement.scrollWidth - document.documentElement.clientWidth`))
	if over > 0 {
		b.t.Errorf("%s is %d pixels wider than the window", what, over)
	}
}

// furnish fills the queue with matters of every sort.
func (w *world) furnish() {
	w.person("wang", "王芳", "xl", "mediator")
	w.person("su", "苏日娜", "xl", "mediator", "head")
	w.person("admin", "管理员", "xl", "admin", "mediator")
	var jpg strings.Builder
	img := image.NewRGBA(image.Rect(0, 0, 240, 160))
	for i := range img.Pix {
		img.Pix[i] = 0xdd
	}
	for x := 20; x < 220; x++ {
		img.Set(x, 60, color.Black)
		img.Set(x, 90, color.Black)
	}
	w.must(png.Encode(&jpg, img))
	sum := sha256.Sum256([]byte(jpg.String()))
	hash := hex.EncodeToString(sum[:])
	w.must(w.store.PutBlob(w.t.Context(), citizen, hash, "image/png", []byte(jpg.String())))
	w.matter("m1", "xl", citizen, func(m *intake.Matter) {
		m.Evidence = []intake.Evidence{{Field: "w_evid", Note: "工资条照片", At: m.Created, Items: []intake.Attachment{
			{Kind: "photo", Type: "image/png", SHA256: hash, Size: int64(jpg.Len())}, {Kind: "voice", Transcript: "他说年前一定给我结清"},
		}}}
	})
	add := func(i int, change func(*intake.Matter)) {
		w.matter(fmt.Sprintf("n%d", i), "xl", bot.Address{Channel: []string{"wechat", "web", "telegram"}[i%3], User: fmt.Sprint(i)}, change)
	}
	add(1, func(m *intake.Matter) {
		m.Flags, m.Types, m.Clocks, m.Created = []string{"safety_hold", "urgent"}, []string{"D01-01"}, nil, m.Created.Add(2*time.Hour)
		m.Events = nil
	})
	add(2, func(m *intake.Matter) {
		m.Types, m.Lang = []string{"D14-01"}, "mn-Mong"
		m.Clocks = []intake.Deadline{{Name: "行政复议申请期限", Due: "2026-03-06"}}
		m.Created, m.Events = m.Created.Add(-30*time.Hour), nil
	})
	add(3, func(m *intake.Matter) {
		m.Types, m.Kind, m.Status, m.Assignee, m.Clocks = []string{"D02-01"}, intake.ForLegalAid, intake.NeedsMaterial, "wang", nil
		m.Created, m.Events = m.Created.Add(-6*24*time.Hour), nil
	})
	add(4, func(m *intake.Matter) {
		m.Types, m.Lang, m.Status, m.Assignee = []string{"D04-01", "D10-01"}, "mn-Cyrl", intake.InProgress, "su"
		m.Clocks = []intake.Deadline{{Name: "普通诉讼时效", Due: "2028-11-01"}}
	})
}

func TestBrowserCycle(t *testing.T) {
	w := newWorld(t)
	w.furnish()
	b := w.tab(t, 1280, 900)
	b.open("/desk/login")
	b.shot("01-login")
	b.signIn("wang")
	b.shot("02-queue")
	b.fits("the queue")
	b.open("/desk/m/m1")
	b.shot("03-file-unclaimed")
	b.do(chromedp.Click(chromedp.CSS(".do button.main")))
	b.see(".flash[data-done]")
	if got := ask(b, chromedp.Text(chromedp.CSS("#meta"))); !strings.Contains(got, "我经办") {
		t.Fatalf("after the claim the file says %q", got)
	}
	b.do(chromedp.Click(chromedp.CSS(`form[action$="/accept"] button`)))
	b.see(`form[action$="/start"]`)
	b.do(chromedp.SendKeys(chromedp.CSS("#reply textarea"), "您好，工资条的照片收到了。合同还在吗？"), chromedp.Click(chromedp.CSS("#reply button")))
	b.see(".bubbles .staff")
	// The citizen answers; the page learns of it without being asked.
	w.must(w.store.Commit(t.Context(), bot.Commit{Entries: []bot.Entry{{
		ID: "live-1", Matter: "m1", Party: citizen, From: "citizen", Text: "合同没有，有聊天记录", At: w.now(),
	}}}))
	w.bell.Desk()
	b.see(".bubbles li.citizen:last-child")
	b.shot("04-file-working")
	b.fits("the file")
	b.do(chromedp.Click(chromedp.CSS(`details:has(form[action$="/close"]) > summary`)))
	b.shot("05-file-closing")
	b.do(chromedp.Click(chromedp.CSS(`form[action$="/close"] input[value=agreed]`)))
	b.do(chromedp.SendKeys(chromedp.CSS(`form[action$="/close"] textarea`), "双方约定四月底前付清八千元。"))
	b.do(chromedp.Click(chromedp.CSS(`form[action$="/close"] > button`)))
	b.see("#meta .tag.ok")
	b.shot("06-file-closed")
	if m := w.read("m1"); m.Status != intake.Closed {
		t.Errorf("the matter is %s", m.Status)
	}
	for name, path := range map[string]string{
		"07-hold": "/desk/m/n1", "08-aid": "/desk/m/n3", "09-other": "/desk/m/n4", "10-me": "/desk/me", "11-empty": "/desk?q=NONE", "12-missing": "/desk/m/none",
	} {
		b.open(path)
		b.shot(name)
	}
}

func TestBrowserPhone(t *testing.T) {
	w := newWorld(t)
	w.furnish()
	b := w.tab(t, 390, 844)
	b.signIn("admin")
	for name, path := range map[string]string{
		"20-queue": "/desk", "21-file": "/desk/m/m1", "22-hold": "/desk/m/n1", "23-aid": "/desk/m/n3", "24-staff": "/desk/staff", "25-record": "/desk/record",
	} {
		b.open(path)
		b.fits(path)
		b.shot("phone-" + name)
	}
}
