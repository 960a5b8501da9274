"""Findings of `status` about the stored Corefile."""

import json

import pytest

from eksaddon.domain.observed import Managed
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.report.model.status import row

REF = ClusterRef("111122223333", "eu-west-1", "prod")
GOOD = ".:53 {\n    errors\n    health\n}\n"


def found(corefile: object, version: str = "v1.11.4-eksbuild.51") -> list[str]:
    observed = Managed(REF, version, "ACTIVE", json.dumps({"corefile": corefile}))
    return [one.summary for one in row(Target(REF), observed).diagnostics]


def test_a_corefile_that_coredns_would_refuse_is_found() -> None:
    (summary,) = found(GOOD.replace("errors", "erors"))
    assert summary.startswith("CoreDNS 1.11.4 will refuse the stored Corefile at its next start: ")


@pytest.mark.parametrize("corefile", [GOOD, "", None, 5])
def test_a_good_one_and_none_are_not(corefile: object) -> None:
    assert found(corefile) == []


def test_of_an_unknown_version_nothing_is_said() -> None:
    assert found(GOOD.replace("errors", "erors"), "latest") == []
