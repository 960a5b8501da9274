"""Which preStop handler an apply cannot replace."""

import pytest

from eksaddon.rules.deployment_field import PRE_STOP, Field, to_replace

GRACE = Field("terminationGracePeriodSeconds", 45, 30, 30)


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ((), ""),
        ((GRACE,), ""),
        ((GRACE, Field(PRE_STOP, 5, 0, 0)), ""),
        ((GRACE, Field(PRE_STOP, 0, 5, 5)), "sleep"),
        ((GRACE, Field(PRE_STOP, 5, None, None, hook="exec")), "exec"),
    ],
)
def test_a_handler_of_another_kind_and_a_sleep_that_ends_are_removed_first(
    fields: tuple[Field, ...], kind: str
) -> None:
    assert to_replace(fields) == kind
