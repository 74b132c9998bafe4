package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/golden/nocontext"
	guard "github.com/guardgen/guardgen/runtime"
)

type nocontextFake struct{ *recorder }

func (f nocontextFake) Read(register int) (byte, error) {
	r := f.called("Read", register)
	return result[byte](r, 0), result[error](r, 1)
}

func (f nocontextFake) Write(register int, value byte) error {
	return result[error](f.called("Write", register, value), 0)
}

func (f nocontextFake) Wait(register int, ctx context.Context) error {
	return result[error](f.called("Wait", register, ctx), 0)
}

func (f nocontextFake) Erase(bank string) error { return result[error](f.called("Erase", bank), 0) }

func TestNocontext(t *testing.T) {
	subject[nocontext.Device]{
		dependency: "device",
		wrap: func(r *guard.HealthRegistry, next nocontext.Device) (nocontext.Device, error) {
			return nocontext.NewGuardedDevice(r, next, alive)
		},
		fake:        func(r *recorder) nocontext.Device { return nocontextFake{r} },
		destructive: []string{"Erase"},
	}.exercise(t)
}
