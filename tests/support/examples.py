"""How many examples a property test draws where the usual number is too few or too many."""

from typing import Any

from hypothesis import settings

QUICK_EXAMPLES = 10
"""In the `quick` profile, for a test that fixes nothing."""

_USUAL, _FEWEST = 100, 5


def examples(count: int, **others: Any) -> settings:
    """Settings with that many examples in the `steady` profile, and in proportion in each other one."""
    return settings(max_examples=max(_FEWEST, count * settings().max_examples // _USUAL), **others)
