package text

import (
	"strings"
	"sync"

	"github.com/yanyiwu/gojieba"
)

// maxCut is the most one call of the segmenter sees: its memory grows with the
// square of nothing good beyond a few kilobytes.
const maxCut = 4 << 10

// segmenter is the process's one gojieba instance. It is made at first use and
// never freed: use after free crashes the process. Cuts run side by side;
// adding a word beside a cut crashes, so words are added under the write lock.
type segmenter struct {
	mu    sync.RWMutex
	jieba *gojieba.Jieba
	dir   string
	words map[string]bool
}

// theSegmenter is the one global of this program: the library keeps its tables
// for the life of the process.
var theSegmenter segmenter

// prepare makes the instance on first call and adds words it does not know yet.
// A later call with another folder keeps the first instance.
func (s *segmenter) prepare(d Dictionary, words []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.jieba == nil {
		s.jieba = gojieba.NewJieba(d.paths()...)
		s.dir = d.Dir
		s.words = map[string]bool{}
		inUse.Store(&d)
	}
	for _, w := range words {
		if !s.words[w] {
			s.jieba.AddWord(w)
			s.words[w] = true
		}
	}
}

// cut segments Han text in search mode: long words and the shorter ones inside.
func (s *segmenter) cut(han string) []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if len(han) <= maxCut {
		return s.jieba.CutForSearch(han, true)
	}
	var out []string
	for _, c := range chunks(han, maxCut) {
		out = append(out, s.jieba.CutForSearch(c, true)...)
	}
	return out
}

// hanRuns yields the stretches of Han characters in s.
func hanRuns(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return !isHan(r) })
}
