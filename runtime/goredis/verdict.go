package goredis

import (
	guard "github.com/guardgen/guardgen/runtime"
	"github.com/redis/go-redis/v9"
)

// worst judges a pipeline by all its commands, because its own error is only the first of theirs: of "no such key" and "out
// of memory" it is the one that says nothing. It returns the worst outcome, and the first error that has it; nil if there
// was none.
//
// That a transaction was not executed (EXECABORT) is judged by what the server said of the command that is to blame.
func worst(cmds []redis.Cmder, err error, judge func(error) guard.Outcome) (guard.Outcome, error) {
	v := verdict{judge: judge}
	v.add(err)
	for _, cmd := range cmds {
		v.add(cmd.Err())
	}
	if v.aborted != nil && !v.explained {
		v.weigh(v.aborted)
	}
	return v.outcome, v.cause
}

// verdict is what is known so far of a pipeline.
type verdict struct {
	judge     func(error) guard.Outcome
	outcome   guard.Outcome
	cause     error // has this outcome
	aborted   error // the first EXECABORT
	explained bool  // there is an error that may be why
}

// add looks at the error of one command.
func (v *verdict) add(err error) {
	switch {
	case err == nil:
	case err == redis.Nil:
		v.weigh(err)
	case redis.IsExecAbortError(err):
		if v.aborted == nil {
			v.aborted = err
		}
	default:
		v.explained = true
		v.weigh(err)
	}
}

// weigh keeps an error if it is worse than what is known.
func (v *verdict) weigh(err error) {
	outcome := v.judge(err)
	if v.cause == nil || severity(outcome) > severity(v.outcome) {
		v.outcome, v.cause = outcome, err
	}
}

// severity orders outcomes by how much they tell against the dependency.
func severity(outcome guard.Outcome) int {
	switch outcome {
	case guard.OutcomeSuccess:
		return 0
	case guard.OutcomeIgnored:
		return 1
	case guard.OutcomeDegraded:
		return 2
	default:
		return 3
	}
}
