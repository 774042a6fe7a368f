package rules

import (
	"fmt"
	"heshi/caselib"
	"os"
	"slices"
	"strings"
	"testing"
)

type urgencyCase struct {
	text string
	want []string
}

func readUrgency(t testing.TB, name string) []urgencyCase {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var out []urgencyCase
	for i, line := range strings.Split(string(b), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		text, want, ok := strings.Cut(line, "\t")
		if !ok {
			t.Fatalf("%s:%d: want text<TAB>codes", name, i+1)
		}
		c := urgencyCase{text: text}
		if want != "-" {
			c.want = strings.Fields(want)
		}
		out = append(out, c)
	}
	return out
}

func gate(t testing.TB) *Gate {
	t.Helper()
	g, err := LoadGate(Embedded())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// TestUrgency: nobody in danger is missed, and few others are stopped.
func TestUrgency(t *testing.T) {
	g := gate(t)
	for _, file := range []string{"testdata/urgency.tsv", "testdata/urgency_more.tsv", "testdata/urgency_third.tsv", "testdata/urgency_fourth.tsv", "testdata/urgency_fifth.tsv", "testdata/urgency_sixth.tsv"} {
		measure(t, g, file, 1, 0.9)
	}
}

func measure(t *testing.T, g *Gate, file string, recall, precision float64) {
	t.Helper()
	var right, wanted, raised, traps int
	cases := readUrgency(t, file)
	for _, c := range cases {
		got := g.Check(c.text)
		if len(c.want) == 0 {
			traps++
		}
		var codes []string
		for _, w := range c.want {
			spec, ask := strings.CutSuffix(w, "?")
			code, view, _ := strings.Cut(spec, "/")
			codes = append(codes, code)
			wanted++
			i := slices.IndexFunc(got, func(a Alarm) bool { return a.Code == code })
			if i < 0 {
				t.Logf("missed %s: %s", code, c.text)
				continue
			}
			right++
			if view != "" && got[i].View != view {
				t.Errorf("%s: %s seen as %q, want %q", c.text, code, got[i].View, view)
			}
			if ask && !got[i].Ask {
				t.Errorf("%s: %s must ask first", c.text, code)
			}
		}
		for _, a := range got {
			raised++
			if !slices.Contains(codes, a.Code) {
				t.Logf("false alarm %s %v: %s", a.Code, a.Words, c.text)
			}
		}
	}
	r, p := ratio(right, wanted), ratio(right, raised)
	t.Logf("%s: %d messages, %d of them traps: recall %.3f, precision %.3f", file, len(cases), traps, r, p)
	if r < recall || p < precision {
		t.Errorf("%s: recall %.3f (want %.2f), precision %.3f (want %.2f)", file, r, recall, p, precision)
	}
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func BenchmarkCheck(b *testing.B) {
	g := gate(b)
	texts := []string{
		"我去年10月在海拉尔工地干活，老板欠我八千块工资不给，打电话也不接，有微信聊天记录，现在能申请仲裁吗？",
		"他又喝酒打我了，孩子在哭",
		"Нөхөр намайг зодоод байна, яах вэ",
		strings.Repeat("我家草场和邻居家的网围栏挨着，去年春天他把围栏挪了，羊进了我家打草场。", 6),
	}
	for i, text := range texts {
		b.Run(fmt.Sprint(i), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				g.Check(text)
			}
		})
	}
}

// TestSenseIsFresh: the second opinion was learned from what stands here now; `heshi train urgency` makes it anew.
func TestSenseIsFresh(t *testing.T) {
	lib, err := caselib.Load(caselib.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	sayings, err := caselib.LoadSayings(caselib.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	want, err := TeachingDigest(Embedded(), lib.Published(), sayings)
	if err != nil {
		t.Fatal(err)
	}
	if got := gate(t).sense.model.Digest; got != want {
		t.Errorf("urgency.linear was learned from %s, the messages are %s: run heshi train urgency", got, want)
	}
}

// TestSenseAsks: what nobody chose words for is noticed, as a question; short answers and names are left alone.
func TestSenseAsks(t *testing.T) {
	g := gate(t)
	for _, s := range []string{"王桂兰", "锡林浩特市", "都同意", "2024年9月3日", "金额改成9000", "Тийм", "ᠴᠠᠯᠢᠩ ᠥᠭᠬᠦ ᠦᠭᠡᠢ", "苏尼特左旗", "提交"} {
		if got := g.Check(s); len(got) > 0 {
			t.Errorf("%s: %+v", s, got)
		}
	}
	alone := 0
	for _, s := range []string{"对方叫我把余额挪到他给的户头里先保管着", "药我都攒够了，就等孩子睡着", "我妈在炕上喊不醒了，屋里一股煤烟味"} {
		for _, a := range g.Check(s) {
			if !a.Ask && len(a.Words) == 0 {
				t.Errorf("%s: an alarm that was only learned must ask first: %+v", s, a)
			}
			alone++
		}
	}
	if alone == 0 {
		t.Error("none of the quiet messages was noticed")
	}
}
