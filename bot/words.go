package bot

import (
	_ "embed"
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"heshi/intake"
	"heshi/retrieval/text"
)

//go:embed words.yaml
var wordsYAML []byte

// Words knows the universal words: commands that work at any moment, in any of the languages.
type Words struct {
	whole map[string]string   // normalised utterance -> command
	part  []wordPart          // phrases that mean a command inside a short utterance
	lists map[string][]string // words that command nothing and tell something, by list
}

// told reports whether a text has one of the words of a list of words.yaml that is no command.
func (w *Words) told(list, s string) bool {
	for _, p := range w.lists[list] {
		if strings.Contains(s, p) {
			return true
		}
	}
	return false
}

type wordPart struct{ phrase, command string }

// maxCommand is the longest utterance, in runes, in which a phrase is taken as a command: longer ones tell a story.
const maxCommand = 14

// LoadWords reads the embedded table.
func LoadWords() (*Words, error) {
	var table map[string]struct {
		Whole []string `yaml:"whole"`
		Part  []string `yaml:"part"`
		Tells []string `yaml:"tells"`
	}
	if err := yaml.Unmarshal(wordsYAML, &table); err != nil {
		return nil, fmt.Errorf("universal words: %w", err)
	}
	w := &Words{whole: map[string]string{}, lists: map[string][]string{}}
	for command, forms := range table {
		w.lists[command] = forms.Tells
		if strings.HasPrefix(command, "word_") { // compared with whole ends of a message
			for i, p := range forms.Tells {
				forms.Tells[i] = oneLine(p)
			}
		}
		for _, f := range forms.Whole {
			key := utterance(f)
			if other, taken := w.whole[key]; taken && other != command {
				return nil, fmt.Errorf("universal words: %q means both %s and %s", f, command, other)
			}
			w.whole[key] = command
		}
		for _, f := range forms.Part {
			w.part = append(w.part, wordPart{utterance(f), command})
		}
	}
	return w, nil
}

// Command gives the command an utterance means, or "".
func (w *Words) Command(s string) string {
	if len(s) > 200 {
		return ""
	}
	u := utterance(s)
	if c := w.whole[u]; c != "" {
		return c
	}
	if len([]rune(u)) > maxCommand {
		return ""
	}
	best, command := "", ""
	for _, p := range w.part {
		if strings.Contains(u, p.phrase) && (len(p.phrase) > len(best) || (len(p.phrase) == len(best) && p.command < command)) {
			best, command = p.phrase, p.command
		}
	}
	return command
}

// Beside is how much of an utterance, in characters, stands beside the longest phrase of a command in it; 0 where the
// whole utterance is the command or has none.
func (w *Words) Beside(s, command string) int {
	u := utterance(s)
	if w.whole[u] != "" {
		return 0
	}
	longest := 0
	for _, p := range w.part {
		if p.command == command && strings.Contains(u, p.phrase) {
			longest = max(longest, len([]rune(p.phrase)))
		}
	}
	if longest == 0 {
		return 0
	}
	return len([]rune(u)) - longest
}

// shortestTold is how much must stand beside a command, in characters, to tell something.
const shortestTold = 7

// tellsBeside reports that a message wants a form and tells its matter in the same breath.
func (t *turn) tellsBeside() bool {
	if t.msg.Button != "" || t.conv.Mode == ModeHuman || t.Words.Beside(t.text, t.Words.Command(t.text)) < shortestTold {
		return false
	}
	return named(t.Types.Types(t.text), unlikelyType) || len(t.read(t.text)) > 0
}

// utterance strips what does not change a command: case, blanks, punctuation, traditional forms.
func utterance(s string) string {
	s = strings.ToLower(text.Simplify(s))
	if text.Lang(s) == "mn-Mong" {
		s = text.Fold(s)
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n　.,!?;:。，！？；：、~～…'\"“”‘’()（）[]【】", r) {
			return -1
		}
		return r
	}, s)
}

// Buttons of the engine itself. A form's own buttons are handled by the form.
var engineButtons = map[string]string{
	"go:mediation": "mediation", "go:legalaid": "legal_aid", "go:human": "human", "go:help": "help",
	"go:resume": "resume", "nav:resume": "resume", "go:delete": "delete", "go:complaint": "complaint",
	"go:language": "language", "lang:zh-Hans": "lang:zh-Hans", "lang:mn-Cyrl": "lang:mn-Cyrl",
	"lang:mn-Mong": "lang:mn-Mong", "go:status": "status", "go:withdraw": "withdraw",
}

// Commands that work while a person is on the other side; anything else is words for that person.
var worksWithHuman = map[string]bool{
	"legal_aid": true, "mediation": true, "delete": true, "complaint": true, "help": true, "language": true, "status": true,
	"lang:zh-Hans": true, "lang:mn-Cyrl": true, "lang:mn-Mong": true, "withdraw": true, "human": true, "resume": true, "term": true,
}

// command reads what this message commands: a button of ours, the number of a button just offered, or a universal word.
func (t *turn) command() string {
	if t.msg.Button != "" {
		return engineButtons[t.msg.Button]
	}
	if id := t.numbered(); id != "" {
		if c := engineButtons[id]; c != "" {
			return c
		}
	}
	if l, ok := t.asked(); ok { // before the words: 申请调解用蒙语怎么说 applies for nothing
		if l.means {
			return "meaning"
		}
		return "term"
	}
	return t.Words.Command(t.text)
}

// numbered gives the id of the offered button whose number was typed. Inside a form the form reads numbers itself.
func (t *turn) numbered() string {
	if t.conv.Session != nil && !t.conv.Paused && t.conv.Mode == ModeIntake {
		return ""
	}
	n := 0
	for _, r := range strings.TrimSpace(t.text) {
		switch {
		case r >= '0' && r <= '9' && n < 100:
			n = n*10 + int(r-'0')
		case r >= '０' && r <= '９' && n < 100:
			n = n*10 + int(r-'０')
		default:
			return ""
		}
	}
	if n < 1 || n > len(t.conv.Offered) {
		return ""
	}
	return t.conv.Offered[n-1]
}

func button(id, key string) intake.Button { return intake.Button{ID: id, Key: key} }
