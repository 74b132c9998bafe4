package service_test

import (
	"testing"
	"time"

	"github.com/guardgen/guardgen/examples/sessiond/service"
	guard "github.com/guardgen/guardgen/runtime"
)

// What the reaper holds against a session is what the registry has observed, unless there is none.
func TestSilenceIsTheRegistrysUnlessThereIsNone(t *testing.T) {
	registry := guard.NewHealthRegistry()
	defer registry.Close()
	anHourAgo := time.Now().Add(-time.Hour)
	if silent := service.New(service.Config{Registry: registry}).Silence("session:1", anHourAgo); silent != 0 {
		t.Errorf("a registry that has heard nothing yet says %s", silent)
	}
	if silent := service.New(service.Config{}).Silence("session:1", anHourAgo); silent < time.Hour {
		t.Errorf("the clock says %s", silent)
	}
}

func TestMissingRecordAgesFromWhenItWasMissed(t *testing.T) {
	now := time.Now()
	silence := service.ByTheClock(func() time.Time { return now })
	want := func(seen time.Time, want time.Duration) {
		t.Helper()
		if got := silence("session:1", seen); got != want {
			t.Errorf("silent for %s, want %s", got, want)
		}
	}
	want(time.Time{}, 0)
	now = now.Add(time.Minute)
	want(time.Time{}, time.Minute)
	want(now.Add(-time.Second), time.Second)
	want(time.Time{}, 0)
}
