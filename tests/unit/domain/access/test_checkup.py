"""What several checks of a target say together."""

import pytest

from eksaddon.domain.access.checkup import Check, CheckState, Checkup, Piece
from eksaddon.domain.target import ClusterRef

REF = ClusterRef("111122223333", "eu-west-1", "prod")
FINE, MISSING, UNPROVEN, SKIPPED = CheckState


@pytest.mark.parametrize(
    ("states", "word", "verdict"),
    [
        ((), SKIPPED, UNPROVEN),
        ((FINE, SKIPPED, UNPROVEN), FINE, FINE),
        ((FINE, MISSING, SKIPPED), MISSING, MISSING),
        ((UNPROVEN,), SKIPPED, UNPROVEN),
        ((SKIPPED, SKIPPED), SKIPPED, UNPROVEN),
    ],
)
def test_the_gravest_state_of_a_plane_is_reported(
    states: tuple[CheckState, ...], word: CheckState, verdict: CheckState
) -> None:
    checkup = Checkup(REF, tuple(Check(Piece.DESCRIBE_ADDON, state) for state in states))
    assert (checkup.word(kubernetes=False), checkup.verdict) == (word, verdict)
    assert checkup.word(kubernetes=True) is SKIPPED


def test_a_place_that_is_not_available_is_skipped() -> None:
    assert Checkup(REF, (Check(Piece.ACCOUNT, SKIPPED),)).verdict is SKIPPED
