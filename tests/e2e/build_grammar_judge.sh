#!/usr/bin/env bash
# Builds the grammar judge with the packages of a CoreDNS release and prints where the binary is; later from the cache.
#   build_grammar_judge.sh 1.14.7
#   EKSDNS_E2E_CACHE   where binaries are kept (default: ~/.cache/eksdns-e2e)
set -euo pipefail

version="${1:?usage: build_grammar_judge.sh VERSION}"
source="$(cd "$(dirname "$0")" && pwd)/grammar_judge/main.go"
cache="${EKSDNS_E2E_CACHE:-$HOME/.cache/eksdns-e2e}"
binary="$cache/grammar-judge-$version-$(sha256sum "$source" | cut -c1-12)"

mkdir -p "$cache"
exec 9>"$cache/grammar-judge-$version.lock"
flock 9 # another test process may be building it
if [ ! -x "$binary" ]; then
  command -v go >/dev/null || { echo "Go is not installed; see https://go.dev/dl" >&2; exit 69; }
  fresh="$(mktemp -d "$cache/build.XXXXXX")"
  trap 'rm -rf "$fresh"' EXIT
  echo "building the grammar judge for $version" >&2
  cp "$source" "$fresh/"
  ( cd "$fresh"
    go mod init grammarjudge
    go get "github.com/coredns/coredns@v$version"
    CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o judge . ) >&2
  mv "$fresh/judge" "$binary"
fi
echo "$binary"
