# Everything runs from the virtual environment in .venv, which the first command makes.
PYTHON ?= python3
PORT ?= 8000
ARGS ?=
BIN := .venv/bin
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test lint format bench environment frontend stop clean

help: ## Say what can be made
	@echo "make run     bring everything up and serve on http://127.0.0.1:$(PORT)/ (PORT=8001 for another port)"
	@echo "make test    run every test on PostgreSQL, in parallel (ARGS=\"-k words\" for some of them)"
	@echo "make lint    check style, types, import contracts and migrations"
	@echo "make format  put the code into its form"
	@echo "make bench   measure what a learner waits for, against its floor"
	@echo "make stop    stop embedded databases that a killed command left running"
	@echo "make clean   remove what was built; keeps the data in var/"
	@echo "For one command of the project: .venv/bin/python manage.py help"

environment:
	@$(PYTHON) scripts/bootstrap.py

frontend: environment
	@$(BIN)/python scripts/frontend.py

run: environment frontend
	@DEMO=$${DEMO:-true} $(BIN)/python -m config.run
