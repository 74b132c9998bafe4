package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/urfave/cli/v3"
)

const (
	// watchTurn is how often a picture is drawn anew, so that it counts down.
	watchTurn = time.Second
	// watchAge is how old a picture gets while nothing happens.
	watchAge = 2 * time.Second
	// watchedEvents is how many events are kept to be shown.
	watchedEvents = 200
	// unsettledTurns is for how many turns after a change of size the screen is drawn anew, and not only what has changed on
	// it: tmux was seen to tell of a size before it had it, and what was drawn meanwhile stood in the wrong lines.
	unsettledTurns = 5
	// watchRest is the least time between two pictures, however much happens.
	watchRest = 250 * time.Millisecond
	// bodyLeast and paneLeast are the least heights of the details and of the events below them, in lines.
	bodyLeast, paneLeast = 6, 4
	// alikeShare is the part of a screen that may be rows of one kind, and alikeLeast how many it has at least.
	alikeShare, alikeLeast = 6, 3
)

// watch shows how things are until somebody presses q: on the whole screen, or in lines where there is none.
func (s *session) watch(ctx context.Context, cmd *cli.Command, c *client) (int, error) {
	p, err := c.overview(ctx)
	if err != nil {
		return 0, err
	}
	if !s.screen.terminal {
		return s.watchPlain(ctx, c, p)
	}
	past, err := c.past(ctx)
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	w := &watching{screen: s.screen, all: cmd.Bool("all"), address: c.address.text, picture: p, contact: time.Now()}
	w.fetch = func() tea.Msg {
		p, err := c.overview(ctx)
		return fetched{p, err}
	}
	for _, e := range past.entries {
		w.tell(news{entry: &e})
	}
	program := tea.NewProgram(w, tea.WithContext(ctx), tea.WithInput(s.stdin), tea.WithOutput(s.stdout.Writer))
	var following sync.WaitGroup
	following.Go(func() {
		c.follow(ctx, past.last(), func(n news) error { // if it never connects, what is fetched must do
			program.Send(n)
			return nil
		})
	})
	_, err = program.Run()
	interrupted := errors.Is(err, tea.ErrInterrupted) || ctx.Err() != nil
	cancel()
	following.Wait()
	if err != nil && !interrupted {
		return 0, err
	}
	return exitHealthy, nil
}

type (
	turned  time.Time // a second is over
	fetched struct {  // there is a new picture, or none
		*picture
		err error
	}
)

// watching is the model of a screen that shows how things are.
type watching struct {
	screen
	all     bool
	address string
	fetch   tea.Cmd
	asking  bool // a picture is being fetched
	again   bool // something has happened since that began
	picture *picture
	events  []news // the newest last
	contact time.Time
	lost    error // why there is no newer picture
	from    int   // first line of the details that is shown

	unsettled int // turns for which the screen may not have its size yet
}

// Init implements [tea.Model].
func (w *watching) Init() tea.Cmd { return nextTurn() }

func nextTurn() tea.Cmd { return tea.Tick(watchTurn, func(t time.Time) tea.Msg { return turned(t) }) }

// Update implements [tea.Model].
func (w *watching) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		w.width, w.height, w.unsettled = msg.Width, msg.Height, unsettledTurns
	case tea.KeyPressMsg:
		return w, w.press(msg.String())
	case turned:
		return w, tea.Batch(w.turn()...)
	case news:
		w.tell(msg)
		return w, w.ask()
	case fetched:
		if w.lost = msg.err; msg.err == nil {
			w.picture, w.contact = msg.picture, time.Now()
		}
		if w.asking = w.again; w.asking {
			w.again = false
			return w, tea.Tick(watchRest, func(time.Time) tea.Msg { return w.fetch() })
		}
	}
	return w, nil
}

// turn is what is to be done each second.
func (w *watching) turn() []tea.Cmd {
	due := []tea.Cmd{nextTurn()}
	if time.Since(w.picture.got) >= watchAge-watchTurn/2 {
		due = append(due, w.ask())
	}
	if w.unsettled > 0 {
		w.unsettled--
		due = append(due, tea.ClearScreen)
	}
	return due
}

// ask fetches a picture, one at a time.
func (w *watching) ask() tea.Cmd {
	if w.asking {
		w.again = true
		return nil
	}
	w.asking = true
	return w.fetch
}

// tell notes what happened.
func (w *watching) tell(n news) {
	w.events = append(w.events, n)
	if over := len(w.events) - watchedEvents; over > 0 {
		w.events = w.events[over:]
	}
}

// press does what a key is for.
func (w *watching) press(key string) tea.Cmd {
	page := max(1, w.height-2)
	switch key {
	case "q", "ctrl+c", "esc":
		return tea.Quit
	case "ctrl+l":
		return tea.ClearScreen
	case "up", "k":
		w.from--
	case "down", "j":
		w.from++
	case "pgup", "b":
		w.from -= page
	case "pgdown", "space":
		w.from += page
	case "home", "g":
		w.from = 0
	case "end", "G":
		w.from = 1 << 20
	}
	return nil
}

// View implements [tea.Model].
func (w *watching) View() tea.View {
	v := tea.NewView(strings.Join(w.lines(), "\n"))
	v.AltScreen = true
	return v
}

// lines are those of the screen: the headlines; the details, of which keys move the part that is shown if they are too
// long; the last events; and a line about the keys.
func (w *watching) lines() []string {
	now := time.Now()
	shown := newShow(w.screen, w.picture, now)
	if shown.alike = min(max(w.height/alikeShare, alikeLeast), alikeAtMost); w.all {
		shown = shown.everything()
	}
	head := append(append(w.noContact(now), shown.headlines()...), "")
	body := shown.details()
	room := w.height - 1 - len(head)
	if room < bodyLeast { // everything moves
		head, body, room = nil, append(head, body...), max(w.height-1, 1)
	}
	var foot []string
	if pane := max(room-len(body)-1, paneLeast); room-pane-1 >= bodyLeast {
		foot = append([]string{""}, w.pane(pane, now)...)
		room -= pane + 1
	}
	over := max(0, len(body)-room)
	w.from = max(0, min(w.from, over))
	lines := slices.Concat(head, body[w.from:min(len(body), w.from+room)], foot)
	for len(lines) < w.height-1 {
		lines = append(lines, "")
	}
	return append(lines, w.keys(shown, over-w.from))
}

// noContact says that what is shown is old.
func (w *watching) noContact(now time.Time) []string {
	if w.lost == nil {
		return nil
	}
	text := fmt.Sprintf("NO CONTACT for %s, what stands here is as old: %s", short(now.Sub(w.contact)), clean(w.lost.Error()))
	return append(w.wrap("", text, loud), "")
}

// pane shows the last events in so many lines.
func (w *watching) pane(height int, now time.Time) []string {
	if len(w.events) == 0 {
		return []string{w.paint(faint, "Nothing has happened since the service started.")}
	}
	narrow := w.screen
	narrow.width = 0 // a line each
	var lines []string
	for _, n := range w.events[max(0, len(w.events)-height):] {
		for _, line := range narrow.news(n, now) {
			lines = append(lines, w.fit(line))
		}
	}
	return lines
}

// keys says what can be pressed, and what is shown: whose picture, with so many lines of it below.
func (w *watching) keys(shown show, below int) string {
	text := "q quits"
	if below > 0 {
		text += fmt.Sprintf(", %d more lines: down", below)
	} else if w.from > 0 {
		text += ", up"
	}
	return w.paint(faint, w.fit(fmt.Sprintf("%s  |  %s, %s", text, shown.source(), clean(w.address))))
}
