package main

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// heshi runs a command line in a folder of its own.
func heshi(t *testing.T, in string, args ...string) (out, errOut string, code int) {
	t.Helper()
	return heshiIn(t, t.TempDir(), in, args...)
}

func heshiIn(t *testing.T, dir, in string, args ...string) (out, errOut string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(in), &o, &e, []string{"HESHI_DATA=" + filepath.Join(dir, "data")})
	return o.String(), e.String(), code
}

func TestExitCodes(t *testing.T) {
	for _, tt := range []struct {
		args []string
		code int
		says string
	}{
		{nil, exitMisuse, ""},
		{[]string{"help"}, exitDone, ""},
		{[]string{"sing"}, exitMisuse, `there is no command "sing"`},
		{[]string{"search"}, exitMisuse, "give a question"},
		{[]string{"search", "-kind", "novel", "x"}, exitMisuse, "case, law or term"},
		{[]string{"search", "-queries", "no-such-file"}, exitFailed, "no-such-file"},
		{[]string{"chat", "-jsn"}, exitMisuse, "jsn"},
		{[]string{"eval"}, exitMisuse, "name suites"},
		{[]string{"eval", "retrieval"}, exitMisuse, "-corpus"},
		{[]string{"staff", "add"}, exitMisuse, "-login"},
		{[]string{"staff", "add", "-login", "a", "-role", "king"}, exitMisuse, `no role "king"`},
		{[]string{"backup"}, exitMisuse, "name the file"},
		{[]string{"intake", "play"}, exitMisuse, "name a form"},
		{[]string{"serve", "now"}, exitMisuse, `"now"`},
		{[]string{"doctor", "-config", "no-such-file"}, exitFailed, "no-such-file"},
	} {
		_, errOut, code := heshi(t, "", tt.args...)
		if code != tt.code || !strings.Contains(errOut, tt.says) {
			t.Errorf("heshi %s: exit %d (want %d), says %q (want %q)", strings.Join(tt.args, " "), code, tt.code, errOut, tt.says)
		}
	}
}

// One line in, one JSON line out; the wage question finds wage cases in every script.
func TestChatJSON(t *testing.T) {
	for _, q := range []string{"老板欠我8000块工资不给", "Дарга надад 8000 юань цалин өгөхгүй байна", "ᠳᠠᠷᠭ᠎ᠠ ᠴᠠᠯᠢᠩ ᠥᠭᠭᠦᠬᠦ ᠦᠭᠡᠢ 8000"} {
		out, errOut, code := heshi(t, q+"\n", "chat", "-json")
		if code != exitDone || strings.Count(out, "\n") != 1 {
			t.Fatalf("%q: exit %d, %s\n%s", q, code, errOut, out)
		}
		var line struct {
			Replies []struct {
				Text, Kind string
				Buttons    []struct{ ID, Label string }
				Answer     struct {
					Types    []struct{ Code string }
					Values   []struct{ Kind, Value string }
					Articles []struct{ Cite, Digest string }
					Cases    []struct {
						ID    string
						Words []string
					}
				}
			}
			State struct {
				Mode   string
				Urgent []string
			}
		}
		if err := json.Unmarshal([]byte(out), &line); err != nil {
			t.Fatal(err)
		}
		if len(line.Replies) == 0 || line.State.Mode != "ask" || line.State.Urgent == nil {
			t.Fatalf("%q: %s", q, out)
		}
		r := line.Replies[0]
		a := r.Answer
		if len(a.Types) == 0 || !strings.HasPrefix(a.Types[0].Code, "D10") {
			t.Errorf("%q is taken for %v", q, a.Types)
		}
		money := false
		for _, v := range a.Values {
			money = money || v.Kind == "money" && v.Value == "8000.00"
		}
		if !money {
			t.Errorf("%q: the sum was not found in %v", q, a.Values)
		}
		if len(a.Cases) == 0 || len(a.Cases) > 3 || len(a.Articles) == 0 || len(r.Buttons) == 0 {
			t.Errorf("%q: %d cases, %d articles, %d buttons", q, len(a.Cases), len(a.Articles), len(r.Buttons))
		}
		for _, c := range a.Cases {
			if !strings.HasPrefix(c.ID, "HS-10") && !strings.HasPrefix(c.ID, "HS-11") || len(c.Words) == 0 {
				t.Errorf("%q: case %s is shown for %v", q, c.ID, c.Words)
			}
		}
	}
}

func TestChatAnswersOddLines(t *testing.T) {
	in := strings.Join([]string{`{"text":`, `{"button":"nonsense"}`, strings.Repeat("长", 40000), "\xff\xfe", "老板欠我8000块工资不给"}, "\n") + "\n"
	out, errOut, code := heshi(t, in, "chat", "-json")
	lines := strings.Split(strings.TrimSpace(out), "\n")
	if code != exitDone || len(lines) < 4 || !strings.Contains(lines[len(lines)-1], "示范案例") {
		t.Errorf("exit %d, %d lines, %s\nlast: %.300s", code, len(lines), errOut, lines[len(lines)-1])
	}
}

func TestUnderstandJSON(t *testing.T) {
	out, _, code := heshi(t, "老板欠我8000块工资不给\n他又喝酒打我了，孩子在哭\n\n", "understand", "-json")
	for _, want := range []string{`"lang":"zh"`, `"code":"D10-0`, `"kind":"money","text":"8000块","value":"8000.00"`, `"code":"T-DV","level":1`, `"urgent":[]`} {
		if code != exitDone || !strings.Contains(out, want) {
			t.Errorf("exit %d: %s is not in\n%s", code, want, out)
		}
	}
}

func TestSearchFindsTermsInOtherScripts(t *testing.T) {
	for _, q := range []string{"цалин", "工资"} {
		out, _, code := heshi(t, "", "search", "-json", "-kind", "term", "-k", "3", q)
		if code != exitDone || !strings.Contains(out, "цалин") || !strings.Contains(out, "工资") {
			t.Errorf("%s finds %s", q, out)
		}
	}
}

func TestChecksPass(t *testing.T) {
	out, errOut, code := heshi(t, "", "caselib", "check", "-json")
	var n struct{ Cases, Statutes, Terms, Errors int }
	if err := json.Unmarshal([]byte(out), &n); err != nil || code != exitDone || n.Cases < 60 || n.Statutes < 150 || n.Terms < 200 || n.Errors != 0 {
		t.Errorf("caselib check: exit %d %v %s%s", code, err, out, errOut)
	}
	if out, _, code := heshi(t, "", "intake", "lint"); code != exitDone {
		t.Errorf("intake lint: exit %d\n%s", code, out)
	}
}

// A fresh folder works, staff are invited by a link, and a backup comes back.
func TestStaffBackupRestore(t *testing.T) {
	dir := t.TempDir()
	out, errOut, code := heshiIn(t, dir, "", "staff", "add", "-login", "bayar", "-name", "巴雅尔", "-role", "mediator,duty", "-office", "demo-xilinhot-pm")
	if code != exitDone || !strings.Contains(out, "/desk/join?token=") {
		t.Fatalf("exit %d %s%s", code, out, errOut)
	}
	if _, errOut, code := heshiIn(t, dir, "", "staff", "add", "-login", "bayar"); code != exitFailed {
		t.Errorf("the same login twice: exit %d %s", code, errOut)
	}
	copied := filepath.Join(dir, "copy.db")
	if _, errOut, code := heshiIn(t, dir, "", "backup", copied); code != exitDone {
		t.Fatal(errOut)
	}
	if _, errOut, code := heshiIn(t, dir, "", "restore", copied); code != exitDone {
		t.Fatal(errOut)
	}
	if out, errOut, code := heshiIn(t, dir, "", "staff", "list"); code != exitDone || !strings.Contains(out, "巴雅尔") {
		t.Errorf("after restoring: exit %d %s%s", code, out, errOut)
	}
	if out, errOut, code := heshiIn(t, dir, "", "doctor", "-json"); code != exitDone || !strings.Contains(out, "chain unbroken") {
		t.Errorf("doctor: exit %d %s%s", code, out, errOut)
	}
}
