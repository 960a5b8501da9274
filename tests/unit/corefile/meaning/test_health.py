import pytest

from eksaddon.corefile import Fault, Health, lameducks, parse, read_health
from eksaddon.corefile.meaning.health import address_problem

SECOND = 1_000_000_000

# the body of the block, address, nanoseconds as written and as waited
READ = [
    ("health", "", 0, 0),
    ("health :8081", ":8081", 0, 0),
    ("health {\n lameduck 5s\n}", "", 5 * SECOND, 5 * SECOND),
    ("health {\n lameduck -5s\n}", "", -5 * SECOND, 0),
    ("health {\n lameduck 5s\n lameduck 6s\n}", "", 6 * SECOND, 6 * SECOND),
    ("health :1 {\n lameduck 5s\n}\nhealth\nhealth :2", ":2", 5 * SECOND, 5 * SECOND),
    ("health {\n} errors", "", 0, 0),
]

COUNT = "Error during parsing: Wrong argument count or unexpected line ending after"

# the body of the block, CoreDNS's words
REFUSED = [
    ("health 8080", "plugin/health: address 8080: missing port in address"),
    ('health ""', "plugin/health: missing port in address"),
    ("health {}", "plugin/health: address {}: missing port in address"),
    (
        "health a:1 b:2",
        f"plugin/health: Corefile:2 - {COUNT} 'b:2'",
    ),
    ("health {\n delay 5s\n}", "plugin/health: Corefile:3 - Error during parsing: unknown property 'delay'"),
    (
        "health {\n lameduck\n}",
        f"plugin/health: Corefile:3 - {COUNT} 'lameduck'",
    ),
    (
        "health { lameduck 5s }",
        f"plugin/health: Corefile:2 - {COUNT} '}}'",
    ),
    (
        "health {\n lameduck 5\n}",
        "plugin/health: unable to parse lameduck duration value: '5' : time: missing unit in duration \"5\"",
    ),
]


def body(text: str) -> Health | Fault | None:
    return read_health(parse(f". {{\n{text}\n}}").blocks[0])


@pytest.mark.parametrize(("text", "address", "written", "waited"), READ)
def test_later_healths_win_and_negative_ones_wait_not_at_all(
    text: str, address: str, written: int, waited: int
) -> None:
    found = body(text)
    assert isinstance(found, Health)
    assert (found.address, found.nanoseconds, found.effective) == (address, written, waited)


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_health_is_refused_in_the_words_of_coredns(text: str, words: str) -> None:
    found = body(text)
    assert isinstance(found, Fault)
    assert found.text == words
    assert lameducks(parse(f". {{\n{text}\n}}")).fault == found


def test_a_block_without_health_has_none() -> None:
    assert body("errors") is None
    found = lameducks(parse(". {\n errors\n}")).blocks[0]
    assert (found.has_health, found.nanoseconds) == (False, 0)


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        (":8080", ""),
        ("[::1]:8080", ""),
        (":http", ""),
        ("localhost:", ""),
        ("localhost", "address localhost: missing port in address"),
        ("::1:8080", "address ::1:8080: too many colons in address"),
        ("[::1]", "address [::1]: missing port in address"),
        ("[::1]x:80", "address [::1]x:80: missing port in address"),
        ("[::1]:80:80", "address [::1]:80:80: too many colons in address"),
        ("[::1:80", "address [::1:80: missing ']' in address"),
        ("[a[b]:80", "address [a[b]:80: unexpected '[' in address"),
        ("a]b:80", "address a]b:80: unexpected ']' in address"),
        ("a[b:80", "address a[b:80: unexpected '[' in address"),
    ],
)
def test_addresses_are_those_of_go(address: str, problem: str) -> None:
    assert address_problem(address) == problem
