import pytest

from eksaddon.domain.diagnostic import Location


@pytest.mark.parametrize(
    ("location", "text"),
    [
        (Location("eksdns.yaml", 3, 5), "eksdns.yaml:3:5"),
        (Location("eksdns.yaml", 3), "eksdns.yaml:3"),
        (Location("flag --lameduck"), "flag --lameduck"),
    ],
)
def test_a_place_prints_as_compilers_do(location: Location, text: str) -> None:
    assert str(location) == text
