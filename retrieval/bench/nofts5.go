//go:build !sqlite_fts5

package bench

func fts5() []engine { return nil }
