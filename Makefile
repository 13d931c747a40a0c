# What each target does is in README.md; the environment variables are in deploy/environment.example.

SHELL := /bin/bash
PROGRAMS := gateway intake assignment handling supervision archive
SWIFT := swift
export RENLING_DATA ?= .local

.PHONY: run test bench bench-fill build clean-data lint format packages

# `setpriv` ends it in an orderly way should make itself be killed.
run: build
	@exec setpriv --pdeathsig TERM -- "$$($(SWIFT) build -c release --show-bin-path)/renling" dev up

build: packages
	@for product in renling $(PROGRAMS); do $(SWIFT) build -c release --product $$product || exit 1; done

test: packages
	$(SWIFT) build --build-tests
	@exec scripts/test-cluster

bench: build
	$(SWIFT) build -c release --product bench
	@exec "$$($(SWIFT) build -c release --show-bin-path)/bench" $(if $(QUICK),--quick)

bench-fill: build
	$(SWIFT) build -c release --product bench
	@exec "$$($(SWIFT) build -c release --show-bin-path)/bench" fill

clean-data:
	@exec scripts/clean-data

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Benchmarks Services Shared Tests

format:
	$(SWIFT) format --in-place --recursive --parallel Package.swift Benchmarks Services Shared Tests

packages:
	@scripts/install-packages
