package app

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heshi/bot"
	"heshi/caselib"
	"heshi/retrieval"
)

var fewOnce = sync.OnceValues(func() (*caselib.Library, error) {
	all, err := caselib.Load(caselib.Embedded())
	if err != nil {
		return nil, err
	}
	// A few dozen of each: building them is most of what these tests do.
	few := &caselib.Library{Taxonomy: all.Taxonomy, Sources: all.Sources, Places: all.Places, Terms: all.Terms[:50], Thesaurus: all.Thesaurus[:50]}
	for _, c := range all.Cases {
		if len(few.Cases) < 45 && (strings.HasPrefix(c.Types[0], "D10") || strings.HasPrefix(c.Types[0], "D07")) {
			few.Cases = append(few.Cases, c)
		}
	}
	for _, s := range all.Statutes {
		if len(few.Statutes) < 30 && (s.Law == "LDMA" || s.Law == "GL") {
			few.Statutes = append(few.Statutes, s)
		}
	}
	return few, nil
})

// smallBrain searches a small library with the shelf of a folder beside it.
func smallBrain(t testing.TB, cfg Config) *Brain {
	t.Helper()
	few, err := fewOnce()
	if err != nil {
		t.Fatal(err)
	}
	big := think(t)
	b := &Brain{Analyzer: big.Analyzer, Extractor: big.Extractor, Dictionary: big.Dictionary}
	b.live(cfg, few)
	ed, err := b.read(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	b.use(nil, ed)
	t.Cleanup(func() { b.life.follower.Close() })
	return b
}

// follow runs Follow at a quick pace until the test ends.
func follow(t testing.TB, b *Brain, log *slog.Logger) {
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); b.follow(ctx, log, pace{look: 10 * time.Millisecond}) }()
	t.Cleanup(func() { stop(); <-done })
}

// soon waits until something holds.
func soon(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("%s: not within two minutes", what)
}

// shelfOf opens the shelf as another process would.
func shelfOf(t testing.TB, dir string) *caselib.Shelf {
	t.Helper()
	s, err := caselib.OpenShelf(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// told puts a draft on the shelf.
func told(t testing.TB, s *caselib.Shelf, facts string) string {
	t.Helper()
	e, err := caselib.Prepare(caselib.Record{Case: caselib.Case{
		Types: []string{"D10-01"}, Title: caselib.Bilingual{Zh: "挤奶工讨要工钱"}, Summary: caselib.Bilingual{Zh: "奶牛合作社欠挤奶工的工钱，调解后付清。"},
		Facts: facts, Result: "付清。", Outcome: "agreed", Articles: []string{"LDMA:27"}, Region: "牧区", Year: 2024, Provenance: "x",
	}, Source: "a.csv", At: noon, By: "import"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := s.Add(t.Context(), []caselib.Entry{e})
	if err != nil {
		t.Fatal(err)
	}
	return got[0].ID
}

// pass takes a case through states, by two people.
func pass(t testing.TB, s *caselib.Shelf, id string, states ...caselib.State) {
	t.Helper()
	for _, to := range states {
		r, err := s.Case(id)
		if err != nil {
			t.Fatal(err)
		}
		read, by := r.Case.Version, "Bat"
		if to == caselib.Anonymised {
			by = "Alma"
		}
		if r, err = r.To(to, by, noon, ""); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Put(t.Context(), r, read); err != nil {
			t.Fatal(err)
		}
	}
}

func finds(t testing.TB, b *Brain, question, id string) bool {
	t.Helper()
	hits, err := b.Index.Search(t.Context(), retrieval.Query{Text: question, K: 20})
	if err != nil {
		t.Error(err)
	}
	return slices.ContainsFunc(hits, func(h retrieval.Hit) bool { return h.ID == id })
}

const milking = "奶牛合作社欠我挤奶的工钱"

// Cases are published and withdrawn and a law comes in while people ask: nobody's search fails, every answer comes from
// one state of the library, and what was withdrawn is gone.
func TestLibraryChangesWhileItIsSearched(t *testing.T) {
	cfg := Config{Data: t.TempDir()}
	b := smallBrain(t, cfg)
	follow(t, b, slog.New(slog.DiscardHandler))
	engine := b.Engine(slog.New(slog.DiscardHandler), cfg, nil, Clock, NewID)
	var stop atomic.Bool
	var searches atomic.Int64
	var wg sync.WaitGroup
	defer func() {
		stop.Store(true)
		wg.Wait()
		t.Log(searches.Load(), "searches")
	}()
	for range 3 {
		wg.Go(func() {
			for !stop.Load() {
				finder, _ := engine.Current()
				hits, err := finder.Index.Search(t.Context(), retrieval.Query{Text: milking, K: 20})
				if err != nil || len(hits) == 0 {
					t.Errorf("%d hits, %v", len(hits), err)
					return
				}
				for _, h := range hits {
					_, isCase := finder.Library.Case(h.ID)
					_, isLaw := finder.Library.Statute(h.ID)
					if h.Kind != retrieval.KindTerm && !isCase && !isLaw {
						t.Errorf("%s was found, but this library has it not", h.ID)
						return
					}
				}
				if a := finder.Find(t.Context(), milking, []retrieval.TypeScore{{Code: "D10-01", Score: 0.9}, {Code: "D10", Score: 0.9}}, nil); a.State != bot.Grounded {
					t.Errorf("the answer is %v", a)
					return
				}
				searches.Add(1)
				time.Sleep(10 * time.Millisecond) // leave the builder some of the machine
			}
		})
	}
	s := shelfOf(t, cfg.Data)
	one := told(t, s, "一家奶牛合作社欠挤奶工三个月工钱。")
	two := told(t, s, "另一家奶牛合作社欠挤奶工一年的工钱。")
	pass(t, s, one, caselib.Anonymised, caselib.BilingualReview)
	before := b.Edition()
	pass(t, s, one, caselib.PublishedState)
	soon(t, "the published case is found", func() bool { return finds(t, b, milking, one) })
	if finds(t, b, milking, two) {
		t.Error("a draft is found")
	}
	if before.Library == b.Edition().Library || finds(t, &Brain{Index: retrieval.NewLive(before.Index)}, milking, one) {
		t.Error("the edition of before has changed")
	}
	pass(t, s, two, caselib.Anonymised, caselib.BilingualReview, caselib.PublishedState)
	soon(t, "the second case is found", func() bool { return finds(t, b, milking, two) })
	pass(t, s, one, caselib.Withdrawn)
	soon(t, "the withdrawn case is gone", func() bool { return !finds(t, b, milking, one) })
	if !finds(t, b, milking, two) {
		t.Error("the other case went with it")
	}
	if _, ok := b.Edition().Library.Case(one); ok {
		t.Error("the withdrawn case can still be read")
	}
	law := caselib.LawText{Key: "QQ", Name: "奶业条例", Version: "2020-01-01", File: "x.md", Hash: strings.Repeat("0a", 16),
		Articles: []caselib.LawArticle{{Number: 9, Path: "第二章 生鲜乳", Text: "第九条　收购生鲜乳应当当日过磅，出具凭证。"}}}
	if _, err := s.PutLaw(t.Context(), law); err != nil {
		t.Fatal(err)
	}
	soon(t, "the law is found", func() bool { return finds(t, b, "收购生鲜乳要不要当天过磅", "QQ:9") })
	found := b.Edition().Finder().Find(t.Context(), "收购生鲜乳要不要当天过磅出具凭证", nil, nil)
	if i := slices.IndexFunc(found.Articles, func(a bot.Article) bool { return a.Key == "QQ:9" }); i < 0 || found.Articles[i].Cite != "《奶业条例》第九条（2020-01-01）" {
		t.Errorf("articles %v", found.Articles)
	}
	// A newer version takes its place; the old one is not shown as current.
	law.Version, law.Hash = "2024-01-01", strings.Repeat("0b", 16)
	law.Articles = []caselib.LawArticle{{Number: 11, Text: "第十一条　收购生鲜乳应当在两个小时内过磅。"}}
	if _, err := s.PutLaw(t.Context(), law); err != nil {
		t.Fatal(err)
	}
	soon(t, "the new version is found", func() bool { return finds(t, b, "收购生鲜乳过磅", "QQ:11") })
	if finds(t, b, "收购生鲜乳过磅", "QQ:9") {
		t.Error("an article of the old version is found")
	}
	if st, _ := b.Edition().Library.Statute("QQ:11"); st.Cite() != "《奶业条例》第十一条（2024-01-01）" {
		t.Errorf("cited as %s", st.Cite())
	}
}

// Drafts that come in change nothing that is searched, and damage on the shelf leaves the library of before in use.
func TestNothingIsSwappedWithoutNeed(t *testing.T) {
	cfg := Config{Data: t.TempDir()}
	b := smallBrain(t, cfg)
	s := shelfOf(t, cfg.Data)
	id := told(t, s, "一家奶牛合作社欠挤奶工三个月工钱。")
	ed, err := b.read(t.Context())
	if err != nil || ed != b.Edition() {
		t.Fatalf("a draft makes another edition, %v", err)
	}
	pass(t, s, id, caselib.Anonymised, caselib.BilingualReview, caselib.PublishedState)
	if ed, err = b.read(t.Context()); err != nil || ed == b.Edition() {
		t.Fatalf("a published case makes no other edition, %v", err)
	}
	if ed.made.Built != 1 || ed.made.Kept != 2 {
		t.Errorf("made %+v; only the cases changed", ed.made)
	}
	b.use(b.Edition(), ed)
	// Withdrawn, it is gone before anything is built.
	pass(t, s, id, caselib.Withdrawn)
	all, err := b.life.follower.Merge(t.Context(), b.life.embedded, noon)
	if err != nil {
		t.Fatal(err)
	}
	if !finds(t, b, milking, id) {
		t.Error("the case is not found")
	}
	b.withdraw(all.Published())
	if _, ok := b.Edition().Library.Case(id); ok || finds(t, b, milking, id) {
		t.Error("the withdrawn case is still there")
	}
	if ed, err = b.read(t.Context()); err != nil || ed == b.Edition() {
		t.Fatalf("what is left is not made anew, %v", err)
	}
	b.use(b.Edition(), ed)
	path := filepath.Join(cfg.Data, "library", "cases-000001.jsonl")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bad := slices.Clone(good)
	bad[40] ^= 1
	if err := os.WriteFile(path+".new", bad, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		t.Fatal(err)
	}
	if _, err := b.read(t.Context()); err == nil {
		t.Error("a damaged shelf is read")
	}
	if b.Edition() != ed || !answers(t, b, "老板拖欠工钱") {
		t.Error("the library of before is not in use any more")
	}
}

func TestSecondStartLoadsTheIndex(t *testing.T) {
	cfg := Config{Data: t.TempDir()}
	s := shelfOf(t, cfg.Data)
	id := told(t, s, "一家奶牛合作社欠挤奶工三个月工钱。")
	pass(t, s, id, caselib.Anonymised, caselib.BilingualReview, caselib.PublishedState)
	first := smallBrain(t, cfg)
	if _, err := os.Stat(filepath.Join(cfg.Data, "cache", "index")); err == nil {
		t.Error("reading wrote to the cache")
	}
	if err := first.Save(); err == nil {
		t.Error("a command that only reads may write to the cache")
	}
	first.Progress(true, nil)
	if err := first.Save(); err != nil {
		t.Fatal(err)
	}
	second := smallBrain(t, cfg)
	if made := second.Edition().made; made.Loaded != 3 || made.Built != 0 {
		t.Errorf("the second start made %+v", made)
	}
	if !finds(t, second, milking, id) {
		t.Error("the loaded index does not find the case")
	}
	pass(t, s, id, caselib.Withdrawn)
	third := smallBrain(t, cfg)
	if made := third.Edition().made; made.Loaded != 2 || made.Built != 1 {
		t.Errorf("after a withdrawal: made %+v", made)
	}
	if finds(t, third, milking, id) {
		t.Error("a withdrawn case comes back out of the cache")
	}
}
