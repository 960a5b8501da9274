"""Patterns that Go and Python read alike are tried; all others are nobody's."""

import pytest

from eksaddon.corefile.resolution.patterns import matches


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("", True),
        (".*", True),
        (r"^example\.com\.$", True),
        (r"^(www|example)\.com\.$", True),
        (r"[^.]+\.org\.$", False),
        ("EXAMPLE", None),
        (r"\d", None),
        ("(?i)x", None),
        ("(a+)+$", None),
        ("a*b*c*d*e*", None),
        ("a{2}", None),
        ("(", None),
    ],
)
def test_a_pattern_matches_or_does_not_or_is_not_tried(pattern: str, expected: bool | None) -> None:
    assert matches(pattern, "example.com.") is expected
