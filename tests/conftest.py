"""What all tests share: generated cases that are the same everywhere, and never a limit on wall time."""

import gc
import os
import tempfile

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from tests.support.examples import QUICK_EXAMPLES

settings.register_profile(
    "steady", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("quick", settings.get_profile("steady"), max_examples=QUICK_EXAMPLES)
settings.register_profile("search", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "nightly", deadline=None, max_examples=2000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

_STATE = tempfile.TemporaryDirectory(prefix="eksdns-tests-", ignore_cleanup_errors=True)
os.environ["XDG_STATE_HOME"] = _STATE.name


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Collected tests and modules live to the end: the garbage collector need not look at them each time.

    At its first example hypothesis looks for what refers to its generator, and does not see what is frozen.
    """
    given(strategies.none())(lambda _: None)()
    gc.collect()
    gc.freeze()
