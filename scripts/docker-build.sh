#!/bin/sh
# The RUN lines of the Dockerfile, for a folder that holds what its COPY lines name. A test compares the two.
set -eux
python3 -m venv venv
venv/bin/python -m pip install --no-cache-dir --quiet --require-hashes --requirement requirements.lock
venv/bin/python -m pip wheel --no-cache-dir --quiet --no-deps --no-build-isolation --wheel-dir dist .
venv/bin/python -m pip install --no-cache-dir --quiet --no-deps --no-index dist/childcare_api-*.whl
rm -rf src migrations dist build
mkdir --mode=0700 data
chown nobody data
