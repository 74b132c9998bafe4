// Package results is a golden for several results: any number of them, the error at any place and under any name.
package results

import "context"

// Ledger keeps accounts.
//
//guard:dependency name=ledger
type Ledger interface {
	//guard:probe
	Version(ctx context.Context) (string, error)

	Balance(ctx context.Context, account string) (amount int64, currency string, e error)
	Lookup(ctx context.Context, account string) (error, bool)
	Split(ctx context.Context, account string) (left, right []string, total float64, err error)
	Check(ctx context.Context) (first error, second error)
}
