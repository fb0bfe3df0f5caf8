# Every target does its own set-up. `make help` lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
PIP := $(BIN)/python -m pip --disable-pip-version-check

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

chat: $(VENV)/.installed ## install, build the index, serve the chat on this machine
	@$(BIN)/cupwise chat

install: $(VENV)/.installed ## install what the chat needs into .venv

test: $(VENV)/.installed-test ## install, run the tests in two processes (WORKERS=N)
	$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=worksteal

lint: $(VENV)/.installed-test ## check style (ruff) and types (mypy), and the corpus
	$(BIN)/ruff check bot ingest tests
	$(BIN)/ruff format --check bot ingest tests
	$(BIN)/mypy
	$(BIN)/cupwise ingest --check

evaluate: $(VENV)/.installed ## measure answers, guardrail and retrieval on the labelled questions
	@$(BIN)/cupwise ingest && $(BIN)/cupwise evaluate --suite all

bench: $(VENV)/.installed-bench ## measure answers, retrieval, ingest and memory (COLLECTION=DIR: retrieval there too)
	$(BIN)/python -m tests.benchmarks $(COLLECTION)

fault-test: $(VENV)/.installed-test ## kill ingest at 50 random moments under a reader (KILLS=N, SEED=N)
	CUPWISE_FAULT_KILLS=$(or $(KILLS),50) CUPWISE_FAULT_SEED=$(SEED) $(BIN)/python -m pytest -q -s tests/ingest/test_crashes.py

load-test: $(VENV)/.installed-test ## 50 people ask a server at once (USERS=N, QUESTIONS=N for the memory over many)
	$(BIN)/python tests/web/load.py --people $(or $(USERS),50) --endurance $(or $(QUESTIONS),10000)

screenshots: $(VENV)/.installed-test ## take the pictures of docs/screenshots anew, or those in SHOTS="..."; needs chromium
	$(BIN)/python tests/browser/screenshots.py $(SHOTS)

format: $(VENV)/.installed-test ## put the code into its format
	$(BIN)/ruff check --fix bot ingest tests
	$(BIN)/ruff format bot ingest tests

references: $(VENV)/.installed ## fill the documents' references from corpus/references.yaml
	$(BIN)/python -m ingest.references

guardrail-model: $(VENV)/.installed ## train the guardrail's classifiers on bot/guardrail/data
	$(BIN)/python -m bot.guardrail.training
	$(BIN)/python -m bot.guardrail.ngram_training

lock: ## resolve pyproject.toml anew into requirements.lock
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --upgrade pip
	build/lock/bin/python -m pip install --quiet "torch==2.13.0"
	build/lock/bin/python -m pip install --quiet -e ".[test,bench]"
	build/lock/bin/python -m pip freeze --exclude-editable | sed 's/+cpu$$//' > requirements.lock

clean: ## remove the environment and the index
	rm -rf $(VENV) .cupwise build

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; $$($(PYTHON) --version) was found. Name another with PYTHON=..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade pip

$(VENV)/.installed: pyproject.toml requirements.lock | $(VENV)/bin/python
	$(PIP) install --quiet -c requirements.lock -e .
	@touch $@

$(VENV)/.installed-test: pyproject.toml requirements.lock | $(VENV)/bin/python
	$(PIP) install --quiet -c requirements.lock -e ".[test]"
	@touch $@ $(VENV)/.installed

$(VENV)/.installed-bench: pyproject.toml requirements.lock | $(VENV)/bin/python
	$(PIP) install --quiet -c requirements.lock -e ".[test,bench]"
	@touch $@ $(VENV)/.installed $(VENV)/.installed-test

.PHONY: help chat install test lint evaluate bench fault-test load-test screenshots format references guardrail-model lock clean
