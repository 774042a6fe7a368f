package rules

import (
	"strings"
	"testing"
)

// TestCards: what is said first, and what is never said.
func TestCards(t *testing.T) {
	g := gate(t)
	first := map[string][]string{
		"T-DV": {"110", "12338"}, "T-FIRE": {"119"}, "T-MEDNOW": {"120"}, "T-CRIME-NOW": {"110", "12110"}, "T-SELF": {"120", "110", "12356"},
		"T-CHILD": {"110", "12355"}, "T-ELDER": {"110", "12345"}, "T-DIS": {"110"}, "T-TRAFFICK": {"110"}, "T-FRAUD-NOW": {"110", "96110"},
		"T-CRIM-SUS": {"12348"}, "T-TRAF": {"122"}, "T-MED": {"120"}, "T-MASS": {"12333"}, "T-DEADLINE": {"12348"}, "T-THREAT": {"110"},
	}
	for _, u := range g.codes {
		for _, view := range []string{"", ViewVictim, ViewPast, ViewThird, ViewPerpetrator, ViewHelp} {
			c := g.CardFor(Alarm{Code: u.Code, View: view})
			if len(c.Hotlines) > 3 || len(c.Lines) == 0 || c.Level != u.Level {
				t.Errorf("%s %s: %d numbers, %d lines, level %d", u.Code, view, len(c.Hotlines), len(c.Lines), c.Level)
			}
			for i, want := range first[u.Code] {
				if i >= len(c.Hotlines) || c.Hotlines[i].Number != want {
					t.Errorf("%s %s: number %d is not %s", u.Code, view, i+1, want)
				}
			}
			said := ""
			for _, l := range c.allLines() {
				if l.Zh == "" {
					t.Errorf("%s: %s has no Chinese", u.Code, l.ID)
				}
				said += l.Zh
			}
			for _, word := range c.Forbidden {
				if strings.Contains(said, word) {
					t.Errorf("%s %s: our own card says %q", u.Code, view, word)
				}
			}
			if u.Level <= 1 && (!c.Stop || !c.Human || !c.NoMediation || strings.Contains(said, "调解")) {
				t.Errorf("%s %s: must stop, call a person, and not speak of mediation", u.Code, view)
			}
			if u.Level <= 1 && len(c.Hotlines) > 0 && !strings.Contains(c.Lines[0].Zh+c.Lines[len(c.Lines)-1].Zh, c.Hotlines[0].Number) {
				t.Errorf("%s %s: the lines do not say %s", u.Code, view, c.Hotlines[0].Number)
			}
		}
	}
	if c := g.CardFor(Alarm{Code: "T-CHILD"}); !strings.Contains(strings.Join(c.Tasks, " "), "mandatory_report") {
		t.Error("T-CHILD: no report task (MPL 11)")
	}
	if c := g.CardFor(Alarm{Code: "T-DV", Minor: true}); !strings.Contains(strings.Join(c.Flags, " "), "minor") {
		t.Error("a minor is not flagged")
	}
	if c := g.Card("T-DV"); len(c.Flags) != 1 {
		t.Error("the flag of one alarm has changed the card")
	}
	if !strings.Contains(g.NoStaff().Zh, "110") {
		t.Error("nobody on duty, and no number")
	}
	if c := g.Card("T-NOTHING"); c.Code != "" {
		t.Error("an unknown code has a card")
	}
}

// TestGateLong: a long message costs time in proportion, whatever it is made of, and 100,000 characters hide nothing.
func TestGateLong(t *testing.T) {
	g := gate(t)
	for _, unit := range []string{"他打我", "我", "老公", "不不不没没没", "打官司打欠条", "我家草场", "sos ", "зодоод ", "一二三四五", " . ", "\xff\xfe"} {
		g.Check(strings.Repeat(unit, 5_000))
	}
	long := strings.Repeat("我家草场和邻居家挨着，", 9_000) + "他又打我了"
	if a := g.Check(long); len(a) == 0 {
		t.Error("an alarm at the end of a long message is missed")
	}
}

func FuzzGate(f *testing.F) {
	g := gate(f)
	for _, c := range readUrgency(f, "testdata/urgency.tsv") {
		f.Add(c.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		a := g.Check(text)
		b := g.Check(text)
		if len(a) != len(b) {
			t.Fatalf("%q: not deterministic", text)
		}
		for i := range a {
			if a[i].Code != b[i].Code || a[i].View != b[i].View || a[i].Ask != b[i].Ask || i > 0 && a[i].Level < a[i-1].Level {
				t.Fatalf("%q: %+v %+v", text, a, b)
			}
		}
	})
}
