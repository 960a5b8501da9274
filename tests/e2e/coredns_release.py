"""A CoreDNS release, or the judge of Corefiles with that release in it, found in the cache or built."""

import base64
import functools
import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import pytest

CURRENT, OLD = "1.14.7", "1.11.4"
"""The newest release, and one that EKS still ships."""

BUILDABLE = ("1.10.1", "1.11.4", "1.12.4", "1.13.2", "1.14.3", "1.14.7")
"""One release of each line of CoreDNS that EKS ships and a Go of today builds, oldest first."""

CHOSEN = BUILDABLE if os.environ.get("EKSDNS_E2E_VERSIONS") == "all" else (OLD, CURRENT)
"""The releases that are built for a run of the tests.

A first build takes minutes of CPU time, so the others are built on demand; their verdicts are recorded in
upgrade/recorded_starts.json.
"""

SCRIPT = Path(__file__).with_name("build_coredns.sh")
NO_GO = 69
BUILD_SECONDS = 1800


def coredns(version: str = CURRENT) -> Path:
    return _built(version, "coredns")


@functools.cache
def _built(version: str, what: str) -> Path:
    """The binary; without Go the test is skipped, or fails where nothing may be left out."""
    done = subprocess.run(
        [SCRIPT, version, what], capture_output=True, text=True, timeout=BUILD_SECONDS, check=False
    )
    if done.returncode == NO_GO and os.environ.get("EKSDNS_E2E_REQUIRED") != "1":
        pytest.skip(f"NOT TESTED against a real CoreDNS {version}: Go is needed to build it")
    if done.returncode:
        pytest.fail(f"{what} {version} cannot be built:\n{done.stderr[-2000:]}")
    return Path(done.stdout.strip())


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """A Corefile and the environment that it is read in."""

    corefile: bytes
    env: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What CoreDNS says.

    Attributes:
        error: Empty where the Corefile is accepted.
    """

    error: str

    @property
    def ok(self) -> bool:
        return not self.error


def judged(cases: Sequence[Case], folder: Path, version: str = CURRENT) -> list[Verdict]:
    """CoreDNS's own verdict on each: parser, setup of every plugin, zones and addresses; no port is opened.

    Args:
        folder: Where relative paths in the Corefiles start.
    """
    requests = (
        {"id": "", "corefile": base64.b64encode(case.corefile).decode(), "env": dict(case.env)}
        for case in cases
    )
    done = subprocess.run(
        [_built(version, "judge")],
        input="".join(json.dumps(request) + "\n" for request in requests),
        capture_output=True,
        text=True,
        cwd=folder,
        env={"AWS_EC2_METADATA_DISABLED": "true"},
        timeout=300,
        check=True,
    )
    lines = (line for line in done.stdout.splitlines() if line.startswith('{"id"'))  # plugins print, too
    verdicts = [Verdict(json.loads(line).get("error", "")) for line in lines]
    assert len(verdicts) == len(cases)
    return verdicts
