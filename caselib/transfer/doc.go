// Package transfer carries cases in and out of the operator's shelf: Markdown,
// CSV, XLSX and JSON lines, read and written with the same columns.
//
// It owns fields.yaml: the columns, and the headings people give them.
//
// Invariants:
//   - What is imported becomes a draft, whatever state its row claims.
//   - Rows are stored in batches; a batch is on the disk, whole, before the next
//     is begun. An import that was killed is simply run again: rows the shelf has
//     are passed over, so nothing is lost and nothing doubled.
//   - A row that cannot be read is reported with its line, the column and what to
//     do, and the rows after it are still read. Reports never quote a cell: it may
//     hold personal data.
//   - Importing what was exported changes nothing.
package transfer
