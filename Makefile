# make run    a demo site on this machine: its own environment, the bundled courses, invented people   [PORT=8000] [DATA=folder]
# make test   everything that must hold: style, types, floors, tests, browser tests where Chromium is
# make texts  brings the catalogues of translations up to date
# make bench  the product beside a bare Flask application, measured side by side

PYTHON ?= python3
PORT ?= 8000
DATA ?= elearn-data/demo
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test bench texts wheel clean

run: $(VENV)/run.stamp
	@$(BIN)/elearn demo --port $(PORT) --data $(DATA)

test: $(VENV)/test.stamp
	@tests/run.sh $(BIN)

bench: $(VENV)/test.stamp
	$(BIN)/python -m tests.performance.bench

texts: $(VENV)/test.stamp
	$(BIN)/python -m tests.texts

wheel: $(VENV)/test.stamp
	$(BIN)/python -m build --outdir dist

# what is asked for is pip: without Debian's python3-venv the environment is begun, and has none
$(BIN)/pip:
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "elearn needs Python 3.11 or newer"'
	$(PYTHON) -m venv --clear $(VENV)

$(VENV)/run.stamp: setup.cfg pyproject.toml | $(BIN)/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@touch $@

$(VENV)/test.stamp: setup.cfg pyproject.toml | $(BIN)/pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[test,postgresql,redis]'
	@touch $@ $(VENV)/run.stamp

clean:
	rm -rf $(VENV) build dist *.egg-info
