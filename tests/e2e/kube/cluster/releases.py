"""The Kubernetes releases and the etcd of the tests, found in the cache, built or unpacked."""

import functools
import os
import subprocess
from pathlib import Path

import pytest

CURRENT, WITHOUT_SLEEP = "1.36.3", "1.29.6"
"""What EKS ships by default now, and the last minor in which the API server refuses a preStop sleep."""

HERE = Path(__file__).parent
NOT_TO_BE_HAD = 69
BUILD_SECONDS = 3600


@functools.cache
def program(version: str, name: str) -> Path:
    """A program of a Kubernetes release; building it takes minutes once."""
    return _found("build_kubernetes.sh", version, name) / name


@functools.cache
def etcd() -> Path:
    return _found("find_etcd.sh")


def _found(script: str, *asked: str) -> Path:
    """Where it is; the test is skipped without the tools to get it, or fails where none may be left out."""
    done = subprocess.run(
        [HERE / script, *asked], capture_output=True, text=True, timeout=BUILD_SECONDS, check=False
    )
    if done.returncode == NOT_TO_BE_HAD and os.environ.get("EKSDNS_E2E_REQUIRED") != "1":
        pytest.skip(f"NOT TESTED against a real Kubernetes API server: {done.stderr.strip()}")
    if done.returncode:
        pytest.fail(f"{script} {' '.join(asked)} failed:\n{done.stderr[-2000:]}")
    return Path(done.stdout.strip())
