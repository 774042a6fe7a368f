// Package text turns what people type into what an index can compare: scripts
// found run by run, characters normalised, Chinese segmented, Mongolian folded
// and stemmed.
//
// Data owned: the folding, suffix and stop-word tables under data/ and the
// domain words the segmenter must keep whole. All of it is embedded; only the
// segmenter's own dictionary lives outside the binary (see Dictionary).
//
// Invariants:
//   - no input crashes it: invalid UTF-8, NUL and very long text are cleaned first;
//   - keys are for comparing, never for showing: the text as typed travels with
//     them in Token.Text;
//   - gojieba sees Han characters only, in chunks of at most 4 KiB, and there is
//     one instance of it in the process, never freed.
package text
