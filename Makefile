PYTHONS = python3 python3.14 python3.13 python3.12 python3.11
NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PIP = .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes
PRODUCTION = DATA_DIR=.venv/lint DEBUG=false PUBLIC_URL=https://studio.example.com \
	SECRET_KEY=only-for-make-lint-and-as-long-as-a-real-one-has-to-be-3b8f0c
# What make soak takes; make soak SECONDS=300 is a short one.
SECONDS = 1800
SERVERS = tests/scaled/test_servers.py
quietly = out=$$($(1) 2>&1) || { printf '%s\n' "$$out"; exit 1; }

LIGHTHOUSE = .venv/lighthouse/12.8.2
NPM = npm install --no-save --no-package-lock --no-audit --no-fund --loglevel=error --prefix

.PHONY: run test servers bench soak lighthouse lint format

run: .venv/requirements.lock
	@exec .venv/bin/python manage.py studio

test: export PYTHONDONTWRITEBYTECODE = # or each of the hundreds of processes compiles anew
test: .venv/requirements-dev.lock
	@.venv/bin/python -m tests.chromium
	@.venv/bin/python -m pytest --quiet --numprocesses auto --dist loadfile --ignore $(SERVERS)

servers: export PYTHONDONTWRITEBYTECODE =
servers: .venv/requirements-dev.lock
	@.venv/bin/python -m pytest --quiet $(SERVERS)

bench: .venv/requirements-dev.lock
	@.venv/bin/python -m tests.bench

soak: .venv/requirements-dev.lock
	@.venv/bin/python -m tests.soak --seconds $(SECONDS)

lighthouse: .venv/requirements-dev.lock $(LIGHTHOUSE)
	@.venv/bin/python -m tests.chromium
	@.venv/bin/python -m tests.bench.lighthouse

lint: .venv/requirements-dev.lock
	@mkdir -p .venv/lint
	@$(call quietly,.venv/bin/ruff check .)
	@$(call quietly,.venv/bin/ruff format --check .)
	@$(call quietly,.venv/bin/djlint --lint templates)
	@$(call quietly,.venv/bin/djlint --check templates)
	@$(call quietly,$(PRODUCTION) .venv/bin/python manage.py makemigrations --check --dry-run)
	@$(call quietly,$(PRODUCTION) .venv/bin/python manage.py check --deploy --fail-level WARNING)

format: .venv/requirements-dev.lock
	@.venv/bin/ruff check --quiet --select I --fix .
	@.venv/bin/ruff format --quiet .
	@.venv/bin/djlint --quiet --reformat templates || true

# The stamp of an installation is a copy of its lock file.
.venv/%.lock: %.lock .venv/bin/python
	@echo "Installing $< into .venv, this once."
	@$(PIP) --requirement $<
	@cp $< $@

# The last one that runs on the Node.js 20 of Debian 13.
$(LIGHTHOUSE):
	@command -v npm >/dev/null || { echo "make lighthouse needs Node.js 18 or newer with npm." >&2; exit 1; }
	@echo "Installing lighthouse into .venv, this once."
	@$(NPM) $(@D) lighthouse@$(@F)
	@touch $@

.venv/bin/python:
	@for python in $(PYTHONS); do \
	    $$python -c '$(NEW_ENOUGH)' 2>/dev/null && break || python=; \
	done; \
	if [ -z "$$python" ]; then \
	    echo "Modellix Studio needs Python 3.11 or newer: install it, then try again." >&2; exit 1; \
	fi; \
	if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "Python's venv module is missing: on Debian and Ubuntu, apt install python3-venv." >&2; exit 1; \
	fi; \
	$$python -m venv --clear .venv
