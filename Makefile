# Everything a developer or an operator does with Memberline. `make help` lists it.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:

setup := @scripts/bootstrap.sh
root := .venv/bin
bot := bot/.venv/bin/python
compile := .tools/venv/bin/uv pip compile --quiet --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

.PHONY: help
help: ## List the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:[^#]*## /\t/' | expand -t 14

.PHONY: run
run: ## Install, train if needed, start everything; PORT=8137 moves the bridge
	@exec scripts/bootstrap.sh run

.PHONY: setup
setup: ## Install the environments and the encoder, train if needed
	$(setup) model

.PHONY: train
train: ## Train the assistant if something about it has changed
	$(setup) model

