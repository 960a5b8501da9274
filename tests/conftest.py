"""What all tests share: generated cases that are the same everywhere, and never a limit on wall time."""

import gc
import importlib
import os
import pkgutil
import tempfile
from functools import cache

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, given, is_hypothesis_test, settings, strategies

import eksaddon
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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if any(isinstance(item, pytest.Function) and is_hypothesis_test(item.obj) for item in items):
        _import_everything()


@cache
def _import_everything() -> None:
    """Hypothesis draws the constants of all imported modules too: the same ones, whichever tests are run.

    At its first example it looks for what refers to its generator, and does not see what is frozen.
    """
    gc.unfreeze()
    for module in pkgutil.walk_packages(eksaddon.__path__, "eksaddon."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    given(strategies.none())(lambda _: None)()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Collected tests and modules live to the end: the garbage collector need not look at them each time."""
    gc.collect()
    gc.freeze()


class _Traced:
    """Coverage of quick tests: slow ones do more cases of the same, and tracing triples their time."""

    def __init__(self, coverage: Coverage) -> None:
        self._coverage = coverage
        self._is_on = True

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """Coverage takes 0.1 s to start: it looks at every imported module."""
        is_on = item.get_closest_marker("slow") is None
        if is_on and not self._is_on:
            self._coverage.start()
        elif self._is_on and not is_on:
            self._coverage.stop()
        self._is_on = is_on


def pytest_configure(config: pytest.Config) -> None:
    if (coverage := Coverage.current()) is not None:
        config.pluginmanager.register(_Traced(coverage))
