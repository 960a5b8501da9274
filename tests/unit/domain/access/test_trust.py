"""What is found about a role's trust are values that differ where the facts do."""

from eksaddon.domain.access.trust import AUDIENCE, Missing, NotRead, Provider, Trust, TrustPolicy


def test_missing_objects_are_distinguished_from_unread_ones() -> None:
    found = Trust(Provider((AUDIENCE,)), TrustPolicy({}))
    assert found == Trust(Provider((AUDIENCE,)), TrustPolicy({}))
    assert len({Trust(Missing(), Missing()), Trust(Missing(), NotRead("denied"))}) == 2
