package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// window shows the page of a stage. What the console says, and whom the page asks, is watched from the beginning.
type window struct {
	t   *testing.T
	ctx context.Context

	mu       sync.Mutex
	console  []string // errors, warnings and exceptions
	requests []string // URLs
}

// look opens the page in a window of its own, which the test closes.
func (s *stage) look(t *testing.T, before ...action) *window {
	t.Helper()
	ctx, closeWindow := chromedp.NewContext(chromium)
	t.Cleanup(closeWindow)
	w := &window{t: t, ctx: ctx}
	must(t, chromedp.Listen(ctx, w.hear))
	w.do(append(append([]action{watch}, before...), chromedp.Navigate("http://"+s.address+"/guard/"))...)
	t.Cleanup(func() {
		for _, url := range w.asked() {
			if !s.ours(url) {
				t.Errorf("the page asked %s", url)
			}
		}
	})
	return w
}

// action is a step that has no result.
type action = chromedp.Action[chromedp.Void]

// watch has the browser tell what the console says and whom the page asks.
var watch = chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
	_, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{})
	if err == nil {
		_, err = cdp.Call(ctx, t, log.Enable, cdp.Empty{})
	}
	if err == nil {
		_, err = cdp.Call(ctx, t, cdruntime.Enable, cdp.Empty{})
	}
	return err
})

func (w *window) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.requests = append(w.requests, e.Request.URL)
	case *cdruntime.EventConsoleAPICalled:
		w.console = append(w.console, fmt.Sprintf("console.%s called", e.Type))
	case *cdruntime.EventExceptionThrown:
		w.console = append(w.console, fmt.Sprintf("exception: %+v", e.ExceptionDetails))
	case *log.EventEntryAdded:
		w.console = append(w.console, fmt.Sprintf("%s: %s %s", e.Entry.Level, e.Entry.Text, e.Entry.URL))
	}
}

func (w *window) asked() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.requests...)
}

// said is what stands in the console.
func (w *window) said() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]string(nil), w.console...)
}

// silent fails the test if anything stands in the console.
func (w *window) silent() {
	w.t.Helper()
	for _, line := range w.said() {
		w.t.Errorf("in the console: %s", line)
	}
}

// do runs actions, which have some time for it.
func (w *window) do(actions ...action) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		w.t.Fatalf("%v\nthe page shows:\n%s", err, brief(w.text("body")))
	}
}

// text is what a person sees of an element.
func (w *window) text(selector string) string {
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector)))
	if err != nil {
		return err.Error()
	}
	return text
}

// waitFor waits until an element shows a text, and returns all of it.
func (w *window) waitFor(selector, part string) string {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	shown := fmt.Sprintf("(document.querySelector(%q)?.innerText ?? '').includes(%q)", selector, part)
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](shown, chromedp.WithPollingInterval(50*time.Millisecond))); err != nil {
		w.t.Fatalf("%s does not show %q: %v\nthe page shows:\n%s\nand the console:\n%s", selector, part, err, brief(w.text("body")), strings.Join(w.said(), "\n"))
	}
	return w.text(selector)
}

// evaluate runs a script.
func evaluate[T any](w *window, script string) T {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	result, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	must(w.t, err)
	return result
}

// dark prefers dark colours.
var dark = chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
	_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
	})
	return err
})

// phone has the width of one.
func phone() action { return chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile) }

// desk has the width of a window on a desk.
func desk() action { return chromedp.EmulateViewport(1280, 900) }

// picture writes a picture of the whole page, if pictures are wanted.
func (w *window) picture(name string) {
	w.t.Helper()
	if *pictures == "" {
		return
	}
	ctx, cancel := context.WithTimeout(w.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	must(w.t, err)
	must(w.t, os.MkdirAll(*pictures, 0o755))
	must(w.t, os.WriteFile(filepath.Join(*pictures, name+".png"), png, 0o644))
}

// brief is the beginning of a long text.
func brief(text string) string { return text[:min(len(text), 3000)] }

// lines splits a text.
func lines(text string) []string { return strings.Split(strings.TrimSpace(text), "\n") }
