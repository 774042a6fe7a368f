// Package embed turns text into vectors: a built-in embedder that needs no
// network and no downloaded weights, and one that asks any OpenAI-compatible
// address.
//
// Data owned: the model of the built-in embedder, learned from the texts it is
// given (the library and, where there are any, the statutes) and derived like an
// index: the same texts give the same model.
//
// Invariants: vectors have length one or are all zero when a text holds nothing
// known; an embedder's ID changes whenever its vectors would.
package embed
