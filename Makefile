# libakool. `make demo` runs the main job, `make test` proves it. Every target installs what it needs itself.

PREFIX ?= /usr/local
DESTDIR ?=
ROUNDS ?=
CALLS ?=
SECONDS ?=
PART ?=
ONLY ?=

CC = gcc
COMMAND = build/bin/akool
LIBRARY = build/lib/libakool.so.1
DEBUG = build/debug/libakool.so.1
ASAN = build/asan/libakool.so.1
TSAN = build/tsan/libakool.so.1
FUZZING = build/fuzz/libakool.so.1
# A stamp: SwiftPM leaves the program's time alone when it links nothing.
SIMULATOR = simulator/.build/built
CURL = build/curl/lib/libcurl.so.4
PYTHON = .venv/bin/python
PYTEST = $(PYTHON) -m pytest -q -c Tests/pytest.ini
RUN = $(PYTHON) scripts/run_tests.py
BUILD_SCRIPTS = scripts/build_lib.sh scripts/libakool.map scripts/no_scalar_names.c scripts/tsan_once.c
SOURCES = $(shell find Package.swift Sources $(BUILD_SCRIPTS) -type f)
SWIFT_TESTS = $(shell find Tests/AkoolCoreTests Tests/AkoolABITests Tests/AkoolSimulatorTests -type f)
SIMULATOR_SOURCES = $(shell find Package.swift Sources/AkoolCore Sources/AkoolSimulator simulator/Package.swift simulator/Sources -type f)
SWIFT_FILES = Package.swift Sources Tests simulator/Package.swift simulator/Sources

.PHONY: help
help: ## the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

# The main job and the tests.

.PHONY: demo demo-http check test nightly mutants
demo: setup-demo $(LIBRARY) ## the main job, simulated in process
	@scripts/demo.sh

demo-http: setup-demo $(LIBRARY) $(SIMULATOR) ## the main job over HTTP, against akool-simulator
	@scripts/demo.sh --http

check: setup-test ## the one command before a commit: lint, Swift tests, C tests, generated files
	@$(RUN) --round check

test: setup-test ## every test suite; the last line counts what ran
	@$(RUN)

nightly: setup-nightly ## what takes long: PART=n runs one part of at most 80 minutes, otherwise all
	@$(RUN) --round nightly $(PART:%=--part %)

mutants: setup-test $(LIBRARY) $(SIMULATOR) ## patches that each break one rule must be found; ONLY=pattern for some
	@$(PYTHON) scripts/mutants.py $(ONLY)

# Products.

.PHONY: lib debug asan tsan node command simulator header
lib: setup-lib $(LIBRARY) ## build/lib/libakool.so

$(LIBRARY): $(SOURCES)
	@scripts/quietly.sh "library" 75 scripts/build_lib.sh

debug: setup-lib $(DEBUG) ## build/debug/libakool.so and the Swift tests, unoptimised

$(DEBUG): $(SOURCES) $(SWIFT_TESTS)
	@scripts/quietly.sh "debug library and its tests" 75 scripts/build_lib.sh --debug

asan: setup-lib $(ASAN) ## build/asan/libakool.so, with AddressSanitizer

$(ASAN): $(SOURCES)
	@scripts/quietly.sh "library with AddressSanitizer" 100 scripts/build_lib.sh --sanitize=address

tsan: setup-lib $(TSAN) ## build/tsan/libakool.so, with ThreadSanitizer

$(TSAN): $(SOURCES)
	@scripts/quietly.sh "library with ThreadSanitizer" 100 scripts/build_lib.sh --sanitize=thread

$(FUZZING): $(SOURCES)
	@scripts/quietly.sh "library for libFuzzer" 100 scripts/build_lib.sh --fuzz

node: setup-node $(LIBRARY) ## build/node/akool.node, the addon for Node
	@scripts/build_node.sh

command: setup-command $(COMMAND) ## build/bin/akool, the program for the command line

$(COMMAND): $(LIBRARY) include/akool.h $(wildcard command/*.[ch])
	@mkdir -p build/bin
	@$(CC) -std=c11 -D_XOPEN_SOURCE=700 -O2 -Wall -Wextra -pedantic -Werror -Iinclude command/*.c -o $@ -Lbuild/lib -lakool -ljansson \
	  -Wl,-rpath,'$$ORIGIN/../lib'

simulator: setup-simulator $(SIMULATOR) ## the simulator of the service over HTTP

$(SIMULATOR): $(SIMULATOR_SOURCES)
	@scripts/quietly.sh "simulator over HTTP" 240 swift build --package-path simulator
	@touch $@

$(CURL): scripts/build_curl.sh
	@scripts/quietly.sh "newer libcurl" 60 scripts/build_curl.sh --force
	@touch $@

GENERATORS = header docs reference node python cpp
header: setup-header $(LIBRARY) ## include/akool.h and akool.hpp, the generated pages in docs/ and parts of bindings
	@for generator in $(GENERATORS); do python3 scripts/generate_$$generator.py --library $(LIBRARY) || exit 1; done

# Packages.

.PHONY: npm wheel deb tarball packages install consumer-test
npm: setup-npm $(LIBRARY) ## dist/libakool-VERSION.tgz, for npm install
	@scripts/make_npm.sh

wheel: setup-wheel $(LIBRARY) ## dist/libakool-VERSION-py3-none-linux_x86_64.whl, for pip install
	@scripts/make_wheel.sh

deb: setup-deb $(LIBRARY) ## dist/*.deb: libakool1, libakool-dev and akool, for Debian and Ubuntu
	@scripts/make_deb.sh

tarball: setup-tarball $(LIBRARY) $(COMMAND) ## dist/libakool-VERSION-linux_x86_64.tar.gz: what install installs
	@scripts/make_tarball.sh

packages: setup-packages wheel npm deb tarball ## all packages, in dist/

install: $(LIBRARY) $(COMMAND) ## library, headers, files for pkg-config and CMake, and akool below PREFIX
	@PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) scripts/install.sh

consumer-test: setup-consumer-test packages ## installs each package in a clean place and runs the quick start there
	@AKOOL_DIST=$(CURDIR)/dist $(PYTEST) -o faulthandler_timeout=0 --whole Tests/consumers

# Single suites, whole rounds.

.PHONY: races faults conformance crash-test chaos fuzz live-check coverage
races: setup-test $(LIBRARY) $(SIMULATOR) ## ROUNDS requests (100000) that race cancels, waits and the end of clients
	@AKOOL_TEST_RACES=$(or $(ROUNDS),100000) $(PYTEST) Tests/c/test_races.c Tests/c/test_submit_races.c --whole

faults: setup-test $(LIBRARY) $(SIMULATOR) ## every fault with every operation on every kind of connection
	@$(PYTEST) Tests/faults --whole

conformance: setup-test $(LIBRARY) $(SIMULATOR) ## every request and answer of every operation against AKOOL's contract
	@$(PYTEST) Tests/conformance/test_contract.py

crash-test: setup-test $(LIBRARY) $(SIMULATOR) ## a program killed 1000 times, then the books; limits, watching, many rows
	@$(PYTEST) Tests/money/test_money.py -n4 -k "not chaos" --whole

chaos: setup-test $(LIBRARY) $(SIMULATOR) ## CALLS creates (10000) with 30 % faults and cancels, without a restart
	@$(PYTEST) Tests/money/test_money.py -k chaos --whole --rounds $(or $(CALLS),10000)

live-check: setup-test $(LIBRARY) ## AKOOL's real service against our assumptions; needs AKOOL_API_KEY, asks, costs 60 s at most
	@$(PYTHON) Tests/live/run.py

fuzz: setup-test $(FUZZING) ## frames, webhooks and replies made up by libFuzzer, each for SECONDS (60)
	@$(PYTEST) Tests/fuzz --seconds $(or $(SECONDS),60)

coverage: setup-test $(SIMULATOR) ## which lines the tests run, by folder
	@$(PYTHON) scripts/coverage.py --minimum AkoolCore/Calls=95 --minimum AkoolCore/Auth=95 --minimum AkoolCore/Transport=95

# Figures and style.

.PHONY: bench bench-instructions lint format clean
bench: setup-bench $(LIBRARY) ## throughput, CPU, latency and size beside plain libcurl programs
	@$(PYTHON) benchmarks/run.py

bench-instructions: setup-bench-instructions $(LIBRARY) ## instructions per call beside plain libcurl, and whether they grew
	@$(PYTHON) benchmarks/instructions.py --check

lint: setup-lint ## every language against its checked-in style; silent when all is well
	@$(PYTEST) Tests/lint

format: setup-format ## formats Swift, C, C++ and Python
	@swift format --in-place --recursive $(SWIFT_FILES)
	@.venv/bin/clang-format -i $$(git ls-files '*.c' '*.h' '*.cpp' '*.hpp')
	@.venv/bin/ruff format --quiet .
	@.venv/bin/ruff check --quiet --fix .

setup-%:
	@scripts/setup.sh $*

clean: ## removes what was built
	@rm -rf build dist .build .build-* simulator/.build .venv .venv-wheel
