package caselib

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestReviewNeedsTwoPeople(t *testing.T) {
	r := told("甲欠乙工资。")
	r.Case.State = Draft
	r, err := r.To(Anonymised, "Alma", noon, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, same := range []string{"Alma", " alma ", ""} {
		if _, err := r.To(BilingualReview, same, noon, ""); !errors.Is(err, ErrSamePerson) && !errors.Is(err, ErrNoPerson) {
			t.Errorf("%q may approve: %v", same, err)
		}
	}
	r, err = r.To(BilingualReview, "Bat", noon, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.To(PublishedState, "alma", noon, ""); !errors.Is(err, ErrSamePerson) {
		t.Errorf("the anonymiser may publish: %v", err)
	}
	r, err = r.To(PublishedState, "Bat", noon, "")
	if err != nil || !r.Approved() || len(r.History) != 3 {
		t.Fatalf("published: %v, approved %v, history %v", err, r.Approved(), r.History)
	}
	edited, err := r.Edit(r.Case, "Alma", noon, "")
	if err != nil || edited.Case.State != Draft || edited.Approved() {
		t.Errorf("an edited case is %s", edited.Case.State)
	}
	if _, err := edited.To(BilingualReview, "Bat", noon, ""); !errors.Is(err, ErrTransition) {
		t.Errorf("an edited case goes on without being anonymised again: %v", err)
	}
}

// Whatever people try, what ends up published was anonymised by one person and
// approved and published by others, after its last edit.
func TestPublishedIsAlwaysApproved(t *testing.T) {
	states := []State{Draft, Anonymised, BilingualReview, PublishedState, Withdrawn, "made up"}
	rapid.Check(t, func(t *rapid.T) {
		r := Record{Case: Case{State: Draft}}
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			by := rapid.SampledFrom([]string{"a", "b", "A ", ""}).Draw(t, "by")
			next, err := r.Edit(r.Case, by, noon, "")
			if rapid.IntRange(0, 5).Draw(t, "edit") > 0 {
				next, err = r.To(rapid.SampledFrom(states).Draw(t, "to"), by, noon, "")
			}
			if err == nil {
				r = next
			}
			if r.Case.State != PublishedState {
				if r.Approved() {
					t.Fatalf("approved in state %s", r.Case.State)
				}
				continue
			}
			if !r.Approved() {
				t.Fatalf("published without approval: %+v", r.History)
			}
			n := len(r.History)
			last := r.History[n-3:]
			if person(last[0].By) == person(last[1].By) || person(last[0].By) == person(last[2].By) {
				t.Fatalf("one person did it all: %+v", last)
			}
		}
	})
}

func TestReviewPublishesACrowd(t *testing.T) {
	lib := load(t, library(t, small))
	dir := t.TempDir()
	s := shelfAt(t, dir)
	var rs []Record
	var ids []string
	for i := range fewest {
		rs = append(rs, told(fmt.Sprintf("张三欠第%d个工人的钱，电话13812345678。", i)))
		ids = append(ids, fmt.Sprintf("HS-%d", firstNumber+i))
	}
	add(t, s, rs...)
	step := func(to State, by string, ids ...string) error {
		_, err := Review(t.Context(), s, lib, Decision{IDs: ids, To: to, By: by, At: noon})
		return err
	}
	if err := step(Anonymised, "alma", ids...); !errors.Is(err, ErrUnfit) || strings.Contains(err.Error(), "138") {
		t.Fatalf("a telephone number passes anonymisation: %v", err)
	}
	texts := map[string]Case{}
	for i, id := range ids {
		texts[id] = told(fmt.Sprintf("甲某欠第%d个工人的钱。", i)).Case
	}
	if _, err := Review(t.Context(), s, lib, Decision{IDs: ids, To: Anonymised, By: "alma", At: noon, Texts: texts}); err != nil {
		t.Fatal(err)
	}
	if err := step(BilingualReview, "alma", ids...); !errors.Is(err, ErrSamePerson) {
		t.Fatalf("alma approves herself: %v", err)
	}
	if n := published(t, s, lib); n != 1 { // the embedded one
		t.Fatalf("%d published before approval", n)
	}
	if err := step(BilingualReview, "bat", ids...); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "library", "cases-000001.jsonl"))
	if err != nil || strings.Contains(string(b), "张三") {
		t.Fatalf("the raw text is still on the disk (%v)", err)
	}
	if err := step(PublishedState, "bat", ids[0]); !errors.Is(err, ErrUnfit) {
		t.Fatalf("one case alone is published: %v", err)
	}
	if err := step(PublishedState, "bat", ids...); err != nil {
		t.Fatal(err)
	}
	if n := published(t, s, lib); n != 1+fewest {
		t.Fatalf("%d published", n)
	}
	if err := step(Withdrawn, "bat", ids...); err != nil {
		t.Fatal(err)
	}
	if n := published(t, shelfAt(t, dir), lib); n != 1 {
		t.Fatalf("%d published after withdrawing", n)
	}
}

func published(t *testing.T, s *Shelf, lib *Library) int {
	t.Helper()
	m, err := Merge(t.Context(), lib, s, noon)
	if err != nil {
		t.Fatal(err)
	}
	return len(m.Published().Cases)
}

func TestMergeDoesNotBelieveStates(t *testing.T) {
	lib := load(t, library(t, small))
	s := shelfAt(t, t.TempDir())
	add(t, s, told("甲欠乙工资。"))
	r, _ := s.Case("HS-100001")
	r.Case.State = PublishedState // as a hand could write it
	if _, err := s.Put(t.Context(), r, 1); err != nil {
		t.Fatal(err)
	}
	if n := published(t, s, lib); n != 1 {
		t.Errorf("a record without history is published")
	}
}

func TestMergeTakesLawsInForce(t *testing.T) {
	lib := load(t, library(t, small))
	s := shelfAt(t, t.TempDir())
	put := func(key, version, effective, text string) {
		t.Helper()
		_, err := s.PutLaw(t.Context(), LawText{Key: key, Name: "某法", Version: version, Effective: effective, Hash: strings.Repeat("0", 32),
			File: "a.md", Articles: []LawArticle{{Number: 27, Text: text}}})
		if err != nil {
			t.Fatal(err)
		}
	}
	put("LDMA", "2000-01-01", "", "旧")
	put("LDMA", "2007-12-29", "2008-05-01", "今")
	put("LX", "2020-01-01", "", "另")
	m, err := Merge(t.Context(), lib, s, noon)
	if err != nil {
		t.Fatal(err)
	}
	st, _ := m.Published().Statute("LDMA:27")
	if st.Text != "今" || st.Digest == "" {
		t.Errorf("the digest has the text %q", st.Text)
	}
	if st, ok := m.Published().Statute("LX:27"); !ok || st.Cite() != "《某法》第二十七条（2020-01-01）" {
		t.Errorf("a law unknown before is cited %q", st.Cite())
	}
	if ps := m.Check(); len(ps) > 0 {
		t.Errorf("the merged library has problems: %v", ps)
	}
	put("LDMA", "2026-01-01", "2026-06-01", "新")
	for day, want := range map[int]string{0: "今", 120: "新"} {
		m, err := Merge(t.Context(), lib, s, noon.AddDate(0, 0, day))
		if err != nil {
			t.Fatal(err)
		}
		st, _ := m.Published().Statute("LDMA:27")
		if st.Text != want || (st.Digest == "") != (want == "新") {
			t.Errorf("after %d days the text is %q, digest %q", day, st.Text, st.Digest)
		}
	}
	texts, _ := s.Laws(t.Context())
	vs := Versions(texts)["LDMA"]
	until := []string{}
	for _, v := range vs {
		until = append(until, v.Until)
	}
	if !slices.Equal(until, []string{"2008-05-01", "2026-06-01", ""}) {
		t.Errorf("versions end %v", until)
	}
}
