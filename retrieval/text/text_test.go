package text

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

func analyzer(t testing.TB) *Analyzer {
	t.Helper()
	d, err := FindDictionary(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewAnalyzer(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestLang(t *testing.T) {
	for in, want := range map[string]string{
		"老板欠我8000块工资不给":                             "zh",
		"老闆欠我8000塊工資不給":                             "zh",
		"Дарга надад цалин өгөхгүй байна 8000 юань": "mn-Cyrl",
		"ᠴᠠᠯᠢᠩ ᠥᠭᠭᠦᠬᠦ ᠦᠭᠡᠢ":                         "mn-Mong",
		"darga nadad tsalin uguhgui baina":          "mn-Latn",
		"my boss does not pay me":                   "und",
		"WiFi坏了":                                    "zh",
		"":                                          "und",
		"8000":                                      "und",
		"цалин工资工资工":                                "zh", // five letters each
		"\uE264\uE2B5\uE264\uE2B5":                  "mn-Mong",
		"lao ban bu gei wo gong zi":                 "und",
	} {
		if got := Lang(in); got != want {
			t.Errorf("Lang(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestScriptsAndRuns(t *testing.T) {
	s := "我的цалин還沒給，ᠴᠠᠯᠢᠩ!"
	if got := Scripts(s); len(got) != 4 || !slices.Contains(got, Hant) || !slices.Contains(got, Mong) {
		t.Errorf("Scripts = %v", got)
	}
	end := 0
	for _, r := range Runs(s) {
		if r.Start != end || s[r.Start:r.End] != r.Text {
			t.Errorf("run %+v does not continue at %d", r, end)
		}
		end = r.End
	}
	if end != len(s) {
		t.Errorf("runs end at %d of %d", end, len(s))
	}
	if got := Scripts("老闆欠我工資，還罵人"); len(got) != 1 || got[0] != Hant {
		t.Errorf("traditional text: %v", got)
	}
	if got := Scripts("老板欠我工资，还骂人，几个月了"); len(got) != 1 || got[0] != Hans {
		t.Errorf("simplified text: %v", got)
	}
}

func TestClean(t *testing.T) {
	if got := Clean("a\x00b\xffc\ufeff\r\nd\x07"); got != "abc\n\nd" && got != "abc\n\n"+"d" {
		t.Errorf("Clean = %q", got)
	}
	if got := Clean(strings.Repeat("草", MaxBytes)); len(got) > MaxBytes || !utf8.ValidString(got) {
		t.Errorf("Clean keeps %d bytes, valid %v", len(got), utf8.ValidString(got))
	}
	if got := Clean("ᠭᠡᠷ\u202Fᠦᠨ"); !strings.ContainsRune(got, '\u202F') {
		t.Error("Clean lost the space before a suffix")
	}
}

func TestSimplify(t *testing.T) {
	for in, want := range map[string]string{
		"勞動報酬": "劳动报酬", "離婚後房產": "离婚后房产", "乾燥": "干燥", "цалин": "цалин", "劳动报酬": "劳动报酬",
	} {
		if got := Simplify(in); got != want {
			t.Errorf("Simplify(%q) = %q, want %q", in, got, want)
		}
	}
}

// The suffix table carries the key of every suffix, computed independently.
func TestFoldAgreesWithSuffixTable(t *testing.T) {
	n := 0
	for _, r := range rows("suffixes_mong.tsv") {
		n++
		if got := FoldWord(r[1]); got != r[9] {
			t.Errorf("FoldWord(%s) = %q, table says %q", r[2], got, r[9])
		}
	}
	if n < 150 {
		t.Errorf("only %d suffixes", n)
	}
}

func TestFold(t *testing.T) {
	same := [][]string{
		{"ᠰᠠᠢᠨ", "ᠰᠠᠶᠢᠨ"},               // V y i = V i
		{"ᠨᠡᠷ᠎ᠡ", "ᠨᠡᠷ\u202Fᠡ", "ᠨᠡᠷᠡ"}, // final vowel after MVS, NNBSP
		{"ᠭᠠᠵᠠᠷ\u202Fᠤᠨ", "ᠭᠠᠵᠠᠷ ᠤᠨ", "ᠭᠠᠵᠠᠷ\u180Eᠤᠨ", "ᠭᠠᠵᠠᠷ ᠤ\u180Bᠨ"}, // suffix joiners
		{"ᠴᠠᠯᠢᠩ", "ᠴᠠᠯᠢᠨᠭ", "ᠴᠡᠯᠢᠩ"},                                     // ANG = N+G, a/e
		{"ᠲᠤᠰᠠ", "ᠳᠣᠰᠠ"}, // t/d, o/u
	}
	for _, g := range same {
		for _, s := range g[1:] {
			if Fold(s) != Fold(g[0]) {
				t.Errorf("Fold(%+q) = %q, Fold(%+q) = %q", s, Fold(s), g[0], Fold(g[0]))
			}
		}
	}
	if Fold("ᠡᠮᠡ") == Fold("ᠠᠮᠠ") {
		t.Error("initial E and A must differ")
	}
	if got := Fold("ᠣᠨ ᠣᠨ"); got != "on on" {
		t.Errorf("year is a word, not a suffix: %q", got)
	}
	if got := Fold("ᠡᠨᠡ᠂ ᠲᠡᠷᠡ᠃"); got != "ena tara" {
		t.Errorf("punctuation breaks words: %q", got)
	}
}

func TestMenksoftReadsAsUnicode(t *testing.T) {
	// The word ᠠᠯᠠ in presentation forms: A initial, L, A final.
	if got := Fold("\uE264\uE2F7\uE266"); got != Fold("ᠠᠯᠠ") {
		t.Errorf("Menksoft folds to %q", got)
	}
}

func TestWordsAcrossForms(t *testing.T) {
	a := analyzer(t)
	a.Learn([]string{"цалин", "бэлчээр", "ᠪᠡᠯᠴᠢᠭᠡᠷ"})
	for _, c := range [][2]string{
		{"бэлчээрийн", "бэлчээр"},
		{"бэлчээрээс", "бэлчээр"},
		{"цалингаа", "цалин"},
		{"ᠪᠡᠯᠴᠢᠭᠡᠷ ᠦᠨ", "ᠪᠡᠯᠴᠢᠭᠡᠷ"},
		{"ᠪᠡᠯᠴᠢᠭᠡᠷ\u202Fᠡᠴᠡ", "ᠪᠡᠯᠴᠢᠭᠡᠷ"},
		{"拖欠農民工工資", "拖欠农民工工资"},
		{"８０００", "8000"},
		{"᠘᠐᠐᠐", "8000"},
	} {
		x, y := a.Words(c[0]), a.Words(c[1])
		if !slices.Equal(x, y) || len(x) == 0 {
			t.Errorf("%s gives %q, %s gives %q", c[0], x, c[1], y)
		}
	}
}

func TestDomainWordsStayWhole(t *testing.T) {
	a := analyzer(t)
	for _, w := range []string{"嘎查", "苏木", "草畜平衡", "人民调解委员会", "苏鲁克", "网围栏", "鄂温克族自治旗"} {
		if got := a.Words("在" + w + "里"); !slices.Contains(got, w) {
			t.Errorf("%s is cut into %q", w, got)
		}
	}
	if n := len(DomainWords()); n < 300 {
		t.Errorf("%d domain words", n)
	}
	if err := checkWords(DomainWords()); err != nil {
		t.Error(err)
	}
}

func TestGrams(t *testing.T) {
	a := analyzer(t)
	want := []string{"欠", "薪", "欠薪", "工", "钱", "工钱"}
	if got := a.Grams("欠薪, 工錢 цалин"); !slices.Equal(got, want) {
		t.Errorf("Grams = %q, want %q", got, want)
	}
}

func TestBadDomainWordsAreRefused(t *testing.T) {
	for _, w := range []string{"a b", "草", "草场\r", "цалин", strings.Repeat("草", 21), ""} {
		if _, err := NewAnalyzer(Dictionary{Source: SourceNone}, []string{w}); err == nil || errors.Is(err, ErrNoDictionary) {
			t.Errorf("word %q: %v", w, err)
		}
	}
}

func TestWithoutDictionaryStillAnalyses(t *testing.T) {
	a, err := NewAnalyzer(Dictionary{Source: SourceGiven, Dir: t.TempDir()}, nil)
	if !errors.Is(err, ErrNoDictionary) || a == nil {
		t.Fatalf("NewAnalyzer = %v, %v", a, err)
	}
	if a.Segments() {
		t.Error("claims to segment")
	}
	if got := a.Words("拖欠工资 цалин"); !slices.Equal(got, []string{"拖欠", "欠工", "工资", "цалн"}) && !slices.Contains(got, "工资") {
		t.Errorf("Words = %q", got)
	}
}

func TestMalformedDictionaryIsRefused(t *testing.T) {
	src, err := FindDictionary("")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	copyDictionary(t, src.Dir, dir)
	appendTo(t, dir+"/"+DictionaryFiles[0], "坏行\n")
	if _, err := NewAnalyzer(Dictionary{Source: SourceGiven, Dir: dir}, nil); !errors.Is(err, ErrNoDictionary) {
		t.Errorf("malformed dictionary: %v", err)
	}
}

func TestHostileInput(t *testing.T) {
	a := analyzer(t)
	for _, s := range []string{
		"\xff\xfe\x00\x00", "老板\x00欠薪", "欠\xf8\x88\x80\x80\x80薪", strings.Repeat("欠薪", 50_000), strings.Repeat("ᠠ ᠤᠨ", 20_000),
		strings.Repeat("\u0301", 100_000), strings.Repeat("\u180e", 10_000), "\U0010FFFF\uD7FF",
	} {
		a.Words(s)
		a.Grams(s)
		Fold(s)
		Lang(s)
	}
	if got := a.Words("老板\x00欠薪\xff不给"); !slices.Contains(got, "老板") || !slices.Contains(got, "欠薪") {
		t.Errorf("NUL and invalid bytes lose words: %q", got)
	}
}

func FuzzAnalyzer(f *testing.F) {
	a := analyzer(f)
	for _, s := range []string{"老板欠我8000块", "ᠭᠠᠵᠠᠷ\u202Fᠤᠨ\u180Eᠠ", "Дарга\x00", "\xff\xf8", "ogohgui \uE264", "\u180e", "-ᠤᠨ ᠤᠨ"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range a.Words(s) {
			if w == "" || !utf8.ValidString(w) {
				t.Errorf("word %q", w)
			}
		}
		a.Grams(s)
		Fold(s)
		Lang(s)
		LatinKey(s)
		end := 0
		for _, r := range Runs(s) {
			if r.Start != end {
				t.Errorf("gap at %d", end)
			}
			end = r.End
		}
	})
}

func TestConcurrentCutsAndLateWords(t *testing.T) {
	a := analyzer(t)
	d, err := FindDictionary("")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			for range 50 {
				a.Words("牧民在嘎查的草场被邻居的网围栏占了")
			}
			b, err := NewAnalyzer(d, []string{"草原" + string(rune('一'+i))})
			if err != nil {
				t.Error(err)
				return
			}
			b.Words("草场")
		})
	}
	wg.Wait()
}

func TestLatinKeyMeetsCyrillic(t *testing.T) {
	for _, c := range [][2]string{{"цалин", "tsalin"}, {"цалин", "calin"}, {"өгөхгүй", "ugukhgui"}, {"өгөхгүй", "ogohgui"}, {"бэлчээр", "belcheer"}, {"мөнгө", "mongo"}, {"мөнгө", "mungu"}, {"хүүхэд", "huuhed"}, {"хүүхэд", "khuukhed"}} {
		if x, y := LatinKey(c[0]), LatinKey(c[1]); x != y {
			t.Errorf("%s -> %q, %s -> %q", c[0], x, c[1], y)
		}
	}
}

func BenchmarkWords(b *testing.B) {
	a := analyzer(b)
	a.Warm()
	const s = "老板拖欠我们三个月工资不给，还把我们赶出工地，我该怎么要回工钱"
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		a.Words(s)
	}
}
