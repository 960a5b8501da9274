import pytest

from eksaddon.corefile import Edited, Reason, Refused, Surroundings, lameducks, parse, set_lameduck
from eksaddon.domain.diagnostic import Location
from tests.support.corefile.memory_files import MemoryFiles

SECOND = 1_000_000_000

# the Corefile before and after `lameduck 20s`
EDITED = {
    "a value is replaced": (
        ". {\n    health {\n        lameduck 5s # keep\n    }\n}\n",
        ". {\n    health {\n        lameduck 20s # keep\n    }\n}\n",
    ),
    "quotes stay": (
        '. {\n health {\n  lameduck "5s"#c\n }\n}',
        '. {\n health {\n  lameduck "20s"#c\n }\n}',
    ),
    "a glued comment stays": (
        ". {\n health {\n  lameduck 5s#five\n }\n}",
        ". {\n health {\n  lameduck 20s#five\n }\n}",
    ),
    "the last of several wins": (
        ". {\n health {\n  lameduck 1s\n  lameduck 2s\n }\n health :8081 {\n  lameduck 3s\n }\n}",
        ". {\n health {\n  lameduck 1s\n  lameduck 2s\n }\n health :8081 {\n  lameduck 20s\n }\n}",
    ),
    "the property behind the brace": (
        ". {\n health { lameduck 5s\n }\n}",
        ". {\n health { lameduck 20s\n }\n}",
    ),
    "words behind a closing brace": (
        ". {\n health {\n } errors {\n lameduck 5s\n }\n}",
        ". {\n health {\n } errors {\n lameduck 20s\n }\n}",
    ),
    "bare health gets braces": (
        ".:53 {\n    errors\n    health\n    ready\n}\n",
        ".:53 {\n    errors\n    health {\n        lameduck 20s\n    }\n    ready\n}\n",
    ),
    "an address and a comment stay": (
        ". {\n\thealth :8080 # c\n\tkubernetes a {\n\t\tpods insecure\n\t}\n}\n",
        ". {\n\thealth :8080 { # c\n\t\tlameduck 20s\n\t}\n\tkubernetes a {\n\t\tpods insecure\n\t}\n}\n",
    ),
    "a comment glued to bare health is kept apart": (
        ". {\n  health#c\n}",
        ". {\n  health { #c\n    lameduck 20s\n  }\n}",
    ),
    "bare health at the end without a line feed": (
        ".\nhealth",
        ".\nhealth {\n    lameduck 20s\n}",
    ),
    "the last of several bare ones": (
        ". {\n  health\n  health :8081\n}",
        ". {\n  health\n  health :8081 {\n    lameduck 20s\n  }\n}",
    ),
    "empty braces are filled": (
        ". {\n health {\n # hi\n }\n}",
        ". {\n health {\n  lameduck 20s\n # hi\n }\n}",
    ),
    "empty braces on one line": (
        ". {\n health { }\n}",
        ". {\n health {\n  lameduck 20s\n }\n}",
    ),
    "braces that touch a comment": (
        ". {\n health {#c }\n}",
        ". {\n health {#c \n  lameduck 20s\n }\n}",
    ),
    "health is inserted first, with the line endings and the indent in use": (
        ".:53 { # main\r\n  errors\r\n}\r\n",
        ".:53 { # main\r\n  health {\r\n    lameduck 20s\r\n  }\r\n  errors\r\n}\r\n",
    ),
    "a directive on the line of the brace moves down": (
        ". { errors\n}",
        ". {\n    health {\n        lameduck 20s\n    }\n    errors\n}",
    ),
    "a block without braces": (
        ".:53 # main {\n errors\n}\n",
        ".:53 # main {\n health {\n  lameduck 20s\n }\n errors\n}\n",
    ),
    "nothing but a key": (".", ".\nhealth {\n    lameduck 20s\n}"),
    "an empty block, indented as elsewhere": (
        ". {\n}\na {\n\tlog\n}",
        ". {\n\thealth {\n\t\tlameduck 20s\n\t}\n}\na {\n\tlog\n}",
    ),
    "a brace on a later line": (
        ".\n\n{\n errors\n}",
        ".\n\n{\n health {\n  lameduck 20s\n }\n errors\n}",
    ),
    "a byte order mark is no indent": (
        "\ufeff. {\n errors\n}",
        "\ufeff. {\n health {\n  lameduck 20s\n }\n errors\n}",
    ),
    "bytes that are no text survive": (
        ". {\n # \udcff\n errors\n}",
        ". {\n health {\n  lameduck 20s\n }\n # \udcff\n errors\n}",
    ),
    "the main block, where none has health": (
        "a.org {\n errors\n}\n. {\n errors\n}",
        "a.org {\n errors\n}\n. {\n health {\n  lameduck 20s\n }\n errors\n}",
    ),
    "the block with health, though it is not the main one": (
        "a.org {\n health\n}\n. {\n errors\n}",
        "a.org {\n health {\n  lameduck 20s\n }\n}\n. {\n errors\n}",
    ),
    "the main block, where several have health without lameduck": (
        "a {\n health\n}\n. {\n health\n}\n",
        "a {\n health\n}\n. {\n health {\n  lameduck 20s\n }\n}\n",
    ),
    "the only lameduck, where several have health": (
        ". {\n health {\n  lameduck 0s\n }\n}\na {\n health {\n  lameduck 5s\n }\n}",
        ". {\n health {\n  lameduck 0s\n }\n}\na {\n health {\n  lameduck 20s\n }\n}",
    ),
    "a snippet that one block imports": (
        "(s) {\n health\n}\n. {\n import s\n}\n",
        "(s) {\n health {\n  lameduck 20s\n }\n}\n. {\n import s\n}\n",
    ),
    "a snippet on one line": (
        "(s) { health }\n. {\n import s\n}\n",
        "(s) { health {\n    lameduck 20s\n} }\n. {\n import s\n}\n",
    ),
    "an address from the environment stays": (
        ". {\n health :{$PORT}\n}",
        ". {\n health :{$PORT} {\n  lameduck 20s\n }\n}",
    ),
}

# the Corefile, the reason, words of the message, line and column
REFUSED = {
    "what CoreDNS cannot parse": (
        ". {\n nosuch\n}", Reason.UNPARSABLE, "Corefile:2 - Error during parsing", 2, 2,
    ),
    "what CoreDNS cannot set up": (
        ". {\n health 5s\n}", Reason.REFUSED_BY_COREDNS, "plugin/health: address 5s", 2, 9,
    ),
    "two arguments": (
        ". {\n health {\n  lameduck 5s 6s\n }\n}", Reason.REFUSED_BY_COREDNS, "Corefile:3 - ", 3, 15,
    ),
    "a zone served twice": (". {\n}\n. {\n}", Reason.REFUSED_BY_COREDNS, "cannot serve dns://.:53", 3, 1),
    "a brace too many": (". {\n errors\n}\n}", Reason.STRUCTURE, "reads an extra `}` as a zone name", 4, 1),
    "a borrowed brace": (". {\n health {\n }", Reason.STRUCTURE, "no closing `}`", 1, 3),
    "a dropped block": ("{\n errors\n}\n. {\n}", Reason.STRUCTURE, "drops a server block", 1, 1),
    "no block at all": ("# nothing", Reason.NO_SUCH_BLOCK, "no server block", 0, 0),
    "a value from the environment": (
        (". {\n health {\n  lameduck "
            "{$WAIT}\n }\n}"), Reason.FROM_ENVIRONMENT, "`{$WAIT}` is set by an environment variable", 3, 12,
    ),
    "a name from the environment": (
        ". {\n {$NAME}\n}", Reason.FROM_ENVIRONMENT, "turns `{$NAME}` into `health`", 2, 2,
    ),
    "a snippet that two blocks import": (
        "(s) {\n health\n}\na {\n import s\n}\nb {\n import s\n}",
        Reason.FROM_SNIPPET, "in the snippet `s`, which is imported 2 times", 2, 2,
    ),
    "an imported file": (
        ". {\n import health.conf\n}", Reason.FROM_FILE, "imported file /etc/health.conf", 2, 2,
    ),
    "an imported block": ("import block.conf", Reason.FROM_FILE, "imported file /etc/block.conf", 1, 1),
    "several lameducks that add up": (
        "a {\n health {\n  lameduck 5s\n }\n}\nb {\n health {\n  lameduck 60s\n }\n}",
        Reason.AMBIGUOUS, "2 server blocks have a lameduck, 1m5s in total: a 5s, b 1m", 1, 1,
    ),
}  # fmt: skip

AROUND = Surroundings(
    folder="/etc",
    files=MemoryFiles({"/etc/health.conf": "health\n", "/etc/block.conf": ". {\n errors\n}\n"}),
    environment={"PORT": "8080", "WAIT": "5s", "NAME": "health"},
)


@pytest.mark.parametrize("case", EDITED)
def test_lameduck_is_set_and_nothing_else_changes(case: str) -> None:
    before, after = EDITED[case]
    edited = set_lameduck(before, "20s", surroundings=AROUND)
    assert isinstance(edited, Edited), edited
    assert edited.text == after
    assert edited.is_changed
    assert edited.lameducks_after.total == 20 * SECOND


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_proven_is_refused_with_place_and_reason(case: str) -> None:
    text, reason, words, line, column = REFUSED[case]
    refused = set_lameduck(text, "20s", surroundings=AROUND)
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.line, refused.column) == (reason, line, column)
    assert words in refused.message
    assert refused.location("Corefile") == Location("Corefile", line, column)


@pytest.mark.parametrize("duration", ["", "5", "1d", "20 s", "{"])
def test_a_value_that_is_not_a_duration_is_refused_in_the_words_of_go(duration: str) -> None:
    refused = set_lameduck(". {\n}", duration)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.BAD_VALUE
    assert refused.message.startswith("time: ")


@pytest.mark.parametrize("duration", ["60s", "1m", "1m0s", "60000ms", "+1m"])
def test_the_same_value_in_other_words_changes_no_byte(duration: str) -> None:
    text = ". {\n health {\n  lameduck 1m\n }\n}"
    edited = set_lameduck(text, duration)
    assert isinstance(edited, Edited)
    assert (edited.text, edited.edits, edited.is_changed) == (text, (), False)


@pytest.mark.parametrize("text", [". {\n}", ". {\n health\n}", ". {\n health {\n  lameduck -5s\n }\n}"])
def test_no_lameduck_is_what_zero_asks_for(text: str) -> None:
    edited = set_lameduck(text, "0s")
    assert isinstance(edited, Edited)
    assert not edited.is_changed


def test_blocks_that_add_up_to_the_asked_value_are_as_asked() -> None:
    text = "a {\n health {\n  lameduck 5s\n }\n}\nb {\n health {\n  lameduck 15s\n }\n}"
    edited = set_lameduck(text, "20s")
    assert isinstance(edited, Edited)
    assert not edited.is_changed


def test_a_named_block_gets_the_value_and_the_total_shows_the_rest() -> None:
    text = "a {\n health {\n  lameduck 5s\n }\n}\nb {\n health {\n  lameduck 6s\n }\n}"
    for selector in ("b", "B.:53", "#2"):
        edited = set_lameduck(text, "20s", block=selector)
        assert isinstance(edited, Edited)
        assert [each.nanoseconds // SECOND for each in edited.lameducks_before.blocks] == [5, 6]
        assert [each.nanoseconds // SECOND for each in edited.lameducks_after.blocks] == [5, 20]
        assert edited.lameducks_after.total == 25 * SECOND


def test_an_unknown_block_is_refused_and_the_known_ones_are_named() -> None:
    refused = set_lameduck("a b {\n}\n. {\n}", "20s", block="c")
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.hint) == (Reason.NO_SUCH_BLOCK, "server blocks: a b, .")
    empty = set_lameduck("", "20s", block="c")
    assert isinstance(empty, Refused)
    assert empty.hint == "server blocks: none"


def test_a_key_that_several_blocks_serve_is_refused_and_they_are_numbered() -> None:
    text = "a {\n}\n. {\n bind 127.0.0.1\n}\n. b {\n bind 127.0.0.2\n}"
    refused = set_lameduck(text, "20s", block=".")
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.hint) == (
        Reason.AMBIGUOUS,
        'name the server block by its key or number: "#2".health for ., "#3".health for . b',
    )


SHARED = "(s) {\n health {\n  lameduck 5s\n }\n}\na {\n import s\n}\nb {\n import s\n}"


def test_a_shared_snippet_is_edited_only_when_asked_and_all_its_users_follow() -> None:
    refused = set_lameduck(SHARED, "20s", block="a")
    assert isinstance(refused, Refused)
    assert "--in-snippet" in refused.hint
    edited = set_lameduck(SHARED, "20s", block="a", in_snippet=True)
    assert isinstance(edited, Edited)
    assert edited.text == SHARED.replace("5s", "20s")
    assert [each.nanoseconds // SECOND for each in edited.lameducks_after.blocks] == [20, 20]


SHARED_PROPERTY = (
    "(s) {\n lameduck 5s\n}\na {\n health {\n  import s\n }\n}\nb {\n health {\n  import s\n }\n}"
)


def test_a_shared_snippet_that_holds_only_the_property_is_shared_too() -> None:
    refused = set_lameduck(SHARED_PROPERTY, "20s", block="a")
    assert isinstance(refused, Refused)
    assert (refused.reason, refused.line) == (Reason.FROM_SNIPPET, 2)
    edited = set_lameduck(SHARED_PROPERTY, "20s", block="a", in_snippet=True)
    assert isinstance(edited, Edited)
    assert [each.nanoseconds // SECOND for each in edited.lameducks_after.blocks] == [20, 20]


def test_a_total_that_a_shared_snippet_would_double_is_refused() -> None:
    refused = set_lameduck("(s) {\n health\n}\na {\n import s\n}\nb {\n import s\n}", "20s", in_snippet=True)
    assert isinstance(refused, Refused)
    assert refused.message == "the edit cannot be verified: the process would wait 40s in total"


def test_a_shared_snippet_that_holds_a_whole_block_is_edited_when_asked() -> None:
    text = "(s) {\n a {$N} {\n  log\n }\n}\nimport s\n"
    edited = set_lameduck(text, "20s")
    assert isinstance(edited, Edited)
    assert "  health {\n   lameduck 20s\n  }\n  log" in edited.text


def test_a_later_snippet_wins_and_is_what_has_to_be_edited() -> None:
    text = "(s) {\n health {\n  lameduck 5s\n }\n}\na {\n health {\n  lameduck 9s\n }\n import s\n}"
    edited = set_lameduck(text, "20s")
    assert isinstance(edited, Edited)
    assert edited.text == text.replace("5s", "20s")


@pytest.mark.parametrize(
    ("text", "block", "process"),
    [
        (". {\n health {\n  lameduck 5s\n }\n}", False, False),
        (". {\n import x\n health {\n  lameduck 5s\n }\n}", False, False),
        (". {\n health {\n  lameduck 5s\n }\n import x\n}", True, True),
        (". {\n health {\n  import x\n  lameduck 5s\n }\n}", True, True),
        (". {\n import x\n health\n}", True, True),
        ("(s) {\n import x\n}\n. {\n import s\n}", True, True),
        (". {\n health {\n  lameduck 5s\n }\n}\nimport x", False, True),
    ],
)
def test_an_import_that_cannot_be_seen_may_override(text: str, block: bool, process: bool) -> None:
    found = lameducks(parse(text))
    assert (found.blocks[0].may_be_overridden, found.may_be_overridden) == (block, process)


def test_a_missing_health_goes_behind_the_unseen_import_and_so_is_proven() -> None:
    edited = set_lameduck("(s) {\n import x\n}\n. {\n errors\n import s\n}", "20s")
    assert isinstance(edited, Edited)
    assert edited.text.endswith(" import s\n health {\n  lameduck 20s\n }\n}")
    assert not edited.lameducks_after.may_be_overridden


def test_a_bare_health_before_an_unseen_import_is_set_and_marked() -> None:
    edited = set_lameduck(". {\n health\n import x\n}", "20s")
    assert isinstance(edited, Edited)
    assert edited.lameducks_after.may_be_overridden
