package desk

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"heshi/bot"
	"heshi/caselib"
)

// Terms makes the advisor of the tests a TermFinder with one pair of homographs.
func (a advisor) Terms(_ context.Context, word string, _ int) ([]bot.TermHit, error) {
	son := bot.TermHit{Exact: true, Term: caselib.Term{ID: "G1", Zh: "儿子", Note: "与“利息”同形",
		Mn: caselib.Mongolian{Cyrl: "хүү", CyrlConf: caselib.High, Mong: "ᠬᠥᠪᠡᠭᠦᠨ", MongConf: caselib.Medium}}}
	interest := bot.TermHit{Exact: true, Cite: "《民法典》第六百八十条（2020-05-28）", Digest: "国家禁止高利放贷。",
		Term: caselib.Term{ID: "G2", Zh: "利息", Latin: "qeü", Mn: caselib.Mongolian{Cyrl: "хүү", CyrlConf: caselib.High}}}
	switch word {
	case "хүү":
		return []bot.TermHit{son, interest}, a.err
	case "利钱":
		interest.Exact = false
		return []bot.TermHit{interest}, a.err
	}
	return nil, a.err
}

// part asks for the box alone, as the script does.
func (b *browser) part(path, word string) (int, string) {
	b.w.t.Helper()
	form := url.Values{"csrf": {b.csrf}, "word": {word}}
	req, err := http.NewRequest("POST", b.w.srv.URL+path, strings.NewReader(form.Encode()))
	b.w.must(err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Part", "term")
	res, err := b.http.Do(req)
	b.w.must(err)
	return b.read(res)
}

func TestAWordIsLookedUpBesideAFile(t *testing.T) {
	w := newWorld(t)
	w.person("wang", "王芳", "xl", "mediator")
	w.person("look", "阅卷", "xl", "reviewer")
	w.matter("m1", "xl", citizen, nil)
	w.matter("far", "dw", bot.Address{Channel: "web", User: "far"}, nil)
	b := w.signIn("wang")
	page := func(word string) string {
		t.Helper()
		res, err := b.http.PostForm(w.srv.URL+"/desk/m/m1/term", url.Values{"csrf": {b.csrf}, "word": {word}})
		w.must(err)
		code, _ := b.read(res)
		to := res.Header.Get("Location")
		if code != http.StatusSeeOther || strings.Contains(to, "%") || !strings.HasSuffix(to, "/desk/m/m1#term") {
			t.Fatalf("status %d to %s", code, to)
		}
		_, page := b.get("/desk/m/m1")
		return page
	}
	got := page("хүү")
	for _, want := range []string{`<label for="word">`, `value="хүү" required`, `for="G1-mn-Mong"`, `lang="mn-Mong" readonly value="ᠬᠥᠪᠡᠭᠦᠨ"`, "待核", `value="利息"`, "国家禁止高利放贷", "第六百八十条", "qeü", "与“利息”同形"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s is not on the page", want)
		}
	}
	if _, again := b.get("/desk/m/m1"); strings.Contains(again, "ᠬᠥᠪᠡᠭᠦᠨ") || !strings.Contains(again, `id="term"`) {
		t.Error("the result stays, or the box is gone")
	}
	if got := page("利钱"); !strings.Contains(got, "最接近的有") || !strings.Contains(got, `value="利息"`) {
		t.Error("what is near is not offered")
	}
	if got := page("无此词"); !strings.Contains(got, "也没有接近的") {
		t.Error("nothing is not said")
	}
	if code, got := b.part("/desk/m/m1/term", "хүү"); code != http.StatusOK || !strings.HasPrefix(got, `<section`) || !strings.Contains(got, "ᠬᠥᠪᠡᠭᠦᠨ") || strings.Contains(got, "巴特尔") {
		t.Errorf("the box alone: %d %s", code, got)
	}
	if code, _ := b.part("/desk/m/m1/term", " "); code != http.StatusUnprocessableEntity {
		t.Errorf("no word is %d", code)
	}
	if code, _ := b.part("/desk/m/far/term", "хүү"); code != http.StatusNotFound {
		t.Errorf("beside a file of another office: %d", code)
	}
	hostile := page(`"><script>alert(1)</script>`)
	if strings.Contains(hostile, "<script>alert") {
		t.Error("a word is written as markup")
	}
	reader := w.signIn("look")
	if _, got := reader.get("/desk/m/m1"); strings.Contains(got, `id="term"`) {
		t.Error("who works no matters has the box")
	}
	if code, _ := reader.part("/desk/m/m1/term", "хүү"); code != http.StatusConflict {
		t.Errorf("who works no matters looks words up: %d", code)
	}
	if strings.Contains(w.log.String(), "хүү") || len(w.audits("view")) == 0 {
		t.Error("a word is in the log, or the file was seen without a record")
	}
}

func TestATableThatCannotBeAskedIsSaid(t *testing.T) {
	w := newWorld(t)
	w.desk.adv = advisor{err: errors.New("away")}
	w.person("wang", "王芳", "xl", "mediator")
	w.matter("m1", "xl", citizen, nil)
	code, got := w.signIn("wang").part("/desk/m/m1/term", "хүү")
	if code != http.StatusOK || !strings.Contains(got, "现在查不了词表") || strings.Contains(got, "儿子") {
		t.Errorf("%d %s", code, got)
	}
}
