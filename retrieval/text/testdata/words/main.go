// Command words prints which dictionary it segments with, then the words of its
// argument: the smallest program that shows a moved binary still works.
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"heshi/retrieval/text"
)

func main() {
	d, err := text.FindDictionary("")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	a, err := text.NewAnalyzer(d, nil)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	words := a.Words(os.Args[1])
	source, path := text.DictionaryInUse()
	// The folder is below ~/.cache/heshi.
	fmt.Println(source, filepath.Dir(filepath.Dir(filepath.Dir(path))))
	fmt.Println(strings.Join(words, " "))
}
