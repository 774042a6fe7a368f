// Package retrieval finds the cases, articles and terms that fit what someone
// wrote, and says why each was found.
//
// Data owned: the index, a derived cache of chunks made from the published
// library. It is never edited: a new one is built beside the old and swapped in
// (Live). What was built is kept on disk between starts (Cache for the parts of
// an index, Kept for vectors), by content and checked; both may be removed at
// any time.
//
// A search runs in steps: the text becomes terms (words, single characters and
// pairs of them, Mongolian stems), terms are widened through the bilingual table
// and the lay thesaurus, every index partition adds up BM25, a re-ranker over a
// few features orders the best, and the reasons are written down for the hits
// that are returned.
//
// Invariants:
//   - the same query on the same index gives the same hits in the same order,
//     ties by id;
//   - an index may be searched from any number of goroutines;
//   - nothing is read back from disk that does not agree with its checksum, and
//     nothing that people ask is written there;
//   - ErrUnavailable (nobody could look) is never confused with no hits.
package retrieval
