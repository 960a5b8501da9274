"""Verdicts on a write that names a version: the document alone proves nothing."""

import pytest

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.observed import Managed, NotInstalled, Unreachable
from eksaddon.domain.proof import Behind, Proof, Proven, Refused, Replaced, Verdict, verdict, what_is_stored
from eksaddon.domain.target import ClusterRef
from eksaddon.domain.update import UpdateError, UpdateRecord
from eksaddon.domain.versions.offered import VersionMove

REF = ClusterRef("111122223333", "eu-west-1", "prod")
OLD, NEW, OTHER = "v1.11.4-eksbuild.51", "v1.13.2-eksbuild.21", "v1.12.4-eksbuild.18"
MOVE = VersionMove(OLD, NEW)
OURS = UpdateRecord("u1", "Successful", params=(("AddonVersion", NEW), ("ConfigurationValues", "{}")))


def same(one: str | None, other: str | None) -> bool:
    return one == other


def addon(version: str, text: str = "{}") -> Managed:
    return Managed(REF, version, "ACTIVE", text)


def of(observed: Managed, update: UpdateRecord = OURS, move: VersionMove | None = MOVE) -> Verdict:
    return verdict(Proof(observed, update), "{}", "{}", same, move)


def test_the_version_and_the_document_are_proven_together() -> None:
    assert of(addon(NEW)) == Proven()


def test_the_version_from_before_is_late() -> None:
    assert isinstance(of(addon(OLD)), Behind)


@pytest.mark.parametrize("observed", [addon(OTHER), addon(NEW, '{"replicaCount":9}')])
def test_another_version_or_document_is_another_users(observed: Managed) -> None:
    found = of(observed)
    assert isinstance(found, Replaced)
    assert "another version or document is stored now" in found.trouble.message


def test_a_newer_update_to_another_version_makes_a_read_of_the_wanted_one_late() -> None:
    theirs = UpdateRecord("u2", "Successful", params=(("AddonVersion", OTHER),))
    assert isinstance(of(addon(OLD), theirs, None), Behind)
    assert of(addon(OTHER), theirs, None) == Proven()


@pytest.mark.parametrize(
    ("observed", "text"),
    [
        (addon(NEW), f"{NEW} with the new configuration is stored nevertheless"),
        (addon(OLD), f"{OLD} with the previous configuration is stored"),
        (addon(OTHER), f"{OTHER} is stored, with a version or configuration that was not expected"),
        (Unreachable(REF, Trouble(Cause.DENIED, "no")), "the stored version could not be read"),
        (NotInstalled(REF), "the stored version could not be read"),
    ],
)
def test_a_failed_update_says_what_is_stored(observed: Managed, text: str) -> None:
    assert what_is_stored(observed, "{}", "{}", same, MOVE) == text
    failed = UpdateRecord("u1", "Failed", errors=(UpdateError("Unknown", "no"),))
    found = of(observed, failed)
    assert isinstance(found, Refused)
    assert text in found.trouble.message
