#!/usr/bin/env bash
# Installs eksdns from the commit that this file is part of, with the dependencies of its lock file, into an
# environment of its own. `python -I` keeps modules of the working directory from being imported.
#   $1  folder of the environment; its bin folder is added to GITHUB_PATH
set -euo pipefail

source="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
pip=("$1/bin/python" -I -m pip install --quiet --disable-pip-version-check --no-input)

python -I -m venv "$1"
"${pip[@]}" --require-hashes --only-binary :all: -r "$source/requirements.txt"
"${pip[@]}" --no-deps --no-build-isolation --no-index "$source"
echo "$1/bin" >>"$GITHUB_PATH"
