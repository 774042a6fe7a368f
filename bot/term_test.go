package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"heshi/caselib"
	"heshi/prompts"
	"heshi/retrieval"
)

var embeddedTerms = sync.OnceValues(func() (*caselib.Library, error) {
	l, err := caselib.Load(caselib.Embedded())
	if err != nil {
		return nil, err
	}
	return l.Published(), nil
})

// shelf is an index that always finds the same terms, or cannot be asked.
type shelf struct {
	ids []string
	err error
}

func (s shelf) Search(context.Context, retrieval.Query) ([]retrieval.Hit, error) {
	var out []retrieval.Hit
	for i, id := range s.ids {
		out = append(out, retrieval.Hit{ID: id, Kind: retrieval.KindTerm, Score: 1 / float64(i+2)})
	}
	return out, s.err
}

func asking(t testing.TB, words string, index retrieval.Searcher) *turn {
	t.Helper()
	lib, err := embeddedTerms()
	if err != nil {
		t.Fatal(err)
	}
	w, err := LoadWords()
	if err != nil {
		t.Fatal(err)
	}
	say, err := prompts.Load(prompts.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	e := &Engine{Words: w, Say: say, Finder: &Finder{Library: lib, Index: index}}
	return &turn{Engine: e, ctx: t.Context(), text: words}
}

func TestWhatAsksForAWord(t *testing.T) {
	for said, want := range map[string]string{
		"词 合同": "合同", "词：合同": "合同", "查词“合同”": "合同", "术语合同": "合同", "词 没有这个": "没有这个",
		"合同用蒙语怎么说": "合同", "合同 蒙古语怎么说？": "合同", "请问“合同”这个词用蒙古语怎么说呢": "合同", "蒙语怎么说合同": "合同",
		"用蒙文怎么写 合同": "合同", "用水蒙语怎么说": "用水", "合同的蒙语": "合同", "合同翻译成蒙古语": "合同", "申请调解用蒙语怎么说": "申请调解",
		"合同是什么意思": "合同", "“合同”这个词是啥意思？": "合同", "гэрээ гэж юу вэ": "гэрээ",
		"үг гэрээ": "гэрээ", "Үг: хөдөлмөрийн гэрээ": "хөдөлмөрийн гэрээ", "гэрээ хятадаар": "гэрээ", "Гэрээ хятадаар яаж хэлэх вэ?": "гэрээ",
		"гэрээ 汉语怎么说": "гэрээ", "өв залгамжлагч 用汉语怎么说": "өв залгамжлагч",
		"ᠭᠡᠷ᠎ᠡ ᠬᠢᠲᠠᠳ ᠬᠡᠯᠡ ᠪᠡᠷ": "ᠭᠡᠷ᠎ᠡ", "ᠭᠡᠷ᠎ᠡ 汉语怎么说": "ᠭᠡᠷ᠎ᠡ", "證據用蒙語怎麼說": "证据",
		// What tells or asks something else.
		"": "", "词": "", "词典": "", "蒙古语怎么说": "", "什么意思": "", "他这么干是什么意思": "", "诉讼时效断了重新算是啥意思，普法课听的": "",
		"老板欠我8000块工资不给": "", "Үг сонсохгүй байна": "", "Дарга цалин өгөхгүй байна": "", "Би өргөдлөө хятадаар": "", "换语言": "", "汉语": "", "ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ": "",
		"老板说" + strings.Repeat("我欠他钱", 12) + "用蒙语怎么说": "",
	} {
		k := asking(t, said, shelf{})
		got, _ := k.asked()
		if got.word != want {
			t.Errorf("%q asks for %q, want %q", said, got.word, want)
		}
	}
}

func TestTermsAreFoundAsWrittenFirst(t *testing.T) {
	index := shelf{ids: []string{"G001", "G002", "G003", "G004"}}
	for said, want := range map[string][]string{
		"合同": {"合同"}, "證據": {"证据"}, "Гэрээ": {"合同"}, "ᠭᠡᠷ᠎ᠡ": {"合同"}, "хүү": {"儿子", "利息"}, "官司": {"诉讼／官司"}, "诉讼／官司": {"诉讼／官司"},
		"合同，利息": {"合同", "利息"}, "应该没有的": nil,
	} {
		hits, err := asking(t, "", index).Finder.Terms(t.Context(), said, 3)
		if err != nil {
			t.Fatal(err)
		}
		var exact []string
		for _, h := range hits {
			if h.Exact {
				exact = append(exact, h.Term.Zh)
			}
		}
		slices.Sort(exact)
		slices.Sort(want)
		if !slices.Equal(exact, want) || len(hits) != 3 || !slices.IsSortedFunc(hits, func(a, b TermHit) int { return int(b.rank() - a.rank()) }) {
			t.Errorf("%q is %v of %d", said, exact, len(hits))
		}
	}
	away := errors.New("away")
	if hits, err := asking(t, "", shelf{err: away}).Finder.Terms(t.Context(), "合同", 3); err != nil || len(hits) != 1 {
		t.Errorf("without an index the table still answers: %v %v", hits, err)
	}
	if _, err := asking(t, "", shelf{err: away}).Finder.Terms(t.Context(), "没有的词", 3); !errors.Is(err, away) {
		t.Errorf("no index is %v", err)
	}
}

// The same word typed with other letters that look alike on paper is the word.
func TestTermsByShape(t *testing.T) {
	k := asking(t, "", shelf{})
	want := k.Finder.Library.FindTerm("ᠭᠡᠷ᠎ᠡ")
	if len(want) == 0 {
		t.Fatal("the table has no ᠭᠡᠷ᠎ᠡ")
	}
	k.Finder.Index = shelf{ids: []string{"G001", want[0].ID}}
	hits, err := k.Finder.Terms(t.Context(), "ᠭᠡᠷᠡ", 3)
	if err != nil || len(hits) != 2 || hits[0].Term.ID != want[0].ID || !hits[0].Exact || hits[1].Exact {
		t.Errorf("%+v %v", hits, err)
	}
}

func TestUnsureFormsAreMarkedAndNeverAlone(t *testing.T) {
	low := caselib.Mongolian{Cyrl: "а", CyrlConf: caselib.Low, Mong: "ᠠ", MongConf: caselib.Medium}
	alone := TermHit{Term: caselib.Term{Mn: caselib.Mongolian{Cyrl: "а", CyrlConf: caselib.Low}}}
	if got := alone.Forms(); len(got) != 0 {
		t.Errorf("a doubtful form stands alone: %v", got)
	}
	beside := TermHit{Term: caselib.Term{Zh: "甲", Mn: low}}
	got := beside.Forms()
	if len(got) != 3 || got[0].Lang != prompts.Chinese || got[0].Unsure || !got[1].Unsure || !got[2].Unsure {
		t.Errorf("%+v", got)
	}
	k := asking(t, "", shelf{})
	if text := strings.Join(k.termLines(beside), "\n"); !strings.Contains(text, "а（待核）") || !strings.HasPrefix(text, "汉语：甲") {
		t.Error(text)
	}
	low.Reviewed = true
	if got := (TermHit{Term: caselib.Term{Zh: "甲", Mn: low}}).Forms(); got[1].Unsure {
		t.Error("a reviewed form is marked")
	}
}

// Every term of the library is worded: nothing empty, nothing unfilled, no remark of those who keep the table.
func TestEveryTermIsWorded(t *testing.T) {
	k := asking(t, "", shelf{})
	for _, term := range k.Finder.Library.Terms {
		text := strings.Join(k.termLines(k.Finder.termHit(term, 1)), "\n")
		if strings.ContainsAny(text, "{}") || !strings.Contains(text, term.Zh) || strings.Contains(text, "未核") || term.Article != "" && !strings.Contains(text, "《") {
			t.Errorf("%s: %s", term.ID, text)
		}
		if n := len([]rune(text)); n > 400 {
			t.Errorf("%s takes %d characters", term.ID, n)
		}
	}
}

func BenchmarkAsked(b *testing.B) {
	k := asking(b, "老板欠我8000块工资不给，在工地干了三个月，包工头电话也不接", shelf{})
	for b.Loop() {
		k.asked()
	}
}
