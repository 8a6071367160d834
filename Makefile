# make lab      open the course in JupyterLab     make lab ARGS="--no-browser --port 8899"
# make test     everything that must be green     make bench   speed, measured      make clean   start afresh
#
# Needs make and Python 3.11.4 or newer, nothing else. Another Python: PYTHON=python3.12 make lab
# Plain enough for the GNU make 3.81 of macOS; paths are relative, so a folder name may hold spaces.

PY = .venv/bin/python
PYTHONS = $(if $(PYTHON),"$(PYTHON)",python3 python3.14 python3.13 python3.12 python3.11 python)
NEW_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11, 4))
# What the panel in JupyterLab is built from, and what .venv was installed from: current while these texts stay the same.
PANEL = find mmteach/lab/labextension mmteach/lab/locale -type f ! -path '*/node_modules/*' ! -path '*/lib/*' ! -path '*/tests/*' \
	2>/dev/null | sort | while read -r file; do cksum "$$file"; done
STATE = { cat pyproject.toml; pwd; $(PY) -V; $(PANEL); } 2>&1
# Notebooks under test neither read nor write the Jupyter folders of whoever runs them.
ALONE = env JUPYTER_DATA_DIR="$$PWD/.venv/alone/data" JUPYTER_CONFIG_DIR="$$PWD/.venv/alone/config" \
	JUPYTER_RUNTIME_DIR="$$PWD/.venv/alone/runtime" IPYTHONDIR="$$PWD/.venv/alone/ipython" MPLBACKEND=agg \
	OMP_NUM_THREADS=1
# Every notebook runs twice: as a student gets it, and with the solutions filled in.
SOLVED = .venv/alone/solved
NBVAL = --nbval-lax --nbval-current-env --nbval-cell-timeout=120 -n 2 --dist loadfile

.PHONY: lab test bench clean venv

lab: venv
	@.venv/bin/mmteach lab $(ARGS)

test: venv
	@set -e; began=$$(date +%s); step() { echo; echo "== $$*"; "$$@"; }; \
	step $(PY) -m ruff check .; \
	step $(PY) -m ruff format --check .; \
	step $(PY) -m mypy; \
	step env OMP_NUM_THREADS=1 $(PY) -m pytest -n 2 --dist loadfile; \
	rm -rf $(SOLVED); step .venv/bin/mmteach exercises solve $(SOLVED); \
	step $(ALONE) $(PY) -m pytest $(NBVAL) notebooks/ $(SOLVED); \
	echo; echo "make test: all green in $$(($$(date +%s) - began)) s"

bench: venv
	@$(PY) tests/bench.py $(ARGS)

# mmteach-course/ is a student's work: never touched.
clean:
	rm -rf .venv build dist mmteach/lab/_static .screenshots *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
	find . -path ./mmteach-course -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +
	find . -path ./mmteach-course -prune -o -name .ipynb_checkpoints -type d -prune -exec rm -rf {} +

venv:
	@set -e; \
	if [ -n "$(PYTHON)" ] && [ -x $(PY) ] && [ "$$($(PY) -V)" != "$$("$(PYTHON)" -V 2>&1)" ]; then rm -rf .venv; fi; \
	if ! $(PY) -c '$(NEW_ENOUGH)' 2>/dev/null; then \
	  python=; \
	  for p in $(PYTHONS); do if "$$p" -c '$(NEW_ENOUGH)' 2>/dev/null; then python=$$p; break; fi; done; \
	  if [ -z "$$python" ]; then \
	    echo "mmteach needs Python 3.11.4 or newer, and none was found under the names:" $(PYTHONS) >&2; \
	    echo "Install one from python.org or your package manager, or name it: PYTHON=/path/to/python3 make lab" >&2; \
	    exit 1; \
	  fi; \
	  if ! "$$python" -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "$$python cannot make a virtual environment: install python3-venv (sudo apt-get install python3-venv)" >&2; \
	    exit 1; \
	  fi; \
	  rm -rf .venv; \
	  "$$python" -m venv .venv; \
	fi; \
	if ! $(STATE) | cmp -s - .venv/installed; then \
	  echo "Installing mmteach into .venv: about 5 minutes the first time, most of it PyTorch and building the panel"; \
	  $(PANEL) | cmp -s - .venv/panel || rm -rf mmteach/lab/_static; \
	  $(PY) -m pip install --quiet --disable-pip-version-check -e ".[test]"; \
	  $(PANEL) > .venv/panel; \
	  $(STATE) > .venv/installed; \
	fi
