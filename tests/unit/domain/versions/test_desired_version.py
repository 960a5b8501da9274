"""How a desired version is written, and what stands one Kubernetes minor below."""

import pytest

from eksaddon.domain.versions.desired import (
    AtLeastVersion,
    DefaultVersion,
    DesiredVersion,
    ExactVersion,
    LatestVersion,
    read_desired_version,
)
from eksaddon.domain.versions.offered import previous_minor

EXACT = "v1.11.4-eksbuild.51"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("default", DefaultVersion()),
        ("latest", LatestVersion()),
        (EXACT, ExactVersion(EXACT)),
        (f">={EXACT}", AtLeastVersion(EXACT)),
        (f">= {EXACT}", AtLeastVersion(EXACT)),
    ],
)
def test_a_version_is_read_and_written_the_same_way(text: str, expected: DesiredVersion) -> None:
    assert read_desired_version(text) == expected
    assert str(expected) == text.replace(" ", "")


@pytest.mark.parametrize("text", ["", "Latest", "1.11.4", "v1.11.4", f"<={EXACT}", ">=default", f"{EXACT}\n"])
def test_other_text_is_not_a_version(text: str) -> None:
    assert read_desired_version(text) is None


@pytest.mark.parametrize(("one", "below"), [("1.34", "1.33"), ("1.0", ""), ("odd", ""), ("1.x", "")])
def test_the_minor_below(one: str, below: str) -> None:
    assert previous_minor(one) == below
