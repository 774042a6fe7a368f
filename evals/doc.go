// Package evals measures the product on question sets: the project's own, which
// are embedded, and external ones named by path (Retrieval).
//
// Data owned: data/*.yaml, sentences written for measuring with the answers
// expected of them, and baseline.json, the figures last accepted. Nothing here
// may train anything, and no sentence stands in the case library too; a test
// keeps both sets and labels clean.
//
// A suite (Suites, Run) asks every question of a whole Brain, the way a message
// meets it, and returns a Report: figures with their noise band, slices by
// language and type, and what was missed. Report.Regressed compares with the
// baseline. Runs are offline and repeatable: the same Brain gives the same
// report, times aside.
package evals
