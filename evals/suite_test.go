package evals

import (
	"context"
	"errors"
	"flag"
	"io"
	"log/slog"
	"os"
	"testing"

	"heshi/bot/app"
)

var update = flag.Bool("update", false, "record the figures of the suites as the new baseline.json")

// TestSuites runs every suite on a whole Brain. It checks that the reports are
// sound, not that the figures are good: that is what the command's exit code
// says. A baseline measured on other questions than stand here is an error.
func TestSuites(t *testing.T) {
	ctx := context.Background()
	b, err := app.Think(ctx, slog.New(slog.NewTextHandler(io.Discard, nil)), app.Config{Data: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	base, err := EmbeddedBaseline()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range Suites() {
		r, err := Run(ctx, b, name)
		if err != nil {
			t.Fatal(err)
		}
		if r.Suite != name || r.Questions == 0 || len(r.Figures) == 0 || len(r.Slices) == 0 {
			t.Errorf("%s: an empty report: %d questions, %d figures, %d slices", name, r.Questions, len(r.Figures), len(r.Slices))
		}
		for _, f := range r.Figures {
			if f.N == 0 || f.Value < 0 || f.Value > 1 || f.Low > f.Value+1e-9 || f.High < f.Value-1e-9 {
				t.Errorf("%s: %+v is no figure", name, f)
			}
			t.Logf("%-8s %-20s %.3f [%.3f %.3f] n=%d", name, f.Name, f.Value, f.Low, f.High, f.N)
		}
		if base[name].Data != r.Data && !*update {
			t.Errorf("%s: the baseline was measured on other questions; run with -update and look at the difference", name)
		}
		base = Record(base, r)
	}
	if *update {
		j, err := base.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("baseline.json", j, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Run(ctx, b, "no such"); !errors.Is(err, ErrNoSuite) {
		t.Errorf("an unknown suite gives %v", err)
	}
}
