import pytest

from eksaddon.corefile.desired.address import (
    AddressError,
    assignment,
    canonical_address,
    checked_words,
    desired_setting,
    read_address,
    request_of,
)
from eksaddon.corefile.editing.edits import (
    RemoveDirective,
    RemoveProperty,
    Request,
    Require,
    SetArguments,
    SetProperty,
    SetSlot,
)
from eksaddon.corefile.plugins.slots import SLOTS
from eksaddon.corefile.plugins.table import PLUGINS
from eksaddon.domain.corefile.desired import CorefileSetting
from eksaddon.domain.json import Json

# as written, canonical
SPELLINGS = {
    "cache.ttl": "cache.ttl",
    "forward.maxConcurrent": "forward.max_concurrent",
    "forward.max_concurrent": "forward.max_concurrent",
    '".".cache.serveStale': '".:53".cache.serve_stale',
    '".:53".forward[2].max_concurrent': '".:53".forward[2].max_concurrent',
    '"Corp.Example.com.".cache': '"corp.example.com:53".cache',
    '"tls://.".tls': '"tls://.:853".tls',
    '"10.0.0.0/15".errors': '"10.0.0.0/15".errors',
    '"#2".errors.consolidate[2]': '"#2".errors.consolidate[2]',
    "lameduck": "health.lameduck",
    "proxy.policy": "proxy.policy",
}


@pytest.mark.parametrize(("text", "canonical"), SPELLINGS.items())
def test_spellings_of_one_place_have_one_canonical_address(text: str, canonical: str) -> None:
    assert str(canonical_address(text)) == canonical
    assert str(canonical_address(canonical)) == canonical


# as written, the fault, the way out
FAULTS = {
    "": ("invalid address ''", "examples: cache.ttl"),
    "cache ttl": ("invalid address", "examples:"),
    "cache[0]": ("invalid address", "examples:"),
    "errors.consolidate[0]": ("invalid address", "examples:"),
    "chache.ttl": ("unknown directive 'chache'", "did you mean 'cache'?"),
    "qqqqqq": ("unknown directive 'qqqqqq'", "known: acl, any"),
    "forward.maxConcurent": ("unknown property 'maxConcurent' of forward", "did you mean 'max_concurrent'?"),
    "loop.speed": ("loop has no properties", "set its words: `loop`"),
    '"a..b".cache': ("invalid server block 'a..b'", "examples: .:53, #2"),
}


@pytest.mark.parametrize(("text", "fault"), FAULTS.items())
def test_an_invalid_address_names_a_remedy(text: str, fault: tuple[str, str]) -> None:
    with pytest.raises(AddressError) as error:
        canonical_address(text)
    assert str(error.value).startswith(fault[0])
    assert error.value.hint.startswith(fault[1])


# value in YAML or on the command line, the words
VALUES: list[tuple[Json, tuple[str, ...] | bool]] = [
    (60, ("60",)),
    (0.5, ("0.5",)),
    ("1h 30s", ("1h", "30s")),
    ('5m ".* i/o timeout$" warning', ("5m", ".* i/o timeout$", "warning")),
    (["a b", 3], ("a b", "3")),
    ("", ()),
    (True, True),
    (False, False),
]


@pytest.mark.parametrize(("value", "words"), VALUES)
def test_a_value_is_read_as_the_words_of_a_line(value: Json, words: tuple[str, ...] | bool) -> None:
    assert checked_words(read_address("errors.consolidate"), value) == words


# value, the fault
BAD_VALUES: list[tuple[Json, str]] = [
    ("a\nb", "'a\\nb' has more than one line"),
    ("30 # seconds", "'30 # seconds' has a comment"),
    ("# nothing", "'# nothing' has a comment"),
    ('"open', "'\"open' has an unclosed quote"),
    (["}"], "`}` cannot be an argument"),
    ({"a": 1}, 'invalid value {"a":1}'),
    ([True], "invalid value [true]"),
    (None, "invalid value null"),
    ("no", "'no' is neither true nor false"),
    ("Off", "'Off' is neither true nor false"),
]


@pytest.mark.parametrize(("value", "fault"), BAD_VALUES)
def test_a_value_that_cannot_be_written_is_refused(value: Json, fault: str) -> None:
    with pytest.raises(AddressError, match=r".") as error:
        checked_words(read_address("errors"), value)
    assert str(error.value) == fault
    assert error.value.hint


def test_a_named_argument_cannot_just_be_present() -> None:
    with pytest.raises(AddressError, match="ttl is a part of the line of cache"):
        checked_words(read_address("cache.ttl"), value=True)
    assert checked_words(read_address("cache.ttl"), value=False) is False


# path, value, the fault
BAD_ARGUMENTS: list[tuple[str, Json, str]] = [
    ("cache.ttl", "abc", "cache.ttl must be a whole number, not 'abc'"),
    ("cache.ttl", "30s", "cache.ttl must be a whole number, not '30s'"),
    ("cache.ttl", 0.5, "cache.ttl must be a whole number, not '0.5'"),
    ("cache.ttl", "9" * 20, f"cache.ttl must be a whole number, not '{'9' * 20}'"),
    ("cache.ttl", "30 40", "cache.ttl is one word, but has 2"),
    ("forward.from", ". 1.1.1.1", "forward.from is one word, but has 2"),
]


@pytest.mark.parametrize(("path", "value", "fault"), BAD_ARGUMENTS)
def test_a_named_argument_is_one_word_of_its_kind(path: str, value: Json, fault: str) -> None:
    with pytest.raises(AddressError) as error:
        checked_words(read_address(path), value)
    assert str(error.value) == fault
    assert error.value.hint


def test_a_property_can_be_off() -> None:
    assert checked_words(read_address("any.localhost_prefix"), "off") == ("off",)


def test_a_named_argument_up_to_the_end_of_the_line_has_several_words() -> None:
    assert checked_words(read_address("forward.to"), ["10.0.0.1", "10.0.0.2"]) == ("10.0.0.1", "10.0.0.2")
    assert checked_words(read_address("cache.ttl"), "") == ()


@pytest.mark.parametrize("path", ["forward[2]", "errors.consolidate[1]"])
def test_nothing_desired_is_removed_by_its_number(path: str) -> None:
    with pytest.raises(AddressError, match="cannot be removed by its number"):
        desired_setting(path, value=False)
    with pytest.raises(AddressError, match="cannot be removed by its number"):
        desired_setting(path, "")
    assert desired_setting(path, value=True) == CorefileSetting(path, words=True)


def test_a_property_of_a_numbered_directive_can_be_removed() -> None:
    assert desired_setting("forward[2].policy", value=False) == CorefileSetting(
        "forward[2].policy", words=False
    )


# path, words, the edit
EDITS: list[tuple[str, tuple[str, ...] | bool, Request]] = [
    ("cache", ("60",), SetArguments("cache", ("60",))),
    ("cache[2]", (), SetArguments("cache", (), 2)),
    ("cache.ttl", ("60",), SetSlot("cache", SLOTS["cache", "ttl"], ("60",))),
    ("cache.ttl", False, SetSlot("cache", SLOTS["cache", "ttl"], ())),
    ("log", True, Require("log")),
    ("log", False, RemoveDirective("log")),
    ("forward[2].policy", ("random",), SetProperty("forward", "policy", ("random",), 2)),
    ("errors.consolidate[2]", ("1m", "x"), SetProperty("errors", "consolidate", ("1m", "x"), None, 2)),
    ("forward.force_tcp", True, Require("forward", "force_tcp")),
    ("forward.force_tcp", False, RemoveProperty("forward", "force_tcp")),
    ("forward.policy", (), RemoveProperty("forward", "policy")),
]


@pytest.mark.parametrize(("path", "words", "expected"), EDITS)
def test_a_setting_is_an_edit(path: str, words: tuple[str, ...] | bool, expected: Request) -> None:
    assert request_of(CorefileSetting(path, words)) == expected


def test_an_assignment_is_split_behind_the_quoted_key() -> None:
    assert assignment('"a=b".cache.ttl=60=x') == ('"a=b".cache.ttl', "60=x")
    assert assignment("forward.force_tcp=true") == ("forward.force_tcp", True)
    assert assignment("forward.force_tcp=false") == ("forward.force_tcp", False)
    assert assignment("log=False") == ("log", False)
    with pytest.raises(AddressError) as error:
        assignment("cache.ttl")
    assert error.value.hint == "write PATH=WORDS, such as '\".:53\".forward[2].max_concurrent=1000'"


def test_no_named_argument_is_a_property_as_well() -> None:
    assert [each for each in SLOTS if PLUGINS[each[0]].ever(each[1])] == []
