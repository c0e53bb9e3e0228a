# serve, test, fuzz, soak, bench, tables: each does its own set-up, and what is done is not done again.
# A stamp carries the hash of what it was made from, so a fresh clone, a pull or a switch of branches needs no cleaning.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help serve test fuzz soak bench tables lock page clean
MAKEFLAGS += --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell .ci/python)
hash = $(shell cat $(1) | sha256sum | cut -c1-16)
RUN := $(VENV)/.run-$(call hash,requirements.txt pyproject.toml)
DEV := $(VENV)/.dev-$(call hash,requirements.txt requirements-dev.txt pyproject.toml)
TORCH := torch==2.13.0

help:
	@echo 'make serve   start the playground, by default on http://127.0.0.1:8000'
	@echo 'make test    everything that must hold: style, types, layers, tests of every level'
	@echo 'make soak   2,000 runs, hostile and friendly mixed, and what the runner holds before and after'
	@echo 'make fuzz    the same with made-up input, for long, and anew each time'
	@echo 'make bench   latency and throughput beside a warm Jupyter kernel and a cold process; compare mode beside bare Python'
	@echo 'make tables  what rewriting makes of small programs: benchmarks/REWRITING.md anew'
	@echo 'make lock    resolve the dependencies anew'

serve: $(RUN) page
	exec $(BIN)/playground serve $(ARGS)

test: $(DEV) page
	.ci/packages binutils chromium fonts-noto-cjk g++ libseccomp2 openssl python3-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry playground
	$(BIN)/python static/hatch_build.py check
	$(BIN)/python -m pytest $(or $(ARGS),tests/unit tests/integration tests/sandbox tests/browser tests/container)

fuzz: $(DEV) page
	$(BIN)/python -m pytest -m hypothesis --hypothesis-profile=long $(or $(ARGS),tests/unit tests/sandbox)

soak: $(DEV)
	$(BIN)/python -m tests.support.soak $(ARGS)

bench: $(DEV) page
	$(BIN)/python -m benchmarks $(ARGS)
	$(BIN)/python -m benchmarks.comparison
	$(BIN)/python -m benchmarks.observing

# The documents that a command writes.
tables: $(DEV) page
	$(BIN)/python -m benchmarks.rewriting $(ARGS) > $(VENV)/REWRITING.md
	mv $(VENV)/REWRITING.md benchmarks/REWRITING.md
	$(BIN)/python -m benchmarks.ladder > $(VENV)/LADDER.md
	mv $(VENV)/LADDER.md benchmarks/LADDER.md

# torch stays out of the lock: which build of one version is right, CPU or CUDA, is the operator's choice, made in pip's
# own configuration, and each build has hashes of its own. pyproject.toml pins the version and names what is left out.
COMPILE = $(BIN)/uv pip compile pyproject.toml --group build --universal --generate-hashes --no-header \
	--no-emit-index-url --no-emit-package torch --quiet $(UPGRADE)
lock: $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --quiet uv
	$(COMPILE) --output-file requirements.txt
	$(COMPILE) --all-extras --constraint requirements.txt --output-file requirements-dev.txt

page: $(RUN)
	$(BIN)/python static/hatch_build.py build

$(VENV)/pyvenv.cfg:
	.ci/packages python3-venv libseccomp2
	$(PYTHON) -m venv $(VENV)

# The locked packages first, so that torch finds all it needs there and only torch itself comes without a hash.
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
$(RUN): | $(VENV)/pyvenv.cfg
	$(INSTALL) --require-hashes --no-deps --requirement requirements.txt
	$(INSTALL) $(TORCH)
	$(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

$(DEV): | $(RUN)
	$(INSTALL) --require-hashes --no-deps --requirement requirements-dev.txt
	touch $@

clean:
	rm -rf $(VENV) static/dist
