package retrieval

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"errors"
	"fmt"
	"math"
)

// partFile is a part as it lies on disk, in gob; the long lists are bytes,
// which gob passes on as they are. A field more in part or meta must be added
// here: a test compares them.
type partFile struct {
	Kind   Kind
	Chunks []metaFile
	Words  []string
	WordNo []byte
	Grams  []byte // pairs of a gram and its number
	Terms  uint32
	Start  []byte
	Docs   []byte
	Impact []byte
	IDF    []byte
}

type metaFile struct {
	ID, Outcome, Title string
	Types              []string
	Prior              float32
	First, Last        uint32
}

var errPart = errors.New("retrieval: not a part of an index")

// encode writes a part.
func (p *part) encode() ([]byte, error) {
	f := partFile{
		Kind: p.kind, Terms: p.voc.next, Start: bytesOf(p.start), Docs: bytesOf(p.docs),
		Impact: bytesOfFloats(p.impact), IDF: bytesOfFloats(p.idf),
	}
	for _, m := range p.chunks {
		f.Chunks = append(f.Chunks, metaFile{m.id, m.outcome, m.title, m.types, m.prior, m.first, m.last})
	}
	var no []uint32
	for w, n := range p.voc.words {
		f.Words = append(f.Words, w)
		no = append(no, n)
	}
	f.WordNo = bytesOf(no)
	for g, n := range p.voc.grams {
		f.Grams = binary.LittleEndian.AppendUint64(f.Grams, uint64(g))
		f.Grams = binary.LittleEndian.AppendUint32(f.Grams, n)
	}
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(f); err != nil {
		return nil, fmt.Errorf("retrieval: %w", err)
	}
	return b.Bytes(), nil
}

// decodePart reads what encode wrote. A part that could not be searched
// without falling over is an error, whatever its checksum says.
func decodePart(b []byte) (*part, error) {
	var f partFile
	if err := gob.NewDecoder(bytes.NewReader(b)).Decode(&f); err != nil {
		return nil, fmt.Errorf("%w: %w", errPart, err)
	}
	p := &part{kind: f.Kind, voc: &vocabulary{words: make(map[string]uint32, len(f.Words)), grams: make(map[gram]uint32, len(f.Grams)/12), next: f.Terms}}
	p.start, p.docs, p.impact, p.idf = uints(f.Start), uints(f.Docs), floats(f.Impact), floats(f.IDF)
	no := uints(f.WordNo)
	n := int(f.Terms)
	if len(no) != len(f.Words) || len(f.Grams)%12 != 0 || len(p.start) != n+1 || len(p.idf) != n || len(p.docs) != len(p.impact) {
		return nil, errPart
	}
	for i := range n {
		if p.start[i] > p.start[i+1] {
			return nil, errPart
		}
	}
	if p.start[0] != 0 || int(p.start[n]) != len(p.docs) {
		return nil, errPart
	}
	for _, d := range p.docs {
		if int(d) >= len(f.Chunks) {
			return nil, errPart
		}
	}
	for i, w := range f.Words {
		if no[i] >= f.Terms {
			return nil, errPart
		}
		p.voc.words[w] = no[i]
	}
	for g := f.Grams; len(g) > 0; g = g[12:] {
		id := binary.LittleEndian.Uint32(g[8:])
		if id >= f.Terms {
			return nil, errPart
		}
		p.voc.grams[gram(binary.LittleEndian.Uint64(g))] = id
	}
	for _, m := range f.Chunks {
		if int(m.Last) > len(f.Chunks) {
			return nil, errPart
		}
		p.chunks = append(p.chunks, meta{id: m.ID, outcome: m.Outcome, title: m.Title, types: m.Types, prior: m.Prior, first: m.First, last: m.Last})
	}
	return p, nil
}

func bytesOf(v []uint32) []byte {
	out := make([]byte, 0, 4*len(v))
	for _, x := range v {
		out = binary.LittleEndian.AppendUint32(out, x)
	}
	return out
}

func bytesOfFloats(v []float32) []byte {
	out := make([]byte, 0, 4*len(v))
	for _, x := range v {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
	}
	return out
}

func uints(b []byte) []uint32 {
	out := make([]uint32, len(b)/4)
	for i := range out {
		out[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return out
}

func floats(b []byte) []float32 {
	out := make([]float32, len(b)/4)
	for i := range out {
		out[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
	}
	return out
}
