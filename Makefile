# Arrowroot. Every target can be run first: each makes the virtual environment it needs.
#
#   make report    run the main job: execute the notebooks, write build/report/index.html
#   make test      every check: format, lint, types, tests
#   make lab       open JupyterLab on the notebooks
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
# An activated environment must not leak into ours.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

.PHONY: help report test lab figures docs bench format clean

help:
	@sed -n '3,9s/^# *//p' Makefile

$(STAMP): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "Arrowroot needs Python 3.11 or newer; none was found on this machine." >&2; exit 1; }
	@echo "Setting up the environment in $(VENV) (a few minutes, once) ..."
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV) || { echo "Python's venv module is missing: install the package python3-venv." >&2; exit 1; }
	@PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install -qq -c constraints.txt -e '.[dev,docs]'
	@touch $@

report: $(STAMP)
	@$(BIN)/python -m synthesis.report --out build/report

test: $(STAMP)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/pytest -n 2 --dist loadscope

lab: $(STAMP)
	@echo "JupyterLab opens at the address printed below; stop it with Ctrl-C."
	@$(BIN)/jupyter lab --ip=localhost --notebook-dir=. notebooks

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
