package chromem_test

import (
	"testing"

	"heshi/retrieval"
	"heshi/retrieval/chromem"
	"heshi/retrieval/retrievaltest"
)

func TestContract(t *testing.T) {
	retrievaltest.Vectors(t, func(*testing.T) retrieval.Vectors { return chromem.New() })
}
