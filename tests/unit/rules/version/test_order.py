"""What to upgrade first, by what EKS offers before and after."""

import pytest

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.versions.offered import VersionList, is_older
from eksaddon.rules.version.order import upgrade_order

OLD, BOTH, NEW = "v1.11.4-eksbuild.51", "v1.12.4-eksbuild.18", "v1.14.3-eksbuild.14"
NOW, THEN = VersionList("1.34", (BOTH, OLD)), VersionList("1.35", (NEW, BOTH))
DENIED = Trouble(Cause.DENIED, "no")


def test_an_installed_version_of_both_goes_second() -> None:
    found = upgrade_order(BOTH, NEW, NOW, THEN)
    assert (found.severity, found.detail) == (
        Severity.INFO,
        "upgrade the control plane first, then the add-on",
    )


def test_a_target_of_both_goes_first() -> None:
    found = upgrade_order(OLD, BOTH, NOW, THEN)
    assert found.summary == f"{OLD} is not offered for Kubernetes 1.35, {BOTH} is offered for both"
    assert found.detail == "upgrade the add-on before the control plane"


def test_between_two_that_are_not_of_both_is_one_that_is() -> None:
    found = upgrade_order(OLD, NEW, NOW, THEN)
    assert f"neither {OLD} nor {NEW} is offered for both versions" in found.summary
    assert f"move the add-on to {BOTH}, which is" in found.detail
    alone = upgrade_order(OLD, OLD, VersionList("1.34", (OLD,)), THEN)
    assert f"{OLD} is not offered for both versions" in alone.summary
    assert alone.detail == "upgrade the control plane, then the add-on"


def test_the_same_kubernetes_needs_no_order() -> None:
    assert upgrade_order(OLD, BOTH, NOW, NOW).summary == "the cluster has Kubernetes 1.34 already"


@pytest.mark.parametrize(("now", "then"), [(DENIED, THEN), (NOW, DENIED)])
def test_what_was_not_read_is_reported(now: VersionList | Trouble, then: VersionList | Trouble) -> None:
    assert "could not be read" in upgrade_order(OLD, NEW, now, then).summary


def test_an_older_kubernetes_is_a_rollback_of_one_version() -> None:
    found = upgrade_order(NEW, BOTH, THEN, NOW)
    assert (found.severity, found.summary) == (
        Severity.WARNING,
        "Kubernetes 1.34 is older than the cluster's 1.35",
    )
    assert found.detail.endswith(f"; downgrade the add-on to {BOTH} before, which is offered for both")
    kept = upgrade_order(BOTH, BOTH, THEN, NOW)
    assert kept.detail == "EKS rolls a control plane back by one version only, within 7 days of its upgrade"


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("1.9", "1.34", True), ("1.34", "1.9", False), ("1.34", "1.34", False), ("", "1.34", False)],
)
def test_kubernetes_versions_are_compared_as_numbers(one: str, other: str, *, expected: bool) -> None:
    assert is_older(one, other) is expected
