package rules

import (
	"testing"
	"time"

	"heshi/bot"
	"heshi/bot/assist/assisttest"
	"heshi/intake/extract"
)

func TestContract(t *testing.T) {
	assisttest.Run(t, func(*testing.T) bot.Assistant { return New(assisttest.Reader{}, time.Now) })
}

func TestRewordKeepsEveryWord(t *testing.T) {
	d := assisttest.Draft()
	got, err := New(assisttest.Reader{}, time.Now).Reword(t.Context(), d)
	if err != nil || got.Provenance != Provenance || got.Fallback != "" {
		t.Fatalf("%+v, %v", got, err)
	}
	for i, s := range got.Sentences {
		if s.Text != d.Sentences[i].Text {
			t.Errorf("sentence %d: %q", i, s.Text)
		}
	}
	got.Sentences[1].Sources[0] = "changed"
	if d.Sentences[1].Sources[0] == "changed" {
		t.Error("the draft shares its sources")
	}
}

// The extractor of intake is the reader this is made for.
var _ Reader = (*extract.Extractor)(nil)
