package rediscmd

import (
	"context"
	"time"

	"github.com/redis/go-redis/v9"
)

// An expiry that is over, by our clock, removes the key or the fields at once.

func expires(_ context.Context, _ string, expiration time.Duration) bool { return expiration <= 0 }

func expiresFields(_ context.Context, _ string, expiration time.Duration, _ ...string) bool {
	return expiration <= 0
}

func expiresFieldsWithArgs(_ context.Context, _ string, expiration time.Duration, _ redis.HExpireArgs, _ ...string) bool {
	return expiration <= 0
}

func expiresAt(_ context.Context, _ string, tm time.Time) bool { return isOver(tm) }

func expiresFieldsAt(_ context.Context, _ string, tm time.Time, _ ...string) bool { return isOver(tm) }

func expiresFieldsAtWithArgs(_ context.Context, _ string, tm time.Time, _ redis.HExpireArgs, _ ...string) bool {
	return isOver(tm)
}

func isOver(tm time.Time) bool { return !tm.After(time.Now()) }

func expiresRead(_ context.Context, _ string, options *redis.HGetEXOptions, _ ...string) bool {
	return options != nil && isOverAs(string(options.ExpirationType), options.ExpirationVal)
}

func expiresWritten(_ context.Context, _ string, options *redis.HSetEXOptions, _ ...string) bool {
	return options != nil && isOverAs(string(options.ExpirationType), options.ExpirationVal)
}

func expiresSet(_ context.Context, _ string, _ any, a redis.SetArgs) bool {
	return !a.ExpireAt.IsZero() && isOver(a.ExpireAt)
}

func expiresAll(_ context.Context, args redis.MSetEXArgs, _ ...any) bool {
	return isOverBy(args.Expiration)
}

func expiresInt(_ context.Context, _ string, a redis.IncrEXIntArgs) bool {
	return isOverBy(a.Expiration)
}

func expiresFloat(_ context.Context, _ string, a redis.IncrEXFloatArgs) bool {
	return isOverBy(a.Expiration)
}

// isOverBy reports whether a write gives a moment that has passed; a duration that is not positive the server does not take.
func isOverBy(option *redis.ExpirationOption) bool {
	return option != nil && (option.Mode == redis.EXAT || option.Mode == redis.PXAT) && isOverAs(string(option.Mode), option.Value)
}

// isOverAs reports whether an expiry is over that is written as in Redis: EX 60, PXAT 1790000000000.
func isOverAs(form string, value int64) bool {
	switch form {
	case "EX", "PX":
		return value <= 0
	case "EXAT":
		return isOver(time.Unix(value, 0))
	case "PXAT":
		return isOver(time.UnixMilli(value))
	}
	return false
}
