import pytest

from eksaddon.corefile import parse
from eksaddon.schema import (
    KNOWN_VERSIONS,
    Certainty,
    DefaultCorefile,
    NoDefault,
    default_corefile,
    parse_version,
)


@pytest.mark.parametrize(
    ("version", "certainty"),
    [
        ("v1.9.3-eksbuild.5", Certainty.INFERRED),
        ("v1.9.3-eksbuild.40", Certainty.INFERRED),
        ("v1.9.4-eksbuild.1", Certainty.INFERRED),
        ("v1.10.1-eksbuild.2", Certainty.INFERRED),
        ("v1.10.1-eksbuild.4", Certainty.DOCUMENTED),
        ("v1.11.4-eksbuild.28", Certainty.DOCUMENTED),
        ("v1.14.3-eksbuild.14", Certainty.DOCUMENTED),
        ("v1.14.3-eksbuild.15", Certainty.INFERRED),
        ("v1.15.0-eksbuild.1", Certainty.INFERRED),
    ],
)
def test_versions_of_that_generation_have_the_one_default(version, certainty):
    found = default_corefile(parse_version(version))
    assert isinstance(found, DefaultCorefile)
    assert found.certainty is certainty


@pytest.mark.parametrize(
    "version",
    ["v1.8.7-eksbuild.21", "v1.9.3-eksbuild.3", "v1.10.1-eksbuild.1", "v2.0.0-eksbuild.1", "new-form"],
)
def test_of_other_versions_the_default_is_not_known_and_the_reason_is_given(version):
    found = default_corefile(parse_version(version))
    assert isinstance(found, NoDefault)
    assert found.reason


def test_the_default_is_a_corefile_with_the_endpoints_and_the_odd_brace():
    found = default_corefile(KNOWN_VERSIONS[-1])
    assert isinstance(found, DefaultCorefile)
    assert "    health {\n        lameduck 5s\n      }\n    ready\n" in found.text
    parsed = parse(found.text)
    assert parsed.fault is None
    (block,) = parsed.blocks
    assert list(block.groups) == [
        *(
            "errors",
            "health",
            "ready",
            "kubernetes",
            "prometheus",
            "forward",
            "cache",
            "loop",
            "reload",
            "loadbalance",
        )
    ]
