package goredis

import (
	"runtime"
	"strings"

	"github.com/redis/go-redis/v9"
)

// isStreamed reports whether commands that are about to be refused are on their way already: a full-duplex auto-pipeline,
// which a program can make at any time, asks the hooks when it has queued the command. The first time it is said in the log.
// Nobody may touch such a command then but go-redis. Only refusals look, because it costs a walk up the stack.
func (g *Guarded) isStreamed(err error, cmds []redis.Cmder) bool {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.File, "/autopipeline_fullduplex.go") {
			g.streaming.Do(func() {
				g.registry.Logger().Error("a full-duplex auto-pipeline goes round the guard: a command that was refused is written all the same; use AutoPipeline without FullDuplex",
					"dependency", g.dependency.Name(), "command", cmds[0].FullName(), "error", err)
			})
			return true
		}
		if !more {
			return false
		}
	}
}
