// Package extract finds values in what people write: sums of money, dates and spans, places, telephone and identity
// numbers, number plates, persons, organisations, and counts of livestock, mu and people; in Chinese, simplified or
// traditional, and in Mongolian.
//
// The package owns data/: the lunar calendar, names, and the words around values. It reads no clock and keeps
// nothing: the same text at the same time gives the same values. Work is linear in the length of the text. What is
// not sure is left out: the intake asks about it.
package extract
