#!/usr/bin/env bash
# Builds a CoreDNS release from source with the Go toolchain, or the judge of Corefiles with that release in it,
# and prints where the binary is. A build takes minutes once; afterwards it comes from the cache.
#   build_coredns.sh 1.14.7
#   build_coredns.sh 1.14.7 judge
#   EKSDNS_E2E_CACHE   where binaries are kept (default: ~/.cache/eksdns-e2e)
set -euo pipefail

version="${1:?usage: build_coredns.sh VERSION [judge]}"
what="${2:-coredns}"
here="$(cd "$(dirname "$0")" && pwd)"
cache="${EKSDNS_E2E_CACHE:-$HOME/.cache/eksdns-e2e}"
[[ "$version" =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || { echo "not a CoreDNS version: $version" >&2; exit 64; }

build_coredns() {
  GOBIN="$1" go install "${flags[@]}" "github.com/coredns/coredns@v$version" >&2
  "$1/coredns" -version | grep -q "^CoreDNS-$version$"
}

build_judge() { # a module of its own for every release, so that each has exactly that release's dependencies
  cp "$here/corefile_judge/main.go" "$1/"
  ( cd "$1"
    go mod init judge && go get "github.com/coredns/coredns@v$version" && go build "${flags[@]}" -o judge . ) >&2
}

case "$what" in
  coredns) binary="$cache/coredns-$version" ;;
  judge)   binary="$cache/judge-$version-$(sha256sum "$here/corefile_judge/main.go" | cut -c1-12)" ;;
  *)       echo "not to be built: $what" >&2; exit 64 ;;
esac

mkdir -p "$cache"
exec 9>"$cache/$what-$version.lock"
flock 9 # another test process may be building the same one
if [ ! -x "$binary" ]; then
  command -v go >/dev/null || { echo "Go is not installed; see https://go.dev/dl" >&2; exit 69; }
  export CGO_ENABLED=0
  flags=(-trimpath -ldflags "-s -w")
  fresh="$(mktemp -d "$cache/build.XXXXXX")"
  trap 'rm -rf "$fresh"' EXIT
  echo "building $what $version" >&2
  renice -n 5 $$ >/dev/null
  "build_$what" "$fresh"
  mv "$fresh/$what" "$binary"
fi
echo "$binary"
