package caselib

import (
	"embed"
	"io/fs"
)

//go:embed data
var data embed.FS

// Embedded is the library the binary ships with, rooted where Load expects it.
func Embedded() fs.FS {
	sub, err := fs.Sub(data, "data")
	if err != nil { // only for an invalid path; Load then names the missing file
		return data
	}
	return sub
}
