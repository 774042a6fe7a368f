package rules

import "heshi/retrieval/text"

// foldMongolian is the search key of traditional Mongolian text (see retrieval/text.Fold).
func foldMongolian(s string) string { return text.Fold(s) }
