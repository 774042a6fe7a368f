// Package caselib is the library heshi answers from: closed dispute cases that
// anyone may read, articles of law in plain words, bilingual legal terms, and
// the words lay people use for legal ideas.
//
// It owns everything under data/: cases/*.yaml, statutes/*.yaml, terms.csv,
// thesaurus.csv, taxonomy.yaml, sources.yaml and places.yaml. Nothing here knows how
// text is searched; retrieval builds its index from Library.Published.
//
// What an operator adds lies on a Shelf, DIR/library of the data folder: imported
// cases on their way through the review, and the full text of laws in all their
// versions. Merge puts what of it may be shown beside the embedded library. The
// packages below bring cases in and out (transfer), read laws (laws) and take
// out of a case who was in it (anonymise).
//
// Invariants:
//   - Every legal claim names an article ("LDMA:27"), and every article
//     belongs to a source of law with a version date (sources.yaml).
//   - A digest is bound to the version of the law it was read from. When the
//     source moves to a newer version, the digest leaves Published until
//     somebody reads the article again.
//   - Only Published content may reach a citizen. A draft, a withdrawn case or
//     an unreviewed low-confidence Mongolian word never does.
//   - An imported case is published only after one person has anonymised it and
//     another has approved that; the history in its record shows both.
//   - No text of the library contains personal data; Check refuses it.
//   - A Library is read-only once loaded and safe for concurrent use.
package caselib
