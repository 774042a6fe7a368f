package embed

import (
	_ "embed"

	"heshi/retrieval/text"
)

// The file `heshi train embedder` wrote; README.md says from what.
//
//go:embed shipped.dual
var shippedFile []byte

// Shipped is the embedder that comes with heshi. a must segment with the shipped
// dictionary, as it does everywhere; without one it knows pairs of characters
// only. It takes some tens of milliseconds.
func Shipped(a *text.Analyzer) (*Dual, error) { return decodeDual(a, shippedFile) }
