# Everything that is done with Memberline. `make help` lists it.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.NOTPARALLEL:

bootstrap := @scripts/bootstrap.sh
step := @scripts/step
python := .venv/bin/python
bot_python := bot/.venv/bin/python
pytest := $(python) -m pytest --import-mode=importlib --ignore=tests/bot
results := var/results
compile := .tools/venv/bin/uv pip compile --quiet --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --no-header

.PHONY: help
help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: run
run: ## Install, train if needed, start everything (PORT=8137 moves the bridge)
	@exec scripts/bootstrap.sh run

.PHONY: talk
talk: environments ## Chat in the terminal with the running assistant, and see what it understands
	@$(python) -m scripts.talk $(ARGS)

.PHONY: setup
setup: ## Install the environments, build the encoder, train if needed
	$(bootstrap) model

.PHONY: environments
environments:
	$(bootstrap) environments

.PHONY: train
train: ## Train the assistant if something about it has changed
	$(bootstrap) model

.PHONY: evaluate
evaluate: train ## Measure understanding on sentences that were never trained on
	$(step) "Evaluation" $(bot_python) -m evaluation.evaluate

.PHONY: lint
lint: style types contracts generated ## Style, types, import contracts, generated files

.PHONY: style
style: environments
	$(step) "Style" $(python) -m ruff check --output-format=concise
	$(step) "Format" $(python) -m ruff format --check

.PHONY: types
types: environments
	$(step) "Types" $(python) -m mypy

.PHONY: contracts
contracts: environments
	$(step) "Import contracts" .venv/bin/lint-imports

.PHONY: generated
generated: environments
	$(step) "Generated dialogue" $(python) -m scripts.generate_dialogue --check

.PHONY: format
format: environments ## Format the code and sort its imports
	$(step) "Format" $(python) -m ruff format
	$(step) "Style" $(python) -m ruff check --fix

.PHONY: test
test: lint train test-unit test-bot targets validate test-stack ## Everything that needs no Debian package (25 minutes at most)

.PHONY: test-all
test-all: test test-extra ## The same, and what needs Debian packages, a browser or npm

.PHONY: test-unit
test-unit: environments ## Tests without the whole stack
	$(step) "Unit tests" $(pytest) -m "not stack and not extra" --junitxml=$(results)/unit.xml

# Rasa's environment has fewer plugins: options that it does not know are not errors there.
.PHONY: test-bot
test-bot: train ## Tests of what runs inside Rasa, in its environment
	$(step) "Tests inside Rasa" $(bot_python) -m pytest tests/bot --confcutdir=tests/bot \
		-o addopts="-ra --strict-markers" --junitxml=$(results)/bot.xml

.PHONY: targets
targets: train ## Fail where understanding misses one of its targets
	$(step) "Understanding" $(bot_python) -m evaluation.evaluate --targets

.PHONY: validate
validate: environments ## Rasa's own check of domain, stories and rules
	$(step) "Rasa data" scripts/rasa data validate --quiet

.PHONY: test-stack
test-stack: train ## Conversations through real processes
	$(step) "Conversations" $(pytest) -m "stack and not extra" --junitxml=$(results)/stack.xml

.PHONY: test-extra
test-extra: train ## Tests that need Debian packages, a browser or npm
	$(step) "Extra tests" $(pytest) -m extra --junitxml=$(results)/extra.xml

# Each bench says what it measures, and its target; the machine should have nothing else to do.
.PHONY: bench
bench: train ## Measure speed and memory (partners at full size: ten minutes to build; SCALE=small)
	$(step) "Understanding" $(bot_python) -m bench.understanding
	$(step) "Partners" $(python) -m bench.partners --scale $(or $(SCALE),full)
	$(step) "Long conversations" $(python) -m bench.long_conversation
	$(step) "Phone" $(python) -m bench.phone
	$(step) "Suggestions" $(python) -m bench.suggestions
	$(step) "Open chats" $(python) -m bench.sockets

.PHONY: lock
lock: environments ## Resolve the requirements again (UPGRADE=--upgrade for newer versions)
	@echo "Resolving the requirements ..."
	@$(compile) $(UPGRADE) requirements/tools.in -o requirements/tools.lock
	@$(compile) $(UPGRADE) requirements/main.in -o requirements/main.lock
	@$(compile) $(UPGRADE) requirements/x12-peer.in -o requirements/x12-peer.lock
	@$(compile) $(UPGRADE) --no-deps requirements/encoder.in -o requirements/encoder.lock
	@$(compile) $(UPGRADE) --override requirements/bot.overrides requirements/bot.in \
		-o requirements/bot.lock
	@echo "The locks are in requirements/; \`make setup\` installs them."

.PHONY: sandbox
sandbox: environments ## Build the stand-ins' data (SCALE=full: the announcement's sizes, minutes)
	@$(python) -m sandbox build --scale $(or $(SCALE),small)

.PHONY: clean
clean: ## Remove what can be made again, except the environments; data and secrets stay
	@echo "Removing models, encoder, logs, results and caches ..."
	@rm -rf models .rasa var/encoder var/training var/log var/results \
		.mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -not -path '*/.venv/*' -prune -exec rm -rf {} +
