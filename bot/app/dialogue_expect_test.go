package app

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"heshi/bot"
	"heshi/intake"
	"heshi/intake/rules"
)

// expect checks one line of expectation; what it gives is what is wrong.
func (k *talk) expect(verb, rest string) string {
	switch verb {
	case "", "#":
	case "<":
		if !strings.Contains(k.text(), rest) {
			return "no reply contains it"
		}
	case "!":
		if strings.Contains(k.text(), rest) {
			return "a reply contains it"
		}
	case "-":
		if len(k.replies) > 0 {
			return "there is a reply"
		}
	case "%<":
		if !strings.Contains(k.page(), rest) {
			return "the page does not contain it:\n" + k.page()
		}
	case "%!":
		if strings.Contains(k.page(), rest) {
			return "the page contains it:\n" + k.page()
		}
	case "=":
		return compare(k.shown(), rest)
	case "$":
		return compare(k.filed(), rest)
	default:
		return fmt.Sprintf("unknown verb %q", verb)
	}
	return ""
}

// compare checks "key=value" pairs; "*" is any value but none, "+v" a list that has v, "-v" a list that has not.
func compare(got map[string]string, pairs string) string {
	for _, want := range strings.Fields(pairs) {
		key, v, _ := strings.Cut(want, "=")
		have := got[key]
		ok := have == v || v == "*" && have != ""
		if item, has := strings.CutPrefix(v, "+"); has {
			ok = slices.Contains(strings.Split(have, ","), item)
		} else if item, has := strings.CutPrefix(v, "-"); has {
			ok = !slices.Contains(strings.Split(have, ","), item)
		}
		if !ok {
			return fmt.Sprintf("%s is %q; known: %v", key, have, got)
		}
	}
	return ""
}

func (k *talk) conversation() bot.Conversation {
	c, err := k.chat.Store.Conversation(k.t.Context(), k.from)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.NewConversation(k.from)
	}
	if err != nil {
		k.t.Fatal(err)
	}
	return c
}

// shown is the conversation as a dialogue may ask about it.
func (k *talk) shown() map[string]string {
	c := k.conversation()
	out := map[string]string{"mode": string(k.state.Mode), "form": k.state.Form, "field": k.state.Field, "matter": k.state.Matter,
		"urgent": strings.Join(k.state.Urgent, ","), "lang": c.Lang, "types": strings.Join(c.Types, ","), "kept": fmt.Sprint(len(c.Story)),
		"hold": map[bool]string{true: "yes", false: "no"}[c.SafetyHold], "paused": map[bool]string{true: "yes", false: "no"}[c.Paused]}
	if c.Session != nil {
		out["stage"] = string(c.Session.Stage)
	}
	return out
}

// file is the live matter of the person, else the newest; ok is false while there is none.
func (k *talk) file() (m intake.Matter, ok bool) {
	all, err := k.chat.Store.Matters(k.t.Context(), bot.MatterFilter{Address: k.from})
	if err != nil {
		k.t.Fatal(err)
	}
	id := k.conversation().Matter
	for _, x := range all {
		if x.ID == id {
			return x, true
		}
		if !ok || x.Created.After(m.Created) {
			m, ok = x, true
		}
	}
	return m, ok
}

// filed is what the file holds: the running form, or else the matter. Answers stand under the ids of their fields, in
// the form in which they are kept; "?" is an answer left open.
func (k *talk) filed() map[string]string {
	out := map[string]string{}
	answers := func(s intake.Session) {
		for id, a := range s.Answers {
			switch {
			case a.Unknown:
				out[id] = "?"
			case len(a.Values) > 0:
				out[id] = strings.Join(a.Values, ",")
			default:
				out[id] = a.Value
			}
		}
		out["evidence"] = fmt.Sprint(len(s.Evidence))
		items := 0
		for _, e := range s.Evidence {
			items += len(e.Items)
		}
		out["items"] = fmt.Sprint(items)
		out["modules"], out["type"] = strings.Join(s.Modules, ","), strings.Join(s.Types[:min(1, len(s.Types))], "")
		out["flags"] = strings.Join(s.Flags, ",")
		out["asked"] = fmt.Sprint(len(s.Asked))
		for _, c := range s.Consents {
			out["consent:"+c.Kind] = map[bool]string{true: "yes", false: "no"}[c.Given]
		}
		for _, h := range s.History {
			out["was:"+h.Field] = strings.ReplaceAll(h.Old, " ", "_")
		}
	}
	if s := k.conversation().Session; s != nil {
		answers(*s)
		return out
	}
	m, ok := k.file()
	if !ok {
		return out
	}
	answers(m.Session)
	out["no"], out["kind"], out["status"], out["office"] = m.No, string(m.Kind), string(m.Status), m.Office
	out["flags"], out["assignee"], out["region"] = strings.Join(m.Flags, ","), m.Assignee, m.Region
	var clocks []string
	for _, c := range m.Clocks {
		clocks = append(clocks, c.ID)
		out["due:"+c.ID], out["level:"+c.ID] = c.Due, c.Level
	}
	out["clocks"] = strings.Join(clocks, ",")
	for _, p := range m.Parties {
		out["party:"+p.Role] = p.Name
	}
	thread, err := k.chat.Store.Thread(k.t.Context(), m.ID, k.from)
	if err != nil {
		k.t.Fatal(err)
	}
	out["thread"] = fmt.Sprint(len(thread))
	return out
}

// seen counts what the dialogues reach, so that "every form, every alarm" is measured.
type seen struct {
	dialogues              int
	modules, flows, urgent map[string]bool
	types                  map[string]map[int]bool // first-level type -> dialogues it appears in
	langs                  map[string]int
}

func newSeen() *seen {
	return &seen{modules: map[string]bool{}, flows: map[string]bool{}, urgent: map[string]bool{}, types: map[string]map[int]bool{}, langs: map[string]int{}}
}

func (s *seen) note(k *talk) {
	c := k.conversation()
	for _, u := range c.Urgent {
		s.urgent[u] = true
	}
	s.langs[c.Lang]++
	types := c.Types[:min(1, len(c.Types))]
	if c.Session != nil {
		s.flows[c.Session.Form] = true
		for _, m := range c.Session.Modules {
			s.modules[m] = true
		}
		if len(c.Session.Types) > 0 {
			types = append(slices.Clone(types), c.Session.Types[0])
		}
	}
	for _, t := range types {
		t, _, _ = strings.Cut(t, "-")
		if s.types[t] == nil {
			s.types[t] = map[int]bool{}
		}
		s.types[t][s.dialogues] = true
	}
}

var cardCode = regexp.MustCompile(`(?m)^ *- code: (T-[A-Z-]+)$`)

// check names what the dialogues do not reach.
func (s *seen) check(t *testing.T) {
	t.Helper()
	if s.dialogues < 120 {
		t.Errorf("%d dialogues, want 120", s.dialogues)
	}
	for _, code := range think(t).Book.Forms() {
		if strings.HasPrefix(code, "M-") && !s.modules[code] {
			t.Errorf("no dialogue fills %s", code)
		}
	}
	for _, ty := range think(t).Library.Taxonomy.Types {
		if strings.HasPrefix(ty.Code, "D") && len(s.types[ty.Code]) < 3 {
			t.Errorf("%d dialogues are about %s %s, want 3", len(s.types[ty.Code]), ty.Code, ty.Name)
		}
	}
	cards, err := fs.ReadFile(rules.Embedded(), "cards.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range cardCode.FindAllSubmatch(cards, -1) {
		if code := string(m[1]); !s.urgent[code] {
			t.Errorf("no dialogue raises %s", code)
		}
	}
	t.Logf("%d dialogues; forms %v %v; alarms %v; turns by language %v", s.dialogues,
		slices.Sorted(maps.Keys(s.flows)), slices.Sorted(maps.Keys(s.modules)), slices.Sorted(maps.Keys(s.urgent)), s.langs)
}
