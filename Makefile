# Everything a person does here. `make run` and `make test` are all one needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PORT ?= 8000
export DATA_DIR ?= var
# Nothing is written outside of .venv and DATA_DIR: no byte code beside the sources either.
export PYTHONPYCACHEPREFIX := $(abspath $(DATA_DIR))/pycache
export PIP_NO_CACHE_DIR := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: run dev admin test lint format lock measure lines

run: $(VENV)/run.installed  ## the portal with its content on 127.0.0.1:$PORT
	@exec $(BIN)/python -m helpdesk.start $(ARGS)

dev: $(VENV)/dev.installed  ## the same with DEBUG, started again at each change of the code
	@exec $(BIN)/python -m helpdesk.start --dev

admin: $(VENV)/run.installed  ## an account for the admin
	@exec $(BIN)/python manage.py createsuperuser

test: $(VENV)/dev.installed  ## all tests, one worker a core; more in ARGS
	@exec $(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

lint: $(VENV)/dev.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/djade --check $$(find templates -name '*.html')
	$(BIN)/python -m helpdesk.start --check

format: $(VENV)/dev.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djade $$(find templates -name '*.html')

# With their extras: else pip takes `coverage[toml]`, which pytest-cov asks for, for something unpinned once a newer one is out.
lock:  ## exact versions with hashes from pyproject.toml; needs uv
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
		pyproject.toml -o requirements/run.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-emit-index-url --no-header \
		--group dev -c requirements/run.txt pyproject.toml -o requirements/dev.txt

measure: $(VENV)/dev.installed  ## figures about speed, growth, load and faults, in about half an hour; those named in ARGS, or all
	$(BIN)/python -m benchmarks $(ARGS)

lines: $(VENV)/dev.installed  ## lines of code by room, files that are too long
	$(BIN)/python -m benchmarks.lines

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 oder neuer ist nötig; mit make PYTHON=python3.12 run nennen Sie eines'; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/%.installed: requirements/%.txt | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --require-hashes --requirement $<
	@touch $@
