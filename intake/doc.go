// Package intake turns a conversation into a file that an office can work with.
//
// It owns the forms (forms/*.yaml), the places of Inner Mongolia and the demonstration offices (data/), the
// session of one citizen filling one form, and the matter (案卷) that comes of it.
//
// The fields of a form say what the documents need, not what people are asked. A value comes, in this order, from
// the story the citizen told, from what they said later, from the channel, from other answers, from a default;
// what is left and matters most is asked, one question per turn, most needed first; the rest is for staff.
//
// Invariants:
//   - Start and Step are pure: the same session and input give the same outcome. Clock, offices and extracted
//     values come in with the Input; nothing here reads a clock, a file or the network after LoadBook.
//   - A Session is plain data and survives JSON between any two steps.
//   - An answer knows where it came from (Source) and a changed answer leaves its old value in History.
//   - Not knowing is an answer. Nothing a person does leaves them without a next step.
package intake
