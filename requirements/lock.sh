#!/bin/sh
# Exact versions and hashes for every supported Python, and no address of any registry.
set -eu
lock() {
  uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
    --no-emit-index-url --no-header --no-annotate --quiet "$@"
}
lock --group build -o requirements/run.txt
lock --group build --group test -c requirements/run.txt -o requirements/test.txt
lock --group build --group test --group check -c requirements/test.txt -o requirements/dev.txt
lock --group bench -c requirements/run.txt -o requirements/bench.txt
