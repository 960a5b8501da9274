"""Whether the live Corefile is still the one that a plan was made from."""

import pytest

from eksaddon.rules.live_base import base_digest, moved

BEFORE, PLANNED, EDITED = ".:53 {\n}\n", ".:53 {\n    errors\n}\n", ".:53 {\n    log\n}\n"
CHANGED = "the live Corefile was changed after the plan was made"
DELETED = "the live Corefile was deleted after the plan was made"


@pytest.mark.parametrize(
    ("base", "live", "reason"),
    [
        (BEFORE, BEFORE, ""),
        (BEFORE, PLANNED, ""),
        (BEFORE, EDITED, CHANGED),
        (BEFORE, None, DELETED),
        (None, EDITED, ""),
        (None, None, ""),
    ],
)
def test_only_the_base_and_the_planned_corefile_are_expected(base, live, reason):
    assert moved(base_digest(base), PLANNED, live) == reason
