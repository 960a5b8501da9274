#!/usr/bin/env bash
# Builds a reader of HCL with HashiCorp's own packages and prints where the binary is; later from the cache.
#   build_hcl_reader.sh
#   EKSDNS_E2E_CACHE   where binaries are kept (default: ~/.cache/eksdns-e2e)
set -euo pipefail

source="$(cd "$(dirname "$0")" && pwd)/hcl_reader/main.go"
cache="${EKSDNS_E2E_CACHE:-$HOME/.cache/eksdns-e2e}"
binary="$cache/hcl-reader-$(sha256sum "$source" | cut -c1-12)"

mkdir -p "$cache"
exec 9>"$cache/hcl-reader.lock"
flock 9 # another test process may be building it
if [ ! -x "$binary" ]; then
  command -v go >/dev/null || { echo "Go is not installed; see https://go.dev/dl" >&2; exit 69; }
  fresh="$(mktemp -d "$cache/build.XXXXXX")"
  trap 'rm -rf "$fresh"' EXIT
  echo "building the reader of HCL" >&2
  cp "$source" "$fresh/"
  ( cd "$fresh"
    go mod init hclreader
    go get github.com/hashicorp/hcl/v2@v2.24.0
    go mod tidy
    CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o reader . ) >&2
  mv "$fresh/reader" "$binary"
fi
echo "$binary"
