package retrieval

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// The features of an article found. Those of a question come first, then those
// it has whatever is asked. Scores are shares of the best score of the question.
const (
	fWhole      = iota // score by all words
	fShare             // of an imaginary article that has everything asked for
	fWords             // score by words
	fPairs             // by pairs of characters
	fSingles           // by characters
	fLed               // by what the tables lead to
	fRank              // 1/(5+rank) by the index
	fBeside            // best score of the neighbours
	fLawBest           // best score in the law
	fLawSum            // log of the sum of scores in the law
	fLawFirst          // 1/(2+rank) of the first article of the law
	fTitle             // share of the question that stands in the title of the law
	fMeaning           // cosine of question and article
	fBehind            // what the cosine lacks of the best
	fLawMeaning        // cosine of question and law
	fType              // belief in the types of the article
	fLawType           // belief in the types the law's digests are about
	fCover             // share of the question's words, however often
	fMost              // most a single word gives
	fMet               // number of words met
	fAsked             // cosine with the nearest question people ask of it
	fLawAsked          // best of these in the law
	fNearAsked         // best of these among the neighbours
	fCivil             // the civil code
	fStatute           // a law of the congress
	fRegulation        // 条例
	fCourt             // interpretation by a court or procuratorate
	fRule              // 规定, 办法, 规则, 细则
	fNotice            // 通知, 批复, 决定, 意见
	fCriminal          // about crime
	fProcedure         // about procedure
	fTrial             // 试行, 暂行
	fRepealed          // repealed by the civil code
	fPrior             // the chunk's own
	fLength            // log of its characters
	fFirst             // first of its law: what the law is for
	fLast              // one of the last two
	fPlace             // where in its law, 0 to 1
	fArticles          // log of the number of articles of the law
	fDigest            // the library has a digest of it
	fPenal             // names fines or prison
	fState             // names ministries
	nFeatures
)

const firstStatic = fCivil

var featureNames = [nFeatures]string{
	"whole", "share", "words", "pairs", "singles", "led", "rank", "beside", "law best", "law sum", "law first", "title",
	"meaning", "behind", "law meaning", "type", "law type", "cover", "most", "met", "asked", "law asked", "near asked",
	"civil code", "statute", "regulation", "court", "rule", "notice", "criminal", "procedure", "trial", "repealed", "prior",
	"length", "first", "last", "place", "articles", "digest", "penal", "state",
}

// FeatureNames names the features of a Candidate in order.
func FeatureNames() []string { return slices.Clone(featureNames[:]) }

// Ranking orders articles by a weighted sum of their features.
type Ranking struct {
	weights [nFeatures]float64
	spread  float64 // what preferring a type is worth
}

//go:embed ranking.json
var shippedRanking []byte

// ShippedRanking is the ranking learned on development questions; ranking.json
// says which, and how well it did on questions it was not learned from.
func ShippedRanking() (Ranking, error) { return ParseRanking(shippedRanking) }

// rankingFile is the form of ranking.json.
type rankingFile struct {
	Note    string             `json:"note"`
	Spread  float64            `json:"spread"`
	Weights map[string]float64 `json:"weights"`
}

// ParseRanking reads a ranking. Features it does not name weigh nothing; a name
// that is no feature is an error.
func ParseRanking(b []byte) (Ranking, error) {
	var f rankingFile
	if err := json.Unmarshal(b, &f); err != nil {
		return Ranking{}, fmt.Errorf("retrieval: ranking: %w", err)
	}
	r := Ranking{spread: f.Spread}
	for name, w := range f.Weights {
		i := slices.Index(featureNames[:], name)
		if i < 0 || math.IsNaN(w) || math.IsInf(w, 0) {
			return Ranking{}, fmt.Errorf("retrieval: ranking: no feature %q of weight %v", name, w)
		}
		r.weights[i] = w
	}
	return r, nil
}

// NewRanking makes a ranking of weights in the order of FeatureNames; spread is
// the typical distance between the scores of two articles found together.
func NewRanking(weights []float64, spread float64) Ranking {
	r := Ranking{spread: spread}
	copy(r.weights[:], weights)
	return r
}

// Encode is the ranking as ParseRanking reads it.
func (r Ranking) Encode(note string) ([]byte, error) {
	f := rankingFile{Note: note, Spread: r.spread, Weights: map[string]float64{}}
	for i, w := range r.weights {
		if w != 0 {
			f.Weights[featureNames[i]] = math.Round(w*1e4) / 1e4
		}
	}
	b, err := json.MarshalIndent(f, "", "  ")
	return append(b, '\n'), err
}

func (r Ranking) score(f *[nFeatures]float32) float64 {
	s := 0.0
	for i, w := range r.weights {
		s += w * float64(f[i])
	}
	return s
}

// Scores gives what each candidate scores.
func (r Ranking) Scores(found []Candidate) []float64 {
	out := make([]float64, len(found))
	for i, c := range found {
		for j, x := range c.Features {
			out[i] += r.weights[j] * float64(x)
		}
	}
	return out
}

// Order gives the ids of candidates, best first, ties by id.
func (r Ranking) Order(found []Candidate) []string {
	scores := r.Scores(found)
	order := make([]int, len(found))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(scores[b], scores[a]), cmp.Compare(found[a].ID, found[b].ID))
	})
	ids := make([]string, len(order))
	for i, k := range order {
		ids[i] = found[k].ID
	}
	return ids
}
