package intake

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"heshi/prompts"
)

var update = flag.Bool("update", false, "rewrite the answers in testdata/*.txtar; review the difference")

// TestMain keeps rapid from leaving files of failures beside the dialogues; it prints the seed anyway.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("rapid.nofailfile", "true"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

var noon = time.Date(2026, 3, 16, 12, 0, 0, 0, time.UTC)

// player plays the citizen's lines of a dialogue and writes down what is answered.
type player struct {
	t       testing.TB
	b       *Book
	c       *prompts.Catalog
	lang    string
	offices []Office
	s       Session
	started bool
	now     time.Time
	out     strings.Builder
	last    Outcome
	asked   []string // field of every question put on the table anew
}

func newPlayer(t testing.TB) *player {
	c, err := prompts.Load(prompts.Embedded())
	if err != nil {
		t.Fatal(err)
	}
	offices, err := DemoOffices()
	if err != nil {
		t.Fatal(err)
	}
	return &player{t: t, b: book(t), c: c, offices: offices, now: noon, lang: "zh-Hans"}
}

// line is one line of the citizen: words, then after " @ " what came with them: values as kind:text=value, types as
// type:D10-01, attachments as photo:name or photo:name#album, location:lat,lon, voice:transcript, profile:phone=…,
// button:id, days:3 to let time pass.
func (p *player) line(form, text string) {
	words, with, _ := strings.Cut(text, " @ ")
	if w, ok := strings.CutPrefix(text, "@ "); ok {
		words, with = "", w
	}
	in := Input{Text: strings.TrimSpace(words), Lang: p.lang, Offices: p.offices, From: "citizen", Profile: map[string]string{}}
	for _, item := range strings.Fields(with) {
		kind, rest, _ := strings.Cut(item, ":")
		switch kind {
		case "type":
			in.Types = append(in.Types, rest)
		case "button":
			in.Button = rest
		case "profile":
			k, v, _ := strings.Cut(rest, "=")
			in.Profile[k] = v
		case "days":
			p.now = p.now.AddDate(0, 0, atoi(rest))
		case "photo", "file":
			name, album, _ := strings.Cut(rest, "#")
			in.Attachments = append(in.Attachments, Attachment{ID: name, Kind: kind, SHA256: "sha-" + name, Group: album})
		case "voice":
			in.Attachments = append(in.Attachments, Attachment{ID: "v", Kind: kind, Transcript: rest})
		case "location":
			a := Attachment{ID: "l", Kind: kind}
			if _, err := fmt.Sscanf(rest, "%f,%f", &a.Lat, &a.Lon); err != nil {
				p.t.Fatalf("location %q: %v", rest, err)
			}
			in.Attachments = append(in.Attachments, a)
		default:
			said, value, ok := strings.Cut(rest, "=")
			i := strings.Index(in.Text, said)
			if !ok || i < 0 {
				p.t.Fatalf("in %q: %q is not in the words", text, item)
			}
			in.Values = append(in.Values, Value{Kind: kind, Text: said, Value: strings.ReplaceAll(value, "_", " "), Start: i, End: i + len(said)})
		}
	}
	in.Now = p.now
	p.step(form, in)
}

func (p *player) step(form string, in Input) Outcome {
	before := p.s
	if !p.started {
		p.last = p.b.Start(form, in.Types, in)
		p.started = true
	} else {
		frozen := mustJSON(p.t, p.s)
		p.last = p.b.Step(p.s, in)
		if mustJSON(p.t, p.s) != frozen {
			p.t.Errorf("Step changed the session it was given")
		}
	}
	raw := mustJSON(p.t, p.last.Session)
	p.s = Session{}
	if err := json.Unmarshal([]byte(raw), &p.s); err != nil {
		p.t.Fatal(err)
	}
	if again := mustJSON(p.t, p.s); again != raw {
		p.t.Errorf("the session does not survive JSON: %s", cmp.Diff(raw, again))
	}
	if p.s.Stage == Asking && (p.s.Asking != before.Asking || len(p.s.Asked) != len(before.Asked)) {
		p.asked = append(p.asked, p.s.Asking)
	}
	p.write()
	return p.last
}

func mustJSON(t testing.TB, v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func (p *player) write() {
	for _, s := range p.last.Says {
		text := s.Text
		if s.Key != "" {
			if !slices.Contains(Keys(), s.Key) {
				p.t.Errorf("%s is not in Keys", s.Key)
			}
			text = p.c.Text(p.lang, s.Key, s.Args)
		}
		for _, l := range strings.Split(text, "\n") {
			p.out.WriteString("< " + l + "\n")
		}
		var labels []string
		for i, b := range s.Buttons {
			label := b.Label
			if b.Key != "" {
				label = p.c.Label(p.lang, b.Key)
			} else if b.LabelMn != "" {
				label += " · " + b.LabelMn
			}
			labels = append(labels, fmt.Sprintf("[%d %s]", i+1, label))
		}
		if len(labels) > 0 {
			p.out.WriteString("  " + strings.Join(labels, " ") + "\n")
		}
	}
	for _, a := range p.last.Alarms {
		p.out.WriteString("! " + a + "\n")
	}
	if p.last.Paused {
		p.out.WriteString("= paused\n")
	}
	if p.last.Done {
		p.out.WriteString("= done\n")
	}
}

// TestDialogues plays testdata/*.txtar. The comment of a file says what it shows; "-- FORM --" names the form, and
// "-- FORM LANG --" the language too. Lines with > are the citizen's; all others are what must be answered.
func TestDialogues(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dialogues: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			a := txtar.Parse(raw)
			for i, part := range a.Files {
				form, lang, _ := strings.Cut(part.Name, " ")
				p := newPlayer(t)
				if lang != "" {
					p.lang = lang
				}
				for _, l := range strings.Split(string(part.Data), "\n") {
					said, ok := strings.CutPrefix(l, ">")
					if !ok {
						continue
					}
					p.out.WriteString(l + "\n")
					p.line(form, strings.TrimSpace(said))
				}
				if *update {
					a.Files[i].Data = []byte(p.out.String())
					continue
				}
				if d := cmp.Diff(string(part.Data), p.out.String()); d != "" {
					t.Errorf("%s (-want +got):\n%s", part.Name, d)
				}
			}
			if *update {
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
