package service_test

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/guardgen/guardgen/examples/sessiond/api"
	"github.com/guardgen/guardgen/examples/sessiond/rig"
	"github.com/guardgen/guardgen/examples/sessiond/session"
	"github.com/guardgen/guardgen/examples/sessiond/transport"
)

// The suite of the service runs unchanged against raw clients and against the generated wrappers.

func TestServiceWithRawClients(t *testing.T)     { suite(t, newRig(t, false)) }
func TestServiceWithGuardedClients(t *testing.T) { suite(t, newRig(t, true)) }

// suite tests the service, each story on the state that the one before has left, and ends by checking that no method of
// its clients was left out.
func suite(t *testing.T, r *rig.Rig) {
	for _, story := range []struct {
		name string
		tell func(*testing.T, *rig.Rig)
	}{
		{"DependenciesAnswer", dependenciesAnswer},
		{"OpenedSessionIsListedWithItsTopic", openedSessionIsListed},
		{"UnknownSessionIsNotFound", unknownSessionIsNotFound},
		{"MessagesComeBackNewestFirst", messagesComeBack},
		{"ReaperEndsTheSilentAndSparesTheLiving", reaperEndsTheSilent},
		{"MissingRecordBeginsToAgeWhenItIsMissed", missingRecordAges},
		{"SessionsEndInEveryManner", sessionsEndInEveryManner},
		{"TopicsAndChannelsAreDeleted", topicsAndChannelsAreDeleted},
		{"DeadSessionIsClearedUpByTheHandlers", handlersClearUpTheDead},
		{"UsersAreServedOverHTTP", usersAreServed},
		{"OperatorsCommandWorks", operatorsCommandWorks},
		{"LoopsRunUntilTheyAreStopped", loopsRun},
	} {
		if !t.Run(story.name, func(t *testing.T) { story.tell(t, r) }) {
			return
		}
	}
	t.Run("EveryMethodWasCalled", func(t *testing.T) {
		everyMethodWasCalled[api.SessionAPI](t, r.AskedAPI.Calls(), r.ArrivedAPI.Calls())
		everyMethodWasCalled[transport.Transport](t, r.AskedRedis.Calls(), r.ArrivedRedis.Calls())
	})
}

// everyMethodWasCalled checks that each method of the interface was called and that each call went on to the real client.
// Of the probe, Ping, there may be more than the service asked for.
func everyMethodWasCalled[Interface any](t *testing.T, asked, arrived map[string]int) {
	of := reflect.TypeFor[Interface]()
	for method := range of.Methods() {
		switch n, went := asked[method.Name], arrived[method.Name]; {
		case n == 0:
			t.Errorf("%v.%s was never called: add a story that calls it", of, method.Name)
		case went < n, went > n && method.Name != "Ping":
			t.Errorf("%v.%s was called %d times, and went on %d times", of, method.Name, n, went)
		}
	}
}

func dependenciesAnswer(t *testing.T, r *rig.Rig) {
	must(t, r.API.Ping(t.Context()))
	must(t, r.Transport.Ping(t.Context()))
}

func openedSessionIsListed(t *testing.T, r *rig.Rig) {
	opened := open(t, r, "ann", "news")
	must(t, r.Refresh(t.Context()))
	if listed := r.Sessions(); len(listed) != 1 || listed[0].ID != opened.ID || listed[0].Owner != "ann" || listed[0].Topic != "news" {
		t.Fatalf("listed %+v, want session %s of ann with topic news", listed, opened.ID)
	}
	topics, err := r.Transport.Topics(t.Context())
	if err != nil || len(topics) != 1 || topics[0] != "news" {
		t.Fatalf("topics %q, %v; want news", topics, err)
	}
	must(t, r.Transport.CreateTopic(t.Context(), "news")) // again
	must(t, r.Heartbeat(t.Context(), opened.ID))
	end(t, r, opened)
}

func unknownSessionIsNotFound(t *testing.T, r *rig.Rig) {
	for what, err := range map[string]error{
		"heartbeat": r.Heartbeat(t.Context(), "nobody"),
		"end":       r.End(t.Context(), "nobody", session.Closed, "", ""),
		"terminate": r.API.TerminateSession(t.Context(), "nobody", ""),
	} {
		if !errors.Is(err, api.ErrNotFound) {
			t.Errorf("%s: error %v, want ErrNotFound", what, err)
		}
	}
}

func messagesComeBack(t *testing.T, r *rig.Rig) {
	opened := open(t, r, "ben", "sports")
	for _, text := range []string{"one", "two", "three"} {
		must(t, r.Deliver(t.Context(), opened.ID, "sports", []byte(text)))
	}
	must(t, r.Notify(t.Context(), opened.ID, []byte("psst")))
	if !r.Exists(t, "channel:"+opened.ID) {
		t.Error("the session has no channel after a note")
	}
	history, err := r.History(t.Context(), "sports", 2)
	must(t, err)
	if len(history) != 2 || string(history[0].Body) != "three" || string(history[1].Body) != "two" || history[0].At.IsZero() {
		t.Fatalf("history %q, want three and two", history)
	}
	must(t, r.Poll(t.Context()))
	if latest := r.Latest("sports"); len(latest) != 3 {
		t.Fatalf("latest %q, want all three", latest)
	}
	if _, err := r.Transport.Publish(t.Context(), "nowhere", nil); !errors.Is(err, transport.ErrNoTopic) {
		t.Errorf("publish nowhere: error %v, want ErrNoTopic", err)
	}
	end(t, r, opened)
}

func reaperEndsTheSilent(t *testing.T, r *rig.Rig) {
	silent, living := open(t, r, "cat", "silence"), open(t, r, "dan", "life")
	must(t, r.Refresh(t.Context()))
	r.Clock.Advance(rig.TTL - 1)
	if ended := r.Reap(t.Context()); ended != 0 {
		t.Fatalf("%d sessions ended before their time", ended)
	}
	must(t, r.Heartbeat(t.Context(), living.ID))
	r.Clock.Advance(1)
	if ended := r.Reap(t.Context()); ended != 1 {
		t.Fatalf("%d sessions ended, want the silent one", ended)
	}
	if r.Listed(silent.ID) || r.Exists(t, "topic:silence") {
		t.Error("the silent session, or its topic, is still there")
	}
	if !r.Listed(living.ID) || !r.Exists(t, "topic:life") {
		t.Error("the living session, or its topic, is gone")
	}
	end(t, r, living)
}

func missingRecordAges(t *testing.T, r *rig.Rig) {
	opened := open(t, r, "eve", "")
	must(t, r.Refresh(t.Context()))
	r.Clock.Advance(10 * rig.TTL)
	must(t, r.Transport.Forget(t.Context(), opened.ID))
	if ended := r.Reap(t.Context()); ended != 0 {
		t.Fatal("ended as soon as its record was missed")
	}
	r.Clock.Advance(rig.TTL - 1)
	if ended := r.Reap(t.Context()); ended != 0 {
		t.Fatal("ended before the TTL was over")
	}
	r.Clock.Advance(1)
	if ended := r.Reap(t.Context()); ended != 1 || r.Listed(opened.ID) {
		t.Fatal("not ended after the TTL")
	}
}

func sessionsEndInEveryManner(t *testing.T, r *rig.Rig) {
	for _, how := range []session.Ending{session.Closed, session.Terminated, session.Ended} {
		for _, actor := range []string{"", "fay"} {
			opened := open(t, r, "fay", "farewell")
			must(t, r.End(t.Context(), opened.ID, how, actor, "because"))
			if r.Listed(opened.ID) || r.Exists(t, "topic:farewell") {
				t.Errorf("%s by %q: the session, or its topic, is still there", how, actor)
			}
		}
	}
	opened := open(t, r, "gus", "")
	if err := r.End(t.Context(), opened.ID, "forgotten", "", ""); err == nil || !r.Listed(opened.ID) {
		t.Errorf("an unknown manner of ending: error %v", err)
	}
	end(t, r, opened)
}

func topicsAndChannelsAreDeleted(t *testing.T, r *rig.Rig) {
	for _, actor := range []string{"", "hal"} {
		opened := open(t, r, "hal", "chess")
		must(t, r.Notify(t.Context(), opened.ID, []byte("psst")))
		must(t, r.DeleteChannel(t.Context(), opened.ID, actor))
		must(t, r.DeleteTopic(t.Context(), "chess", actor))
		must(t, r.DeleteTopic(t.Context(), "chess", actor)) // again
		if r.Exists(t, "topic:chess") || r.Exists(t, "channel:"+opened.ID) {
			t.Errorf("by %q: the topic, or the channel, is still there", actor)
		}
		end(t, r, opened)
	}
}

func handlersClearUpTheDead(t *testing.T, r *rig.Rig) {
	must(t, r.Transport.CreateTopic(t.Context(), "orphan"))
	if err := r.Deliver(t.Context(), "nobody", "orphan", nil); !errors.Is(err, api.ErrNotFound) {
		t.Errorf("deliver: error %v, want ErrNotFound", err)
	}
	if r.Exists(t, "topic:orphan") {
		t.Error("the topic of a session that does not exist is still there")
	}
}

func usersAreServed(t *testing.T, r *rig.Rig) {
	opened := open(t, r, "ida", "web")
	must(t, r.Refresh(t.Context()))
	for _, ask := range []struct {
		method, path, body string
		want               int
	}{
		{"GET", "/sessions", "", http.StatusOK},
		{"POST", "/sessions", `{"owner":"joe"}`, http.StatusOK},
		{"POST", "/sessions", `{`, http.StatusBadRequest},
		{"POST", "/sessions/" + opened.ID + "/heartbeat", "", http.StatusNoContent},
		{"POST", "/sessions/nobody/heartbeat", "", http.StatusNotFound},
		{"POST", "/sessions/" + opened.ID + "/messages", "psst", http.StatusNoContent},
		{"POST", "/topics/web/messages?session=" + opened.ID, "hello", http.StatusNoContent},
		{"GET", "/topics/web/messages?limit=1", "", http.StatusOK},
		{"GET", "/topics/web/messages?limit=all", "", http.StatusBadRequest},
		{"DELETE", "/sessions/" + opened.ID + "/channel", "", http.StatusNoContent},
		{"DELETE", "/topics/web", "", http.StatusNoContent},
		{"DELETE", "/sessions/" + opened.ID + "?how=ended", "", http.StatusNoContent},
		{"DELETE", "/sessions/" + opened.ID, "", http.StatusNotFound},
	} {
		response := request(t, r, ask.method, ask.path, ask.body)
		if response.StatusCode != ask.want {
			t.Errorf("%s %s: status %d, want %d", ask.method, ask.path, response.StatusCode, ask.want)
		}
	}
}

func operatorsCommandWorks(t *testing.T, r *rig.Rig) {
	operator := r.Command("kim")
	opened := open(t, r, "lea", "ops")
	must(t, r.Refresh(t.Context()))
	var out bytes.Buffer
	must(t, operator.Run(t.Context(), &out, []string{"list"}))
	if !strings.Contains(out.String(), opened.ID+"\tlea\tops\n") {
		t.Errorf("list printed %q, want session %s", out.String(), opened.ID)
	}
	must(t, operator.Run(t.Context(), &out, []string{"delete-channel", opened.ID}))
	must(t, operator.Run(t.Context(), &out, []string{"delete-topic", "ops"}))
	for _, words := range [][]string{{"close"}, {"terminate", "", "for", "a", "reason"}, {"end"}} {
		opened := open(t, r, "max", "")
		args := append([]string{words[0], opened.ID}, words[min(len(words), 2):]...)
		must(t, operator.Run(t.Context(), &out, args))
		if r.Listed(opened.ID) {
			t.Errorf("%s: the session is still there", words[0])
		}
	}
	if err := operator.Run(t.Context(), &out, []string{"close", "nobody"}); err == nil || !strings.Contains(err.Error(), "no such session") {
		t.Errorf("close nobody: error %v, want no such session", err)
	}
	for _, args := range [][]string{nil, {"close"}, {"dance", "x"}, {"close", "x", "y"}, {"list", "x"}} {
		if operator.Run(t.Context(), &out, args) == nil {
			t.Errorf("%q: no error", args)
		}
	}
}

func loopsRun(t *testing.T, r *rig.Rig) {
	opened := open(t, r, "ned", "loops")
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		r.Run(ctx)
	}()
	r.Clock.Advance(rig.TTL)
	for r.Listed(opened.ID) || r.Exists(t, "topic:loops") {
		must(t, t.Context().Err()) // the refresh must find the session and the reaper end it, or the test times out
	}
	cancel()
	<-stopped
}

// open opens a session.
func open(t *testing.T, r *rig.Rig, owner, topic string) session.Session {
	t.Helper()
	opened, err := r.Open(t.Context(), owner, topic)
	must(t, err)
	return opened
}

// end ends a session that a story has no more use for.
func end(t *testing.T, r *rig.Rig, s session.Session) {
	t.Helper()
	must(t, r.End(t.Context(), s.ID, session.Closed, "tester", ""))
}

// request asks the service as a user does.
func request(t *testing.T, r *rig.Rig, method, path, body string) *http.Response {
	t.Helper()
	asked, err := http.NewRequestWithContext(t.Context(), method, r.Users.URL+path, strings.NewReader(body))
	must(t, err)
	response, err := http.DefaultClient.Do(asked)
	must(t, err)
	t.Cleanup(func() { response.Body.Close() })
	return response
}
