import pytest

from eksaddon.corefile.desired.servers import set_servers
from eksaddon.corefile.editing.edits import Reason, RefusedError
from eksaddon.corefile.meaning.marks import owned_blocks
from eksaddon.corefile.syntax.parser import parse
from eksaddon.corefile.syntax.surroundings import STOCK
from eksaddon.domain.corefile.desired import CorefileSetting, DesiredServer

MAIN = ".:53 {\n    errors\n    forward . /etc/resolv.conf\n}\n"
CORP = DesiredServer("corp", ("corp.example.com:53",), ("10.0.0.10", "10.0.0.11"), 30)
LAB = DesiredServer("lab", ("lab.example.com:53",), ("10.1.0.10",), 0)
CORP_TEXT = """# managed by eksdns: corp
corp.example.com:53 {
    errors
    cache 30
    forward . 10.0.0.10 10.0.0.11
}
"""
LAB_TEXT = """# managed by eksdns: lab
lab.example.com:53 {
    errors
    forward . 10.1.0.10
}
"""


def after(text: str, *servers: DesiredServer, left_alone: frozenset[str] = frozenset()) -> str:
    return set_servers(text, servers, left_alone, STOCK)


def refusal(text: str, *servers: DesiredServer) -> RefusedError:
    with pytest.raises(RefusedError) as error:
        after(text, *servers)
    return error.value


def test_servers_are_added_in_the_order_of_their_names() -> None:
    both = MAIN + "\n" + CORP_TEXT + "\n" + LAB_TEXT
    assert after(MAIN, LAB, CORP) == both
    assert after(after(MAIN, CORP), CORP, LAB) == both
    assert after(after(MAIN, LAB), CORP, LAB) == both
    assert after(both, CORP, LAB) == both


@pytest.mark.parametrize(
    "text",
    [MAIN, MAIN.rstrip(), MAIN + "\n\n", MAIN + "# end", MAIN.replace("\n", "\r\n"), "\n" + MAIN, ". {\n}"],
)
def test_removing_servers_gives_back_the_bytes_from_before_they_were_added(text: str) -> None:
    assert after(after(text, CORP)) == text
    assert after(after(text, CORP, LAB)) == text
    assert after(after(text, CORP, LAB), LAB) == after(text, LAB)
    assert after(after(text, CORP, LAB), CORP) == after(text, CORP)


def test_settings_of_a_server_are_in_its_block() -> None:
    settings = (
        CorefileSetting("cache.serve_stale", words=True),
        CorefileSetting("errors", words=False),
        CorefileSetting("forward.policy", ("sequential",)),
    )
    wanted = DesiredServer("corp", ("corp.example.com:53", "10.in-addr.arpa:53"), ("10.0.0.10",), 5, settings)
    assert after(MAIN, wanted).removeprefix(MAIN + "\n") == (
        "# managed by eksdns: corp\ncorp.example.com:53 10.in-addr.arpa:53 {\n"
        "    cache 5 {\n        serve_stale\n    }\n"
        "    forward . 10.0.0.10 {\n        policy sequential\n    }\n}\n"
    )


def test_a_setting_that_a_server_cannot_have_is_refused() -> None:
    wanted = DesiredServer(
        "corp", ("a:53",), ("10.0.0.10",), 5, (CorefileSetting("forward[2].policy", ("x",)),)
    )
    assert refusal(MAIN, wanted).refused.reason is Reason.AMBIGUOUS


@pytest.mark.parametrize("zones", [("a", "}"), ("import",), ()])
def test_zones_that_are_not_keys_are_refused(zones: tuple[str, ...]) -> None:
    refused = refusal(MAIN, DesiredServer("corp", zones, ("10.0.0.10",), 5)).refused
    assert (refused.reason, refused.hint) == (Reason.BAD_VALUE, "check its zones and addresses")


def test_a_changed_server_is_written_again_and_an_equal_one_keeps_its_bytes() -> None:
    text = after(MAIN, CORP, LAB)
    by_hand = text.replace("    cache 30", "  cache   30 # as before").replace("0.11\n}\n", "0.11\n} # end\n")
    assert after(by_hand, CORP, LAB) == by_hand
    changed = DesiredServer("corp", CORP.zones, ("10.0.0.99",), 30)
    assert after(by_hand, changed, LAB) == after(MAIN, changed, LAB)


def test_a_block_without_marker_is_never_touched() -> None:
    by_hand = MAIN + "\ncorp.example.com:53 {\n    forward . 10.9.9.9\n}\n"
    assert after(by_hand) == by_hand
    assert after(by_hand, LAB).startswith(by_hand)
    refused = refusal(by_hand, CORP).refused
    assert refused.reason is Reason.NOT_OWNED
    assert refused.line == 6
    assert refused.message == "a server block for corp.example.com.:53 exists that eksdns did not add"
    assert refused.hint == (
        "remove it, or write `# managed by eksdns: corp` in the line above it to let eksdns manage it"
    )
    handed_over = by_hand.replace("\ncorp", "\n# managed by eksdns: corp\ncorp")
    assert after(handed_over, CORP) == MAIN + "\n" + CORP_TEXT


def test_a_waived_server_is_neither_changed_nor_removed() -> None:
    text = after(MAIN, CORP, LAB)
    changed = DesiredServer("corp", CORP.zones, ("10.0.0.99",), 30)
    assert after(text, changed, LAB, left_alone=frozenset({"corp"})) == text
    assert after(text, left_alone=frozenset({"corp"})) == after(MAIN, CORP)
    assert after(text, left_alone=frozenset({"*"})) == text
    assert after(MAIN, LAB, left_alone=frozenset({"lab"})) == MAIN


# a text around a block, whether eksdns owns the block
MARKERS = {
    "# managed by eksdns: corp\na {\n}": True,
    "\t# managed by eksdns: corp \r\n\ta {\n}": True,
    ". {\n}\n# managed by eksdns: corp\na {\n}": True,
    "# managed by eksdns: corp\n\na {\n}": False,
    "# managed by eksdns: \na {\n}": False,
    "# managed by eksdns: a b\na {\n}": False,
    "x # managed by eksdns: corp\na {\n}": False,
    'b {\n log "\n# managed by eksdns: corp\n" \n}\na {\n}': False,
    '. {\n template IN A "\n# managed by eksdns: corp\na {" }\n}\na {\n}': False,
    "a {\n}": False,
}


@pytest.mark.parametrize(("text", "is_owned"), MARKERS.items())
def test_a_marker_is_the_comment_directly_above(text: str, *, is_owned: bool) -> None:
    assert [one.name for one in owned_blocks(parse(text))] == (["corp"] if is_owned else [])


def test_a_key_inside_of_a_quoted_word_is_not_a_marker() -> None:
    text = '. {\n log . "\n# managed by eksdns: corp\n"\n} a {\n}'
    assert owned_blocks(parse(text)) == ()


def test_one_marker_twice_is_refused() -> None:
    text = after(MAIN, CORP) + CORP_TEXT.replace("corp.example.com", "b")
    refused = refusal(text, CORP).refused
    assert refused.message == "two server blocks have the marker `# managed by eksdns: corp`"
    assert refused.hint == "remove the marker from the one that is not managed"


def test_a_block_that_does_not_end_by_its_own_brace_is_refused() -> None:
    refused = refusal("# managed by eksdns: corp\na\nerrors").refused
    assert refused.message == "the server block corp has no closing `}` of its own"


def test_words_behind_a_removed_block_stay() -> None:
    text = ". {\n}\n\n# managed by eksdns: corp\na {\n} b {\n}\n"
    assert after(text) == ". {\n}\n\n b {\n}\n"


def test_two_servers_of_one_zone_are_both_named() -> None:
    other = DesiredServer("again", ("lab.example.com:53", "CORP.example.com:53"), ("10.1.0.10",), 0)
    refused = refusal(MAIN, CORP, other).refused
    assert refused.reason is Reason.CONTRADICTORY
    assert refused.message == "the servers corp and again both serve corp.example.com.:53"
    assert refused.hint == "keep the zone in one of them"


def test_a_block_without_braces_would_swallow_the_new_one() -> None:
    assert refusal(".\nerrors\n", CORP).refused.reason is Reason.REFUSED_BY_COREDNS
    like_a_directive = DesiredServer("corp", ("log",), ("10.0.0.9",), 30)
    assert refusal(".\nerrors\n", like_a_directive).refused.reason is Reason.NOT_PROVEN
