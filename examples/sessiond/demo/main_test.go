package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestInterruptedDemoLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Setenv("DEMO_STATUS", freeStatus)
	ctx, interrupt := context.WithCancel(t.Context())
	out := writer(func(p []byte) {
		if strings.Contains(string(p), "guarded: killed") { // both worlds live
			interrupt()
		}
	})
	if status := command(ctx, []string{"-short"}, nil, out, io.Discard); status != exitInterrupted {
		t.Errorf("status %d, want %d", status, exitInterrupted)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func TestMistakesInTheCommandLineAreUsageErrors(t *testing.T) {
	for _, args := range [][]string{{"now"}, {"-scale", "0"}, {"-scale", "1000"}, {"-sessions", "3"}, {"-topics", "9999"}, {"-nonsense"}} {
		var stderr bytes.Buffer
		if status := command(t.Context(), args, nil, io.Discard, &stderr); status != exitUsage || stderr.Len() == 0 {
			t.Errorf("%q: status %d, stderr %q; want %d and a word", args, status, stderr.String(), exitUsage)
		}
	}
}

func TestHoldIsASwitch(t *testing.T) {
	t.Setenv("DEMO_HOLD", "for a while")
	var stderr bytes.Buffer
	if status := command(t.Context(), nil, nil, io.Discard, &stderr); status != exitUsage || !strings.Contains(stderr.String(), "DEMO_HOLD") {
		t.Errorf("status %d, stderr %q; want %d and what is wrong", status, stderr.String(), exitUsage)
	}
}

// writer is a function that is told what is written.
type writer func([]byte)

func (w writer) Write(p []byte) (int, error) {
	w(p)
	return len(p), nil
}
