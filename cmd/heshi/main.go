// Command heshi is the whole product in one binary: the server, the conversation in a terminal, search, the checks of
// the library and the forms, the evaluations, and the doctor.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sort"
	"strings"
	"syscall"
)

// Exit codes.
const (
	exitDone   = 0
	exitFailed = 1
	exitMisuse = 2
)

// errMisuse is a command line that cannot be understood; its text says what would be.
var errMisuse = errors.New("usage")

// call is one run of one command.
type call struct {
	ctx     context.Context
	name    string
	args    []string
	in      io.Reader
	out     io.Writer
	err     io.Writer
	environ []string
}

type command struct {
	usage string
	help  string
	run   func(*call) error
}

func commands() map[string]command {
	return map[string]command{
		"serve":          {"serve [-listen ADDR]", "everything: chat page, desk, channels; needs no configuration", serve},
		"chat":           {"chat [-json]", "the conversation in this terminal; -json: one line in, one JSON line out", chat},
		"search":         {"search [-json] [-k N] [-kind case|law|term] [-queries FILE] QUERY…", "look something up in the library", search},
		"understand":     {"understand [-json]", "lines on stdin: language, urgency, dispute types, values", understand},
		"caselib check":  {"caselib check [-json]", "check every case, article and term", caselibCheck},
		"caselib import": {"caselib import [-format F] [-map COLUMN=FIELD]… [-map-file FILE] [-sheet NAME] [-dry-run] [-by NAME] FILE", "read cases from CSV, XLSX, JSONL or Markdown; they become drafts", caselibImport},
		"caselib export": {"caselib export [-format F] [-state STATE] FILE", "write the imported cases; - is standard output", caselibExport},
		"caselib review": {"caselib review [-state STATE] | -by NAME (-anonymise [-apply] | -to STATE [-note TEXT]) ID…", "list, anonymise, approve, publish, withdraw imported cases", caselibReview},
		"law import":     {"law import [-dry-run] DIR", "read a folder of laws in Markdown, one file a law", lawImport},
		"index":          {"index", "build the index now and keep it for the next start; fetch vectors that are missing", index},
		"intake lint":    {"intake lint", "check the forms, the rules and the messages", intakeLint},
		"intake play":    {"intake play FORM", "walk through one form in this terminal", intakePlay},
		"eval":           {"eval types|urgency|cases|terms|values|duplicates… [-must] [-json] [-html FILE] | eval retrieval -corpus F -queries F -qrels F | eval labels -texts F -table F | eval similar -cases F | eval amounts -cases F -questions F | eval spans -texts F [-must NAME=VALUE,…] [-json]", "measure understanding and retrieval; fails on a regression", evaluate},
		"train":          {"train types|urgency | train embedder [-laws FILE]… | train ranking -corpus F -set QUERIES,QRELS… [-o FILE]", "learn anew what is shipped learned: dispute types, how danger sounds, meaning, the order of articles", train},
		"staff add":      {"staff add -login NAME [-name NAME] [-role ROLE] [-office ID]", "invite somebody to the desk; prints a one-time link", staffAdd},
		"staff list":     {"staff list", "who may sign in at the desk", staffList},
		"doctor":         {"doctor [-bench] [-json]", "check this installation, print the configuration without secrets", doctor},
		"backup":         {"backup FILE", "copy the store and the imported library while it runs", backup},
		"restore":        {"restore FILE", "put a backup in the place of the store and the imported library", restore},
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr, os.Environ()))
}

// run finds the command and runs it. It never exits by itself, so that tests can call it.
func run(ctx context.Context, args []string, in io.Reader, out, errOut io.Writer, environ []string) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "-h" || args[0] == "--help" {
		help(out)
		if len(args) == 0 {
			return exitMisuse
		}
		return exitDone
	}
	all := commands()
	for n := min(2, len(args)); n > 0; n-- {
		name := strings.Join(args[:n], " ")
		c, ok := all[name]
		if !ok {
			continue
		}
		err := c.run(&call{ctx: ctx, name: name, args: args[n:], in: in, out: out, err: errOut, environ: environ})
		switch {
		case err == nil:
			return exitDone
		case errors.Is(err, flag.ErrHelp):
			return exitDone
		case errors.Is(err, errMisuse):
			fmt.Fprintf(errOut, "heshi %s: %v\nusage: heshi %s\n", name, err, c.usage)
			return exitMisuse
		}
		fmt.Fprintf(errOut, "heshi %s: %v\n", name, err)
		return exitFailed
	}
	fmt.Fprintf(errOut, "heshi: there is no command %q\n", args[0])
	help(errOut)
	return exitMisuse
}

func help(w io.Writer) {
	fmt.Fprintln(w, "heshi (和事): from a plain question to a mediator or a legal-aid office, in one conversation")
	fmt.Fprintln(w)
	all := commands()
	names := make([]string, 0, len(all))
	for n := range all {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Fprintf(w, "  heshi %s\n        %s\n", all[n].usage, all[n].help)
	}
	fmt.Fprintln(w, "\nEvery command takes -data DIR (HESHI_DATA, default ./heshi-data) and -config FILE. A fresh folder just works.")
}

// flags parses the command's own flags beside those every command has.
func (c *call) flags(define func(fs *flag.FlagSet)) (rest []string, file, data string, err error) {
	fs := flag.NewFlagSet("heshi "+c.name, flag.ContinueOnError)
	fs.SetOutput(c.err)
	fs.StringVar(&data, "data", "", "folder for everything kept (HESHI_DATA)")
	fs.StringVar(&file, "config", "", "configuration file (default DATA/heshi.yaml)")
	if define != nil {
		define(fs)
	}
	if err := fs.Parse(c.args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, "", "", err
		}
		return nil, "", "", fmt.Errorf("%w: %w", errMisuse, err)
	}
	return fs.Args(), file, data, nil
}
