#!/usr/bin/env bash
# Prints where etcd is: an installed one, or Debian's package unpacked in the cache, which needs no rights.
#   EKSDNS_E2E_CACHE   where it is kept (default: ~/.cache/eksdns-e2e)
set -euo pipefail

cache="${EKSDNS_E2E_CACHE:-$HOME/.cache/eksdns-e2e}"
etcd="$cache/etcd-server/usr/bin/etcd"

if command -v etcd; then exit 0; fi
mkdir -p "$cache"
exec 9>"$cache/etcd-server.lock"
flock 9 # another test process may be unpacking it
if [ ! -x "$etcd" ]; then
  command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null \
    || { echo "etcd is not installed, and without apt it cannot be fetched" >&2; exit 69; }
  fresh="$(mktemp -d "$cache/build.XXXXXX")"
  trap 'rm -rf "$fresh"' EXIT
  chmod 755 "$fresh" # apt downloads as a user of its own
  cd "$fresh"
  if ! apt-get download -qq etcd-server >&2; then
    apt-get update -qq >&2 # a fresh image has no package lists
    apt-get download -qq etcd-server >&2
  fi
  dpkg-deb -x etcd-server_*.deb unpacked
  unpacked/usr/bin/etcd --version >&2
  rm -rf "$cache/etcd-server"
  mv unpacked "$cache/etcd-server"
fi
echo "$etcd"
