// Package anonymise takes out of a case what could tell who was in it: names,
// numbers, addresses, organisations, exact days and sums. A person becomes 甲某,
// 乙某 in the order in which they are found, an organisation A公司, a day its quarter, a
// sum a band, a place its prefecture or 某旗. Facts that make somebody recognisable
// without a name are pointed out. A person approves every replacement.
//
// It owns words.yaml: the words names, places and organisations are told by.
//
// Invariants:
//   - The same text gives the same result; what has been anonymised stays as it is.
//   - Offsets are bytes of the text that was given.
//   - Nothing that was replaced reaches a log: a Replacement prints its kind only.
package anonymise
