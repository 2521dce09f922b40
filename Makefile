# What a person types. `make` alone lists it.
SHELL := /bin/bash
.DEFAULT_GOAL := help

listen ?= 127.0.0.1:8080
venv := $(CURDIR)/.cache/venv/bin
web := web/dist/index.html
program := .build/release/foyer
# One set of flags for check and test, so that the second finds the first one's build.
debug_flags := --build-tests --enable-code-coverage --explicit-target-dependency-import-check error

export PATH := $(venv):$(PATH)

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Install what is missing, build, and start on 127.0.0.1:8080 with the data in ./data
	exec $(program) serve --data data --listen $(listen)

.PHONY: demo
demo: build ## The same on ./demo-data, filled with members, roles and moving statuses
	exec $(program) demo --data demo-data --listen $(listen)

.PHONY: build
build: setup-run $(web) ## Build the server and the web app
	swift build -c release --static-swift-stdlib --product foyer

# Where `make install` puts things; DESTDIR stands before all of it, for packages.
PREFIX ?= /usr/local
DESTDIR ?=
installed := $(DESTDIR)$(PREFIX)

.PHONY: install
install: ## Copy what `make build` made: the program, the web app, a systemd unit and examples; PREFIX=/usr/local DESTDIR=
	@for made in $(program) $(web); do test -e $$made || { echo "$$made is not there: run make build first" >&2; exit 1; }; done
	install -D -m 0755 $(program) $(installed)/bin/foyer
	mkdir -p $(installed)/share/foyer
	rm -rf $(installed)/share/foyer/web
	cp -R $(dir $(web)) $(installed)/share/foyer/web
	chmod -R u=rwX,go=rX $(installed)/share/foyer/web
	install -D -m 0644 catalogue/starter.json $(installed)/share/foyer/catalogue/starter.json
	install -D -m 0644 docs/operations.md $(installed)/share/doc/foyer/operations.md
	install -m 0644 packaging/foyer.conf packaging/nginx.conf $(installed)/share/doc/foyer
	mkdir -p $(installed)/lib/systemd/system
	sed 's|@PREFIX@|$(PREFIX)|g' packaging/foyer.service > $(installed)/lib/systemd/system/foyer.service
	chmod 0644 $(installed)/lib/systemd/system/foyer.service

.PHONY: check
check: setup-test ## Formatting, lint, types, warnings as errors, imports
	scripts/check $(debug_flags)

.PHONY: test
test: setup-test $(web) ## Every test, on SQLite, PostgreSQL and in three browsers; prints the coverage
	swift build $(debug_flags)
	scripts/test

.PHONY: test-fast
test-fast: setup-test ## The tests of the server and of the web app, without browsers and crash rounds
	swift build $(debug_flags)
	scripts/test fast

seconds ?= 60
target ?=
.PHONY: fuzz
fuzz: setup-run ## Search inputs that break a parser, a minute each; `target=json seconds=10` for one
	scripts/fuzz --target "$(target)" --seconds $(seconds)

seed ?=
events ?= 10000000
fault ?=
.PHONY: simulate
simulate: setup-run ## Ten million events of bad days for the live side; `seed=7 events=4000` for one run again
	scripts/simulate --events $(events) $(if $(seed),--seed $(seed)) $(if $(fault),--fault $(fault))

.PHONY: sanitize
sanitize: setup-test ## The server's tests under the address sanitizer, then under the thread sanitizer
	scripts/sanitize

.PHONY: bench
bench: setup-bench build ## Measure against bare peers in the same minutes, into docs/performance.md
	swift build -c release --static-swift-stdlib --product EchoServer
	Benchmarks/run

.PHONY: styleguide
styleguide: setup-run ## Build the page that shows every component in all its states into build/styleguide
	NODE_PATH=/usr/share/nodejs node web/tools/styleguide.mjs

.PHONY: clean
clean: ## Remove what was built; data folders stay
	rm -rf .build build web/dist

.PHONY: setup-run setup-test setup-bench
setup-run:
	@scripts/setup run
setup-test:
	@scripts/setup test
setup-bench:
	@scripts/setup bench

$(web): $(shell find web -type f -not -path 'web/dist*' 2>/dev/null) | setup-run
	web/build --fast
