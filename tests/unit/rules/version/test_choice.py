"""Which version a cluster moves to, and what it cannot go back to."""

import pytest

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.diagnostic import Diagnostic
from eksaddon.domain.versions.desired import DesiredVersion, read_desired_version
from eksaddon.domain.versions.offered import NotRequested, Offered, VersionList, VersionMove, VersionsSeen
from eksaddon.rules.version.choice import Choice, Keep, Refuse, choose, is_downgrade, latest, needs_offer
from eksaddon.rules.version.way_back import way_back

OLDEST, OLD, DEFAULT, NEW = (
    "v1.11.4-eksbuild.3",
    "v1.11.4-eksbuild.28",
    "v1.12.4-eksbuild.18",
    "v1.13.2-eksbuild.11",
)
LIST = VersionList("1.34", (NEW, DEFAULT, OLD, OLDEST), DEFAULT)
OFFERED = Offered(LIST, VersionList("1.33", (DEFAULT, OLD)))


def wanted(text: str) -> DesiredVersion:
    found = read_desired_version(text)
    assert found is not None
    return found


def choice(text: str, installed: str, seen: VersionsSeen = OFFERED, *, back: bool = False) -> Choice:
    return choose(wanted(text), installed, seen, allows_downgrade=back)


@pytest.mark.parametrize(
    ("text", "installed", "target"),
    [
        (NEW, OLD, NEW),
        ("default", OLD, DEFAULT),
        ("latest", OLD, NEW),
        (f">={OLD}", OLDEST, DEFAULT),
        (">=v1.13.2-eksbuild.2", OLD, NEW),
    ],
)
def test_an_older_cluster_moves(text: str, installed: str, target: str) -> None:
    assert choice(text, installed) == VersionMove(installed, target)


@pytest.mark.parametrize(
    ("text", "installed"), [(NEW, NEW), ("default", DEFAULT), ("latest", NEW), (f">={OLD}", DEFAULT)]
)
def test_a_cluster_that_has_it_stays(text: str, installed: str) -> None:
    assert choice(text, installed) == Keep()


def test_nothing_desired_keeps_the_version() -> None:
    assert choose(None, OLD, NotRequested()) == Keep()
    assert not needs_offer(None, OLD)


@pytest.mark.parametrize(("text", "is_needed"), [(OLD, False), (f">={OLDEST}", False), ("default", True)])
def test_the_list_is_read_only_where_it_decides(text: str, is_needed: bool) -> None:
    assert needs_offer(wanted(text), OLD) is is_needed


@pytest.mark.parametrize("text", ["default", "latest"])
def test_default_and_latest_do_not_go_back_unless_allowed(text: str) -> None:
    newer = "v1.14.3-eksbuild.2"
    kept = choice(text, newer)
    assert isinstance(kept, Keep)
    assert kept.finding is not None
    assert f"the installed {newer} is newer than" in kept.finding.summary
    assert isinstance(choice(text, newer, back=True), VersionMove)


def test_an_exact_older_version_is_refused_unless_allowed() -> None:
    refused = choice(OLD, NEW)
    assert isinstance(refused, Refuse)
    assert refused.finding.summary == f"{OLD} would be a downgrade from {NEW}"
    assert choice(OLD, NEW, back=True) == VersionMove(NEW, OLD)


def test_an_installed_version_of_unknown_form_needs_consent() -> None:
    assert is_downgrade("v2-odd", NEW)
    assert isinstance(choice(f">={OLD}", "v2-odd"), Keep)
    assert isinstance(choice(NEW, "v2-odd"), Refuse)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("v1.14.7-eksbuild.10", "v1.14.7-eksbuild.10"),
        (">=v1.14.7-eksbuild.10", "v1.14.7-eksbuild.10 or newer"),
    ],
)
def test_a_version_that_is_not_offered_is_refused_with_the_offered_ones(text: str, what: str) -> None:
    refused = choice(text, OLD)
    assert isinstance(refused, Refuse)
    assert refused.finding.summary == f"EKS does not offer {what} for Kubernetes 1.34"
    assert refused.finding.detail == f"offered: {NEW}, {DEFAULT}, {OLD}; default: {DEFAULT}"


@pytest.mark.parametrize("text", ["default", "latest"])
def test_an_empty_list_is_refused(text: str) -> None:
    refused = choice(text, OLD, Offered(VersionList("1.99"), VersionList("1.98")))
    assert isinstance(refused, Refuse)
    assert refused.finding.detail == "EKS offers no version"


@pytest.mark.parametrize("seen", [NotRequested(), Trouble(Cause.DENIED, "no")])
def test_a_list_that_was_not_read_is_refused(seen: VersionsSeen) -> None:
    refused = choice("latest", OLD, seen)
    assert isinstance(refused, Refuse)
    assert "could not be read" in refused.finding.summary


def test_the_latest_goes_by_number_and_skips_what_it_cannot_read() -> None:
    assert latest((OLDEST, OLD, "v9-new-form")) == OLD
    assert not latest(())


def back(before: str, after: str, seen: VersionsSeen = OFFERED) -> list[Diagnostic]:
    return list(way_back(VersionMove(before, after), seen))


def test_a_version_that_is_offered_before_and_after_closes_no_way_back() -> None:
    assert back(OLD, DEFAULT) == []


def test_a_version_that_is_no_longer_offered_cannot_be_restored() -> None:
    (found,) = back("v1.10.1-eksbuild.38", DEFAULT)
    assert "`eksdns rollback` cannot restore it" in found.summary


def test_a_version_that_the_previous_kubernetes_lacks_hinders_its_rollback() -> None:
    (found,) = back(OLD, NEW)
    assert found.summary == f"EKS does not offer {NEW} for Kubernetes 1.33"
    assert f"{DEFAULT} is offered for both" in found.detail
    (alone,) = back(OLD, NEW, Offered(LIST, VersionList("1.33", ("v1.10.1-eksbuild.38",))))
    assert "is offered for both" not in alone.detail


@pytest.mark.parametrize(
    "seen", [NotRequested(), Offered(LIST, Trouble(Cause.DENIED, "no")), Offered(LIST, VersionList(""))]
)
def test_nothing_is_said_about_what_was_not_read(seen: VersionsSeen) -> None:
    assert back(OLD, NEW, seen) == []
