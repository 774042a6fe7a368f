package prompts

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"

	"gopkg.in/yaml.v3"
)

// The languages messages are written in. Chinese is the reference: a key that has no Chinese does not exist.
const (
	Chinese    = "zh-Hans"
	Cyrillic   = "mn-Cyrl"
	Vertical   = "mn-Mong"
	labelJoint = " · "
)

//go:embed all:messages all:models
var embedded embed.FS

// Embedded is the messages built into the binary, rooted so that Load can read it.
func Embedded() fs.FS { return embedded }

// Models is the folder of model templates (*.tmpl) built into the binary.
func Models() fs.FS {
	sub, err := fs.Sub(embedded, "models")
	if err != nil { // only for an invalid path, and ours is a constant
		return embedded
	}
	return sub
}

// Message is one text in one language. Confidence is empty for Chinese.
type Message struct {
	Text       string `yaml:"text"`
	Confidence string `yaml:"confidence"`
}

// UnmarshalYAML accepts a plain string (Chinese) or {text, confidence} (Mongolian).
func (m *Message) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		m.Text = n.Value
		return nil
	}
	type plain Message
	return n.Decode((*plain)(m))
}

func (m Message) usable() bool {
	return m.Text != "" && (m.Confidence == "high" || m.Confidence == "medium")
}

// ErrMessages wraps every reason for which a folder of messages cannot be loaded.
var ErrMessages = errors.New("messages")

// Catalog answers what to say for a key in a language. It is read-only after Load and safe for concurrent use.
type Catalog struct {
	byLang map[string]map[string]Message
	where  map[string]string // lang/key -> file, for error texts
}

// Load reads messages/<lang>/*.yaml from fsys. It fails on an unknown language, a malformed file, or a key
// written twice; what Check finds is not fatal.
func Load(fsys fs.FS) (*Catalog, error) {
	c := &Catalog{byLang: map[string]map[string]Message{}, where: map[string]string{}}
	langs, err := fs.ReadDir(fsys, "messages")
	if err != nil {
		return nil, fmt.Errorf("%w: reading messages: %w", ErrMessages, err)
	}
	for _, l := range langs {
		if !l.IsDir() {
			continue
		}
		if !known(l.Name()) {
			return nil, fmt.Errorf("%w: messages/%s is none of zh-Hans, mn-Cyrl, mn-Mong", ErrMessages, l.Name())
		}
		if err := c.loadLang(fsys, l.Name()); err != nil {
			return nil, err
		}
	}
	if len(c.byLang[Chinese]) == 0 {
		return nil, fmt.Errorf("%w: messages/%s holds no message", ErrMessages, Chinese)
	}
	return c, nil
}

func (c *Catalog) loadLang(fsys fs.FS, lang string) error {
	if c.byLang[lang] == nil {
		c.byLang[lang] = map[string]Message{}
	}
	files, err := fs.Glob(fsys, "messages/"+lang+"/*.yaml")
	if err != nil {
		return fmt.Errorf("%w: listing %s: %w", ErrMessages, lang, err)
	}
	sort.Strings(files)
	for _, file := range files {
		raw, err := fs.ReadFile(fsys, file)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrMessages, err)
		}
		var area map[string]Message
		if err := yaml.Unmarshal(raw, &area); err != nil {
			return fmt.Errorf("%w: %s: %w", ErrMessages, file, err)
		}
		for key, m := range area {
			if first, twice := c.where[lang+"/"+key]; twice {
				return fmt.Errorf("%w: %s: key %q is already in %s", ErrMessages, file, key, first)
			}
			m.Text = strings.TrimRight(m.Text, "\n")
			c.byLang[lang][key] = m
			c.where[lang+"/"+key] = path.Join(lang, path.Base(file))
		}
	}
	return nil
}

// Has reports whether key exists; every message exists in Chinese or not at all.
func (c *Catalog) Has(key string) bool {
	_, ok := c.byLang[Chinese][key]
	return ok
}

// Keys is every key, sorted.
func (c *Catalog) Keys() []string {
	keys := make([]string, 0, len(c.byLang[Chinese]))
	for k := range c.byLang[Chinese] {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Text is what a reader of lang is shown for key, placeholders filled from args. For a Mongolian reader it is the
// Mongolian with the Chinese beneath, or the Chinese alone when the Mongolian is missing or of low confidence.
// An unknown key gives the key itself, so that a gap is visible and never an empty bubble.
func (c *Catalog) Text(lang, key string, args map[string]string) string {
	zh, ok := c.byLang[Chinese][key]
	if !ok {
		return key
	}
	out := Fill(zh.Text, args)
	if mn, ok := c.mongolian(lang, key); ok {
		return Fill(mn, args) + "\n" + out
	}
	return out
}

// Label is the text of a button: Chinese first, then for a Mongolian reader " · " and the Mongolian.
func (c *Catalog) Label(lang, key string) string {
	zh, ok := c.byLang[Chinese][key]
	if !ok {
		return key
	}
	if mn, ok := c.mongolian(lang, key); ok {
		return zh.Text + labelJoint + mn
	}
	return zh.Text
}

// mongolian is the string of key in the Mongolian of lang, if it is good enough to be shown.
func (c *Catalog) mongolian(lang, key string) (string, bool) {
	lang = Written(lang)
	if lang == Chinese {
		return "", false
	}
	m := c.byLang[lang][key]
	return m.Text, m.usable()
}

// Written maps a detected language to the one messages are written in: Latin-script Mongolian is answered in
// Cyrillic, anything else that is not Mongolian in Chinese.
func Written(lang string) string {
	switch lang {
	case Vertical:
		return Vertical
	case Cyrillic, "mn-Latn", "mn":
		return Cyrillic
	}
	return Chinese
}

// Fill puts args into the {name} placeholders of text. A placeholder without an argument stays as written.
// Arguments are not themselves filled: what a citizen typed cannot become a placeholder.
func Fill(text string, args map[string]string) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			b.WriteString(text)
			return b.String()
		}
		shut := strings.IndexByte(text[open:], '}')
		if shut < 0 {
			b.WriteString(text)
			return b.String()
		}
		name := text[open+1 : open+shut]
		b.WriteString(text[:open])
		if v, ok := args[name]; ok {
			b.WriteString(v)
		} else {
			b.WriteString(text[open : open+shut+1])
		}
		text = text[open+shut+1:]
	}
}

func known(lang string) bool { return lang == Chinese || lang == Cyrillic || lang == Vertical }
