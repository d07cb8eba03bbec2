# make build   bin/uaibench
# make demo    the main job: the paper's UaiNets and their rivals on real MNIST, a table and a report
# make test    all tests, without vet, which lint runs; tests without their data are skipped, reported and counted
# make lint    formatting, vet for five systems, staticcheck, the limits on length, go.mod
# make check   what every change must pass: lint, tests, races, the emulated arm64
# make bench   benchmarks, with the peers that are installed
# make test-browser  the report's page in a real Chromium (Debian's chromium): no request, no error, three clicks
# make test-arm64  kernels, goldens and a run of every method for linux/arm64, emulated (Debian's qemu-user)
# make test-slurm  shards on a real Slurm on this machine, with kills; as root, with Debian's slurm-wlm and munge
# make experiments   EXPERIMENTS.md, the experiments' pages and README.md's findings, from the committed result sets
# make fuzz    the readers of raw files, FUZZTIME (10m) each

GO      ?= go
# The PyTorch side of make bench, if Debian's python3-torch and libopenblas0-openmp are installed.
PEER    ?= $(shell /usr/bin/python3 -c 'import torch' 2>/dev/null && echo /usr/bin/python3 bench/peers/pytorch.py)
COMMIT  := $(shell git rev-parse HEAD 2>/dev/null)
DIRTY   := $(shell test -z "$$(git status --porcelain 2>/dev/null)" || echo dirty)
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -X main.version=$(VERSION) -X main.commit=$(COMMIT) -X main.dirty=$(DIRTY)

.PHONY: build demo test lint check race bench schema fuzz test-arm64 test-browser test-slurm clean

build:
	@mkdir -p bin
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/uaibench ./bench/cmd/uaibench

demo: build
	bin/uaibench run demo

test:
	$(GO) tool gotestsum --format pkgname-and-test-fails -- -vet=off -timeout 20m ./...

check: lint
	$(MAKE) test race test-arm64

# Linux is tested on amd64 and, emulated, on arm64. macOS and Windows are only built and vetted.
SYSTEMS := linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64

# ST1005 requires messages to begin with a lower-case letter; ours may begin with a name: Gaussian, K-means, a matrix X.
CHECKS := inherit,-ST1005

lint:
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "not gofmt-ed:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	for s in $(SYSTEMS); do GOOS=$${s%/*} GOARCH=$${s#*/} $(GO) vet ./... || exit 1; done
	for s in linux/arm64 windows/amd64; do GOOS=$${s%/*} GOARCH=$${s#*/} $(GO) build ./... || exit 1; done
	$(GO) vet -tags browser ./report
	$(GO) tool staticcheck -checks $(CHECKS) ./...
	$(GO) test -run Limits ./bench/cmd/uaibench
	$(GO) mod verify
	$(GO) mod tidy -diff

race:
	$(GO) test -race ./bench ./bench/runlog ./bench/runner/... ./bench/spec ./baselines/nn ./baselines/deep

bench: build
	$(GO) test -run '^$$' -bench . -benchtime 0.5s ./baselines/... ./synth/... ./report/...
	$(GO) run ./baselines/internal/speed -peer "$(PEER)"
	$(GO) run -tags noasm ./baselines/internal/speed -gonum

test-arm64:
	GO="$(GO)" baselines/internal/f32/testdata/arm64.sh

test-browser:
	$(GO) test -tags browser -count 1 -v -run Browser ./report

test-slurm: build
	experiments/cluster/slurm.sh bin/uaibench

# Update the committed JSON Schema from the catalogue.
schema: build
	bin/uaibench schema > bench/spec/schema.json

FUZZTIME ?= 10m
fuzz:
	for f in source/FuzzParseIDX source/FuzzReadCSV source/FuzzReadConnections table/FuzzParseMAT table/FuzzRead; do \
		$(GO) test ./synth/$${f%/*} -run '^$$' -fuzz "^$${f#*/}$$" -fuzztime $(FUZZTIME) || exit 1; done

# Render documents and their plots from the committed result sets and the ledger's verdicts.
experiments: build
	bin/uaibench render

clean:
	rm -rf bin
