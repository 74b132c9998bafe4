package main

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"github.com/guardgen/guardgen/runtime/status"
)

// watchingOutage is a screen of a size on which a bad night is watched, in a bubble.
func watchingOutage(width, height int) *watching {
	p := outage()
	p.got = time.Now()
	w := &watching{screen: on(width), picture: p, contact: time.Now(), address: "there"}
	w.height = height
	w.fetch = func() tea.Msg { return fetched{picture: p} }
	return w
}

func happened(text string) news {
	return news{entry: &status.Entry{Time: time.Now(), Level: status.LevelInfo, Text: text}}
}

func (w *watching) text() string { return strings.Join(w.lines(), "\n") }

func TestWatchFillsEveryScreen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for height := 1; height <= 80; height += 3 {
			for _, width := range []int{1, 40, 80, 160} {
				w := watchingOutage(width, height)
				for i := range 50 {
					w.tell(happened(fmt.Sprint("event ", i, " ", strings.Repeat("long ", 50))))
				}
				for _, key := range []string{"", "down", "end", "home", "pgdown"} {
					w.press(key)
					lines := w.lines()
					if len(lines) > max(height, 2) {
						t.Fatalf("%dx%d after %q: %d lines", width, height, key, len(lines))
					}
					for _, line := range lines {
						if ansi.StringWidth(line) > width {
							t.Fatalf("%dx%d: %q", width, height, line)
						}
					}
				}
			}
		}
	})
}

func TestWatchKeepsHeadlinesAndNewsInSight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watchingOutage(80, 24)
		for i := range 9 {
			w.tell(happened(fmt.Sprint("event ", i)))
		}
		w.press("end")
		text := w.text()
		for _, want := range []string{"NOT ENFORCING FlushAll", "next probe", "event 8", "event 5", "since the service started", "q quits"} {
			if !strings.Contains(text, want) {
				t.Errorf("there is no %q on\n%s", want, text)
			}
		}
		if strings.Contains(text, "event 4") || strings.Contains(text, "DEPENDENCY") {
			t.Errorf("at the end it shows\n%s", text)
		}
		w.press("home")
		if text := w.text(); !strings.Contains(text, "DEPENDENCY") || !strings.Contains(text, "more lines: down") {
			t.Errorf("at the beginning it shows\n%s", text)
		}
	})
}

func TestWatchSaysThatItLostContact(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watchingOutage(80, 24)
		w.Update(fetched{err: errors.New("nothing \x1b[2Jlistens")})
		time.Sleep(7 * time.Second)
		w.press("end")
		text := w.text()
		if !strings.Contains(text, "NO CONTACT for 7 s") || !strings.Contains(text, "nothing listens") {
			t.Errorf("without contact it shows\n%s", text)
		}
		if !strings.Contains(text, "redis") {
			t.Errorf("what was known is gone:\n%s", text)
		}
		w.Update(w.fetch())
		if text := w.text(); strings.Contains(text, "NO CONTACT") {
			t.Errorf("with contact it shows\n%s", text)
		}
	})
}

func TestWatchFetchesOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watchingOutage(80, 24)
		_, cmd := w.Update(happened("first"))
		if cmd == nil {
			t.Fatal("it does not ask how things are now")
		}
		for range 100 {
			if _, cmd := w.Update(happened("more")); cmd != nil {
				t.Fatal("it asks while it waits for the answer")
			}
		}
		_, cmd = w.Update(cmd())
		if cmd == nil {
			t.Fatal("it does not ask again, although something has happened since it asked")
		}
		began := time.Now()
		answer := cmd()
		if waited := time.Since(began); waited != watchRest {
			t.Errorf("it asks again after %s", waited)
		}
		if _, cmd := w.Update(answer); cmd != nil {
			t.Error("it asks although nothing has happened")
		}
	})
}

func TestWatchAsksNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watchingOutage(80, 24)
		w.Update(turned(time.Now()))
		if w.asking {
			t.Error("it asks although its picture is new")
		}
		time.Sleep(watchAge)
		w.Update(turned(time.Now()))
		if !w.asking {
			t.Error("it does not ask, and its picture is old")
		}
	})
}

func TestWatchDrawsAnewUntilItsSizeHasSettled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watchingOutage(80, 24)
		if due := w.turn(); len(due) != 1 {
			t.Errorf("%d things are due on a screen that stays as it is", len(due))
		}
		w.Update(tea.WindowSizeMsg{Width: 60, Height: 14})
		w.Update(tea.WindowSizeMsg{Width: 80, Height: 24})
		for range unsettledTurns {
			if due := w.turn(); len(due) != 2 || due[1]() != tea.ClearScreen() {
				t.Error("it does not draw the whole screen after a change of size")
			}
		}
		if due := w.turn(); len(due) != 1 {
			t.Error("it draws the whole screen for ever")
		}
	})
}

func TestWatchKeys(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watchingOutage(80, 24)
		for _, key := range []tea.KeyPressMsg{{Code: 'q', Text: "q"}, {Code: tea.KeyEscape}, {Code: 'c', Mod: tea.ModCtrl}} {
			_, cmd := w.Update(key)
			if cmd == nil {
				t.Fatalf("%s does not quit", key)
			}
			if _, quits := cmd().(tea.QuitMsg); !quits {
				t.Errorf("%s does not quit", key)
			}
		}
		if _, cmd := w.Update(tea.KeyPressMsg{Code: 'l', Mod: tea.ModCtrl}); cmd == nil || cmd() != tea.ClearScreen() {
			t.Error("ctrl-l does not draw the screen anew")
		}
		w.Update(tea.KeyPressMsg{Code: tea.KeyDown})
		w.text()
		if w.from != 1 {
			t.Errorf("down moves to line %d", w.from)
		}
		for range 100 {
			w.Update(tea.KeyPressMsg{Code: tea.KeyPgDown})
			w.text()
		}
		w.Update(tea.KeyPressMsg{Code: tea.KeyUp})
		end := w.from
		w.Update(tea.KeyPressMsg{Code: tea.KeyHome})
		w.text()
		if end <= 1 || end > 40 || w.from != 0 {
			t.Errorf("the end is line %d, and home line %d", end, w.from)
		}
		w.Update(tea.WindowSizeMsg{Width: 200, Height: 100})
		if text := w.text(); !strings.Contains(text, "02:13:19 UTC, system unhealthy, NOT ENFORCING, sessiond 1.4.2, there") {
			t.Errorf("on a large screen it shows\n%s", text)
		}
		if w.width != 200 || w.height != 100 {
			t.Errorf("the screen has %d columns and %d lines", w.width, w.height)
		}
	})
}

func TestWatchRemembersTheLastEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := watchingOutage(80, 300)
		for i := range 1000 {
			w.tell(happened(fmt.Sprint("event ", i)))
		}
		if len(w.events) != watchedEvents || w.events[watchedEvents-1].text() != "event 999" {
			t.Errorf("%d events, the last of which is %s", len(w.events), w.events[len(w.events)-1].text())
		}
	})
}
