package channel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"heshi/intake"
)

func squeeze(s string) string {
	return strings.NewReplacer(" ", "", "\n", "", "\t", "", "\r", "").Replace(s)
}

func TestSplitKeepsEveryLetter(t *testing.T) {
	alphabet := []rune("老板欠我工资。！？“”，\n \n。Монгол.ᠮᠣᠩᠭᠣᠯ\u180eᠠ\u202f\u180bé👩🏽\u200d⚖\ufe0f")
	rapid.Check(t, func(r *rapid.T) {
		text := string(rapid.SliceOfN(rapid.SampledFrom(alphabet), 0, 400).Draw(r, "text"))
		limit := rapid.IntRange(24, 120).Draw(r, "limit")
		for _, size := range []func(string) int{Bytes, UTF16} {
			parts := Split(text, limit, size)
			for _, p := range parts {
				if size(p) > limit {
					r.Fatalf("part of %d over limit %d: %q", size(p), limit, p)
				}
				if p == "" || !utf8.ValidString(p) {
					r.Fatalf("bad part %q", p)
				}
			}
			if got, want := squeeze(strings.Join(parts, "")), squeeze(text); got != want {
				r.Fatalf("letters changed:\n%q\n%q", got, want)
			}
		}
	})
}

func TestSplitBorders(t *testing.T) {
	for _, x := range []struct {
		name, text string
		limit      int
		want       []string
	}{
		{"fits", "短。", 24, []string{"短。"}},
		{"nothing", " \n", 24, nil},
		{"sentence", "老板欠钱。我要去告他们。", 24, []string{"老板欠钱。", "我要去告他们。"}},
		{"closing quote stays", "他说“不给。”我就走了。", 24, []string{"他说“不给。”", "我就走了。"}},
		{"line before sentence", "第一行话\n第二。行三", 24, []string{"第一行话", "第二。行三"}},
		{"no border", strings.Repeat("天", 20), 30, []string{strings.Repeat("天", 10), strings.Repeat("天", 10)}},
		{"suffix stays with its word", strings.Repeat("ᠠ", 7) + "\u202f" + "ᠶᠢᠨ", 24,
			[]string{strings.Repeat("ᠠ", 6), "ᠠ\u202fᠶᠢᠨ"}},
	} {
		if got := Split(x.text, x.limit, Bytes); fmt.Sprintf("%q", got) != fmt.Sprintf("%q", x.want) {
			t.Errorf("%s: got %q, want %q", x.name, got, x.want)
		}
	}
	if n := UTF16("a天👩"); n != 4 {
		t.Errorf("UTF16 = %d, want 4", n)
	}
}

func TestSplitIsLinear(t *testing.T) {
	text := strings.Repeat("天", 1_000_000)
	start := time.Now()
	if n := len(Split(text, 2048, Bytes)); n != 1_000_000/682+1 {
		t.Errorf("%d parts", n)
	}
	if d := time.Since(start); d > 3*time.Second {
		t.Errorf("3 MB took %v", d)
	}
}

func TestButtons(t *testing.T) {
	got := Numbered([]intake.Button{{ID: "y", Label: "是", LabelMn: "Тийм"}, {ID: "n", Label: "否"}, {ID: "x", LabelMn: "ᠪᠤᠴᠠᠬᠤ"}, {ID: "z"}})
	if want := "1. 是 · Тийм\n2. 否\n3. ᠪᠤᠴᠠᠬᠤ\n4. z"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestProgress(t *testing.T) {
	var p Progress
	for i := range remembered + 10 {
		p.Take(fmt.Sprint(i), i)
	}
	if p.Taken("9") != 0 || p.Taken("10") != 10 {
		t.Errorf("the oldest are forgotten first: %d %d", p.Taken("9"), p.Taken("10"))
	}
	p.Forget("10")
	p.Forget("10")
	if p.Taken("10") != 0 || len(p.order) != len(p.parts) {
		t.Error("Forget is wrong")
	}
}

func TestFaultNeverQuotes(t *testing.T) {
	for _, x := range []struct {
		err  error
		want string
	}{
		{nil, ""}, {fmt.Errorf("post https://x/bot123:secret: %w", context.DeadlineExceeded), "timeout"},
		{fmt.Errorf("x: %w", io.EOF), "reset"}, {errors.New("token=secret"), "network"}, {context.Canceled, "canceled"},
	} {
		if got := Fault(x.err); got != x.want {
			t.Errorf("Fault(%v) = %q, want %q", x.err, got, x.want)
		}
	}
}

func TestClean(t *testing.T) {
	if got, want := Clean("a\xff\x00b\r\nc\rᠮ\u180b\u202f"), "a\uFFFDb\nc\nᠮ\u180b\u202f"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBackoff(t *testing.T) {
	if Backoff(-1) != 2*time.Second || Backoff(3) != 16*time.Second || Backoff(99) != 5*time.Minute {
		t.Error("Backoff is wrong")
	}
}
