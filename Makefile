# One command for each thing to do; `make` alone lists them.

PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
STAMP := $(VENV)/.set-up
UV_COMPILE := UV_CUSTOM_COMPILE_COMMAND='make lock' $(PY) -m uv pip compile --quiet --no-config \
	--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

.PHONY: help
help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-11s %s\n", $$1, $$2 }'

.PHONY: demo
demo: setup ## run the sample practice: a note in, homework out, a review (Ctrl-C ends it)
	@$(VENV)/bin/mailflow demo

.PHONY: test
test: setup ## run every test; ARGS='-k links' passes options on to pytest
	@tests/prepare
	@$(PY) -m pytest --numprocesses=auto --dist=loadfile $(ARGS)

.PHONY: check
check: setup ## lint, format, types, and who may import whom
	@failed=; \
	$(PY) -m ruff check || failed=1; \
	$(PY) -m ruff format --check || failed=1; \
	$(PY) -m mypy || failed=1; \
	$(VENV)/bin/lint-imports --no-logo || failed=1; \
	test -z "$$failed"

.PHONY: setup
setup: $(STAMP) ## create .venv with the locked packages; does nothing when it is up to date
	@:

.PHONY: format
format: setup ## rewrite the code in the house format, with the fixes that are safe
	@$(PY) -m ruff check --fix-only --quiet
	@$(PY) -m ruff format

.PHONY: snapshots
snapshots: setup ## remake tests/snapshots after a change of the emails; look at the difference before you commit it
	@$(PY) -m tests.snapshots

.PHONY: images
images: setup ## remake docs/images, the pictures of the README, from the real program
	@tests/prepare
	@$(PY) -m tests.images >/dev/null

.PHONY: soak
soak: setup ## run the long tests, which `make test` leaves out; NOTES=20000 simulates so many instead of a million
	@tests/prepare
	@$(PY) -m pytest -m soak -o faulthandler_timeout=900 $(ARGS)
	@$(PY) -m tests.simulation --notes $(or $(NOTES),1000000)

.PHONY: bench
bench: setup ## measure, and print a table of figures
	@$(PY) -m bench $(ARGS)

.PHONY: bench-peers
bench-peers: setup ## install the libraries that `make bench` compares with, in .venv-peers
	@$(PYTHON) -m venv .venv-peers
	@$(PY) -m pip --python .venv-peers/bin/python install -qq --disable-pip-version-check --no-input --group bench-peers

.PHONY: fuzz
fuzz: .venv-fuzz/.set-up ## feed the parser bytes that nobody would send; SECONDS=60, CORPUS=folder keeps what it found
	@.venv-fuzz/bin/python -m fuzz $(or $(SECONDS),60) $(CORPUS)

.PHONY: lock
lock: ## remake locks/ from pyproject.toml; UPGRADE=1 takes the newest releases
	@test -x $(VENV)/bin/uv || $(MAKE) setup || test -x $(VENV)/bin/uv # setup fails while the lock is behind
	@$(UV_COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml --output-file locks/runtime.txt
	@$(UV_COMPILE) $(if $(UPGRADE),--upgrade) --group build --output-file locks/build.txt
	@$(UV_COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml --group dev --output-file locks/dev.txt \
		--constraints locks/runtime.txt --constraints locks/build.txt
	@echo 'locks/ is made. Run make setup to install it, make test to try it.'

.PHONY: build
build: setup ## build the wheel and the source archive into dist/
	@$(PY) -m hatchling build

.PHONY: clean
clean: ## remove .venv and everything that was built or cached
	rm -rf $(VENV) .venv-peers .venv-fuzz dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv-fuzz/.set-up: $(STAMP)
	@$(PYTHON) -m venv .venv-fuzz
	@$(PY) -m pip --python .venv-fuzz/bin/python install -qq --disable-pip-version-check --no-input \
		--require-hashes -r locks/runtime.txt
	@$(PY) -m pip --python .venv-fuzz/bin/python install -qq --disable-pip-version-check --no-input --group fuzz
	@touch $@

# pip itself is one of the locked packages (sqlite-utils needs it), so the venv's own is replaced on the way.
# `pip check` notices a dependency that pyproject.toml has and the lock has not.
$(STAMP): locks/dev.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || { \
		echo 'mailflow needs Python 3.11 or newer, and $(PYTHON) is not here. Name another: make PYTHON=/path/to/python3' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "mailflow needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.13" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo 'This Python cannot create virtual environments. On Debian or Ubuntu: apt install python3-venv' >&2; exit 1; }
	@echo 'Setting up $(VENV): the locked packages, about a minute the first time …'
	@$(PYTHON) -m venv $(VENV)
	@$(PY) -m pip install -qq --disable-pip-version-check --no-input --require-hashes -r locks/dev.txt
	@$(PY) -m pip install -qq --disable-pip-version-check --no-input --no-deps --no-build-isolation --editable .
	@$(PY) -m pip check --disable-pip-version-check >$(VENV)/pip-check.txt || { \
		cat $(VENV)/pip-check.txt >&2; echo 'locks/ does not fit pyproject.toml: run make lock' >&2; exit 1; }
	@touch $@
	@echo 'Set up.'
