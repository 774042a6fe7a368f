package retrieval_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"heshi/retrieval"
	"heshi/retrieval/retrievaltest"
)

// counting embeds by length, counts what it is asked, and fails when told to.
type counting struct {
	id    string
	asked atomic.Int64
	fail  func(n int64) error
}

func (c *counting) ID() string { return c.id }
func (c *counting) Dim() int   { return 2 }
func (c *counting) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	n := c.asked.Add(int64(len(texts)))
	if c.fail != nil {
		if err := c.fail(n); err != nil {
			return nil, err
		}
	}
	out := make([][]float32, len(texts))
	for i, t := range texts {
		a := float64(len(t))
		out[i] = []float32{float32(math.Cos(a)), float32(math.Sin(a))}
	}
	return out, ctx.Err()
}

func passages(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = fmt.Sprintf("第%d条%*s", i, i%7, "")
	}
	return out
}

func keep(t *testing.T, dir string, e retrieval.Embedder) *retrieval.Kept {
	t.Helper()
	k, err := retrieval.Keep(dir, e)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { k.Close() })
	return k
}

func same(t *testing.T, k *retrieval.Kept, texts []string) {
	t.Helper()
	got, err := k.Embed(t.Context(), texts)
	if err != nil {
		t.Fatal(err)
	}
	want, _ := (&counting{}).Embed(t.Context(), texts)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("other vectors than the embedder's")
	}
}

var errDown = errors.New("down")

func TestKeptGoesOnWhereItWasBrokenOff(t *testing.T) {
	dir, texts := t.TempDir(), passages(200)
	e := &counting{id: "m", fail: func(n int64) error {
		if n > 130 {
			return errDown
		}
		return nil
	}}
	k := keep(t, dir, e)
	var told []int
	err := k.Fill(t.Context(), texts, func(done, total int) { told = append(told, done) })
	if !errors.Is(err, errDown) || k.Len() != 128 || !reflect.DeepEqual(told, []int{0, 64, 128}) {
		t.Fatalf("%v, %d on disk, progress %v", err, k.Len(), told)
	}
	// Another process, later.
	e = &counting{id: "m"}
	k = keep(t, dir, e)
	if err := k.Fill(t.Context(), texts, nil); err != nil || e.asked.Load() != 72 {
		t.Fatalf("%v, asked for %d, want 72", err, e.asked.Load())
	}
	same(t, k, texts)
	if e.asked.Load() != 72 {
		t.Error("what is on disk is asked for")
	}
	// One text more: one is asked for.
	e = &counting{id: "m"}
	k = keep(t, dir, e)
	if err := k.Fill(t.Context(), append(texts[10:], "新的一条"), nil); err != nil || e.asked.Load() != 1 {
		t.Errorf("%v, asked for %d, want 1", err, e.asked.Load())
	}
	// Another model shares nothing.
	e = &counting{id: "other"}
	if k := keep(t, dir, e); k.Len() != 0 {
		t.Error("vectors of another model are taken")
	}
	if err := retrieval.OnlyKeep(dir, "other"); err != nil {
		t.Fatal(err)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 1 {
		t.Errorf("the folder holds %v", files)
	}
}

func TestKeptTrustsNoDamage(t *testing.T) {
	texts := passages(20)
	const record = 32 + 8 + 4
	for name, harm := range map[string]func([]byte) ([]byte, int){ // what is left, of 20
		"cut":            func(b []byte) ([]byte, int) { return b[:len(b)-3], 19 },
		"cut at a seam":  func(b []byte) ([]byte, int) { return b[:len(b)-2*record], 18 },
		"one bit":        func(b []byte) ([]byte, int) { b[len(b)-record-6] ^= 1; return b, 19 },
		"rubbish behind": func(b []byte) ([]byte, int) { return append(b, "rubbish"...), 20 },
		"another head":   func(b []byte) ([]byte, int) { b[3]++; return b, 0 },
		"empty":          func([]byte) ([]byte, int) { return nil, 0 },
	} {
		dir := t.TempDir()
		k := keep(t, dir, &counting{id: "m"})
		if err := k.Fill(t.Context(), texts, nil); err != nil {
			t.Fatal(err)
		}
		files, _ := filepath.Glob(filepath.Join(dir, "*"))
		b, err := os.ReadFile(files[0])
		if err != nil {
			t.Fatal(err)
		}
		b, left := harm(b)
		if err := os.WriteFile(files[0], b, 0o600); err != nil {
			t.Fatal(err)
		}
		e := &counting{id: "m"}
		k = keep(t, dir, e)
		if k.Len() != left {
			t.Errorf("%s: %d vectors are taken, want %d", name, k.Len(), left)
		}
		if err := k.Fill(t.Context(), texts, nil); err != nil || e.asked.Load() != int64(20-left) {
			t.Errorf("%s: %v, asked for %d", name, err, e.asked.Load())
		}
		same(t, k, texts)
		if k := keep(t, dir, e); k.Len() != 20 {
			t.Errorf("%s: not put right: %d", name, k.Len())
		}
	}
}

// What people ask is nobody else's business: it stays off the disk.
func TestKeptWritesNoQuestion(t *testing.T) {
	dir, e := t.TempDir(), &counting{id: "m"}
	k := keep(t, dir, e)
	for range 3 {
		same(t, k, []string{"我叫张三"})
	}
	if e.asked.Load() != 1 {
		t.Errorf("one question is asked %d times", e.asked.Load())
	}
	for i := range 600 {
		same(t, k, []string{fmt.Sprint("问", i)})
	}
	if same(t, k, []string{"我叫张三"}); e.asked.Load() != 602 {
		t.Errorf("asked %d: everything is remembered for ever", e.asked.Load())
	}
	if keep(t, dir, e).Len() != 0 {
		t.Error("a question is on disk")
	}
}

// Two processes fill one file side by side.
func TestKeptIsShared(t *testing.T) {
	dir, texts := t.TempDir(), passages(300)
	var wg sync.WaitGroup
	for i := range 3 {
		k := keep(t, dir, &counting{id: "m"})
		wg.Go(func() {
			for part := 0; part < 300; part += 50 {
				at := (part + 100*i) % 300
				if err := k.Fill(t.Context(), texts[at:at+50], nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	e := &counting{id: "m"}
	k := keep(t, dir, e)
	if k.Len() != 300 {
		t.Errorf("%d of 300 vectors", k.Len())
	}
	same(t, k, texts)
}

func TestHybridOverKept(t *testing.T) {
	dir, e := t.TempDir(), &counting{id: "m"}
	k := keep(t, dir, e)
	chunks := []retrieval.Chunk{
		{ID: "a", Kind: retrieval.KindCase, Title: "老板欠工资"}, {ID: "b", Kind: retrieval.KindLaw, Title: "某法第一条"}, {ID: "c", Kind: retrieval.KindTerm, Title: "工资"},
	}
	texts := retrieval.Meant(chunks)
	if err := k.Fill(t.Context(), texts, nil); err != nil || e.asked.Load() != 2 {
		t.Fatalf("%v, %d", err, e.asked.Load())
	}
	x, err := retrieval.Build(t.Context(), newAnalyzer(t), chunks, retrieval.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := retrieval.NewHybrid(t.Context(), slog.New(slog.DiscardHandler), x, &scan{m: map[string][]retrieval.Vector{}}, k, chunks, nil); err != nil {
		t.Fatal(err)
	}
	if e.asked.Load() != 2 {
		t.Errorf("building asked for %d texts, all of them were filled in", e.asked.Load())
	}
}

// named is a searcher that says who it is.
type named string

func (n named) Search(context.Context, retrieval.Query) ([]retrieval.Hit, error) {
	return []retrieval.Hit{{ID: string(n)}}, nil
}

// stuck answers when the asker gives up, unless it is well.
type stuck struct {
	counting
	well atomic.Bool
}

func (s *stuck) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	if !s.well.Load() {
		s.asked.Add(1)
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return s.counting.Embed(ctx, texts)
}

func TestSpareDelaysOneQuestionOnly(t *testing.T) {
	e := &stuck{counting: counting{id: "m"}}
	now := time.Unix(0, 0)
	s := &retrieval.Spare{Log: slog.New(slog.DiscardHandler), First: named("first"), Second: named("second"), Embedder: keep(t, t.TempDir(), e),
		Patience: 20 * time.Millisecond, Pause: time.Minute, Now: func() time.Time { return now }}
	who := func(want string, asked int64) {
		t.Helper()
		h, err := s.Search(t.Context(), retrieval.Query{Text: "工资"})
		if err != nil || h[0].ID != want || e.asked.Load() != asked {
			t.Errorf("%v answers (%v) after %d asked; want %s after %d", h, err, e.asked.Load(), want, asked)
		}
	}
	who("second", 1)
	who("second", 1) // within the pause nobody waits
	now = now.Add(2 * time.Minute)
	who("second", 2)
	e.well.Store(true)
	now = now.Add(2 * time.Minute)
	who("first", 3)
	if h, err := s.Search(t.Context(), retrieval.Query{Text: "цалин", Kind: retrieval.KindTerm}); err != nil || h[0].ID != "first" || e.asked.Load() != 3 {
		t.Errorf("a term is embedded: %v %v", h, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Search(ctx, retrieval.Query{Text: "x"}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestWithoutFindsTheRest(t *testing.T) {
	retrievaltest.Searcher(t, func(t *testing.T, chunks []retrieval.Chunk) retrieval.Searcher {
		gone := retrieval.Chunk{ID: "gone", Kind: retrieval.KindCase, Title: "老板拖欠工资工钱草场羊群借款漏水"}
		x, err := retrieval.Build(t.Context(), newAnalyzer(t), append(slices.Clone(chunks), gone), retrieval.Options{})
		if err != nil {
			t.Fatal(err)
		}
		return retrieval.Without{From: x, Gone: map[string]bool{"gone": true}}
	})
}
