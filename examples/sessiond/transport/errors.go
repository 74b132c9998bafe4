package transport

import (
	"context"
	"errors"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/goredis"
)

// ErrNoTopic is what Publish answers when the topic does not exist.
var ErrNoTopic = errors.New("no such topic")

// Classify tells the guard what an error says about Redis: that a topic does not exist is an answer, the rest is known.
func Classify(ctx context.Context, err error) guard.Outcome {
	if errors.Is(err, ErrNoTopic) {
		return guard.OutcomeSuccess
	}
	return goredis.Classify(ctx, err)
}
