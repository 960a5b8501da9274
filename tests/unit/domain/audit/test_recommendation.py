"""Recommended values: sums that add up, and settings that last for every propagation."""

from hypothesis import given
from hypothesis import strategies as st

from eksaddon.domain.audit.recommendation import Size, comparisons, replicas_for, values_for
from eksaddon.domain.termination import SECOND, Verdict
from tests.support.examples import examples


def by_path(propagation: int, size: Size = Size()) -> dict[str, str]:  # noqa: B008  # frozen
    return {one.path: one.text for one in values_for(propagation * SECOND, size)}


def test_at_ten_seconds_they_are_those_of_the_measurements() -> None:
    found = by_path(10)
    assert (found["preStop"], found["lameduck"], found["terminationGracePeriod"]) == ("5s", "20s", "45s")
    assert found["replicaCount"] == "3"
    assert "configuration.autoScaling" not in found


@examples(40)
@given(st.integers(1, 300))
def test_recommended_settings_fit_every_propagation(seconds: int) -> None:
    ours = comparisons(seconds * SECOND)[-1]
    assert (ours.name, ours.verdict, ours.cut_ns) == ("recommended", Verdict.FITS, 0)


def test_the_usual_settings_are_compared_at_the_same_propagation() -> None:
    assert [(one.name, one.verdict) for one in comparisons(10 * SECOND)] == [
        ("EKS's default", Verdict.TOO_SHORT),
        ("EKS's best practices", Verdict.TIGHT),
        ("field note 30/30/5", Verdict.CUT),
        ("recommended", Verdict.FITS),
    ]


def test_replicas_follow_the_size_and_one_may_be_missing() -> None:
    assert replicas_for(Size()) == (3, "2 + 1 spare")
    assert replicas_for(Size(nodes=120))[0] == 9
    assert replicas_for(Size(nodes=16, cores=2560)) == (
        11,
        "max(2, 16 nodes / 16, 2560 cores / 256) + 1 spare",
    )


def test_autoscaling_never_goes_below_the_count_that_an_update_applies_first() -> None:
    found = by_path(10, Size(nodes=120, autoscaling=True))
    assert found["configuration.autoScaling"] == "{enabled: true, minReplicas: 9, maxReplicas: 18}"
    assert found["replicaCount"] == "9"
