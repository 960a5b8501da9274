"""Probes on machines that do other work too."""

import math

import pytest


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stall of this machine is no part of what these tests are about."""
    monkeypatch.setattr("eksaddon.probe.engine.TOO_LATE", math.inf)
