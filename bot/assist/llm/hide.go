package llm

import "heshi/intake"

// Hide gives a text as a server of somebody else's may see it: names, numbers, addresses of people and vehicles replaced
// by marks. values are what was read from it.
func Hide(text string, values []intake.Value) string { return newMask(text, values).hide(text) }
