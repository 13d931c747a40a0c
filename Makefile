# What each target does is in README.md; the environment variables are in deploy/environment.example.

SHELL := /bin/bash
SWIFT := swift
PRODUCTS := renling gateway intake assignment handling supervision archive
SOURCES := Package.swift Benchmarks Services Shared Tests

.PHONY: run test bench bench-fill torture outside build clean-data lint format packages

# `setpriv` has it stop in an orderly way should make itself be killed.
run: build
	@exec setpriv --pdeathsig TERM -- "$$($(SWIFT) build -c release --show-bin-path)/renling" dev up

build: packages
	@for product in $(PRODUCTS); do $(SWIFT) build -c release --product $$product || exit 1; done

test: packages
	$(SWIFT) build --build-tests
	@exec scripts/test-cluster

# QUICK=1: about two minutes, and noisier. SOAK=1: ten minutes more, for the memory.
bench:
	@exec scripts/bench

# CASES=10000000, and where there are 33 GB free. Once: `make bench` uses what it has built.
bench-fill:
	@exec scripts/bench-fill

# SEED, REQUESTS, KILLS, SECONDS and more: docs/reliability.md.
torture:
	@exec scripts/torture

# CHAPTERS="intake archive": only these (docs/operations.md).
outside:
	@exec scripts/outside

clean-data:
	@exec scripts/clean-data

lint:
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)

format:
	$(SWIFT) format --in-place --recursive --parallel $(SOURCES)

packages:
	@command -v $(SWIFT) > /dev/null || { echo "swift is not on the PATH: install the Swift 6.3 toolchain" >&2; exit 1; }
	@scripts/install-packages
