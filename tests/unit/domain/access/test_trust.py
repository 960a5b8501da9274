"""What is found about a role's trust are values that differ where the facts do."""

from eksaddon.domain.access.trust import AUDIENCE, Missing, NotRead, Provider, Trust, TrustPolicy


def test_what_is_missing_is_not_what_no_one_looked_for() -> None:
    found = Trust(Provider((AUDIENCE,)), TrustPolicy({}))
    assert found == Trust(Provider((AUDIENCE,)), TrustPolicy({}))
    assert len({Trust(Missing(), Missing()), Trust(Missing(), NotRead("denied"))}) == 2
