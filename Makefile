# The two commands of the README, and what maintainers run besides.
#
#   make dist             build the packages of SELECT and write dist/ (SELECT=tag:core; SELECT= is everything)
#   make test             everything that CI checks: style, unit tests, parity with Dagger, end-to-end tests
#   make unit             the tests that need neither root nor network
#   make bench            the benchmarks: each prints a ratio
#   make catalogue        build and test every recipe for every target that needs no SDK, and the end-to-end tests that take long
#   make locks            resolve the build requirements of every recipe anew: they must come out as they are locked
#   make popular          audit 50 and more wheels that everybody uses: no error may be found in them

SELECT  ?= tag:core
DIST    ?= dist
STATIC  := honnef.co/go/tools/cmd/staticcheck@v0.7.0
MODULES := ./... ./engine/... ./index/site/browser/...

.PHONY: dist test unit lint parity browser e2e clients bench catalogue locks popular needs

dist: needs
	go run . build-all --select '$(SELECT)' export --path '$(DIST)'

test: needs lint unit parity browser e2e clients

# What runs containers here. Elsewhere than on Debian, install them by hand: runc, and mmdebstrap where no registry is reached.
needs:
	@command -v runc >/dev/null && command -v mmdebstrap >/dev/null || \
	{ echo "installing runc and mmdebstrap"; apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install runc mmdebstrap; }

lint:
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "run gofmt -w on these"; exit 1; }
	go vet $(MODULES)
	@bin=$$(go env GOCACHE)/../crosswheel-tools; test -x $$bin/staticcheck || GOBIN=$$bin go install $(STATIC); echo staticcheck; $$bin/staticcheck $(MODULES)
	go run . lint && go run . fmt --check >/dev/null

unit:
	go test -short $(MODULES)

parity:
	go test -count=1 ./engine/parity

# The pages for people in a real browser, judged by axe-core, which pip fetches.
browser:
	@command -v chromium-headless-shell >/dev/null && python3 -m pip --version >/dev/null 2>&1 || \
	{ echo "installing chromium-headless-shell and pip"; apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install chromium-headless-shell python3-pip; }
	go test -count=1 ./index/site/browser

e2e:
	go test -count=1 -timeout 60m -v -run 'TestEndToEnd' .
	go test -count=1 -timeout 30m ./engine ./engine/daemon ./engine/base ./engine/enginetest

# The index in the hands of real installers, each in an environment of its own.
clients:
	@python3 -c 'import ensurepip' 2>/dev/null || \
	{ echo "installing python3-venv"; apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install python3-venv; }
	go test -count=1 -timeout 30m -run 'TestClients|TestNginx' ./index

bench:
	go test -run '^$$' -bench . -benchtime 1x -timeout 60m $(MODULES)

catalogue: needs
	go run . build-all --target all-debian export --path '$(DIST)'
	go test -count=1 -timeout 180m -v -run TestCatalogue .

locks: needs
	go run . lock --target all-debian export --path ./recipes
	@test -z "$$(git status --porcelain recipes)" || { git status --short recipes; echo "these locks are not what their recipes give today"; exit 1; }

popular:
	go test -count=1 -v -run TestPopularWheels ./internal/wheel
