# Crossfoot: every target with its true inputs and outputs. GNU make 4.3.
#
# Content decides, not time: build/inputs/GROUP holds the hashes of a group of files and is touched only
# when one of them changes. A notebook runs again when a group that it depends on has changed.
#
# What a user gives is data: make takes it letter by letter, and a command gets it from its environment, in
# quotes. Make would expand the variables of its command line, `$(shell …)` too, to hand them to commands.
$(foreach .name,$(filter-out REPORT REPORTS SCHEDULER PYTHON,$(.VARIABLES)),\
  $(if $(filter command,$(firstword $(origin $(.name)))),$(error crossfoot: $(.name) is not a variable of this \
  Makefile; there are REPORT, REPORTS, SCHEDULER and PYTHON. For a program, set it before make: $(.name)=… make)))
$(if $(filter override,$(word 2,$(origin MAKEFLAGS))),$(error crossfoot: this Makefile cannot be run with -e))
$(foreach name,REPORT REPORTS SCHEDULER PYTHON,$(eval override $(name) := $$(value $(name))))
export REPORT REPORTS SCHEDULER PYTHON
MAKEOVERRIDES :=

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory -j2

# The report of the committed notebooks; `make audit REPORT=path` audits another one, beside them.
SEED  := zhifu-2019
CLEAN := data/clean/$(SEED)

# The groups of files that decide ---------------------------------------------------------------------

# what an audit of one report uses, and what stands beside it: papers, folders of reports, made-up reports
modules      = $(wildcard $(foreach depth,* */* */*/*,$(1)/$(depth).py $(1)/$(depth).toml $(1)/$(depth).typ $(1)/templates/*))
library     := $(sort $(call modules,lib/crossfoot))
beside      := $(sort $(call modules,lib/crossfoot_*))
verdicts    := data/raw/$(SEED).verdicts.toml
trust       := docs/localisation.csv
environment := requirements.lock
package     := pyproject.toml

# Each notebook with the tables and figures that it writes
NOTEBOOKS     := 01-extract 02-clean 03-reconcile 04-visualize
# of a folder of reports, made-up ones as it is stored: `make test` runs it, an audit of one report does not
ASIDE         := 05-corpus
01-extract    := notebooks/01-extract.ipynb
02-clean      := notebooks/02-clean.ipynb $(addprefix $(CLEAN)/,facts.csv readings.csv printed.csv extraction.csv datapackage.json)
03-reconcile  := notebooks/03-reconcile.ipynb $(addsuffix .csv,$(addprefix $(CLEAN)/,claims claim_cells statements \
                 statement_cells checks check_terms findings finding_checks corrections evidence verdicts counts coverage \
                 unnoticed unnoticed_cells unnoticed_checks))
04-visualize  := notebooks/04-visualize.ipynb $(CLEAN)/table_three.png build/$(SEED)/charts/*.svg

decides = $(addprefix build/inputs/,$(1))
build/due/01-extract:   $(call decides,01-extract raw library environment)
build/due/02-clean:     $(call decides,02-clean raw library environment)
build/due/03-reconcile: $(call decides,03-reconcile raw library verdicts trust environment)
build/due/04-visualize: $(call decides,04-visualize raw library environment)

SHA256 := $(if $(shell command -v sha256sum),sha256sum,shasum -a 256)
hash    = $(SHA256) "$$f" 2>/dev/null || echo "missing $$f"
hashes  = for f in $(1); do $(hash); done
changed = cmp -s $@.new $@ && rm $@.new || mv $@.new $@

$(call decides,library beside verdicts trust $(NOTEBOOKS)): build/inputs/%: FORCE
	@mkdir -p $(@D); { $(call hashes,$($*)); } > $@.new; $(changed)

# what the lock asks for, and what there is: each package's version, with Python's in the folder's name
build/inputs/environment: FORCE | .venv/ready
	@mkdir -p $(@D); { $(call hashes,$(environment)); printf '%s\n' .venv/lib/python*/site-packages/*.dist-info; } \
	  > $@.new; $(changed)

# what the manifest lists, also where the file is gone
build/inputs/raw: FORCE
	@mkdir -p $(@D); { echo manifest.toml; sed -n 's|^name = "\(.*\)"|\1|p' data/raw/manifest.toml; } | \
	  while IFS= read -r name; do f="data/raw/$$name"; $(hash); done > $@.new; $(changed)

# The environment -------------------------------------------------------------------------------------

PYTHONS := python3 python python3.13 python3.12 python3.11 python3.14
PY      := .venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export MPLCONFIGDIR := $(CURDIR)/.venv/matplotlib
export IPYTHONDIR := $(CURDIR)/.venv/ipython
unexport PYTHONPATH PYTHONHOME

# What decides about .venv stands in it: `make clean` keeps both.
.venv/inputs/environment .venv/inputs/package: .venv/inputs/%: FORCE
	@mkdir -p $(@D); { $(call hashes,$($*)); } > $@.new; $(changed)

# An environment knows its folder: in a moved checkout the package is installed again.
.venv/inputs/folder: FORCE
	@mkdir -p $(@D); pwd -P > $@.new; $(changed)

.venv/locked: .venv/inputs/environment
	@python=; for p in "$$PYTHON" $(PYTHONS); do \
	  if "$$p" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then python=$$p; break; fi; done; \
	if [ -z "$$python" ]; then echo "crossfoot: no Python 3.11 or later with its venv module was found;" \
	  "install one (on Debian: python3-venv) or name it: make PYTHON=/path/to/python3" >&2; exit 1; fi; \
	echo "Setting up .venv with $$("$$python" --version): about a minute, once"; \
	find .venv -mindepth 1 -maxdepth 1 ! -name inputs -exec rm -rf {} +; \
	"$$python" -m venv .venv || { echo "crossfoot: .venv could not be made; see above" >&2; exit 1; }; \
	$(PY) -m pip install -q --no-input --require-hashes --use-pep517 -r requirements.lock || { echo \
	  "crossfoot: the packages of requirements.lock could not be installed; see above, then try again" >&2; exit 1; }
	@touch $@

.venv/ready: .venv/locked .venv/inputs/package .venv/inputs/folder
	@$(PY) -m pip install -q --no-input --no-deps --no-build-isolation -e . || \
	  { echo "crossfoot: the package could not be installed; see above" >&2; exit 1; }
	@$(PY) -c 'import matplotlib.font_manager' 2>/dev/null
	@touch $@

# The audit -------------------------------------------------------------------------------------------

build/raw.verified: build/inputs/raw | .venv/ready
	@$(PY) -c 'from crossfoot.manifest import main; main()' data/raw
	@touch $@

$(addprefix build/due/,$(NOTEBOOKS)): | build/raw.verified
	@mkdir -p $(@D); touch $@

# One process runs all that are due. What they wrote is hashed before the marks are set.
build/audited: $(addprefix build/due/,$(NOTEBOOKS))
	@$(PY) -m crossfoot_cli.notebooks $(patsubst build/due/%,notebooks/%.ipynb,$?)
	@$(foreach n,$(notdir $?),{ $(call hashes,$($(n))); } > build/inputs/$(n);) touch $? $@

# The papers that people without Jupyter get, in build/$(SEED)/, and the findings in words: beside the notebooks.
build/summary.txt: $(call decides,raw library beside verdicts environment) | build/raw.verified
	@$(PY) -m crossfoot audit data/raw/$(SEED).pdf --out build > $@

.PHONY: audit
ifeq ($(REPORT),)
audit: build/audited build/summary.txt ## audit the 芝罘区 2019 report: notebooks and data/clean; REPORT=path audits another into build/
	@cat build/summary.txt; echo; echo "Evidence page, working paper and annotated report: build/$(SEED)"
else
audit: .venv/ready
	@name="$${REPORT##*/}"; out="build/$${name%.*}"; \
	$(PY) -m crossfoot_cli.notebooks --report="$$REPORT" --out="$$out" $(NOTEBOOKS:%=notebooks/%.ipynb); \
	$(PY) -m crossfoot audit --out build -- "$$REPORT"; printf 'Notebooks, tables and papers: %s\n' "$$out"
endif

# Everything else -------------------------------------------------------------------------------------

# Both run in any case; the last line says how each ended. `long` is said of a test in tests/matrices.py.
parallel := -n logical --maxprocesses 8
define tested
@trap 'exit 130' INT; units=passed; notebooks=passed; \
$(PY) -m pytest $(parallel) --dist worksteal $(1) || units=FAILED; \
$(PY) -m pytest $(parallel) --dist loadfile --nbval --nbval-current-env notebooks || notebooks=FAILED; \
echo "Unit tests: $$units. Notebooks against their stored outputs: $$notebooks."; \
[ "$$units$$notebooks" = passedpassed ]
endef

.PHONY: test test-all test-long
test: .venv/ready ## run the unit tests but the long matrices, and every notebook against its stored outputs
	$(call tested,-m 'not long')
test-all: .venv/ready ## run the same with the long matrices: killed clusters, a thousand pages, every sample
	$(call tested)
test-long: .venv/ready ## run the long matrices alone: what `make test-all` runs besides `make test`
	@$(PY) -m pytest $(parallel) --dist worksteal -m long

.PHONY: corpus
corpus: .venv/ready ## audit every report below REPORTS=dir into build/corpus, on SCHEDULER=tcp://host:port if given
	@if [ -z "$$REPORTS" ]; then echo "crossfoot: name a folder: make corpus REPORTS=dir" >&2; exit 1; fi; \
	$(PY) -m crossfoot corpus --out build/corpus $${SCHEDULER:+"--scheduler=$$SCHEDULER"} -- "$$REPORTS"; \
	$(PY) -m crossfoot_cli.notebooks --reports="$$REPORTS" --out build/corpus $(ASIDE:%=notebooks/%.ipynb); \
	echo "Who errs where, in pictures: build/corpus/$(ASIDE).ipynb"

.PHONY: bench
bench: .venv/ready ## plant known errors and measure the explanations: docs/localisation.*
	@$(PY) benchmarks/localisation.py --reports 40

SOURCES := lib tests scripts benchmarks
.PHONY: lint
lint: .venv/ready ## check style and types
	@$(PY) -m ruff check $(SOURCES)
	@$(PY) -m ruff format --check $(SOURCES)
	@$(PY) -m mypy

.PHONY: lab
lab: .venv/ready ## open JupyterLab on the notebooks
	@$(PY) -m jupyterlab notebooks

.PHONY: typeset
typeset: data/raw/$(SEED).pdf ## set the seed report's PDF from its text again
data/raw/$(SEED).pdf: scripts/typeset.py scripts/report.typ data/raw/$(SEED).txt | .venv/ready
	@$(PY) scripts/typeset.py data/raw/$(SEED).txt $@
	@echo "If it has changed, record its sha256 in data/raw/manifest.toml and say why"; $(SHA256) $@

.PHONY: lock
lock: .venv/ready ## pin the newest versions of all packages again (needs uv)
	@command -v uv >/dev/null || { echo "crossfoot: lock needs uv on PATH: pip install uv" >&2; exit 1; }
	@lock="uv pip compile pyproject.toml --universal --python-version 3.11 --fork-strategy fewest --upgrade \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate -q --group build \
	  --extra corpus --extra notebooks --extra papers --extra test"; \
	$$lock -o requirements.lock; \
	for extra in bench scan; do $$lock --extra $$extra -c requirements.lock -o requirements-$$extra.lock; done; \
	! grep -nE 'https?://|index-url' requirements*.lock

.PHONY: scan
scan: .venv/ready ## add the recogniser for scanned reports to .venv
	@$(PY) -m pip install -q --no-input --require-hashes -r requirements-scan.lock

.PHONY: clean distclean
clean: ## remove what `make audit` makes again, byte for byte
	rm -rf build data/clean/*/{*.csv,*.png,datapackage.json} .pytest_cache .mypy_cache .ruff_cache
	find lib tests scripts -name __pycache__ -type d -prune -exec rm -rf {} +
distclean: clean ## remove .venv too
	rm -rf .venv lib/*.egg-info

.PHONY: help
help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1	\2/p' Makefile | expand -t 14

print-%: ; $(info $(if $(filter file override,$(origin $*)),$($*),$(value $*)))@:
.PHONY: FORCE
FORCE:
