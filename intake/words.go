package intake

import (
	"slices"
	"strings"
	"unicode"

	zh "heshi/retrieval/text"
)

// lexicon is words.yaml: what people say to steer a form, in any of the languages.
type lexicon struct {
	Yes, No, Unknown, Skip, Back, Restart, Pause, Resume, Why, Repeat        []string
	Edit, Submit, More, Enough, Keep, Agree, Refuse, Commands, Denials, Asks []string
	NotNames                                                                 []string `yaml:"not_names"`
	AgreeAll                                                                 []string `yaml:"agree_all"`
}

// fold makes a reply comparable: simplified characters, lower case, no outer spaces or punctuation, full-width digits narrowed.
func fold(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r >= '０' && r <= '９':
			return r - '０' + '0'
		case r == '　' || r == '\t' || r == '\n' || r == '\r':
			return ' '
		}
		return unicode.ToLower(r)
	}, text)
	return strings.TrimFunc(zh.Simplify(text), func(r rune) bool { return unicode.IsSpace(r) || isPunct(r) })
}

// isPunct is sentence punctuation and particles of politeness at the edge of a reply. Brackets and joints inside
// Mongolian words (FVS, MVS, NNBSP) are no punctuation here.
func isPunct(r rune) bool {
	return strings.ContainsRune("。，、,.;；!！?？~～…:：\"“”'‘’᠃᠂", r)
}

// says reports whether the whole reply is one of words, ending in a particle or not.
func says(words []string, reply string) bool {
	reply = fold(reply)
	if slices.Contains(words, reply) {
		return true
	}
	for _, particle := range []string{"了", "吧", "啊", "呀", "呢", "的"} {
		if s, ok := strings.CutSuffix(reply, particle); ok && slices.Contains(words, s) {
			return true
		}
	}
	return false
}

// unsure reports whether a reply means "I do not know", said in few words.
func (w lexicon) unsure(reply string) bool {
	reply = fold(reply)
	if says(w.Unknown, reply) {
		return true
	}
	if len([]rune(reply)) > 8 {
		return false
	}
	return slices.ContainsFunc(w.Unknown, func(u string) bool {
		return strings.HasPrefix(reply, u) || strings.HasSuffix(reply, u)
	})
}

// tells reports whether a text tells word without denying it just before.
func (w lexicon) tells(text, word string) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], word)
		if i < 0 {
			return false
		}
		before := text[:from+i]
		if !slices.ContainsFunc(w.Denials, func(d string) bool { return strings.HasSuffix(before, d) }) {
			return true
		}
		from += i + len(word)
	}
}

// story reports whether a text tells something, and is no command.
func (w lexicon) story(text string) bool {
	if says(w.Commands, text) {
		return false
	}
	letters := 0
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			letters++
		}
	}
	return letters >= 6
}
