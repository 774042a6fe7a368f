package channel

import (
	"fmt"
	"strings"

	"heshi/intake"
)

// Label is what a person reads on a button: Chinese, then the Mongolian when there is one.
func Label(b intake.Button) string {
	switch {
	case b.LabelMn == "":
		if b.Label == "" {
			return b.ID
		}
		return b.Label
	case b.Label == "":
		return b.LabelMn
	}
	return b.Label + " · " + b.LabelMn
}

// Numbered writes buttons as lines to be answered with their number, one per line, from 1.
func Numbered(buttons []intake.Button) string {
	var s strings.Builder
	for i, b := range buttons {
		if i > 0 {
			s.WriteByte('\n')
		}
		fmt.Fprintf(&s, "%d. %s", i+1, Label(b))
	}
	return s.String()
}

// Start is the button a channel reports when somebody opens the conversation without a word, as Telegram's /start
// and a new follower on WeChat do: the engine's own help button.
const Start = "go:help"
