package browser

import (
	"errors"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	guard "github.com/guardgen/guardgen/runtime"
	"github.com/guardgen/guardgen/runtime/status"
)

const (
	headline = "#headlines li:first-child"
	well     = "All is well: destructive operations run, each with proof"
	blocked  = "Destructive operations blocked: "
)

var untilProbe = regexp.MustCompile(`^Destructive operations blocked: redis unhealthy since \d\d:\d\d:\d\d, next probe in (\d+) s$`)

func TestAnOutageTurnsThePageAndRecoveryTurnsItBack(t *testing.T) {
	t.Parallel()
	s := open(t)
	w := s.look(t, desk())
	w.waitFor(headline, well)
	w.waitFor("#link", "live")
	w.picture("healthy")

	s.fail(t, "redis", s.redis, errRefused)
	if s.destroy("DeleteTopic", "topic:news") == nil {
		t.Fatal("destroyed in an outage")
	}
	w.waitFor(headline, blocked)
	w.waitFor("#log", "DeleteTopic denied")
	w.waitFor("#denials", "a required dependency is unhealthy")
	if row := w.waitFor(`#dependencies tr[data-key="redis"]`, "unhealthy"); !strings.Contains(row, "open") || !strings.Contains(row, errRefused.Error()) {
		t.Errorf("the row of redis says:\n%s", row)
	}
	if title := evaluate[string](w, "document.title"); title != "✖ sessiond: "+blocked+"redis unhealthy" {
		t.Errorf("the title is %q", title)
	}
	w.countsDown()
	w.picture("outage")

	s.redis.set(nil)
	w.waitFor(headline, "redis has just recovered, clients may still be reconnecting")
	w.waitFor(headline, well)
	w.waitFor("#log", "redis healthy")
	if err := s.destroy("DeleteTopic", "topic:other"); err != nil {
		t.Errorf("the page says that all is well, the gate says: %v", err)
	}
	w.silent()
}

// countsDown sees the countdown to the next probe run, a second at a time.
func (w *window) countsDown() {
	w.t.Helper()
	var seen []int
	for end := time.Now().Add(patience); len(seen) < 3; {
		if time.Now().After(end) {
			w.t.Fatalf("the countdown shows %v, and does not run: %s", seen, w.text(headline))
		}
		found := untilProbe.FindStringSubmatch(w.text(headline))
		if found == nil {
			continue // it is being tried, which takes a moment
		}
		left, err := strconv.Atoi(found[1])
		must(w.t, err)
		if len(seen) > 0 && left > seen[len(seen)-1] { // a new delay
			seen = nil
		}
		if len(seen) == 0 || left < seen[len(seen)-1] {
			seen = append(seen, left)
		}
	}
	if seen[0]-seen[2] > 3 {
		w.t.Errorf("the countdown jumps: %v", seen)
	}
}

func TestWhatAnErrorSaysIsShownAndNeverRun(t *testing.T) {
	t.Parallel()
	const attack = `</script><script>window.pwned=1</script><img src="http://192.0.2.1/x" onerror="window.pwned=2"><style>*{display:none}</style>&lt;b&gt;javascript:alert(1)`
	s := open(t)
	w := s.look(t)
	w.waitFor(headline, well)
	s.fail(t, "redis", s.redis, errors.New(attack))
	must(t, s.registry.Isolate("api", attack))
	_ = s.destroy(attack, attack)
	for _, place := range []string{`#dependencies tr[data-key="redis"] .error`, `#dependencies tr[data-key="api"] .error`, headline, "#log", "#denials"} {
		w.waitFor(place, attack)
	}
	if evaluate[bool](w, "window.pwned !== undefined || document.querySelector('img') !== null || document.querySelectorAll('script').length !== 1") {
		t.Error("the page ran it")
	}
	w.silent()
}

func TestPageConnectsAgainAndSaysWhenItIsOld(t *testing.T) {
	t.Parallel()
	s := open(t)
	first, err := status.Listen("127.0.0.1:0")
	must(t, err)
	s.address = first.Addr().String()
	stop := s.serve(t, first)
	w := s.look(t)
	w.waitFor(headline, well)
	stop()
	w.waitFor("#link", "reconnecting")
	w.waitFor("#old", "The service does not answer")
	if title := evaluate[string](w, "document.title"); !strings.HasPrefix(title, "(old) ") {
		t.Errorf("the title is %q", title)
	}
	second, err := status.Listen(s.address)
	must(t, err)
	s.serve(t, second)
	w.waitFor("#link", "live")
	w.waitFor("#log", "The service was restarted")
	w.do(chromedp.WaitNotVisible(chromedp.CSS("#old")))
	s.fail(t, "api", s.api, errRefused)
	w.waitFor(headline, blocked+"api unhealthy")
}

func TestAPersonIsolatesAndRestoresByKeyboard(t *testing.T) {
	t.Parallel()
	s := open(t)
	w := s.look(t, desk())
	w.waitFor(headline, well)
	w.do(chromedp.Focus(chromedp.CSS(`button[aria-label="isolate redis"]`)), chromedp.KeyEvent(kb.Enter))
	w.do(chromedp.WaitVisible(chromedp.CSS("#dialog")), chromedp.KeyEvent("INC-7"), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent("a wrong token that is long enough"), chromedp.KeyEvent(kb.Enter))
	w.waitFor("#trouble", "not authorised")
	if got := s.registry.State("redis"); got != guard.Healthy {
		t.Fatalf("with a wrong token redis is %s", got)
	}
	w.do(chromedp.SetValue(chromedp.CSS("#token"), s.token), chromedp.Focus(chromedp.CSS("#token")), chromedp.KeyEvent(kb.Enter))
	w.waitFor(headline, blocked+"redis isolated (INC-7, by ann)")
	w.waitFor("#log", "ann: isolate redis (INC-7)")
	w.do(chromedp.WaitNotVisible(chromedp.CSS("#dialog")))

	w.do(chromedp.Click(chromedp.CSS(`button[aria-label="restore redis"]`)), chromedp.WaitVisible(chromedp.CSS("#dialog")), chromedp.KeyEvent("over"), chromedp.KeyEvent(kb.Enter))
	w.waitFor("#log", "ann: restore redis (over)")
	w.waitFor(headline, well)

	w.do(chromedp.Click(chromedp.CSS("#mode")), chromedp.WaitVisible(chromedp.CSS("#dialog")), chromedp.KeyEvent("roll-out"), chromedp.KeyEvent(kb.Enter))
	w.waitFor(headline, "NOT ENFORCING")
	w.waitFor("#operations", "NOT ENFORCED")
}

func TestPageFitsAPhoneAndBothColourSchemes(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.fail(t, "redis", s.redis, errRefused)
	s.fail(t, "cache", s.cache, errors.New("read tcp 10.0.0.9:41022->10.0.0.8:11211: i/o timeout while waiting for a reply that never came"))
	_ = s.destroy("TerminateSession", "session:42")
	for name, actions := range map[string][]action{
		"phone": {phone()}, "phone-dark": {phone(), dark}, "dark": {desk(), dark},
	} {
		w := s.look(t, actions...)
		w.waitFor(headline, blocked)
		w.waitFor("#denials", "TerminateSession")
		if wide := evaluate[[]int](w, "[document.scrollingElement.scrollWidth, innerWidth]"); wide[0] > wide[1] {
			t.Errorf("%s: the page is %d wide, the window %d", name, wide[0], wide[1])
		}
		if name == "phone" {
			w.picture(name)
		}
		if pale := w.paleTexts(); len(pale) > 0 {
			t.Errorf("%s: too little contrast:\n%s", name, strings.Join(pale, "\n"))
		}
		w.silent()
	}
}

// paleTexts lists texts whose contrast is below 4.5, the least that WCAG 2.2 AA asks of text of this size.
func (w *window) paleTexts() []string {
	return evaluate[[]string](w, `(() => {
		const channels = c => c.match(/[\d.]+/g).map(Number);
		const linear = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
		const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
		const ground = e => { for (; e; e = e.parentElement) { const c = channels(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > 0) return c; } return [255, 255, 255]; };
		const pale = [];
		for (const e of document.querySelectorAll("body *")) {
			if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.checkVisibility() || e.disabled) continue;
			const [a, b] = [luminance(channels(getComputedStyle(e).color)), luminance(ground(e))].sort((x, y) => y - x);
			const ratio = (a + 0.05) / (b + 0.05);
			if (ratio < 4.5) pale.push(ratio.toFixed(2) + " " + e.textContent.slice(0, 60));
		}
		return pale;
	})()`)
}

func TestEveryControlHasANameAndTheTablesAreTables(t *testing.T) {
	t.Parallel()
	s := open(t)
	w := s.look(t, phone())
	w.waitFor(headline, well)
	nameless := evaluate[[]string](w, `[...document.querySelectorAll("button, input, table, ol, svg")].filter(e => e.checkVisibility()).filter(e =>
		!(e.getAttribute("aria-label") || e.getAttribute("aria-labelledby") || e.labels?.length || e.innerText?.trim())).map(e => e.outerHTML.slice(0, 80))`)
	if len(nameless) > 0 {
		t.Errorf("without a name:\n%s", strings.Join(nameless, "\n"))
	}
	if strip := evaluate[string](w, `document.querySelector(".hour").getAttribute("aria-label")`); !strings.HasPrefix(strip, "last hour: healthy") {
		t.Errorf("the strip says %q", strip)
	}
	if news := evaluate[string](w, `document.querySelector("[aria-live=polite]").textContent`); news != well {
		t.Errorf("a screen reader hears %q", news)
	}
}

func TestPageSurvivesAThousandDependencies(t *testing.T) {
	t.Parallel()
	s := open(t)
	for n := range 1000 {
		name := "shard-" + strconv.Itoa(n)
		_, err := s.registry.Dependency(name, guard.Policy{Optional: true}, guard.WithProbe(s.api.ping))
		must(t, err)
		must(t, s.registry.SetState(name, guard.Healthy, "test"))
	}
	must(t, s.registry.Isolate("shard-500", "INC-7"))
	w := s.look(t, desk())
	w.waitFor(`#dependencies tr:first-child`, "shard-500")
	w.waitFor("#more", "healthy: show them")
	w.do(chromedp.SendKeys(chromedp.CSS("#wanted"), "shard-99"))
	w.waitFor(`#dependencies`, "shard-999")
	if n := len(lines(evaluate[string](w, `[...document.querySelectorAll("#dependencies tr")].map(r => r.dataset.key).join("\n")`))); n != 11 {
		t.Errorf("%d rows for shard-99, want 11", n)
	}
	w.silent()
}
