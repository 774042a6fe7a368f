package app

import (
	"context"

	"heshi/bot"
)

// Terms implements desk.TermFinder: the desk looks a word up as a citizen does.
func (a advisor) Terms(ctx context.Context, word string, k int) ([]bot.TermHit, error) {
	return a.finder().Terms(ctx, word, k)
}
