# make run    the playground on http://127.0.0.1:8000, no credentials needed
# make test   the tests
# make check  what must be clean before a change lands: style, types, imports, generated files, and
#             tests for every branch of rules and commands
# make fix    formats the code and writes the generated files anew
# make lock   resolves the dependencies again
# make bench  measures it against its peers
PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
# What `make check` wants to be covered whole, and by which tests: all of coverage's `source` by theirs.
COVERED ?= tests/rules tests/commands --cov

# The tests start many programs. Where nothing compiled may be kept, each compiles all of ours anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check fix lock bench clean
.DELETE_ON_ERROR:

run: $(VENV)/run.stamp
	$(PY) -m bot play

# On all processors: most of the time a test waits for a disk or another process.
test: $(VENV)/dev.stamp
	$(PY) -m pytest --numprocesses auto --dist worksteal

check: $(VENV)/dev.stamp
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(PY) docs/generate.py --check
	$(PY) -m pytest --quiet --no-header -k 'not in_time' $(COVERED) --cov-report=

fix: $(VENV)/dev.stamp
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .
	$(PY) docs/generate.py

bench: $(VENV)/dev.stamp
	$(PY) -m benchmarks

# The universal resolver writes one file for every platform and Python that we support. It names no host.
lock: $(VENV)/dev.stamp
	$(PIP) install 'uv>=0.9,<1'
	$(VENV)/bin/uv pip compile --quiet $(LOCK) --extra postgres pyproject.toml -o requirements.txt
	$(VENV)/bin/uv pip compile --quiet $(LOCK) --extra postgres --group dev pyproject.toml -c requirements.txt -o tests/requirements.txt
LOCK := --no-strip-extras --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --upgrade

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Switchback needs Python 3.11 or later. If you have one under another name: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { rm -rf $(VENV); echo "Python could not make an environment. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/run.stamp: requirements.txt | $(PY)
	@echo "Installing what Switchback needs into $(VENV). This happens once and takes a minute or two."
	@$(PIP) install --require-hashes -r requirements.txt
	@touch $@

# The developers' lock holds everything of the other one.
$(VENV)/dev.stamp: tests/requirements.txt requirements.txt | $(PY)
	@echo "Installing what the tests need into $(VENV). This happens once and takes a minute or two."
	@$(PIP) install --require-hashes -r tests/requirements.txt
	@touch $@ $(VENV)/run.stamp

clean:
	rm -rf $(VENV) build dist .coverage .mypy_cache .pytest_cache .ruff_cache .hypothesis
