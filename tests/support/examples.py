"""How many examples a property test draws where the usual number is too few or too many."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import settings

QUICK_EXAMPLES = 5
"""In the `quick` profile, for a test that fixes nothing."""

_USUAL, _FEWEST = 100, 3


def examples(count: int, **others: Any) -> settings:
    """Settings with that many examples in the `steady` profile, and in proportion in each other one."""
    return settings(max_examples=max(_FEWEST, count * settings().max_examples // _USUAL), **others)


def one_quick(cases: Iterable[Any], quick: int = 1) -> list[Any]:
    """The first cases as they are, and the others as slow tests: what differs between them is seen by CI."""
    found = list(cases)
    slow = [
        pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.slow)
        for case in found[quick:]
    ]
    return [*found[:quick], *slow]
