# Arrowroot. Every target can be run first: each makes the virtual environment it needs.
#
#   make report    run the main job: execute the notebooks, write build/report/index.html
#   make test      every check: format, lint, types, tests
#   make test-lowest   the core's tests at the lowest versions that pyproject.toml allows
#   make lab       open JupyterLab on the start notebook
#   make figures   redraw the figures that the README and the docs show
#   make docs      build the documentation
#   make bench     measure speed, as ratios against R's metafor where it is installed
#   make format    put the code and the notebooks in the house form

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# The newest Python from 3.11 on that this machine has; override with `make PYTHON=...`.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
    "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The lowest versions of the core, on the lowest Python: newer ones have no wheels of theirs.
LOWEST := .venv-lowest
LOWEST_PYTHON ?= $(shell for p in python3.11 python3 python; do \
    "$$p" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
# What needs no extra; three files are left out that take minutes and try no library that the
# other tests do not.
CORE_TESTS := tests/test_contract.py tests/test_readme.py tests/arrowroot tests/logicmodels \
    $(addprefix tests/synthesis/,pooling effects diagnostics coding reproduce plots) \
    --ignore=tests/synthesis/plots/forest/test_many_studies.py \
    --ignore=tests/synthesis/reproduce/test_conventions.py \
    --ignore=tests/synthesis/diagnostics/test_awkward_data.py \
    --ignore=tests/logicmodels/export/test_pptx.py \
    --ignore=tests/logicmodels/export/test_view_exports.py
# An activated environment must not leak into ours.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

.PHONY: help report test test-lowest lab figures docs bench format clean

help:
	@sed -n '3,10s/^# *//p' Makefile

$(STAMP): pyproject.toml setup.py constraints.txt arrowroot/__init__.py
	@test -n "$(PYTHON)" || { echo "Arrowroot needs Python 3.11 or newer; none was found on this machine." >&2; exit 1; }
	@echo "Setting up the environment in $(VENV) (a few minutes, once) ..."
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: install the package python3-venv." >&2; exit 1; }
	@PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install -qq -c constraints.txt -e '.[all,dev,docs]'
	@touch $@

# The example review is made from templates each time, so that it is what a user gets.
report: $(STAMP)
	@rm -rf build/review
	@$(BIN)/arrowroot new build/review --from example > /dev/null
	@$(BIN)/arrowroot build build/review
	@$(BIN)/python -m synthesis.report --out build/report --review build/review/build

test: $(STAMP)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/pytest -n 2 --dist loadscope

$(LOWEST)/.installed: pyproject.toml setup.py constraints.txt .ci/lowest.py
	@test -n "$(LOWEST_PYTHON)" || { echo "make test-lowest needs Python 3.11, the lowest that Arrowroot supports." >&2; exit 1; }
	@echo "Setting up the environment of lowest versions in $(LOWEST) (a few minutes, once) ..."
	@rm -rf $(LOWEST)
	@$(LOWEST_PYTHON) -m venv $(LOWEST) || { echo "Python's venv module is missing: install the package python3-venv." >&2; exit 1; }
	@$(LOWEST)/bin/python .ci/lowest.py > $(LOWEST)/lowest.txt
	@PIP_DISABLE_PIP_VERSION_CHECK=1 $(LOWEST)/bin/python -m pip install -qq -c $(LOWEST)/lowest.txt \
	    -e . hypothesis pytest pytest-xdist
	@touch $@

# Old versions of libraries warn of what they will change; only our own warnings are errors here.
test-lowest: $(LOWEST)/.installed
	@$(LOWEST)/bin/pytest -n 2 --dist loadscope $(CORE_TESTS) \
	    -m "not pinned and not extras and not browser and not metafor" \
	    -W default::DeprecationWarning -W default::PendingDeprecationWarning -W default::FutureWarning

# The settings in .jupyterlab (boards are saved with the notebook, no question about news) are
# defaults for this run alone: whoever has chosen otherwise in JupyterLab keeps that.
lab: $(STAMP)
	@echo "JupyterLab opens at the address printed below; stop it with Ctrl-C."
	@JUPYTER_CONFIG_PATH=$(CURDIR)/.jupyterlab $(BIN)/jupyter lab --ip=localhost --notebook-dir=. notebooks/00_start_here.ipynb

figures: $(STAMP)
	@$(BIN)/python docs/make_figures.py
	@echo "Figures are in docs/figures/ and build/gallery/."

docs: $(STAMP)
	@$(BIN)/sphinx-build -q -W --keep-going docs build/docs
	@echo "Documentation: build/docs/index.html"

bench: $(STAMP)
	@$(BIN)/python validation/bench/run.py

format: $(STAMP)
	@$(BIN)/ruff check -q --fix . || true
	@$(BIN)/ruff format .
	@$(BIN)/nbstripout notebooks/*.ipynb
	@echo "Formatted."

clean:
	@rm -rf build
