# libakool. `make demo` runs the main job, `make test` proves it. Both set up what they need themselves.

PREFIX ?= /usr/local
DESTDIR ?=
ROUNDS ?=
CALLS ?=
SECONDS ?=

CC = gcc
COMMAND = build/bin/akool
LIBRARY = build/lib/libakool.so.1
SIMULATOR = simulator/.build/debug/akool-simulator
PYTHON = .venv/bin/python
SOURCES = $(shell find Package.swift Sources scripts/build_lib.sh scripts/libakool.map scripts/no_scalar_names.c -type f)
SIMULATOR_SOURCES = $(shell find Package.swift Sources/AkoolCore Sources/AkoolSimulator simulator/Package.swift simulator/Sources -type f)

.PHONY: help demo test lib header node npm wheel deb tarball packages consumer-test command simulator install faults conformance bench bench-instructions crash-test chaos fuzz live-check coverage asan tsan races lint format setup setup-packages setup-test setup-consumers clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: setup $(LIBRARY) $(SIMULATOR) ## the main job, simulated: in process, then over HTTP
	@scripts/demo.sh

test: setup-test $(LIBRARY) $(SIMULATOR) $(COMMAND) ## every test suite; the last line counts what ran
	@$(PYTHON) scripts/run_tests.py

lib: setup $(LIBRARY) ## build/lib/libakool.so

$(LIBRARY): $(SOURCES)
	@scripts/build_lib.sh

asan: setup ## build/asan/libakool.so, with AddressSanitizer
	@scripts/build_lib.sh --sanitize=address

tsan: setup ## build/tsan/libakool.so, with ThreadSanitizer
	@scripts/build_lib.sh --sanitize=thread

races: setup-test $(LIBRARY) $(SIMULATOR) ## ROUNDS requests (100000) that race cancels, waits and the end of clients
	@AKOOL_TEST_RACES=$(or $(ROUNDS),100000) FULL=1 scripts/test_c.sh lib test_races test_submit_races

header: setup $(LIBRARY) ## include/akool.h and akool.hpp, the pages in docs/ and the parts of bindings that are generated
	@python3 scripts/generate_header.py --library $(LIBRARY)
	@python3 scripts/generate_docs.py --library $(LIBRARY)
	@python3 scripts/generate_reference.py --library $(LIBRARY)
	@python3 scripts/generate_node.py --library $(LIBRARY)
	@python3 scripts/generate_python.py --library $(LIBRARY)
	@python3 scripts/generate_cpp.py --library $(LIBRARY)

node: setup $(LIBRARY) ## build/node/akool.node, the addon for Node
	@scripts/build_node.sh

npm: setup-packages $(LIBRARY) ## dist/libakool-VERSION.tgz, for npm install
	@scripts/make_npm.sh

wheel: setup-test $(LIBRARY) ## dist/libakool-VERSION-py3-none-linux_x86_64.whl, for pip install
	@scripts/make_wheel.sh

deb: setup-packages $(LIBRARY) ## dist/*.deb: libakool1, libakool-dev and akool, for Debian and Ubuntu
	@scripts/make_deb.sh

tarball: setup-packages $(LIBRARY) $(COMMAND) ## dist/libakool-VERSION-linux_x86_64.tar.gz: what install installs, for any place
	@scripts/make_tarball.sh

packages: wheel npm deb tarball ## all packages, in dist/

consumer-test: setup-consumers packages ## installs each package in a clean place and runs the quick start there
	@AKOOL_DIST=$(CURDIR)/dist $(PYTHON) -m pytest -q -c Tests/pytest.ini -o faulthandler_timeout=0 Tests/consumers

command: setup $(COMMAND) ## build/bin/akool, the program for the command line

$(COMMAND): $(LIBRARY) include/akool.h $(wildcard command/*.[ch])
	@mkdir -p build/bin
	@$(CC) -std=c11 -D_XOPEN_SOURCE=700 -O2 -Wall -Wextra -pedantic -Werror -Iinclude command/*.c -o $@ -Lbuild/lib -lakool -ljansson \
	  -Wl,-rpath,'$$ORIGIN/../lib'

simulator: setup $(SIMULATOR) ## the simulator of the service over HTTP

$(SIMULATOR): $(SIMULATOR_SOURCES)
	@swift build --package-path simulator

install: $(LIBRARY) $(COMMAND) ## library, headers, files for pkg-config and CMake, and akool below PREFIX
	@PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) scripts/install.sh

faults: setup-test $(LIBRARY) $(SIMULATOR) ## every fault with every operation on every kind of connection
	@$(PYTHON) Tests/faults/run.py

conformance: setup-test $(LIBRARY) $(SIMULATOR) ## every request and answer of every operation against AKOOL's contract
	@$(PYTHON) -m pytest -q -c Tests/pytest.ini Tests/conformance/test_contract.py

crash-test: setup-test $(LIBRARY) $(SIMULATOR) ## a program killed ROUNDS times (1000); then the books, from the request log
	@$(PYTHON) Tests/money/crash.py $(or $(ROUNDS),1000)

chaos: setup-test $(LIBRARY) $(SIMULATOR) ## CALLS creates (10000) with 30 % faults and cancels, without a restart
	@$(PYTHON) Tests/money/chaos.py $(or $(CALLS),10000)

live-check: setup-test $(LIBRARY) ## AKOOL's real service against our assumptions; needs AKOOL_API_KEY, asks, costs 60 s at most
	@$(PYTHON) Tests/live/run.py

fuzz: setup-test ## frames, webhooks and replies made up by libFuzzer, each for SECONDS (60)
	@Tests/fuzz/run.sh $(or $(SECONDS),60)

bench: setup-test $(LIBRARY) ## throughput, CPU, latency and size beside plain libcurl programs
	@$(PYTHON) benchmarks/run.py

bench-instructions: setup-test $(LIBRARY) ## instructions per call beside a plain libcurl program, under callgrind
	@$(PYTHON) benchmarks/instructions.py --check

coverage: setup-test $(SIMULATOR) ## which lines the tests run, by folder
	@$(PYTHON) scripts/coverage.py --minimum AkoolCore/Calls=95 --minimum AkoolCore/Auth=95 --minimum AkoolCore/Transport=95

lint: ## what swift-format has to say
	@swift format lint --strict --recursive Package.swift Sources Tests simulator/Package.swift simulator/Sources

format: ## formats the Swift sources
	@swift format --in-place --recursive Package.swift Sources Tests simulator/Package.swift simulator/Sources

setup:
	@scripts/setup.sh

setup-packages:
	@scripts/setup.sh --packages

setup-test:
	@scripts/setup.sh --test

setup-consumers:
	@scripts/setup.sh --consumers

clean: ## removes what was built
	@rm -rf build dist .build .build-* simulator/.build .venv
