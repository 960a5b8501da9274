#!/usr/bin/env bash
# Builds actionlint and prints where the binary is; later from the cache.
#   EKSDNS_E2E_CACHE   where binaries are kept (default: ~/.cache/eksdns-e2e)
set -euo pipefail

version="1.7.12"
cache="${EKSDNS_E2E_CACHE:-$HOME/.cache/eksdns-e2e}"
folder="$cache/actionlint-$version"

mkdir -p "$cache"
exec 9>"$folder.lock"
flock 9 # another test process may be building it
if [ ! -x "$folder/actionlint" ]; then
  command -v go >/dev/null || { echo "Go is not installed; see https://go.dev/dl" >&2; exit 69; }
  GOBIN="$folder" GOFLAGS=-buildvcs=false go install "github.com/rhysd/actionlint/cmd/actionlint@v$version" >&2
fi
echo "$folder/actionlint"
