# Martlet. `make` alone lists the targets.

PREFIX ?= /usr/local
PACKAGES = libyaml-dev libopenblas-dev liblapacke-dev libfftw3-dev libsndfile1-dev libsoxr-dev libsvm-dev libzip-dev \
	libsqlite3-dev libssl-dev libavformat-dev libavcodec-dev libswscale-dev libavutil-dev pkg-config
MODULES = yaml-0.1 openblas lapacke fftw3 fftw3f sndfile soxr libzip sqlite3 libcrypto libavformat libavcodec libswscale libavutil
# Of libraries without a file of pkg-config's, a header.
HEADERS = libsvm/svm.h
BUILD = swift build -c release --static-swift-stdlib --product
BINARY = .build/release/martlet

.PHONY: help quickstart test lint bench parity install clean packages build

help:
	@echo "make quickstart   build, make practice faces and voices and classify emotions in them"
	@echo "make test         build and run all tests"
	@echo "make lint         check format and the direction of imports"
	@echo "make bench        measure speed, against librosa, NumPy, ffmpeg and ninja where they are there"
	@echo "make parity       compare with reference numbers; print the table"
	@echo "make install      install martlet to PREFIX (now $(PREFIX))"
	@echo "make clean        remove what was built"

packages:
	@.ci/packages "$(MODULES)" "$(HEADERS)" "$(PACKAGES)"

build: packages
	$(BUILD) martlet
	$(BUILD) martlet-media

quickstart: build
	$(BINARY) synth data/practice --actors 8 --video
	$(BINARY) run experiments/quickstart.yaml

test: packages
	.ci/test

lint:
	.ci/lint

bench: build
	for each in WorkerBenchmark SweepBenchmark AudioBenchmark VideoBenchmark LearningBenchmark; do $(BUILD) $$each; done
	Benchmarks/run $(BINARY)

parity: packages
	.ci/parity

install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	for each in martlet martlet-media; do \
		install -m 755 .build/release/$$each $(DESTDIR)$(PREFIX)/bin/$$each; \
		strip $(DESTDIR)$(PREFIX)/bin/$$each; done

clean:
	rm -rf .build .build-plugin
