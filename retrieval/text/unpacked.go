//go:build !packdict

package text

// packed is empty: built from a checkout, the dictionary of the module cache is
// used.
var packed []byte
