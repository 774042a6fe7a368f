package retrieval

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
)

// Kept is an Embedder that remembers the vectors of texts that were filled in:
// on disk, by the content of the text, one file for each embedder. Filling can
// be broken off at any moment and goes on where it was. What people ask is
// embedded too, but kept in memory only, and only the last of it.
//
// Safe for concurrent use; several processes may share the file.
type Kept struct {
	// Hide, when set, gives a question as the embedder may see it. Set it before
	// the first question.
	Hide func(question string) string

	inner Embedder
	path  string

	mu    sync.Mutex
	f     *os.File
	at    map[[sha256.Size]byte]int64 // where the record of a text stands in f
	end   int64                       // of what was read
	asked map[string][]float32
	order []string // of asked, oldest first
}

// vectorMagic begins a file of vectors: a line of its own, then the id of the
// embedder on a line, then records of equal length.
const vectorMagic = "heshi vectors 1\n"

// The numbers of Kept.
const (
	keptAsked = 512 // questions remembered
	fillBatch = 64  // texts between two writes
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Keep opens the memory of an embedder in a folder. A file that is damaged is
// read as far as it is whole; one of another embedder is never taken.
func Keep(dir string, e Embedder) (*Kept, error) {
	if strings.ContainsAny(e.ID(), "\r\n") {
		return nil, fmt.Errorf("retrieval: an embedder's id is one line: %q", e.ID())
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("retrieval: cache: %w", err)
	}
	k := &Kept{inner: e, path: filepath.Join(dir, vectorFile(e.ID())), asked: map[string][]float32{}}
	var err error
	if k.f, err = os.OpenFile(k.path, os.O_RDWR|os.O_CREATE, 0o600); err != nil {
		return nil, fmt.Errorf("retrieval: cache: %w", err)
	}
	if err := k.locked(k.read); err != nil {
		return nil, errors.Join(err, k.f.Close())
	}
	return k, nil
}

// vectorFile names the file of an embedder.
func vectorFile(id string) string {
	sum := sha256.Sum256([]byte(id))
	return hex.EncodeToString(sum[:12]) + ".vectors"
}

// OnlyKeep removes what a folder remembers of other embedders than these.
func OnlyKeep(dir string, ids ...string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("retrieval: cache: %w", err)
	}
	keep := map[string]bool{}
	for _, id := range ids {
		keep[vectorFile(id)] = true
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".vectors") && !keep[e.Name()] {
			err = errors.Join(err, remove(filepath.Join(dir, e.Name())))
		}
	}
	return err
}

// Close gives the file back.
func (k *Kept) Close() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.f.Close()
}

// ID implements Embedder.
func (k *Kept) ID() string { return k.inner.ID() }

// Dim implements Embedder.
func (k *Kept) Dim() int { return k.inner.Dim() }

// Len is the number of vectors on disk.
func (k *Kept) Len() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.at)
}

// size of a record: the digest of the text, the numbers, the checksum of both.
func (k *Kept) size() int64 { return sha256.Size + 4*int64(k.Dim()) + 4 }

// head is how the file begins.
func (k *Kept) head() string { return vectorMagic + k.ID() + "\n" }

// read takes in what is new in the file; the caller holds both locks. What
// follows the last whole record, or all of a file that begins otherwise, is cut
// off, so that what is appended stands where it is looked for.
func (k *Kept) read() error {
	info, err := k.f.Stat()
	if err != nil {
		return err
	}
	head := k.head()
	if k.at == nil || info.Size() < k.end {
		k.at, k.end = map[[sha256.Size]byte]int64{}, int64(len(head))
		b := make([]byte, len(head))
		if _, err := k.f.ReadAt(b, 0); err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if string(b) != head {
			if err := k.f.Truncate(0); err != nil {
				return err
			}
			if _, err := k.f.WriteAt([]byte(head), 0); err != nil {
				return err
			}
			return k.f.Sync()
		}
	}
	n := k.size()
	r := bufio.NewReaderSize(io.NewSectionReader(k.f, k.end, 1<<62), 1<<20)
	b := make([]byte, n)
	for {
		if _, err := io.ReadFull(r, b); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		} else if err != nil {
			return err
		}
		// A record with a wrong checksum is passed over: its text is embedded again.
		if intact(b) {
			k.at[[sha256.Size]byte(b)] = k.end
		}
		k.end += n
	}
	return k.f.Truncate(k.end)
}

// intact reports whether a record is as it was written.
func intact(b []byte) bool {
	n := len(b) - 4
	return crc32.Checksum(b[:n], castagnoli) == binary.LittleEndian.Uint32(b[n:])
}

// locked runs change while no other process reads or writes the file.
func (k *Kept) locked(change func() error) error {
	if err := syscall.Flock(int(k.f.Fd()), syscall.LOCK_EX); err != nil {
		return fmt.Errorf("retrieval: cache: %w", err)
	}
	err := change()
	if err = errors.Join(err, syscall.Flock(int(k.f.Fd()), syscall.LOCK_UN)); err != nil {
		return fmt.Errorf("retrieval: cache: %w", err)
	}
	return nil
}

// Fill sees to it that the vectors of texts are on disk. What is there already
// is not asked for again; each batch is on disk before the next is asked for.
// progress, when set, hears how many of the texts are done.
func (k *Kept) Fill(ctx context.Context, texts []string, progress func(done, total int)) error {
	var missing []string
	seen := map[[sha256.Size]byte]bool{}
	k.mu.Lock()
	for _, t := range texts {
		sum := sha256.Sum256([]byte(t))
		if _, ok := k.at[sum]; !ok && !seen[sum] {
			seen[sum] = true
			missing = append(missing, t)
		}
	}
	k.mu.Unlock()
	done := len(texts) - len(missing)
	tell := func() {
		if progress != nil {
			progress(done, len(texts))
		}
	}
	tell()
	for len(missing) > 0 {
		batch := missing[:min(fillBatch, len(missing))]
		vs, err := k.inner.Embed(ctx, batch)
		if err != nil {
			return err
		}
		if len(vs) != len(batch) {
			return fmt.Errorf("%w: %d vectors for %d texts", ErrVector, len(vs), len(batch))
		}
		if err := k.append(batch, vs); err != nil {
			return err
		}
		missing = missing[len(batch):]
		done += len(batch)
		tell()
	}
	return nil
}

// append writes vectors and waits until the disk has them.
func (k *Kept) append(texts []string, vs [][]float32) error {
	var buf []byte
	for i, v := range vs {
		if len(v) != k.Dim() {
			return fmt.Errorf("%w: %d numbers, want %d", ErrVector, len(v), k.Dim())
		}
		start := len(buf)
		sum := sha256.Sum256([]byte(texts[i]))
		buf = append(buf, sum[:]...)
		for _, x := range v {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(x))
		}
		buf = binary.LittleEndian.AppendUint32(buf, crc32.Checksum(buf[start:], castagnoli))
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.locked(func() error {
		if err := k.read(); err != nil { // others may have written
			return err
		}
		if _, err := k.f.WriteAt(buf, k.end); err != nil {
			return err
		}
		if err := k.f.Sync(); err != nil {
			return err
		}
		return k.read()
	})
}

// Embed implements Embedder: filled texts from the disk, the rest from the
// embedder itself. Nothing it is asked is written to disk.
func (k *Kept) Embed(ctx context.Context, texts []string) ([][]float32, error) {
	out := make([][]float32, len(texts))
	var missing []string
	var where []int
	k.mu.Lock()
	for i, t := range texts {
		if out[i] = k.recall(t); out[i] == nil {
			missing, where = append(missing, t), append(where, i)
		}
	}
	k.mu.Unlock()
	if len(missing) == 0 {
		return out, ctx.Err()
	}
	seen := missing
	if k.Hide != nil {
		seen = make([]string, len(missing))
		for i, t := range missing {
			seen[i] = k.Hide(t)
		}
	}
	vs, err := k.inner.Embed(ctx, seen)
	if err != nil {
		return nil, err
	}
	if len(vs) != len(missing) {
		return nil, fmt.Errorf("%w: %d vectors for %d texts", ErrVector, len(vs), len(missing))
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for i, v := range vs {
		out[where[i]] = v
		k.note(missing[i], v)
	}
	return out, nil
}

// recall gives a copy of the vector of a text, nil when there is none.
func (k *Kept) recall(t string) []float32 {
	if v, ok := k.asked[t]; ok {
		return append([]float32(nil), v...)
	}
	sum := sha256.Sum256([]byte(t))
	at, ok := k.at[sum]
	if !ok {
		return nil
	}
	b := make([]byte, k.size())
	if _, err := k.f.ReadAt(b, at); err != nil || [sha256.Size]byte(b) != sum || !intact(b) {
		return nil // it is embedded again
	}
	return floats(b[sha256.Size : len(b)-4])
}

// note remembers what was asked last.
func (k *Kept) note(t string, v []float32) {
	if _, ok := k.asked[t]; !ok {
		if len(k.order) == keptAsked {
			delete(k.asked, k.order[0])
			k.order = k.order[1:]
		}
		k.order = append(k.order, t)
	}
	k.asked[t] = append([]float32(nil), v...)
}

// Scanned are the chunks that NewHybrid finds by meaning: cases and articles,
// unless there are too many of a kind.
func Scanned(chunks []Chunk) []Chunk {
	byKind := map[Kind][]Chunk{}
	for _, c := range chunks {
		byKind[c.Kind] = append(byKind[c.Kind], c)
	}
	var out []Chunk
	for _, k := range []Kind{KindCase, KindLaw} {
		if len(byKind[k]) <= maxScan {
			out = append(out, byKind[k]...)
		}
	}
	return out
}

// Meant lists the texts that NewHybrid embeds for chunks, to fill them in first.
func Meant(chunks []Chunk) []string {
	var out []string
	for _, c := range Scanned(chunks) {
		out = append(out, c.Body())
	}
	return out
}
