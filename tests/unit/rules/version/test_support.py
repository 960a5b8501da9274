"""Ages of versions: how far behind, and when support ends."""

from datetime import date, timedelta

import pytest

from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.versions.offered import VersionList
from eksaddon.rules.version.support import age_findings, newer_versions, support_findings
from eksaddon.schema.kubernetes_support import SUPPORT

OLD, DEFAULT, NEW = "v1.11.4-eksbuild.51", "v1.12.4-eksbuild.18", "v1.13.2-eksbuild.21"
OFFER = VersionList("1.34", (NEW, DEFAULT, OLD, "v9-odd"), DEFAULT)
TODAY = date(2026, 11, 30)


def test_behind_counts_what_is_newer() -> None:
    assert newer_versions(OLD, OFFER) == (NEW, DEFAULT)
    assert newer_versions("v9-odd", OFFER) is None
    (found,) = age_findings(OLD, OFFER)
    assert found.summary == f"behind by 2: latest {NEW}, default {DEFAULT} for Kubernetes 1.34"
    (one,) = age_findings(DEFAULT, OFFER)
    assert one.summary == f"behind by 1: latest {NEW} for Kubernetes 1.34"
    assert list(age_findings(NEW, OFFER)) == []


def test_a_version_that_is_not_offered_any_more_is_a_warning() -> None:
    first, _ = age_findings("v1.10.1-eksbuild.38", OFFER)
    assert (first.severity, first.rule) == (Severity.WARNING, "version-unlisted")
    assert [one.rule for one in age_findings(OLD, VersionList("1.99"))] == []


@pytest.mark.parametrize(
    ("kubernetes", "severity", "text"),
    [
        ("1.31", Severity.WARNING, "Kubernetes 1.31 left extended support on 2026-11-26"),
        ("1.32", Severity.INFO, "Kubernetes 1.32 leaves extended support on 2027-03-23, in 113 days"),
        ("1.34", Severity.WARNING, "Kubernetes 1.34 leaves standard support on 2026-12-02, in 2 days"),
        ("1.99", Severity.INFO, "the end of support of Kubernetes 1.99 is not known"),
    ],
)
def test_what_is_said_on_a_day(kubernetes: str, severity: Severity, text: str) -> None:
    (found,) = support_findings(kubernetes, TODAY)
    assert (found.severity, found.summary) == (severity, text)
    assert "2026-08-22" in found.detail


def test_nothing_is_said_long_before_the_end() -> None:
    assert list(support_findings("1.36", TODAY)) == []


def test_the_last_day_is_still_supported() -> None:
    (found,) = support_findings("1.31", date(2026, 11, 26))
    assert "in 0 days" in found.summary
    assert [one.severity for one in support_findings("1.28", date(2025, 6, 1))] == [Severity.INFO]


def test_extended_support_follows_standard_support_by_a_year() -> None:
    for support in SUPPORT.values():
        if support.standard is not None:
            assert timedelta(360) < support.extended - support.standard < timedelta(372)
