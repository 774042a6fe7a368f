//go:build browser

package desk

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestBrowserLooksAWordUp(t *testing.T) {
	w := newWorld(t)
	w.furnish()
	b := w.tab(t, 1280, 900)
	b.signIn("wang")
	b.open("/desk/m/m1")
	b.do(chromedp.SendKeys(chromedp.CSS("#word"), "хүү\r"))
	b.see("#term .found")
	b.shot("30-term")
	b.fits("the box")
	if at := ask(b, chromedp.Evaluate[string](`location.pathname + location.hash + " " + document.activeElement.id`)); at != "/desk/m/m1 word" {
		t.Errorf("the page is %s", at)
	}
	b.do(chromedp.SendKeys(chromedp.CSS("#word"), "\t\t"))
	got := ask(b, chromedp.Evaluate[string](`document.activeElement.className + " " + document.activeElement.value + " " + getSelection().toString()`))
	if !strings.HasPrefix(got, "copy 儿子") {
		t.Errorf("Tab comes to %q", got)
	}
}
