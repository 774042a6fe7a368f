//go:build slow

package transfer

import "testing"

func TestMillionRowsSurviveKills(t *testing.T) { killed(t, 1_000_000, 8) }
