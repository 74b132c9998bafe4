package e2e

import (
	"fmt"
	"slices"
	"testing"
)

func TestTimeoutsOfRealServersTerminateNobody(t *testing.T) {
	rows := slices.Concat(redisRows, redisAnswerRows, redisLossRows, apiRows, processRows)
	if !*whole {
		rows = slices.DeleteFunc(rows, func(r row) bool { return !r.fast })
	}
	results := make([]*result, len(rows))
	t.Run("faults", func(t *testing.T) {
		for i := range rows {
			r := &rows[i]
			t.Run(string(r.hits)+"/"+r.fault, func(t *testing.T) {
				t.Parallel()
				results[i] = r.run(t)
			})
		}
	})
	table := tableOf(results)
	fmt.Print(table)
	if *write != "" && !t.Failed() {
		must(t, replaceTable(*write, table))
	}
}
