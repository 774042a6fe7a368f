package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// mustHelp explains the flag that turns a measure into a check.
const mustHelp = "fail unless these figures of the JSON result are at least so high: ndcg@10=0.47,recall@100=0.79; a.b is b of a"

// demand compares figures of a result with a list like ndcg@10=0.47,p50_ms<3. Every figure is a number of the
// result's JSON form; = asks for at least, < for at most so much.
func demand(result any, list string) error {
	if list == "" {
		return nil
	}
	b, err := json.Marshal(result)
	if err != nil {
		return err
	}
	var all map[string]any
	if err := json.Unmarshal(b, &all); err != nil {
		return err
	}
	var short []string
	for _, want := range strings.Split(list, ",") {
		at := strings.IndexAny(want, "=<")
		if at < 0 {
			return fmt.Errorf("%w: -must %q: write name=value or name<value", errMisuse, want)
		}
		limit, err := strconv.ParseFloat(want[at+1:], 64)
		if err != nil {
			return fmt.Errorf("%w: -must %q: %w", errMisuse, want, err)
		}
		got, ok := figure(all, want[:at])
		if !ok {
			return fmt.Errorf("%w: -must %q: the result has no such figure", errMisuse, want)
		}
		if want[at] == '=' && got < limit || want[at] == '<' && got > limit {
			short = append(short, fmt.Sprintf("%s is %.4f, must be %s", want[:at], got, map[byte]string{'=': "at least ", '<': "at most "}[want[at]]+want[at+1:]))
		}
	}
	if len(short) > 0 {
		return errors.New(strings.Join(short, "; "))
	}
	return nil
}

// figure finds a number by its path.
func figure(all map[string]any, path string) (float64, bool) {
	if x, ok := all[path].(float64); ok {
		return x, true
	}
	head, rest, ok := strings.Cut(path, ".")
	inner, is := all[head].(map[string]any)
	if !ok || !is {
		return 0, false
	}
	return figure(inner, rest)
}
