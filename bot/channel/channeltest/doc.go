// Package channeltest is the contract every channel passes, and the platforms it is tested against.
//
// Run is the suite: a channel comes wired to a double of its platform as a Harness, and no part of the contract may
// be skipped. TelegramServer and WeChatServer speak the platforms' protocols over HTTP on the loopback address: they
// check everything sent to them against the published limits, and misbehave on demand. Memory stands for the store.
//
// The doubles are written from the platforms' documentation and share no code with the libraries the channels use,
// the WeChat encryption included: a mistake in either shows.
package channeltest
