# Everything runs in a virtual environment of its own, `.venv`; Python and make are all it takes.

PYTHON ?= python3
BIN := .venv/bin
# What the tests train decoders with; any release that the extra admits will do.
TORCH := torch==2.13.0
SITE := "import sysconfig; print(sysconfig.get_path('purelib'))"

.PHONY: demo test check docs litellm clean

demo: .venv/demo
	$(BIN)/python -m evals.demo

# One thread a process, as every core has a process; neighbours stay together to share fixtures.
test: .venv/test
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --dist worksteal

check: .venv/check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_imports.py

docs: .venv/docs
	$(BIN)/sphinx-build --fail-on-warning --nitpicky --quiet docs docs/_build

# litellm in process, and a LiteLLM proxy that Inspect asks: docs/litellm.md says why apart.
litellm: .venv-litellm/ready .venv-proxy/ready .venv-client/ready
	VALUEGAUGE_LITELLM_ENV=litellm .venv-litellm/bin/python -m pytest tests/litellm/test_in_process.py
	VALUEGAUGE_LITELLM_ENV=client .venv-client/bin/python -m pytest tests/litellm/test_through_proxy.py

clean:
	rm -rf .venv .venv-litellm .venv-proxy .venv-client docs/_build

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

.venv-litellm/ready: pyproject.toml
	$(PYTHON) -m venv .venv-litellm
	.venv-litellm/bin/python -m pip install --quiet --editable ".[litellm]" pytest
	@touch $@

.venv-proxy/ready:
	$(PYTHON) -m venv .venv-proxy
	.venv-proxy/bin/python -m pip install --quiet "litellm[proxy]>=1.100"
	@touch $@

# What `.venv` holds, seen through a .pth file, and the openai package that Inspect asks proxies with.
.venv-client/ready: .venv/test
	$(PYTHON) -m venv .venv-client
	echo "import site; site.addsitedir('$$($(BIN)/python -c $(SITE))')" \
	  > "$$(.venv-client/bin/python -c $(SITE))/valuegauge.pth"
	.venv-client/bin/python -m pip install --quiet "openai>=3.4"
	@touch $@
