package retrieval

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
)

var errPart = errors.New("retrieval: not a part of an index")

// encode writes a part: numbers as eight bytes, texts and lists after their
// length. A field more in part or meta must be added here and in decodePart: a
// test compares them.
func (p *part) encode(to io.Writer) error {
	w := &partWriter{w: bufio.NewWriterSize(to, 1<<16)}
	w.text(string(p.kind))
	w.number(uint64(len(p.chunks)))
	for _, m := range p.chunks {
		w.text(m.id)
		w.text(m.outcome)
		w.text(m.title)
		w.number(uint64(len(m.types)))
		for _, t := range m.types {
			w.text(t)
		}
		w.number(uint64(math.Float32bits(m.prior)))
		w.number(uint64(m.first))
		w.number(uint64(m.last))
	}
	w.number(uint64(p.voc.next))
	w.number(uint64(len(p.voc.words)))
	for s, n := range p.voc.words {
		w.text(s)
		w.number(uint64(n))
	}
	w.number(uint64(len(p.voc.grams)))
	for g, n := range p.voc.grams {
		w.number(uint64(g))
		w.number(uint64(n))
	}
	for _, list := range [][]uint32{p.start, p.docs} {
		w.number(uint64(len(list)))
		for _, x := range list {
			w.short(x)
		}
	}
	for _, list := range [][]float32{p.impact, p.idf} {
		w.number(uint64(len(list)))
		for _, x := range list {
			w.short(math.Float32bits(x))
		}
	}
	if w.err == nil {
		w.err = w.w.Flush()
	}
	return w.err
}

// partWriter keeps the first error.
type partWriter struct {
	w   *bufio.Writer
	err error
	buf [8]byte
}

func (w *partWriter) write(b []byte) {
	if w.err == nil {
		_, w.err = w.w.Write(b)
	}
}

func (w *partWriter) number(n uint64) {
	binary.LittleEndian.PutUint64(w.buf[:], n)
	w.write(w.buf[:])
}

func (w *partWriter) short(n uint32) {
	binary.LittleEndian.PutUint32(w.buf[:4], n)
	w.write(w.buf[:4])
}

func (w *partWriter) text(s string) {
	w.number(uint64(len(s)))
	if w.err == nil {
		_, w.err = w.w.WriteString(s)
	}
}

// decodePart reads what encode wrote, size bytes of it at most. A part that
// could not be searched without falling over is an error, whatever its checksum
// says.
func decodePart(from io.Reader, size int64) (*part, error) {
	r := &partReader{r: bufio.NewReaderSize(from, 1<<16), left: size}
	p := &part{kind: Kind(r.text()), voc: newVocabulary()}
	p.chunks = make([]meta, r.count(1))
	for i := range p.chunks {
		m := &p.chunks[i]
		m.id, m.outcome, m.title = r.text(), r.text(), r.text()
		m.types = make([]string, r.count(1))
		for j := range m.types {
			m.types[j] = r.text()
		}
		if len(m.types) == 0 {
			m.types = nil
		}
		m.prior = math.Float32frombits(uint32(r.number()))
		m.first, m.last = uint32(r.number()), uint32(r.number())
		if int(m.last) > len(p.chunks) {
			r.fail()
		}
	}
	p.voc.next = uint32(r.number())
	id := func() uint32 {
		n := r.number()
		if n >= uint64(p.voc.next) {
			r.fail()
		}
		return uint32(n)
	}
	words := r.count(1)
	p.voc.words = make(map[string]uint32, words)
	for range words {
		s := r.text()
		p.voc.words[s] = id()
	}
	grams := r.count(1)
	p.voc.grams = make(map[gram]uint32, grams)
	for range grams {
		g := gram(r.number())
		p.voc.grams[g] = id()
	}
	p.start, p.docs = r.list(), r.list()
	p.impact, p.idf = r.floats(), r.floats()
	if _, err := r.r.ReadByte(); r.err == nil && !errors.Is(err, io.EOF) {
		r.fail()
	}
	if r.err != nil {
		return nil, r.err
	}
	n := int(p.voc.next)
	if len(p.start) != n+1 || len(p.idf) != n || len(p.docs) != len(p.impact) || p.start[0] != 0 || int(p.start[n]) != len(p.docs) {
		return nil, errPart
	}
	for i := range n {
		if p.start[i] > p.start[i+1] {
			return nil, errPart
		}
	}
	for _, d := range p.docs {
		if int(d) >= len(p.chunks) {
			return nil, errPart
		}
	}
	return p, nil
}

// partReader keeps the first error and gives zeros after it. No length is
// believed that goes beyond what is left of the file.
type partReader struct {
	r    *bufio.Reader
	left int64
	err  error
	buf  [8]byte
}

func (r *partReader) fail() {
	if r.err == nil {
		r.err = errPart
	}
}

func (r *partReader) read(b []byte) {
	if r.err != nil {
		clear(b)
		return
	}
	if r.left -= int64(len(b)); r.left < 0 {
		r.fail()
		return
	}
	if _, err := io.ReadFull(r.r, b); err != nil {
		r.err = fmt.Errorf("%w: %w", errPart, err)
	}
}

func (r *partReader) number() uint64 {
	r.read(r.buf[:])
	if r.err != nil {
		return 0
	}
	return binary.LittleEndian.Uint64(r.buf[:])
}

// count is a number of things of at least each bytes that follow.
func (r *partReader) count(each int64) int {
	n := r.number()
	if n > math.MaxInt32 || int64(n)*each > r.left {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *partReader) text() string {
	b := make([]byte, r.count(1))
	r.read(b)
	if r.err != nil {
		return ""
	}
	return string(b)
}

func (r *partReader) list() []uint32 {
	out := make([]uint32, r.count(4))
	for i := range out {
		r.read(r.buf[:4])
		out[i] = binary.LittleEndian.Uint32(r.buf[:4])
	}
	return out
}

func (r *partReader) floats() []float32 {
	out := make([]float32, r.count(4))
	for i := range out {
		r.read(r.buf[:4])
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(r.buf[:4]))
	}
	return out
}

// floats reads numbers as the vectors' cache writes them.
func floats(b []byte) []float32 {
	out := make([]float32, len(b)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return out
}
