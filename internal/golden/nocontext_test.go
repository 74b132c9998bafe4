package golden_test

import (
	"context"
	"testing"

	"github.com/guardgen/guardgen/internal/exercise"
	"github.com/guardgen/guardgen/internal/golden/nocontext"
	guard "github.com/guardgen/guardgen/runtime"
)

type nocontextFake struct{ *exercise.Recorder }

func (f nocontextFake) Read(register int) (byte, error) {
	r := f.Called("Read", register)
	return exercise.Result[byte](r, 0), exercise.Result[error](r, 1)
}

func (f nocontextFake) Write(register int, value byte) error {
	return exercise.Result[error](f.Called("Write", register, value), 0)
}

func (f nocontextFake) Wait(register int, ctx context.Context) error {
	return exercise.Result[error](f.Called("Wait", register, ctx), 0)
}

func (f nocontextFake) Erase(bank string) error {
	return exercise.Result[error](f.Called("Erase", bank), 0)
}

func TestNocontext(t *testing.T) {
	subject[nocontext.Device]{
		Dependency: "device",
		Wrap: func(r *guard.HealthRegistry, next nocontext.Device) (nocontext.Device, error) {
			return nocontext.NewGuardedDevice(r, next, exercise.Alive)
		},
		Fake:        func(r *exercise.Recorder) nocontext.Device { return nocontextFake{r} },
		Destructive: []string{"Erase"},
	}.Exercise(t)
}
