# Every target has a `##` line, which `make` prints. The files that the targets
# make: node_modules (JavaScript side), cdk.out and dist (results), .cache
# (engines, schemas and stamps; safe to delete).

SHELL       := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS   += --no-print-directory

export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
# The Go on PATH is the Go that is used; go.mod says which one it must be at least.
export GOTOOLCHAIN ?= local

GO_MODULES := .,tools

.DEFAULT_GOAL := help
.PHONY: help
help: ## Show this help
	@printf 'FinTrack platform. What you can make:\n\n'
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-8s  %s\n", $$1, $$2 }'
	@printf '\nFirst time here? make synth, then make test. README.md goes on from there.\n'

# ---------------------------------------------------------------- JavaScript

# npm leaves this file behind a complete install; a changed lock file makes
# another one.
node_modules/.package-lock.json: package.json package-lock.json
	@echo "installing the pinned Node, CDK and cdk8s command lines (npm ci) …"
	@npm ci --no-fund --no-audit --loglevel=error
	@touch $@
	@node --version | grep -q '^v24\.' || { echo "error: node_modules/.bin/node is not Node 24 on this platform; install Node 24 and put it first on PATH"; exit 1; }

.PHONY: setup
setup: node_modules/.package-lock.json ## Install the pinned JavaScript side (done by itself where needed)

# ---------------------------------------------------------------- results

.PHONY: synth
synth: setup ## Write all templates to cdk.out/ and all manifests to dist/<env>/
	@[ -x .cache/bin/synth ] || echo "building (a minute or two the first time) …"
	@go build -o .cache/bin/synth ./cmd/synth
	@.cache/bin/synth

.PHONY: publish
publish: setup ## Commit the rendered manifests to environment/ENV and push them (NEXT=1: as a proposal)
	@go build -o .cache/bin/publish ./cmd/publish
	@.cache/bin/publish -env '$(ENV)' -remote '$(REMOTE)' $(if $(NEXT),-next)

.PHONY: test
test: setup ## Run all Go tests (minutes the first time, the CDK is large)
	@go test ./...
	@go test ./internal/vpcsim -run '^TestPacketsCanBeSentOnThisMachine$$' -v | grep -h 'NO PACKET' || true

.PHONY: verify
verify: synth ## Let other people's engines judge what is rendered
	@go run -C tools ./cmd/verify -root ..
	@go test -C tools ./...

.PHONY: lint
lint: ## Lint all Go code
	@go run -C tools ./cmd/tool -in $(GO_MODULES) golangci-lint run ./...

.PHONY: fmt
fmt: ## Format all Go code
	@go run -C tools ./cmd/tool -in $(GO_MODULES) golangci-lint fmt

.PHONY: golden
golden: setup ## Accept what is synthesized now as the golden tree (review the diff)
	@go test ./test -run '^TestGolden' -update
	@git --no-pager diff --stat -- test/golden

.PHONY: bench
bench: setup ## Measure synth, render, validation and NAT, as ratios
	@go test ./test ./constructs/nat -run '^$$' -bench . -benchtime 3x -timeout 30m

.PHONY: doctor
doctor: ## Check this machine, and which values still are the example's
	@go run ./cmd/doctor

.PHONY: clean
clean: ## Remove everything that was made
	@rm -rf cdk.out dist .cache node_modules
