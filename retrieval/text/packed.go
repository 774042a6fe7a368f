//go:build packdict

package text

import _ "embed"

// packed is written by `go run ./retrieval/text/packdict`.
//
//go:embed dictionary.tar.gz
var packed []byte
