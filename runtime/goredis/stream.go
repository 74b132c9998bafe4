package goredis

import (
	"runtime"
	"strings"

	"github.com/redis/go-redis/v9"
)

// warnOfStream says once that commands were written which the guard has just refused: a full-duplex auto-pipeline, which a
// program can make at any time, asks the hooks when the command is on its way. Only refusals look, because it costs
// a walk up the stack.
func (g *Guarded) warnOfStream(err error, cmds []redis.Cmder) {
	var pcs [32]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs[:])])
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.File, "/autopipeline_fullduplex.go") {
			g.streaming.Do(func() {
				g.registry.Logger().Error("a full-duplex auto-pipeline goes round the guard: a command that was refused is written all the same; use AutoPipeline without FullDuplex",
					"dependency", g.dependency.Name(), "command", cmds[0].FullName(), "error", err)
			})
			return
		}
		if !more {
			return
		}
	}
}
