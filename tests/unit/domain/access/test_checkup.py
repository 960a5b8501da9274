"""What several checks of a target say together."""

import pytest

from eksaddon.domain.access.checkup import Check, CheckState, Checkup, Piece
from eksaddon.domain.target import ClusterRef

REF = ClusterRef("111122223333", "eu-west-1", "prod")
FINE, MISSING, UNPROVEN, SKIPPED = CheckState


@pytest.mark.parametrize(
    ("states", "word", "is_fine"),
    [
        ((), SKIPPED, True),
        ((FINE, SKIPPED, UNPROVEN), FINE, True),
        ((FINE, MISSING, SKIPPED), MISSING, False),
        ((UNPROVEN,), SKIPPED, True),
    ],
)
def test_the_gravest_state_of_a_plane_is_reported(
    states: tuple[CheckState, ...], word: CheckState, is_fine: bool
) -> None:
    checkup = Checkup(REF, tuple(Check(Piece.DESCRIBE_ADDON, state) for state in states))
    assert (checkup.word(kubernetes=False), checkup.is_fine) == (word, is_fine)
    assert checkup.word(kubernetes=True) is SKIPPED
