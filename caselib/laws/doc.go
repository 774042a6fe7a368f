// Package laws reads a folder of laws in Markdown, one file a law, into the
// operator's shelf: a heading with the name, who passed it when, chapters as
// headings, and articles as paragraphs that begin with 第…条. The version is the
// date in the file name, "草原法(2021-04-29).md"; a code may be split over
// several files of a folder.
//
// It owns nothing: the texts lie on the shelf.
//
// Invariants:
//   - No word of a law is changed or lost: every paragraph after the head of the
//     file is in the preamble or in one article.
//   - A file that did not change is not stored again; a version that another took
//     the place of is kept.
//   - An article is cited only under the number its text begins with.
package laws
