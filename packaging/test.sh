#!/usr/bin/env bash
# Installs what the tests need, builds everything with warnings as errors and runs all tests.
#
#   packaging/test.sh [CTEST OPTION...]        for example: packaging/test.sh -R tst_keep_mask
#
# Shares build/release with packaging/run.sh. The last line is ctest's own.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

packaging/dependencies.sh --build --run --test
cmake --preset release
cmake --build --preset release
exec ctest --preset release --no-label-summary "$@"
