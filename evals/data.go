package evals

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"io/fs"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

//go:embed data/*.yaml
var questions embed.FS

// laySet is sentences that all mean one kind of dispute.
type laySet struct {
	Type       string   `yaml:"type"`
	Also       []string `yaml:"also"`       // first-level types that are right as well
	Confidence string   `yaml:"confidence"` // of the Mongolian among them
	Say        []string `yaml:"say"`
}

// alarmSet is messages that must raise all of Codes and may raise May.
// No codes: nothing may be raised.
type alarmSet struct {
	Codes []string `yaml:"codes"`
	May   []string `yaml:"may"`
	Say   []string `yaml:"say"`
}

// querySet is queries with the disputes a similar case may be about, and the
// articles of which one is enough.
type querySet struct {
	Types      []string `yaml:"types"` // none: a question of procedure, no case expected
	Articles   []string `yaml:"articles"`
	Confidence string   `yaml:"confidence"`
	Ask        []string `yaml:"ask"`
}

// valueSet is sentences and the values they hold, as written on the day Now.
type valueSet struct {
	Now   string `yaml:"now"`
	Items []struct {
		Say    string   `yaml:"say"`
		Money  []string `yaml:"money"`
		Date   []string `yaml:"date"`
		Region []string `yaml:"region"`
	} `yaml:"items"`
}

// zone is the writers' own, all year round.
var zone = time.FixedZone("UTC+8", 8*60*60)

// day is noon of Now.
func (v valueSet) day() (time.Time, error) {
	d, err := time.ParseInLocation(time.DateOnly, v.Now, zone)
	return d.Add(12 * time.Hour), err
}

// readSets reads all files of data/ whose names start with prefix, in order.
func readSets[T any](prefix string) ([]T, error) {
	names, err := fs.Glob(questions, "data/"+prefix+"*.yaml")
	if err != nil {
		return nil, err
	}
	var all []T
	for _, name := range names {
		var some []T
		if err := readYAML(name, &some); err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("evals: no questions in data/%s*.yaml", prefix)
	}
	return all, nil
}

func readYAML(name string, into any) error {
	f, err := questions.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	d := yaml.NewDecoder(f)
	d.KnownFields(true)
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("evals: %s: %w", name, err)
	}
	return nil
}

// held tells which questions are kept back: about half, by their text alone.
// Their misses are counted and never listed, so that nobody mends a rule for the
// very sentence it is measured with.
func held(s string) bool {
	h := fnv.New32a()
	h.Write([]byte(s))
	return h.Sum32()>>7&1 == 1
}

// half names the slice of held.
func half(s string) string {
	if held(s) {
		return "held back"
	}
	return "listed"
}

// dataHash tells whether two reports asked the same questions.
func dataHash(texts []string) string {
	h := sha256.Sum256([]byte(strings.Join(texts, "\n")))
	return hex.EncodeToString(h[:6])
}
