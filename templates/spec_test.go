package templates

import (
	"strings"
	"testing"
)

func TestSpecSaysOfNoMethodThatADeadlineWouldCutItsResultIfNoneReachesIt(t *testing.T) {
	for _, test := range []struct {
		context int
		own     bool
		want    bool
	}{
		{0, false, true},
		{-1, false, false},
		{0, true, false},
	} {
		pkg := modelOf(t, "package world\nimport \"context\"\ntype Client interface{ Watch(context.Context) (<-chan int, error) }")
		method := pkg.Files[0].Clients[0].Methods[0]
		method.Outlives, method.Context, method.OwnContext = true, test.context, test.own
		if got := strings.Contains(textOf(t, pkg), "Outlives: true"); got != test.want {
			t.Errorf("context %d, of its own type %t: Outlives is %t", test.context, test.own, got)
		}
	}
}
