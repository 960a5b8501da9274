#!/usr/bin/env bash
# Builds parts of a Kubernetes release from source with the Go toolchain and prints the folder that they are in.
# A build takes minutes once; afterwards it comes from the cache.
#   build_kubernetes.sh 1.36.3 kube-apiserver kube-controller-manager
#   EKSDNS_E2E_CACHE   where binaries are kept (default: ~/.cache/eksdns-e2e)
#
# k8s.io/kubernetes is no library: it finds its own staging modules beside itself. They are published too, as
# v0.MINOR.PATCH, so a module that replaces each by that version can build the release's programs.
set -euo pipefail

version="${1:?usage: build_kubernetes.sh VERSION PROGRAM...}"
shift
here="$(cd "$(dirname "$0")" && pwd)"
cache="${EKSDNS_E2E_CACHE:-$HOME/.cache/eksdns-e2e}"
[[ "$version" =~ ^1\.[0-9]+\.[0-9]+$ ]] || { echo "not a Kubernetes version: $version" >&2; exit 64; }
for program in "$@"; do
  [[ "$program" =~ ^kube-[a-z-]+$ ]] || { echo "not to be built: $program" >&2; exit 64; }
done

folder="$cache/kubernetes-$version-$(sha256sum "$here/build_kubernetes.sh" | cut -c1-12)"

module() { # a module of its own for every release, so that each has exactly that release's dependencies
  local release language
  release="$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/.*"GoMod": "\(.*\)",/\1/p')"
  language="$(sed -n 's/^go //p' "$release")"
  go mod init kubernetes
  go mod edit -go="$language" -require="k8s.io/kubernetes@v$version"
  sed -n 's/^\t\(k8s.io\/[a-z-]*\) => .*/\1/p' "$release" | while read -r staging; do
    go mod edit -replace="$staging=$staging@v0.${version#1.}"
  done
}

build() { # without the cloud providers of old, which API servers before 1.30 carry
  local stamp=k8s.io/component-base/version minor="${version#1.}"
  local said="-X $stamp.gitVersion=v$version -X $stamp.gitMajor=1 -X $stamp.gitMinor=${minor%.*}"
  nice -n 5 \
    go build -p 2 -trimpath -tags providerless -ldflags "-s -w $said" -o "$1/$2" "k8s.io/kubernetes/cmd/$2"
  "$1/$2" --version | grep -q "^Kubernetes v$version$"
}

mkdir -p "$cache"
exec 9>"$cache/kubernetes-$version.lock"
flock 9 # another test process may be building the same one
missing=()
for program in "$@"; do [ -x "$folder/$program" ] || missing+=("$program"); done
if [ "${#missing[@]}" -gt 0 ]; then
  command -v go >/dev/null || { echo "Go is not installed; see https://go.dev/dl" >&2; exit 69; }
  fresh="$(mktemp -d "$cache/build.XXXXXX")"
  trap 'rm -rf "$fresh"' EXIT
  mkdir -p "$folder" "$fresh/module" "$fresh/out"
  export CGO_ENABLED=0 GOFLAGS=-mod=mod GOTOOLCHAIN=auto
  cd "$fresh/module"
  module >&2
  for program in "${missing[@]}"; do
    echo "building $program $version" >&2
    build "$fresh/out" "$program" >&2
    mv "$fresh/out/$program" "$folder/$program"
  done
fi
echo "$folder"
