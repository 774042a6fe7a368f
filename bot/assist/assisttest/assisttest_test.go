package assisttest

import (
	"testing"

	"heshi/bot"
)

func TestPlain(t *testing.T) {
	Run(t, func(*testing.T) bot.Assistant { return Plain{} })
}
