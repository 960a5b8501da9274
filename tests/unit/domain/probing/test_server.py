"""DNS servers on the command line and in the fleet file."""

import pytest

from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.probing.server import read_server
from tests.support.rollouts import refs_of

REFS = refs_of(2)


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("10.0.0.10", "10.0.0.10", 53),
        ("10.0.0.10:5353", "10.0.0.10", 5353),
        ("[fd00::a]:5353", "fd00::a", 5353),
        ("[fd00::a]", "fd00::a", 53),
        ("fd00::a", "fd00::a", 53),
    ],
)
def test_an_address_is_read_with_or_without_a_port(text: str, address: str, port: int) -> None:
    found = read_server(text)
    assert (found.address, found.port) == (address, port)


@pytest.mark.parametrize(
    "text", ["", "dns.example", "10.0.0.10:", "10.0.0.10:x", "10.0.0.10:99999", "[fd00::a", "a b=10.0.0.1"]
)
def test_an_invalid_server_is_a_usage_error(text: str) -> None:
    with pytest.raises(EksdnsError) as caught:
        read_server(text)
    assert caught.value.exit_code is ExitCode.USAGE
    assert caught.value.hint


def test_a_server_answers_for_the_clusters_before_its_equals_sign() -> None:
    one = read_server("c00*=10.0.0.10:53")
    assert one.answers_for(REFS[0], "")
    assert not read_server("other=10.0.0.10").answers_for(REFS[0], "")
    assert read_server("10.0.0.10").answers_for(REFS[0], "")
