# `make` lists the targets.

GO      ?= go
MODULES := . examples cmd/guardctl runtime/bench internal/e2e
GUARDGEN = $(GO) run ./cmd/guardgen
# make lint has vetted all of it.
TEST     = $(GO) test -vet=off

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1	\2/' | expand -t 16

.PHONY: build
build: ## compile everything
	@for m in $(MODULES); do (cd $$m && $(GO) build ./...) || exit 1; done

.PHONY: generate
generate: ## write all wrappers anew; a clean tree stays clean
	$(GO) generate ./generated/...
	cd examples && $(GO) generate ./...
	cd runtime/bench && $(GO) generate ./...

.PHONY: check
check: ## fail if a wrapper is stale
	$(GUARDGEN) check ./generated/... ./runtime/...
	cd examples && $(GO) tool guardgen check ./...
	cd runtime/bench && $(GO) tool guardgen check ./...

.PHONY: lint
lint: ## gofmt and vet
	@unformatted=$$(gofmt -l $$(git ls-files '*.go' | grep -v /testdata/)); \
	if [ -n "$$unformatted" ]; then echo "gofmt -w $$unformatted"; exit 1; fi
	$(GO) vet ./...
	cd examples && $(GO) vet -tags integration ./...
	cd cmd/guardctl && $(GO) vet -tags terminal ./...
	cd runtime/bench && $(GO) vet ./...
	cd internal/e2e && $(GO) vet ./...

.PHONY: test
test: lint check test-unit test-integration test-terminal test-browser ## everything: what CI runs

.PHONY: prepare
prepare: ## install what the tests need beside Go: a C compiler and redis-server
	@./scripts/prepare.sh gcc redis-server

.PHONY: test-unit
test-unit: prepare ## unit tests, goldens and command-line stories of all modules, with the race detector where goroutines meet
	$(TEST) -race -timeout 20m ./runtime/... ./generated/... ./internal/faultproxy ./internal/process
	@# The two goroutines of the generator meet in each run of it.
	$(TEST) -race -timeout 20m -run 'Scripts/generate' ./cmd/guardgen
	@# Without it the runtime has more of the simulation, the ablation, the explorer and what is inlined; status the whole load.
	$(TEST) -timeout 20m ./runtime ./cmd/... ./annotations ./templates ./runtime/status $$($(GO) list ./internal/... | grep -Ev '/(faultproxy|process)$$')
	@# Both wait more than they compute.
	$(MAKE) -j2 test-examples test-guardctl
	cd runtime/bench && $(TEST) ./...

.PHONY: test-examples test-guardctl
test-examples:
	cd examples && $(TEST) -race ./...
test-guardctl:
	cd cmd/guardctl && $(TEST) -race ./...

.PHONY: test-integration
test-integration: prepare ## the acceptance tests and the fastest real faults, against a real redis-server and a real unix socket
	cd examples && $(TEST) -race -count=1 -tags integration ./acceptance/...
	cd internal/e2e && $(TEST) -race -count=1 .

.PHONY: test-terminal
test-terminal: ## guardctl in a real terminal, tmux, which this installs on Debian
	@./scripts/prepare.sh tmux
	cd cmd/guardctl && $(TEST) -tags terminal -count=1 -run Terminal ./...

.PHONY: test-browser
test-browser: ## the operator's page in a real browser, Chromium, which this installs on Debian
	@./scripts/prepare.sh chromium
	cd internal/e2e && $(TEST) -count=1 ./browser

.PHONY: screenshots
screenshots: ## pictures of the page: healthy, in an outage, on a phone; look at them
	@./scripts/prepare.sh chromium
	cd internal/e2e && $(GO) test -count=1 ./browser -run 'Turns|Phone' -args -pictures="$(CURDIR)/docs/images"

.PHONY: shapes
shapes: ## every shape of a type that may be annotated: generated, compiled, vetted and called; a table (a minute)
	$(GO) test ./internal/shapes -count=1 -run '^TestShapes$$' -v -timeout 10m

.PHONY: repeat
repeat: ## the same output in a hundred runs, and from an empty build cache (two minutes)
	$(GO) test ./cmd/guardgen -count=1 -run ManyRuns -args -runs=100
	$(GO) test ./internal/shapes -count=1 -run GiveOneOutput -args -cold

.PHONY: faults
faults: prepare ## every fault of the catalogue, with real servers: the table of docs/reliability.md (four minutes)
	cd internal/e2e && $(GO) test -count=1 -timeout 20m -run '^TestTimeouts' -args -all -write ../../docs/reliability.md

.PHONY: outages
outages: prepare ## 200 outages in a row of a go-redis client and a real server, with the race detector: nothing is left behind (a minute)
	$(GO) test -race ./runtime/goredis -count=1 -v -run 'ManyOutages|Recovers' -timeout 10m -args -cycles=200

.PHONY: chaos
chaos: ## the simulation with more than 5,000 seeds, the whole ablation, every interleaving: docs/reliability.md (half an hour; 6 GB)
	$(GO) test ./runtime -run '^TestChaos$$' -v -timeout 90m -args -chaos.seeds=5200
	$(GO) test ./runtime -run '^TestAblation' -v -timeout 30m -args -chaos.ablation
	$(GO) test ./runtime -run 'Interleaving' -v -timeout 30m -args -explore

.PHONY: fuzz
fuzz: ## fuzz the directive parser, the forms of errors, Redis arguments, answers of an API, the status handler and guardctl, a minute each
	$(GO) test ./annotations -run '^$$' -fuzz '^FuzzDirective$$' -fuzztime 60s
	$(GO) test ./annotations -run '^$$' -fuzz '^FuzzOptions$$' -fuzztime 60s
	$(GO) test ./runtime -run '^$$' -fuzz '^FuzzProblem$$' -fuzztime 60s
	$(GO) test ./runtime -run '^$$' -fuzz '^FuzzRefusal$$' -fuzztime 60s
	$(GO) test ./runtime/goredis -run '^$$' -fuzz '^FuzzArguments$$' -fuzztime 60s
	$(GO) test ./runtime/unixhttp -run '^$$' -fuzz '^FuzzRefusal$$' -fuzztime 60s
	$(GO) test ./runtime/status -run '^$$' -fuzz '^FuzzQuery$$' -fuzztime 60s
	$(GO) test ./runtime/status -run '^$$' -fuzz '^FuzzControl$$' -fuzztime 60s
	$(GO) test ./runtime/status -run '^$$' -fuzz '^FuzzEventID$$' -fuzztime 60s
	cd cmd/guardctl && $(GO) test . -run '^$$' -fuzz '^FuzzStream$$' -fuzztime 60s
	cd cmd/guardctl && $(GO) test . -run '^$$' -fuzz '^FuzzSanitize$$' -fuzztime 60s

.PHONY: fuzz-shapes
fuzz-shapes: ## draw 25,000 annotated types at random; generate, vet and call their wrappers, more than 20,000 (half an hour)
	$(GO) test ./internal/shapes/random -v -count=1 -timeout 90m -args -fuzz.count=25000 -fuzz.called=25000 -fuzz.seed=1

.PHONY: redis-errors
redis-errors: prepare ## what go-redis returns in each condition of a real server, and how it is judged (ten seconds)
	$(GO) test ./runtime/goredis -count=1 -v -run '^(TestClassify|TestAPipelineIsJudged)'

.PHONY: bench
bench: prepare ## what a guarded call costs beside raw ones and other breakers: the tables of docs/performance.md; and a GET of HTTP and of Redis (seven minutes)
	$(GO) test ./runtime -run 'BreakerOpensExactly|SuccessesReachTheEngine' -count=1
	cd runtime/bench && $(GO) run . -write ../../docs/performance.md
	$(GO) test -p 1 ./runtime/unixhttp ./runtime/goredis -run '^$$' -bench GuardedBesideBare -benchtime 1x

.PHONY: measure
measure: ## what a run of guardgen costs, beside the go command alone and other generators: the tables of docs/generator.md (a quarter of an hour)
	$(GO) run ./internal/measure -write docs/generator.md

.PHONY: demo
demo: ## an outage of both dependencies, with raw clients and with wrappers, side by side (about a minute)
	cd examples && $(GO) generate ./... && $(GO) run ./sessiond/demo
