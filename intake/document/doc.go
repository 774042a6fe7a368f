// Package document writes the papers of a matter as .docx: applications, registers, the notice of rights, the record,
// the agreement and what follows it, the papers of legal aid, and the cover of the file.
//
// It owns templates/*.yaml, one file per document: title, blocks of labelled rows and paragraphs with {placeholders},
// signatures. It also owns clauses.yaml, what an agreement may not say.
//
// Invariants:
//   - Every paper is a draft until people have signed it, and says so on every page.
//   - Same input, same bytes: no clock, no randomness, fixed times in the archive.
//   - A value nobody gave is never invented: an empty cell, a line to write on, or 待核实 where the law or the office
//     needs it.
//   - An amount is written in figures and capitals from one value in fen.
//   - What a person typed is text, never markup and never a placeholder.
//   - Level S3 is printed only when asked for; in a paper that the other side receives, whereabouts and telephone are
//     left out while the matter is on safety hold.
//   - Chinese comes first and is never smaller than Mongolian (国家通用语言文字法, 少数民族文字同时使用时的位置与顺序);
//     Mongolian comes from the table of terms only and is marked as not reviewed.
//
// WordprocessingML is written here with archive/zip and encoding/xml. The godocx library has no part for footers, its
// runs take no East Asian font, and its default part is a Letter page with a table style of its own; what would be left
// of it is the zip file.
package document
