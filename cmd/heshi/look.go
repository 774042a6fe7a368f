package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"

	"heshi/bot"
	"heshi/bot/app"
	"heshi/caselib"
	"heshi/retrieval"
)

// maxLine is the longest line read, in bytes.
const maxLine = 1 << 20

// lineReader reads lines of any ordinary length.
func lineReader(r io.Reader) *bufio.Scanner {
	s := bufio.NewScanner(r)
	s.Buffer(make([]byte, 0, 64<<10), maxLine)
	return s
}

// found is one hit as printed by `heshi search -json`.
type found struct {
	ID      string   `json:"id"`
	Kind    string   `json:"kind"`
	Score   float64  `json:"score"`
	Title   string   `json:"title"`
	Text    string   `json:"text"`
	Words   []string `json:"words"`
	Outcome string   `json:"outcome,omitempty"`
	Label   string   `json:"label,omitempty"`
}

// searched is one query with its hits.
type searched struct {
	ID   string  `json:"_id,omitempty"`
	Text string  `json:"text"`
	Hits []found `json:"hits"`
}

func search(c *call) error {
	var asJSON bool
	var k int
	var kind, queries string
	rest, file, data, err := c.flags(func(fs *flag.FlagSet) {
		fs.BoolVar(&asJSON, "json", false, "JSON lines")
		fs.IntVar(&k, "k", 5, "how many hits")
		fs.StringVar(&kind, "kind", "", "case, law or term; empty: all")
		fs.StringVar(&queries, "queries", "", `file of {"_id","text"} lines`)
	})
	if err != nil {
		return err
	}
	switch kind {
	case "", "case", "law", "term":
	default:
		return fmt.Errorf("%w: -kind is case, law or term, not %q", errMisuse, kind)
	}
	if (len(rest) == 0) == (queries == "") {
		return fmt.Errorf("%w: give a question, or a file of them with -queries", errMisuse)
	}
	_, brain, err := think(c, file, data)
	if err != nil {
		return err
	}
	if kind != string(retrieval.KindTerm) { // terms are found by their forms, not by meaning
		log := slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: slog.LevelWarn}))
		if err := brain.AddMeaning(c.ctx, log); err != nil {
			return err
		}
	}
	terms := bot.Finder{Library: brain.Library, Index: brain.Index}
	one := func(id, q string) error {
		if kind == string(retrieval.KindTerm) {
			hits, err := terms.Terms(c.ctx, q, k)
			if err != nil {
				return err
			}
			s := searched{ID: id, Text: q, Hits: []found{}}
			for _, h := range hits {
				s.Hits = append(s.Hits, describeTerm(h))
			}
			return printSearch(c.out, s, asJSON)
		}
		hits, err := brain.Index.Search(c.ctx, retrieval.Query{Text: q, Kind: retrieval.Kind(kind), K: k})
		if err != nil && !errors.Is(err, retrieval.ErrEmptyQuery) {
			return err
		}
		s := searched{ID: id, Text: q, Hits: []found{}}
		for _, h := range hits {
			s.Hits = append(s.Hits, describe(brain.Library, h))
		}
		return printSearch(c.out, s, asJSON)
	}
	if queries == "" {
		return one("", strings.Join(rest, " "))
	}
	f, err := os.Open(queries)
	if err != nil {
		return err
	}
	defer f.Close()
	lines := lineReader(f)
	for n := 1; lines.Scan(); n++ {
		var q struct {
			ID   string `json:"_id"`
			Text string `json:"text"`
		}
		if err := json.Unmarshal(lines.Bytes(), &q); err != nil {
			return fmt.Errorf(`%s line %d is not {"_id","text"}: %w`, queries, n, err)
		}
		if err := one(q.ID, q.Text); err != nil {
			return err
		}
	}
	return lines.Err()
}

// describe puts the words of the library beside a hit.
func describe(lib *caselib.Library, h retrieval.Hit) found {
	f := found{ID: h.ID, Kind: string(h.Kind), Score: h.Score, Words: h.Words, Outcome: h.Outcome}
	if f.Words == nil {
		f.Words = []string{}
	}
	if c, ok := lib.Case(h.ID); ok {
		f.Title, f.Text = c.Title.Zh, c.Summary.Zh
		if c.Illustrative {
			f.Label = "示范案例"
		}
	} else if s, ok := lib.Statute(h.ID); ok {
		f.Title, f.Text = s.Cite(), cmp.Or(s.Digest, s.Text) // an imported article nobody has digested speaks for itself
	} else {
		for _, t := range lib.Terms {
			if t.ID == h.ID {
				f.Title, f.Text = t.Zh, forms(bot.TermHit{Term: t})
			}
		}
	}
	return f
}

// describeTerm puts a term with its forms and the article that defines it; one written just like the query is said so.
func describeTerm(h bot.TermHit) found {
	f := found{ID: h.Term.ID, Kind: string(retrieval.KindTerm), Score: h.Score, Title: h.Term.Zh, Text: forms(h), Words: []string{}}
	if h.Exact {
		f.Label = "一致"
	}
	if h.Cite != "" {
		f.Text += " · " + h.Cite
	}
	return f
}

// forms is how a term is written; what is not certain bears its mark.
func forms(h bot.TermHit) string {
	var out []string
	for _, f := range h.Forms() {
		if f.Unsure {
			f.Text += "（待核）"
		}
		out = append(out, f.Text)
	}
	if h.Term.Latin != "" {
		out = append(out, h.Term.Latin)
	}
	return strings.Join(out, " · ")
}

func printSearch(w io.Writer, s searched, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(w).Encode(s)
	}
	if len(s.Hits) == 0 {
		_, err := fmt.Fprintln(w, "没有找到。换个说法试试，或者用 -kind 限定范围。")
		return err
	}
	for i, h := range s.Hits {
		label := h.Label
		if label != "" {
			label = "（" + label + "）"
		}
		fmt.Fprintf(w, "%d. [%s] %s%s\n   %s\n", i+1, h.ID, h.Title, label, h.Text)
		if len(h.Words) > 0 {
			fmt.Fprintf(w, "   相似在：%s\n", strings.Join(h.Words, "、"))
		}
	}
	return nil
}

func understand(c *call) error {
	var asJSON bool
	_, file, data, err := c.flags(func(fs *flag.FlagSet) { fs.BoolVar(&asJSON, "json", false, "JSON lines") })
	if err != nil {
		return err
	}
	cfg, brain, err := think(c, file, data)
	if err != nil {
		return err
	}
	e := brain.Engine(quiet(c.err), cfg, nil, app.Clock, app.NewID)
	lines := lineReader(c.in)
	out := bufio.NewWriter(c.out)
	defer out.Flush()
	enc := json.NewEncoder(out)
	for lines.Scan() {
		u := e.Understand(c.ctx, lines.Text(), app.Clock())
		if asJSON {
			if err := enc.Encode(u); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(out, "%s\n  语言 %s  文字 %v\n", u.Text, u.Lang, u.Scripts)
		for _, a := range u.Urgent {
			fmt.Fprintf(out, "  紧急 %s（%d级）\n", a.Code, a.Level)
		}
		for _, t := range u.Types {
			fmt.Fprintf(out, "  类型 %s %s %.2f\n", t.Code, brain.Library.Taxonomy.Name(t.Code), t.Score)
		}
		for _, v := range u.Values {
			fmt.Fprintf(out, "  %s %q = %s\n", v.Kind, v.Text, v.Value)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("a line is longer than %d bytes: %w", maxLine, err)
	}
	return nil
}
