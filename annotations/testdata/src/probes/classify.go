package probes

import (
	"context"

	guard "github.com/guardgen/guardgen/runtime"
)

func classify(ctx context.Context, err error) guard.Outcome { return guard.Classify(ctx, err) }
