# Xinlian 信链. A fresh Debian machine with Rust and Node needs nothing typed but `make demo` or `make test`.

SHELL := /bin/bash
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: package help demo deps tools check audit unit e2e pictures test assure clients fuzz cluster bench clean-demo

TOOLS := $(CURDIR)/target/tools/bin
export PATH := $(TOOLS):$(PATH)

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## Build the program, make a made-up district and serve it
	@scripts/deps.sh build
	cargo build --release --locked -p xinlian
	target/release/xinlian demo

deps: ## See what the tests need from Debian and npm, and install what is missing
	@scripts/deps.sh build test
	npm ci --ignore-scripts --no-audit --no-fund --prefix e2e

tools: ## Build cargo-deny and typos into target/tools, once
	@scripts/tools.sh

check: tools ## Formatting, lints, the house's own rules, licences, spelling
	cargo fmt --all -- --check
	@for own in fuzz cluster; do \
	  cargo fmt --manifest-path $$own/Cargo.toml -- --check || exit 1; \
	  cargo metadata --quiet --manifest-path $$own/Cargo.toml --locked --format-version 1 >/dev/null \
	    || { echo "do: cargo update --workspace --manifest-path $$own/Cargo.toml" >&2; exit 1; }; \
	done
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo run --quiet --locked -p xtask -- tidy
	@scripts/tools.sh run cargo-deny cargo deny --locked check --hide-inclusion-graph bans licenses sources
	@scripts/tools.sh run typos typos

audit: tools ## Ask the advisory database about our dependencies (needs the open internet)
	cargo deny --locked check

unit: ## All Rust tests, on SQLite and on a throw-away PostgreSQL, beside a throw-away MariaDB
	scripts/with-postgres.sh scripts/with-mariadb.sh cargo test --workspace --locked

e2e: ## The stories in Chromium, against a small demo
	cargo build --locked -p xinlian
	node --test-reporter=spec e2e/run.mjs

pictures: ## The pictures of the README, taken anew; look at each
	cargo build --locked -p xinlian
	node e2e/pictures.mjs

test: ## What CI runs: deps, check, unit, e2e
	$(MAKE) --no-print-directory deps
	$(MAKE) --no-print-directory check
	$(MAKE) --no-print-directory unit
	$(MAKE) --no-print-directory e2e

assure: ## The long forms of the tests of faults and guards, mutation of the rules, fuzzing, the cluster, and the package installed (an hour and a half)
	@scripts/deps.sh build test
	XINLIAN_KILLS=$${XINLIAN_KILLS:-1000} PROPTEST_CASES=$${PROPTEST_CASES:-20000} \
	  scripts/with-postgres.sh scripts/with-mariadb.sh cargo test --workspace --locked
	XINLIAN_IT_SEAL=1 scripts/with-postgres.sh cargo test -p xinlian-store --locked
	XINLIAN_IT_SEAL=straight scripts/with-postgres.sh cargo test -p xinlian-store --locked
	$(MAKE) --no-print-directory fuzz cluster clients
	cargo run --release --locked -p xinlian -- policy mutate
	$(MAKE) --no-print-directory package
	scripts/package-check.sh

clients: ## Other people's tools read the API's document: clients in TypeScript and Python, and calls made up to find what it does not say
	@scripts/deps.sh build test
	@[ -x target/clients/bin/python ] || python3 -m venv target/clients
	target/clients/bin/python -m pip install --quiet --disable-pip-version-check --requirement e2e/clients/requirements.txt
	cargo build --locked -p xinlian
	XINLIAN_E2E_PYTHON=$(CURDIR)/target/clients/bin/python node --test-reporter=spec e2e/run.mjs clients

fuzz: ## Feed every reader with what a fuzzer makes of it, FUZZ_SECONDS (60) for each target
	scripts/fuzz.sh

cluster: export CARGO_TARGET_DIR = $(CURDIR)/target/cluster
cluster: tools ## Build and test xinlian-cluster, which rates everyone on many machines (twenty minutes the first time)
	nice cargo clippy --manifest-path cluster/Cargo.toml --all-targets --locked --release -- -D warnings
	@scripts/tools.sh run cargo-deny cargo deny --manifest-path cluster/Cargo.toml --locked check --config cluster/deny.toml --hide-inclusion-graph bans licenses sources
	nice cargo test --manifest-path cluster/Cargo.toml --locked --release
	nice cargo build --manifest-path cluster/Cargo.toml --locked --release
	@echo "built: target/cluster/release/xinlian-cluster"

bench: ## Figures of ingest, large files, explanation, counter decisions, memory and pages, with machine and date; the ledger; linkage beside Splink, rating beside DuckDB
	@scripts/deps.sh build test
	cargo build --release --locked -p xinlian
	bench/run.sh
	bench/ingest/run.sh
	node bench/pages/run.mjs
	bench/ledger/run.sh
	bench/linkage/run.sh
	bench/rating/run.sh

package: ## What is installed: Debian package, tarball, list of components, checksums, in target/package
	@scripts/deps.sh build
	scripts/package.sh

clean-demo: ## Forget the demo's data
	rm -rf demo-data
