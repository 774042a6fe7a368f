package linear

import (
	"bytes"
	"context"
	"errors"
	"math"
	"strings"
	"testing"
)

// animals are three small worlds of words with some in common.
func animals() []Example {
	var out []Example
	for _, s := range []string{"sheep grass lost", "sheep grass fence", "horse grass lost", "sheep horse fence", "grass lost fence herd", "herd sheep lost"} {
		out = append(out, Example{Features: strings.Fields(s), Labels: []string{"pasture"}})
	}
	for _, s := range []string{"wage boss lost", "wage unpaid boss", "boss site unpaid", "wage site month", "unpaid month lost", "site boss wage month"} {
		out = append(out, Example{Features: strings.Fields(s), Labels: []string{"wage"}})
	}
	for _, s := range []string{"rent deposit house", "house deposit lost", "landlord rent", "landlord house deposit", "rent month landlord"} {
		out = append(out, Example{Features: strings.Fields(s), Labels: []string{"lease"}})
	}
	return out
}

func train(t *testing.T, examples []Example) *Model {
	t.Helper()
	m, err := Ratios(context.Background(), examples, Options{Digest: "d", Smooth: 10})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func best(m *Model, words string) (string, float64, float64) {
	p, known := m.Scores(strings.Fields(words))
	top := 0
	for i := range p {
		if p[i] > p[top] {
			top = i
		}
	}
	return m.Classes[top], p[top], known
}

func TestWhatWasLearnedIsTold(t *testing.T) {
	m := train(t, animals())
	for words, want := range map[string]string{
		"horse fence":           "pasture",
		"boss wage wage":        "wage",
		"deposit landlord":      "lease",
		"unpaid never-seen":     "wage",
		"herd grass month lost": "pasture",
	} {
		if got, p, _ := best(m, words); got != want || p < 0.5 {
			t.Errorf("%q: %s %.2f, want %s", words, got, p, want)
		}
	}
	if _, _, known := best(m, "sheep never-seen"); known != 0.5 {
		t.Errorf("known share %v, want one half", known)
	}
	p, known := m.Scores(nil)
	sum := 0.0
	for _, x := range p {
		sum += x
	}
	if known != 0 || math.Abs(sum-1) > 1e-9 {
		t.Errorf("nothing said: known %v, sum %v", known, sum)
	}
}

func TestTwoLabelsShareTheTruth(t *testing.T) {
	ex := animals()
	for range 6 {
		ex = append(ex, Example{Features: []string{"both"}, Labels: []string{"wage", "lease"}})
	}
	p, _ := train(t, ex).Scores([]string{"both"})
	if p[0] < 0.3 || p[2] < 0.3 { // lease, pasture, wage
		t.Errorf("two labels of one text: %v", p)
	}
}

func TestSameExamplesSameBytes(t *testing.T) {
	var a, b bytes.Buffer
	for _, w := range []*bytes.Buffer{&a, &b} {
		if _, err := train(t, animals()).WriteTo(w); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two trainings differ")
	}
	m, err := Read(&a)
	if err != nil {
		t.Fatal(err)
	}
	if m.Digest != "d" {
		t.Errorf("digest %q", m.Digest)
	}
	want, _ := train(t, animals()).Scores([]string{"boss", "lost"})
	got, _ := m.Scores([]string{"boss", "lost"})
	for i := range want {
		if want[i] != got[i] {
			t.Errorf("read back: %v, written: %v", got, want)
		}
	}
}

func TestBrokenFilesAreRefused(t *testing.T) {
	var b bytes.Buffer
	if _, err := train(t, animals()).WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	for n := range len(whole) - 8 {
		if _, err := Read(bytes.NewReader(whole[:n])); !errors.Is(err, ErrFile) {
			t.Fatalf("cut after %d bytes: %v", n, err)
		}
	}
	huge := magic + `{"classes":["a"],"rows":99999999}` + "\n"
	if _, err := Read(strings.NewReader(huge)); !errors.Is(err, ErrFile) {
		t.Errorf("a file that claims %s: %v", huge, err)
	}
}

func TestNothingToLearn(t *testing.T) {
	if _, err := Ratios(context.Background(), nil, Options{}); !errors.Is(err, ErrNothing) {
		t.Errorf("no examples: %v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if _, err := Ratios(ctx, animals(), Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Regression tells one class from everything else.
func TestRegress(t *testing.T) {
	ex := animals()
	steps := 0
	m, err := Regress(context.Background(), ex, Options{Progress: func(done, total int) { steps = done }})
	if err != nil {
		t.Fatal(err)
	}
	if steps != epochs {
		t.Errorf("%d passes told", steps)
	}
	for words, want := range map[string]string{"sheep fence": "pasture", "boss unpaid": "wage", "landlord rent": "lease"} {
		if got, _, _ := best(m, words); got != want {
			t.Errorf("%q: %s, want %s", words, got, want)
		}
	}
	var a, b bytes.Buffer
	if _, err := m.WriteTo(&a); err != nil {
		t.Fatal(err)
	}
	again, err := Regress(context.Background(), ex, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := again.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a.Bytes(), b.Bytes()) {
		t.Error("two trainings differ")
	}
}
