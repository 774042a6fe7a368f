package retrieval

import (
	_ "embed"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"heshi/retrieval/text"
)

//go:embed similar_causes.yaml
var causesFile []byte

// The numbers of the causes, found on published judgments.
const (
	causeName  = 3.0 // weight of the name itself
	causeSize  = 0.2 // a cause of much wording counts for more by this power of it
	causeSharp = 0.4 // what one point of score is worth
)

// causes tells from wording which causes of action a text may be about.
type causes struct {
	names  []string
	parts  []string         // the different strings looked for
	first  map[rune][]int32 // parts by their first character
	clues  []clue
	weight []float32 // of each clue, after weigh
	mass   []float64 // of each cause
}

// clue is wording that goes with a cause; all its parts must stand in the text.
type clue struct {
	cause  uint32
	parts  []int32
	weight float32
}

// readCauses reads the embedded table.
func readCauses() (*causes, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(causesFile, &doc); err != nil {
		return nil, fmt.Errorf("retrieval: similar_causes.yaml: %w", err)
	}
	if len(doc.Content) != 1 || doc.Content[0].Kind != yaml.MappingNode {
		return nil, fmt.Errorf("retrieval: similar_causes.yaml: no table of causes")
	}
	c := &causes{first: map[rune][]int32{}}
	number := map[string]int32{}
	part := func(s string) int32 {
		n, ok := number[s]
		if !ok {
			n = int32(len(c.parts))
			number[s] = n
			c.parts = append(c.parts, s)
			r, _ := utf8.DecodeRuneInString(s)
			c.first[r] = append(c.first[r], n)
		}
		return n
	}
	pairs := doc.Content[0].Content
	for i := 0; i < len(pairs); i += 2 {
		id := uint32(len(c.names))
		name := pairs[i].Value
		c.names = append(c.names, name)
		core := strings.TrimSuffix(name, "纠纷")
		c.clues = append(c.clues, clue{id, []int32{part(core)}, causeName})
		mass := causeName
		for _, f := range strings.Fields(pairs[i+1].Value) {
			said, times, weighted := strings.Cut(f, "*")
			w := 1.0
			if weighted {
				var err error
				if w, err = strconv.ParseFloat(times, 64); err != nil || w <= 0 {
					return nil, fmt.Errorf("retrieval: similar_causes.yaml:%d: weight %q", pairs[i+1].Line, f)
				}
			}
			if said == core {
				continue
			}
			cl := clue{cause: id, weight: float32(w)}
			for p := range strings.SplitSeq(said, "+") {
				if p == "" {
					return nil, fmt.Errorf("retrieval: similar_causes.yaml:%d: %q", pairs[i+1].Line, f)
				}
				cl.parts = append(cl.parts, part(strings.ToUpper(p)))
			}
			c.clues = append(c.clues, cl)
			mass += w
		}
		c.mass = append(c.mass, mass)
	}
	return c, nil
}

// find tells how strongly each clue stands in a text: 0 not at all, towards 2
// when said often.
func (c *causes) find(body string) []float32 {
	body = strings.ToUpper(text.Simplify(text.Clean(placeholders.ReplaceAllString(body, " "))))
	counts := make([]int32, len(c.parts))
	for i, r := range body {
		for _, p := range c.first[r] {
			if strings.HasPrefix(body[i:], c.parts[p]) {
				counts[p]++
			}
		}
	}
	out := make([]float32, len(c.clues))
	for i, cl := range c.clues {
		least := int32(math.MaxInt32)
		for _, p := range cl.parts {
			least = min(least, counts[p])
		}
		n := float32(least)
		out[i] = 2 * n / (n + 1)
	}
	return out
}

// weigh learns from the collection which clues are rare. A small collection
// says little: the table itself counts as background, where a clue stands as
// often as causes name it.
func (c *causes) weigh(said [][]float32) {
	const background = 100.0
	named := make([]float64, len(c.parts))
	for _, cl := range c.clues {
		for _, p := range cl.parts {
			named[p]++
		}
	}
	n := float64(len(said)) + background
	full := math.Log(2*n + 1)
	c.weight = make([]float32, len(c.clues))
	for i, cl := range c.clues {
		usual := math.MaxFloat64
		for _, p := range cl.parts {
			usual = min(usual, named[p]/float64(len(c.names)))
		}
		df := background * usual
		for _, s := range said {
			if s[i] > 0 {
				df++
			}
		}
		idf := math.Log(1+(n-df+0.5)/(df+0.5)) / full
		c.weight[i] = cl.weight * float32(idf*math.Pow(c.mass[cl.cause], causeSize))
	}
}

// shares turns clues into what the text may be about, in order of cause.
func (c *causes) shares(said []float32) []shareOf {
	score := make([]float64, len(c.names))
	for i, x := range said {
		if x > 0 {
			score[c.clues[i].cause] += float64(x * c.weight[i])
		}
	}
	top, sum := slices.Max(score), 0.0
	if top == 0 {
		return nil
	}
	out := make([]shareOf, len(score))
	for i, x := range score {
		p := math.Exp(causeSharp * (x - top))
		out[i] = shareOf{uint32(i), float32(p)}
		sum += p
	}
	return scale(out, sum)
}
