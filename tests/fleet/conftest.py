"""Fleets are simulated; the SDK's own back-off is told not to wait in real time."""

import botocore.endpoint
import pytest


@pytest.fixture(autouse=True)
def _no_real_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    class Time:
        @staticmethod
        def sleep(_: float) -> None:
            return None

    monkeypatch.setattr(botocore.endpoint, "time", Time)
