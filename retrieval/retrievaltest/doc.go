// Package retrievaltest is the contract every search engine and every vector
// engine keeps. An engine's own test calls Vectors or Searcher with a fresh one;
// no engine may skip a part.
package retrievaltest
