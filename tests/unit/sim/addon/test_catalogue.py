import json

import pytest

from eksaddon.schema import KNOWN_VERSIONS
from eksaddon.sim.addon.catalogue import (
    ARCHITECTURES,
    COMPUTE_TYPES,
    RELEASES,
    default_version,
    kubernetes_for,
)
from eksaddon.sim.addon.schemas import packaged
from tests.support.paths import SHARED

ANSWER = SHARED / "reference/addon-versions.coredns.json"


LATER = {"v1.14.7-eksbuild.10"}
"""Listed after the answer was kept."""


@pytest.mark.skipif(not ANSWER.is_file(), reason=f"{ANSWER} is not there")
def test_the_table_says_what_eks_said():
    said = json.loads(ANSWER.read_text())["addonVersions"]
    assert [each["addonVersion"] for each in said] == [name for name in RELEASES if name not in LATER]
    for each in said:
        release = RELEASES[each["addonVersion"]]
        fits = each["compatibilities"]
        assert tuple(fit["clusterVersion"] for fit in fits) == release.kubernetes
        assert tuple(fit["clusterVersion"] for fit in fits if fit["defaultVersion"]) == release.default_of
        assert tuple(each["architecture"]) == ARCHITECTURES
        assert set(each["computeTypes"]) <= set(COMPUTE_TYPES)


def test_every_kubernetes_has_one_default():
    for minor in range(20, 37):
        defaults = [each.version for each in RELEASES.values() if f"1.{minor}" in each.default_of]
        assert defaults == [default_version(f"1.{minor}")]


def test_unknown_versions_have_neither_default_nor_kubernetes():
    assert default_version("1.99") is None
    assert kubernetes_for("v9.9.9-eksbuild.1") is None


def test_every_version_has_a_schema():
    assert {str(each) for each in KNOWN_VERSIONS} == set(RELEASES)
    assert all(packaged(version) for version in RELEASES)
