package retrieval

import "slices"

// heap keeps the n best candidates offered; the worst of them is on top.
type heap struct {
	n    int
	less func(a, b candidate) bool // a is worse than b
	c    []candidate
}

func (h *heap) offer(x candidate) {
	switch {
	case len(h.c) < h.n:
		h.c = append(h.c, x)
		for i := len(h.c) - 1; i > 0; {
			up := (i - 1) / 2
			if !h.less(h.c[i], h.c[up]) {
				break
			}
			h.c[i], h.c[up] = h.c[up], h.c[i]
			i = up
		}
	case h.n > 0 && x.score >= h.c[0].score && h.less(h.c[0], x):
		h.c[0] = x
		h.down()
	}
}

func (h *heap) down() {
	for i := 0; ; {
		worst := i
		for _, k := range [2]int{2*i + 1, 2*i + 2} {
			if k < len(h.c) && h.less(h.c[k], h.c[worst]) {
				worst = k
			}
		}
		if worst == i {
			return
		}
		h.c[i], h.c[worst] = h.c[worst], h.c[i]
		i = worst
	}
}

// sorted empties the heap, best first.
func (h *heap) sorted() []candidate {
	out := h.c
	h.c = nil
	slices.SortFunc(out, func(a, b candidate) int {
		switch {
		case h.less(b, a):
			return -1
		case h.less(a, b):
			return 1
		}
		return 0
	})
	return out
}
