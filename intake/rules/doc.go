// Package rules holds the law and the safety rules of the intake as data, and the pure functions that read them:
//
//   - Gate: is somebody in danger, or is a period about to end? Every message passes it before anything else.
//   - Refusals: requests nobody may help with (forged papers, hiding assets, …).
//   - Clocks: the day by which somebody should act.
//   - Acceptance: may people's mediation take this matter, and if not, where should it go?
//   - Eligibility: is legal aid likely, and on which ground? Never a decision.
//
// The package owns data/*.yaml. Everything in it is read once and never changed, so all of its values may be shared
// between goroutines. Invariants, enforced when loading and by Lint: every rule of law names an article of the source
// register (sources.yaml of the case library) and with it how well that source was checked; safety texts always
// carry their Chinese wording; a card shows at most three telephone numbers.
package rules
