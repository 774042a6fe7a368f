// Package channel holds what every channel needs on its way to a platform: cutting a long reply at sentence
// borders, writing out buttons where a platform has none, remembering how much of a reply was sent, and telling
// what went wrong without repeating what was said.
//
// It owns no data on disk. The channels themselves live in the folders below it, one per platform, and never
// import each other; channeltest holds the contract all of them pass.
//
// Invariants: no function here returns or logs the text of a platform's error, which may quote the citizen or
// carry a token; the parts of a cut reply, put together, hold every letter of it.
package channel
