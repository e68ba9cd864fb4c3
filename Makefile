# Everything runs from the virtual environment in .venv, which the first command makes from uv.lock.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
# As many as there are cores; WORKERS=0 keeps the tests in one process, for a debugger.
WORKERS ?= auto
BIN := .venv/bin
NPM := $(BIN)/python scripts/frontend.py
export PORT
# One thread for each process: on few cores, several only wait for each other.
export OPENBLAS_NUM_THREADS ?= 1

# With a database of your own the tests need a key as well, and no HTTPS.
test coverage: export SECRET_KEY ?= only-for-tests
test coverage: export HTTPS = false
run: export DEMO ?= true

# The parts of `make lint`; .pre-commit-config.yaml runs each where a commit changes what it checks.
LINT := lint-style lint-types lint-imports lint-migrations lint-settings lint-frontend

.DEFAULT_GOAL := help
.PHONY: help environment frontend run test coverage lint $(LINT) format schema bench stop clean

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo "Commands of the project: .venv/bin/python manage.py help"

environment: ## make the virtual environment with the locked packages
	@$(PYTHON) scripts/bootstrap.py

frontend: environment ## build the learner's app, if its sources changed
	@$(NPM)

run: environment frontend ## bring everything up and serve on 127.0.0.1 (PORT=8001 for another port)
	@$(BIN)/python -m config.run

test: environment frontend ## run every test on PostgreSQL, in parallel (ARGS="-k words" for some)
	@$(BIN)/python scripts/browser.py
	$(if $(ARGS),,@$(NPM) run test)
	@$(BIN)/pytest -n $(WORKERS) $(ARGS)

# Apart from `test`, since looking at every line makes a run about twice as long.
coverage: environment frontend ## run the Python tests and say which lines they never reach (ARGS="-k words" for some)
	@$(BIN)/python scripts/browser.py
	@$(BIN)/pytest -n $(WORKERS) $(ARGS) --cov

lint: $(LINT) ## check style, types, import contracts, migrations and settings

lint-style: environment
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lint-types: environment
	$(BIN)/mypy

lint-imports: environment
	$(BIN)/lint-imports --no-logo

lint-migrations: environment
	$(BIN)/python manage.py makemigrations --check --dry-run

# As on a server whose administrator has set nothing but what has no default.
lint-settings: export DATABASE_URL = postgres://assay@db.example/assay
lint-settings: export SECRET_KEY = for-this-check-only-and-as-long-and-varied-as-a-real-one
lint-settings: export HTTPS = true
lint-settings: environment
	$(BIN)/python manage.py check --deploy --fail-level WARNING

lint-frontend: environment
	$(NPM) run typecheck
	$(NPM) run lint

format: environment ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(NPM) run format

schema: environment ## tell the frontend what the API is now, and authors' editors what an item is
	$(BIN)/python manage.py spectacular --format openapi-json --file frontend/openapi.json
	$(BIN)/python manage.py item_schema > docs/item.schema.json
	$(BIN)/python manage.py assessment_schema > docs/assessment.schema.json
	$(NPM) run generate

bench: environment ## measure what a learner waits for, against its floor (ARGS="NAME --json")
	@$(BIN)/python -m bench $(ARGS)

stop: ## stop what runs from var/: the server, the scheduled work and the embedded database
	@test ! -x $(BIN)/python || $(BIN)/python -m config.stopping

clean: stop ## remove what was built; the data under var/ stay
	rm -rf .venv frontend/node_modules frontend/dist var/static var/static.made-from
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './frontend/*' -prune -exec rm -rf {} +
