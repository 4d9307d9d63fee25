# Everything runs in a virtual environment of its own, `.venv`; Python and make are all it takes.

PYTHON ?= python3
BIN := .venv/bin
# What the tests train decoders with; any release that the extra admits will do.
TORCH := torch==2.13.0

# One thread a process, as every core has a process. Compiled tests are kept, whatever the shell says:
# to rewrite the assertions of all of them takes each process ten seconds.
PYTEST := PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto

.PHONY: demo test test-processes check docs litellm clean

demo: .venv/demo
	$(BIN)/python -m evals.demo

# Whole files, as a fixture of a file is made once; in their order, as doctests, the short ones, end.
test: .venv/test
	$(PYTEST) --dist loadfile --no-loadscope-reorder -m "not processes"

# Commands as they are typed, interrupted, killed and run by twos; servers and a browser. Whole files
# here too: what a file builds, a board or the manual, is not built by each process.
test-processes: .venv/test
	$(PYTEST) --dist loadfile --no-loadscope-reorder -m processes

check: .venv/check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_imports.py

docs: .venv/docs
	$(BIN)/sphinx-build --fail-on-warning --nitpicky --quiet docs docs/_build
	$(BIN)/python docs/sample_board.py docs/_build/board

# A LiteLLM proxy that Inspect asks, in an environment of its own: docs/litellm.md says why.
litellm: .venv-proxy/ready
	.venv-proxy/bin/python -m pytest tests/litellm

clean:
	rm -rf .venv .venv-proxy docs/_build

.venv/bin/python:
	@echo "Making a virtual environment in .venv."
	$(PYTHON) -m venv .venv

# One stamp file a set of dependencies: installed again when pyproject.toml changes.
.venv/demo: .venv/bin/python pyproject.toml
	@echo "Installing valuegauge and some 130 packages into .venv: a minute or two, once."
	$(BIN)/python -m pip install --progress-bar on --editable .
	@touch $@

.venv/test: .venv/bin/python pyproject.toml
	@echo "Installing what the tests need into .venv, torch among it: minutes, once."
	$(BIN)/python -m pip install --progress-bar on "$(TORCH)"
	$(BIN)/python -m pip install --progress-bar on --editable ".[test,decoders]"
	@touch $@

# All that continuous integration needs at once, as each installation takes its time.
.venv/ci: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet "$(TORCH)"
	$(BIN)/python -m pip install --quiet --editable ".[check,docs,test,decoders]"
	@touch $@ .venv/check .venv/docs .venv/test

.venv/%: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[$*]"
	@touch $@

.venv-proxy/ready: pyproject.toml
	$(PYTHON) -m venv .venv-proxy
	.venv-proxy/bin/python -m pip install --quiet --editable ".[test]" "litellm[proxy]>=1.108"
	@touch $@
