# Everything runs in a virtual environment of its own, `.venv`; Python and make are all it takes.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo test check docs clean

demo: .venv/demo
	$(BIN)/python -m evals.demo

test: .venv/test
	$(BIN)/python -m pytest --numprocesses auto

check: .venv/check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_imports.py

docs: .venv/docs
	$(BIN)/sphinx-build --fail-on-warning --nitpicky --quiet docs docs/_build

clean:
	rm -rf .venv docs/_build

.venv/bin/python:
	$(PYTHON) -m venv .venv

# One stamp file a set of dependencies: installed again when pyproject.toml changes.
.venv/demo: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

.venv/%: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable ".[$*]"
	@touch $@
