package transfer

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"heshi/caselib"
)

// synthetic is a file of n different cases, made as it is read.
func synthetic(n int) io.Reader {
	r, w := io.Pipe()
	go func() {
		b := bufio.NewWriterSize(w, 1<<16)
		fmt.Fprintln(b, "types,title_zh,summary_zh,facts,process,result,outcome,articles,region,year,provenance")
		for i := range n {
			fmt.Fprintf(b, "D10-01,第%d件讨薪,工地欠薪经调解分期付清,\"第%d个工人在工地干了%d个月，老板欠工资%d元，说过年给，到现在也没给。\",调解员先问清工时，再请双方对账。,分%d期付清。,agreed,MWR:30;CC:675,通辽市,%d,合成\n",
				i, i, i%11+1, i*7%90000+500, i%5+1, 2000+i%26)
		}
		b.Flush()
		w.Close()
	}()
	return r
}

// TestMain runs the import itself when the test starts its own binary again.
func TestMain(m *testing.M) {
	n, err := strconv.Atoi(os.Getenv("HESHI_TEST_IMPORT"))
	if err != nil {
		os.Exit(m.Run())
	}
	if err := importSynthetic(os.Getenv("HESHI_TEST_DIR"), n); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func importSynthetic(dir string, n int) error {
	l := &caselib.Library{ // loading the whole one would take longer than many an import
		Taxonomy: &caselib.Taxonomy{Types: []caselib.Type{{Code: "D10", Subtypes: []caselib.Subtype{{Code: "D10-01", Name: "讨薪"}}}}},
		Sources:  map[string]caselib.Source{"MWR": {Key: "MWR", Name: "保障农民工工资支付条例"}, "CC": {Key: "CC", Name: "民法典"}},
		Places:   []string{"通辽市"},
	}
	s, err := caselib.OpenShelf(dir)
	if err != nil {
		return err
	}
	defer s.Close()
	o := Options{Format: "csv", Source: "synthetic.csv", By: "alma", Library: l, Now: time.Now, Batch: batch(n)}
	o.Progress = func(int) { fmt.Println("batch") }
	sum, err := Import(context.Background(), s, synthetic(n), o)
	fmt.Printf("done %d\n", sum.Imported+sum.Already)
	return err
}

// batch is how many rows are stored in one step.
func batch(n int) int {
	if n <= 100_000 {
		return 200
	}
	return 1000
}

// killed imports n rows in processes that are killed without warning, then
// once undisturbed, and checks that every row is there exactly once.
func killed(t *testing.T, n, kills int) {
	t.Helper()
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	for k := 0; k <= kills; k++ {
		cmd := exec.CommandContext(t.Context(), self)
		cmd.Env = append(os.Environ(), "HESHI_TEST_IMPORT="+strconv.Itoa(n), "HESHI_TEST_DIR="+dir)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		if k < kills { // after a random batch, and a random moment more: within the next write, often
			share := n / batch(n) / (kills + 1)
			at := k*share + 1 + rand.IntN(share) // what earlier runs stored is passed over first
			for range at {
				lines.Scan()
			}
			time.Sleep(time.Duration(rand.IntN(3000)) * time.Microsecond)
			if err := cmd.Process.Kill(); err != nil {
				t.Log(err) // it was faster
			}
			for lines.Scan() {
			}
			if cmd.Wait() == nil {
				t.Logf("kill %d came after the import was done", k)
			}
			kept := shelfAt(t, dir)
			rows, _ := kept.Len()
			t.Logf("kill %d leaves %d rows", k, rows)
			continue
		}
		last := ""
		for lines.Scan() {
			last = lines.Text()
		}
		if err := cmd.Wait(); err != nil || last != fmt.Sprintf("done %d", n) {
			t.Fatalf("the undisturbed import ends with %q, %v", last, err)
		}
	}
	t.Logf("%d rows, %d kills: %v", n, kills, time.Since(start).Round(time.Millisecond))
	start = time.Now()
	s := shelfAt(t, dir)
	opened := time.Since(start)
	seen, ids := make([]bool, n), map[string]bool{}
	for r, err := range s.Cases(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		num, _, _ := strings.Cut(strings.TrimPrefix(r.Case.Facts, "第"), "个")
		i, err := strconv.Atoi(num)
		if err != nil || i >= n || seen[i] || ids[r.Case.ID] || r.Line != i+2 {
			t.Fatalf("%s at line %d is row %s: doubled or damaged", r.Case.ID, r.Line, num)
		}
		seen[i], ids[r.Case.ID] = true, true
	}
	for i, ok := range seen {
		if !ok {
			t.Fatalf("row %d is lost", i)
		}
	}
	t.Logf("opened in %v, read in %v", opened.Round(time.Millisecond), time.Since(start).Round(time.Millisecond))
}

func TestImportSurvivesKills(t *testing.T) { killed(t, 20_000, 5) }
