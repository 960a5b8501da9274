import pytest
from hypothesis import given
from hypothesis import strategies as st

from eksaddon.corefile import (
    Surroundings,
    ZoneAddress,
    ZoneError,
    find_serving_fault,
    is_domain_name,
    main_block,
    matching_blocks,
    normal_zones,
    parse,
    served,
    zone_addresses,
)

# key, what CoreDNS serves
SERVED = [
    (".", ["dns://.:53"]),
    ("Example.ORG", ["dns://example.org.:53"]),
    ("example.org.:1053", ["dns://example.org.:1053"]),
    (".:+01053", ["dns://.:1053"]),
    (".:-1", ["dns://.:-1"]),
    ("dns://.", ["dns://.:53"]),
    ("tls://a", ["tls://a.:853"]),
    ("quic://a", ["quic://a.:853"]),
    ("grpc://a", ["grpc://a.:443"]),
    ("https://a", ["https://a.:443"]),
    ("https3://a", ["https3://a.:443"]),
    ("unix://a", ["unix://a.:"]),
    ("foo://a:1053", ["dns://foo://a.:1053"]),
    ("example.org:abc", ["dns://example.org:abc.:53"]),
    ("a:9223372036854775808", ["dns://a:9223372036854775808.:53"]),
    ("a:" + "9" * 30, ["dns://a:" + "9" * 30 + ".:53"]),
    ("www.example.org:1053{", ["dns://www.example.org:1053{.:53"]),
    ("10.0.0.0/24:1053", ["dns://0.0.10.in-addr.arpa.:1053"]),
    ("10.0.0.5/24", ["dns://0.0.10.in-addr.arpa.:53"]),
    ("0.0.0.0/0", ["dns://in-addr.arpa.:53"]),
    ("10.0.0.0/23", ["dns://0.0.10.in-addr.arpa.:53", "dns://1.0.10.in-addr.arpa.:53"]),
    ("10.0.0.0/33", ["dns://10.0.0.0/33.:53"]),
    ("10.0.0.0/x", ["dns://10.0.0.0/x.:53"]),
    ("10.0.0/24", ["dns://10.0.0/24.:53"]),
    ("2001:db8::/32", ["dns://8.b.d.0.1.0.0.2.ip6.arpa.:53"]),
    ("2001:db8::/31", [f"dns://{d}.b.d.0.1.0.0.2.ip6.arpa.:53" for d in "89"]),
    ("fe80::%eth0/10", ["dns://fe80::%eth0/10.:53"]),
    ("a\\.", ["dns://a\\..:53"]),
    ("\\..", ["dns://\\..:53"]),
    ("\\046\\.x", ["dns://\\046\\.x.:53"]),
    ("\u00c9\u0130", ["dns://\u00e9i.:53"]),
    ("\u00c9a\\.", ["dns://\u00e9a\\..:53"]),
]

# key, CoreDNS's words
NOT_SERVED = [
    ("", 'expecting data after last colon: ""'),
    (".:", 'expecting data after last colon: ".:"'),
    (
        '"\\\x01\x7f\t \u00e9\u200b\U000e0001:',
        'expecting data after last colon: "\\"\\\\\\x01\\x7f\\t \u00e9\\u200b\\U000e0001:"',
    ),
    (".:1053{", "zone is not a valid domain name: .:1053{"),
    ("a..b", "zone is not a valid domain name: a..b"),
    (".a", "zone is not a valid domain name: .a"),
    (":53", "zone is not a valid domain name: "),
    ("x" * 64, "zone is not a valid domain name: " + "x" * 64),
    ("\\\\" + "x" * 64, "zone is not a valid domain name: \\\\" + "x" * 64),
    ("x\u00c9\\.", "zone is not a valid domain name: x\u00c9\\."),
    ("a." * 128, "specified zone is too long: 256 > 255"),
    ("::1/64", "invalid CIDR ::1/64"),
    ("0::/64", "invalid CIDR 0::/64"),
]


@pytest.mark.parametrize(("key", "addresses"), SERVED)
def test_keys_are_served_as_coredns_serves_them(key: str, addresses: list[str]) -> None:
    assert [str(each) for each in zone_addresses(key)] == addresses
    assert normal_zones(key) == tuple(each.zone for each in zone_addresses(key))


@pytest.mark.parametrize(("key", "words"), NOT_SERVED)
def test_keys_are_refused_in_the_words_of_coredns(key: str, words: str) -> None:
    with pytest.raises(ZoneError) as refused:
        zone_addresses(key)
    assert str(refused.value) == words
    assert normal_zones(key) == ()


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("", False),
        (".", True),
        ("a.b", True),
        ("a..b", False),
        ("\\", False),
        ("a\\\\.", True),
        ("\\\\\\", True),
        ("\\.", True),
        ("\\001" * 63 + ".x", True),
        ("\\a" * 64, False),
        (".\\", False),
        ("\\a." * 100, True),
        ("\\a." * 129, False),
        ("a." * 128 + "\\c", False),
        ("a." * 127 + "\\bcd", False),
        ("a." * 127, True),
    ],
)
def test_domain_names_are_those_of_miekg_dns(name: str, is_one: bool) -> None:
    assert is_domain_name(name) is is_one


@given(st.text(max_size=30))
def test_any_key_is_served_or_refused_with_words(key: str) -> None:
    assert served_or_words(key)


LONG_NAMES = ("a" * 63, "a" * 64, "a." * 126 + "b", "a." * 127 + "b")


@given(st.text("aB0-_.", max_size=8) | st.sampled_from(LONG_NAMES))
def test_a_plain_name_is_served_as_with_its_scheme(key: str) -> None:
    """Plain names take a shorter way than keys with a scheme."""
    assert served_or_words(key) == served_or_words(f"dns://{key}")
    assert normal_zones(key) == normal_zones(f"dns://{key}")


def served_or_words(key: str) -> tuple[ZoneAddress, ...] | str:
    try:
        return zone_addresses(key)
    except ZoneError as refused:
        return str(refused)


# Corefile, CoreDNS's words
OVERLAPS = [
    (". {\n}\ndns://.:53 {\n}", "cannot serve dns://.:53 - it is already defined"),
    ("a.org A.ORG. {\n}", "cannot serve dns://a.org.:53 - it is already defined"),
    (
        ". {\n}\n. {\n bind 127.0.0.1\n}",
        "cannot serve dns://.:53 on 127.0.0.1 - zone overlap listener capacity with dns://.:53",
    ),
    (
        ". {\n bind 127.0.0.1\n}\n. {\n}",
        "cannot serve dns://.:53 - zone overlap listener capacity with dns://.:53 on 127.0.0.1",
    ),
    (". {\n bind 127.0.0.1 127.0.0.1\n}", "cannot serve dns://.:53 on 127.0.0.1 - it is already defined"),
    (
        "unix://x {\n}\nunix://x {\n view w {\n }\n}",
        "cannot serve unix://x.: - it is already defined",
    ),
    ("https3://. {\n}", "DoH3 requires TLS, no TLS config found"),
    (".:99999 {\n}", "address 99999: invalid port"),
    (".:-1 {\n}", "address -1: invalid port"),
]

FINE = [
    "",
    ". {\n}\ntls://. {\n}\n.:1053 {\n}\na.org {\n}\nunix:///tmp/x {\n}",
    ". {\n bind 127.0.0.1\n}\n. {\n bind ::1\n}",
    ". {\n bind eth0\n}\n. {\n bind eth0\n}",
    ". {\n bind 127.0.0.1 127.0.0.2 {\n  except 127.0.0.2\n }\n}\n. {\n bind 127.0.0.2\n}",
    ". {\n view v {\n }\n}\n. {\n}",
    ". {\n}\n. {\n view v {\n }\n}",
    "a . {\n view v {\n }\n}\nb . {\n view w {\n }\n}\nc . {\n}",
    "https3://a {\n tls c k\n}\nhttps3://b {\n}",
]


@pytest.mark.parametrize(("text", "words"), OVERLAPS)
def test_zones_served_twice_are_refused_in_the_words_of_coredns(text: str, words: str) -> None:
    fault = find_serving_fault(parse(text))
    assert fault is not None
    assert fault.text == words
    assert fault.token is not None


@pytest.mark.parametrize("text", FINE)
def test_zones_that_keep_apart_are_accepted(text: str) -> None:
    corefile = parse(text)
    assert corefile.fault is None
    assert find_serving_fault(corefile) is None


def test_a_block_is_found_by_any_writing_of_its_key_or_by_number() -> None:
    corefile = parse("a.org:53 b.org {\n}\n. {\n bind 127.0.0.1\n}\n. {\n bind 127.0.0.2\n}\nc.org:bad: {\n}")
    first, second, third = corefile.blocks[:3]
    assert [matching_blocks(corefile, key) for key in ("A.org", "dns://b.org.:53", "#1")] == [(first,)] * 3
    assert matching_blocks(corefile, ".") == (second, third)
    for unknown in ("x.org", "a.org:1053", ":", "#0", "#5", "#x", "#", "#\u00b2", "#" + "9" * 5000):
        assert matching_blocks(corefile, unknown) == ()


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("a.org {\n}\n. {\n}", (".",)),
        ("a.org {\n}\nb.org . {\n}", ("b.org", ".")),
        ("a.org {\n}\n.:1053 {\n}", ("a.org",)),
    ],
)
def test_the_main_block_serves_the_root_on_port_53_or_is_the_first(text: str, keys: tuple[str, ...]) -> None:
    block = main_block(parse(text))
    assert block is not None
    assert block.keys == keys


def test_an_empty_corefile_has_no_main_block() -> None:
    assert main_block(parse("")) is None


def test_keys_that_are_refused_serve_nothing() -> None:
    corefile = parse("a.org, b: {\n}", Surroundings())
    assert corefile.fault is not None
    assert served(corefile.blocks[0]) == (ZoneAddress("dns", "a.org.", "53"),)
