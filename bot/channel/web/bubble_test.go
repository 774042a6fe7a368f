package web

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func sketch(bs []block) string {
	var s strings.Builder
	for _, b := range bs {
		fmt.Fprintf(&s, "[%s", b.Lang)
		for _, l := range b.Lines {
			s.WriteByte('|')
			for _, x := range l {
				switch {
				case x.Tel != "":
					fmt.Fprintf(&s, "(%s)", x.Tel)
				case x.Lang != "":
					fmt.Fprintf(&s, "{%s %s}", x.Lang, x.Text)
				default:
					s.WriteString(x.Text)
				}
			}
		}
		s.WriteByte(']')
	}
	return s.String()
}

func TestBlocks(t *testing.T) {
	for _, x := range []struct{ in, want string }{
		{"您好", "[|您好]"},
		{"ᠰᠠᠢᠨ ᠪᠠᠢᠨ\u180eᠠ ᠤᠤ\n您好", "[mn-Mong|ᠰᠠᠢᠨ ᠪᠠᠢᠨ\u180eᠠ ᠤᠤ][|您好]"},
		{"Сайн уу\nби\n\n您好", "[mn-Cyrl|Сайн уу|би][|您好]"},
		{"我同意 · Тийм", "[|我同意 · {mn-Cyrl Тийм}]"},
		{"老板欠钱 ᠴᠠᠯᠢᠩ 不给", "[|老板欠钱 {mn-Mong ᠴᠠᠯᠢᠩ }不给]"},
		{"Утас 12348 (法律)", "[mn-Cyrl|Утас (12348) ({zh-Hans 法律)}]"},
		{"打110、12338或0471-1234567。手机13900139000", "[|打(110)、(12338)或(04711234567)。手机(13900139000)]"},
		{"第110条，欠110元，3.110，2110，110.5，〔2020〕110号，12348年，150102199001011234", "[|第110条，欠110元，3.110，2110，110.5，〔2020〕110号，12348年，150102199001011234]"},
		{"<b>&", "[|<b>&]"},
	} {
		if got := sketch(blocks(x.in, true)); got != x.want {
			t.Errorf("%q:\n got %s\nwant %s", x.in, got, x.want)
		}
	}
}

func TestBlocksKeepEveryLetter(t *testing.T) {
	letters := []rune("老板欠我110、12348。 Монгол ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ0471-\n")
	rapid.Check(t, func(r *rapid.T) {
		in := string(rapid.SliceOf(rapid.SampledFrom(letters)).Draw(r, "text"))
		var out strings.Builder
		for _, b := range blocks(in, true) {
			for _, l := range b.Lines {
				for _, s := range l {
					out.WriteString(s.Text)
				}
			}
		}
		if got, want := strings.ReplaceAll(out.String(), " ", ""), strings.NewReplacer("\n", "", " ", "").Replace(in); got != want {
			r.Fatalf("%q became %q", want, got)
		}
	})
}
