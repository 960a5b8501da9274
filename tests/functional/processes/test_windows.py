"""A process without the modules, signals and calls that Windows lacks; CI has a job on Windows itself."""

import subprocess
import sys

import pytest

from tests.support.paths import ROOT


@pytest.mark.slow
def test_eksdns_imports_and_runs_without_what_only_posix_has():
    command = [sys.executable, "-m", "tests.support.windows"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    first, *commands, locks = ended.stdout.splitlines()
    assert int(first.removeprefix("modules: ")) > 600
    assert [line.rpartition(" ")[2] for line in commands] == ["0"] * 5
    assert int(locks.removeprefix("locks: ")) > 0
