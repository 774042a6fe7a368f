package retrieval

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
)

// ask answers a few questions, for comparison.
func ask(t *testing.T, x *Index) [][]Hit {
	t.Helper()
	var out [][]Hit
	for _, q := range []Query{{Text: "老板拖欠工钱"}, {Text: "цалин"}, {Text: "羊吃了草场", Types: []string{"D07-04"}}, {Text: "劳动报酬时效", Kind: KindLaw}, {Text: "ᠴᠠᠯᠢᠩ", Facts: []string{"工资"}}} {
		out = append(out, search(t, x, q))
	}
	return out
}

func make1(t *testing.T, c *Cache, chunks []Chunk, want Made) *Index {
	t.Helper()
	x, made, err := c.Build(t.Context(), analyzer(t), chunks, Options{Tables: wages})
	if err != nil {
		t.Fatal(err)
	}
	if made != want {
		t.Errorf("made %+v, want %+v", made, want)
	}
	return x
}

func TestCacheGivesTheSameIndex(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "index")
	want := ask(t, build(t, shelf()))
	c := NewCache(dir, "p")
	for _, made := range []Made{{Built: 3}, {Kept: 3}} {
		if got := ask(t, make1(t, c, shelf(), made)); !reflect.DeepEqual(got, want) {
			t.Errorf("%+v: got %v\nwant %v", made, got, want)
		}
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("building wrote something")
	}
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}
	if got := ask(t, make1(t, NewCache(dir, "p"), shelf(), Made{Loaded: 3})); !reflect.DeepEqual(got, want) {
		t.Errorf("loaded: got %v\nwant %v", got, want)
	}
	make1(t, NewCache(dir, "another program"), shelf(), Made{Built: 3})
	// One case less: only the cases are made again, and their old file goes.
	less := slices.Delete(shelf(), 0, 1)
	c = NewCache(dir, "p")
	x := make1(t, c, less, Made{Loaded: 2, Built: 1})
	if hits := search(t, x, Query{Text: "包工头拖欠农民工工资", Kind: KindCase}); slices.ContainsFunc(hits, func(h Hit) bool { return h.ID == "wage" }) {
		t.Error("what left the library is still found")
	}
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}
	if files, _ := filepath.Glob(filepath.Join(dir, "*")); len(files) != 3 {
		t.Errorf("the folder holds %v", files)
	}
	make1(t, NewCache(dir, "p"), less, Made{Loaded: 3})
}

func TestCacheTrustsNoDamage(t *testing.T) {
	dir := t.TempDir()
	c := NewCache(dir, "p")
	want := ask(t, make1(t, c, shelf(), Made{Built: 3}))
	if err := c.Save(); err != nil {
		t.Fatal(err)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.part"))
	good, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.ReadFile(files[1])
	if err != nil {
		t.Fatal(err)
	}
	flipped := slices.Clone(good)
	flipped[len(flipped)/2] ^= 4
	for name, b := range map[string][]byte{
		"empty": {}, "cut": good[:len(good)-7], "half": good[:len(good)/2], "head only": good[:20],
		"longer": append(slices.Clone(good), 0), "one bit": flipped, "another part": other,
	} {
		if err := os.WriteFile(files[0], b, 0o600); err != nil {
			t.Fatal(err)
		}
		c := NewCache(dir, "p")
		if got := ask(t, make1(t, c, shelf(), Made{Loaded: 2, Built: 1})); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: other hits", name)
		}
		if err := c.Save(); err != nil { // puts it right
			t.Fatal(err)
		}
		make1(t, NewCache(dir, "p"), shelf(), Made{Loaded: 3})
	}
	// A part that passes every checksum but points outside itself is refused too.
	p := build(t, shelf()).parts[0]
	p.docs[0] = 1 << 20
	var b bytes.Buffer
	if err := p.encode(&b); err != nil {
		t.Fatal(err)
	}
	if _, err := decodePart(bytes.NewReader(b.Bytes()), int64(b.Len())); err == nil {
		t.Error("a posting of a chunk that does not exist is accepted")
	}
}

// Whoever adds a field must decide how it is saved.
func TestCacheSavesEveryField(t *testing.T) {
	for typ, want := range map[reflect.Type][]string{
		reflect.TypeFor[part]():       {"kind", "chunks", "voc", "start", "docs", "impact", "idf", "pool"},
		reflect.TypeFor[meta]():       {"id", "outcome", "title", "types", "prior", "first", "last"},
		reflect.TypeFor[vocabulary](): {"words", "grams", "next"},
	} {
		var have []string
		for i := range typ.NumField() {
			have = append(have, typ.Field(i).Name)
		}
		if !slices.Equal(have, want) {
			t.Errorf("%s has fields %v; encode, decodePart and this test know %v", typ, have, want)
		}
	}
}
