package embed

import (
	"context"
	"errors"
	"fmt"
	"math"
	"testing"

	"heshi/retrieval/text"
)

func analyzer(t *testing.T) *text.Analyzer {
	t.Helper()
	d, err := text.FindDictionary("")
	if err != nil {
		t.Fatal(err)
	}
	a, err := text.NewAnalyzer(d, nil)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// company puts 工钱 and 工资 beside the same words, and 草场 beside others.
func company() []string {
	var out []string
	for i := range 12 {
		out = append(out,
			fmt.Sprintf("老板拖欠工资，工人讨要工资 %d", i),
			fmt.Sprintf("老板拖欠工钱，工人讨要工钱 %d", i),
			fmt.Sprintf("牧民草场边界，羊群进入草场 %d", i))
	}
	return out
}

func cosine(a, b []float32) float64 {
	s := 0.0
	for i := range a {
		s += float64(a[i]) * float64(b[i])
	}
	return s
}

func TestWordsOfOneCompanyComeNear(t *testing.T) {
	ctx := context.Background()
	m, err := Train(ctx, analyzer(t), company(), TrainConfig{Dim: 2})
	if err != nil {
		t.Fatal(err)
	}
	v, err := m.Embed(ctx, []string{"工资", "工钱", "草场", "量子", ""})
	if err != nil {
		t.Fatal(err)
	}
	if near, far := cosine(v[0], v[1]), cosine(v[0], v[2]); near < 0.8 || far > 0.3 {
		t.Errorf("工资 and 工钱 %.2f, 工资 and 草场 %.2f", near, far)
	}
	for i, x := range v {
		n := math.Sqrt(cosine(x, x))
		if len(x) != m.Dim() || i < 3 && math.Abs(n-1) > 1e-5 || i >= 3 && n != 0 {
			t.Errorf("vector %d has length %v", i, n)
		}
	}
}

func TestTrainingIsRepeatable(t *testing.T) {
	ctx, a := context.Background(), analyzer(t)
	x, err1 := Train(ctx, a, company(), TrainConfig{Dim: 8})
	y, err2 := Train(ctx, a, company(), TrainConfig{Dim: 8})
	if err1 != nil || err2 != nil {
		t.Fatal(err1, err2)
	}
	if x.ID() != y.ID() || fmt.Sprint(x.rows) != fmt.Sprint(y.rows) {
		t.Error("the same texts give two models")
	}
	z, err := Train(ctx, a, append(company(), "另一段文字"), TrainConfig{Dim: 8})
	if err != nil || z.ID() == x.ID() {
		t.Errorf("other texts, same id: %v", err)
	}
}

func TestTrainRefusesTooLittleAndCancels(t *testing.T) {
	if _, err := Train(context.Background(), analyzer(t), []string{"工资"}, TrainConfig{}); !errors.Is(err, ErrTooLittle) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Train(ctx, analyzer(t), company(), TrainConfig{}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
