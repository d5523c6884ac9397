# `make run` and `make test` need git, make and Python 3.11 or newer with venv; everything else is fetched and locked.
PYTHON ?= python3
# `exec`: a SIGTERM that make hands on must reach the program, not a shell before it.
PREPARED = @exec "$(PYTHON)" -m api.bootstrap

# On the command line or in the environment: make run API_PORT=8001 SITE_PORT=4322 DATA_DIR=… DATABASE_URL=… SAMPLE=0
export API_PORT SITE_PORT DATA_DIR DATABASE_URL SAMPLE

.PHONY: run test check soak bench quality lock clean help
.DEFAULT_GOAL := help

run: ## start Meridian: the API on :8000 and the site on :4321, with the sample clinic; Ctrl-C stops it
	$(PREPARED) run

test: ## everything that guards main, in a real PostgreSQL and a real browser
	$(PREPARED) test

check: ## the quick part of `make test`: style, types, imports
	$(PREPARED) check

soak: ## the long rounds of the promises about reliability
	$(PREPARED) soak

bench: ## every figure beside its ceiling, into docs/performance.md; short: ROUNDS=1 SIZES=1000; PEER=postgraphile
	$(PREPARED) bench

quality: ## Lighthouse, html-validate, vnu (with Java) and linkinator over every kind of page, in one table
	$(PREPARED) measure

lock: ## pin the Python packages of pyproject.toml, with their hashes
	$(PREPARED) lock

clean: ## remove what was installed and built, not the data
	rm -rf .venv .cache frontend/node_modules frontend/dist frontend/.astro frontend/quality/node_modules frontend/quality/measuring/node_modules api/web/graphiql/node_modules tests/api/web/audit/node_modules tests/api/syndication/formats/node_modules tests/api/syndication/webhooks/verify/node_modules

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile
