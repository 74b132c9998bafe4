// Package nocontext is a golden for methods without a context, or with one that is not the first parameter.
package nocontext

import "context"

// Device is an old client.
//
//guard:dependency name=device optional
type Device interface {
	Read(register int) (value byte, err error)
	Write(register int, value byte) error
	Wait(register int, ctx context.Context) error

	//guard:destructive budget=1/1h key=bank
	Erase(bank string) error
}
