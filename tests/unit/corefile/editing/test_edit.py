import pytest

from eksaddon.corefile import (
    Edited,
    Reason,
    Refused,
    RemoveDirective,
    RemoveProperty,
    Request,
    SetArguments,
    SetProperty,
    Surroundings,
    edit,
)
from eksaddon.corefile.editing.edits import Edit
from tests.support.corefile.memory_files import MemoryFiles

TEXT = """.:53 {
    errors
    forward . 10.0.0.1 10.0.0.2 {
        max_concurrent 1000  # keep
        policy random
    }
    cache 30
    reload
}
"""

# the Corefile before, what is asked, the Corefile after
EDITED: dict[str, tuple[str, Request, str]] = {
    "arguments are replaced one by one": (
        TEXT, SetArguments("cache", ("60",)), TEXT.replace("cache 30", "cache 60"),
    ),
    "a capacity keeps its TTL": (
        ". {\n cache {\n  success 1000 30 5\n }\n}", SetProperty("cache", "success", ("5000",)),
        ". {\n cache {\n  success 5000 30 5\n }\n}",
    ),
    "a list is replaced": (
        ". {\n forward . 1.1.1.1 {\n  except a b\n }\n}", SetProperty("forward", "except", ("c",)),
        ". {\n forward . 1.1.1.1 {\n  except c\n }\n}",
    ),
    "arguments are added": (
        ". {\n cache#c\n}", SetArguments("cache", ("30", "a b")), '. {\n cache 30 "a b" #c\n}',
    ),
    "arguments are added behind others": (
        TEXT, SetArguments("cache", ("30", "a.org")), TEXT.replace("cache 30", "cache 30 a.org"),
    ),
    "arguments are taken away": (
        TEXT, SetArguments("forward", (".", "1.1.1.1")), TEXT.replace("10.0.0.1 10.0.0.2", "1.1.1.1"),
    ),
    "a directive is inserted": (
        TEXT, SetArguments("loop", ()), TEXT.replace("    errors", "    loop\n    errors"),
    ),
    "a directive with arguments is inserted": (
        ". {\n errors\n}", SetArguments("cache", ("30",)), ". {\n cache 30\n errors\n}",
    ),
    "a property is replaced": (
        TEXT, SetProperty("forward", "max_concurrent", ("500",)), TEXT.replace("1000", "500"),
    ),
    "a property is added below the last": (
        TEXT,
        SetProperty("forward", "force_tcp"),
        TEXT.replace("policy random\n", "policy random\n        force_tcp\n"),
    ),
    "braces are added": (
        TEXT,
        SetProperty("cache", "prefetch", ("10", "1m", "10%")),
        TEXT.replace("cache 30", "cache 30 {\n        prefetch 10 1m 10%\n    }"),
    ),
    "a directive is inserted for its property": (
        ". {\n errors\n}", SetProperty("ready", "monitor", ("continuously",)),
        ". {\n ready {\n  monitor continuously\n }\n errors\n}",
    ),
    "a property's words are added and taken away": (
        ". {\n kubernetes a {\n  fallthrough x#c\n }\n}",
        SetProperty("kubernetes", "fallthrough", ("x", "y")),
        ". {\n kubernetes a {\n  fallthrough x y #c\n }\n}",
    ),
    "a property loses all its words": (
        ". {\n kubernetes a {\n  fallthrough x y\n }\n}",
        SetProperty("kubernetes", "fallthrough"),
        ". {\n kubernetes a {\n  fallthrough\n }\n}",
    ),
    "one of several is meant": (
        ". {\n forward a 1.1.1.1\n forward . 1.1.1.1\n}",
        SetArguments("forward", (".", "9.9.9.9"), nth=2),
        ". {\n forward a 1.1.1.1\n forward . 9.9.9.9\n}",
    ),
    "a property is removed with its line": (
        TEXT, RemoveProperty("forward", "policy"), TEXT.replace("        policy random\n", ""),
    ),
    "the last property takes the braces with it": (
        ". {\n health { # c\n  lameduck 5s\n }\n}", RemoveProperty("health", "lameduck"),
        ". {\n health # c\n}",
    ),
    "braces stay around a comment": (
        ". {\n health {\n  # c\n  lameduck 5s\n }\n}", RemoveProperty("health", "lameduck"),
        ". {\n health {\n  # c\n }\n}",
    ),
    "braces stay where words share their lines": (
        ". {\n health { lameduck 5s\n }\n}", RemoveProperty("health", "lameduck"), ". {\n health {\n }\n}",
    ),
    "a directive is removed with its lines": (
        TEXT, RemoveDirective("forward"),
        TEXT[: TEXT.index("    forward")] + TEXT[TEXT.index("    cache") :],
    ),
    "a directive behind a brace is removed": (
        ". { errors\n log\n}", RemoveDirective("errors"), ". {\n log\n}",
    ),
    "the last line of a text without line feed": (
        ".\r\nerrors\r\nlog", RemoveDirective("log"), ".\r\nerrors",
    ),
    "the value may come from the environment": (
        ". {\n cache {$TTL}\n}", SetArguments("cache", ("30",)), ". {\n cache {$TTL}\n}",
    ),
    "a reference to the environment can be set": (
        ". {\n cache 30\n}", SetArguments("cache", ("{$TTL}",)), ". {\n cache {$TTL}\n}",
    ),
    "quotes of the old word stay": (
        '. {\n cache "30"\n}', SetArguments("cache", ("60",)), '. {\n cache "60"\n}',
    ),
    "what the line holds behind the brace moves down": (
        ". { cache 30\n}", SetProperty("ready", "monitor", ("x",)),
        ". {\n    ready {\n        monitor x\n    }\n    cache 30\n}",
    ),
    "a comment that touches the brace stays there": (
        ". {#c cache 30\n}", SetArguments("loop", ()), ". {#c \n    loop\n    cache 30\n}",
    ),
    "nothing to remove": (TEXT, RemoveDirective("health"), TEXT),
    "no property to remove": (TEXT, RemoveProperty("forward", "expire"), TEXT),
    "no directive to remove from": (TEXT, RemoveProperty("health", "lameduck"), TEXT),
}  # fmt: skip

TWICE = ". {\n forward a 1.1.1.1\n forward . 1.1.1.1\n}"

REFUSED: dict[str, tuple[str, Request, Reason, str]] = {
    "several are there and none is named": (
        TWICE, SetArguments("forward", ("b", "2.2.2.2")), Reason.AMBIGUOUS, "has 2 `forward` directives",
    ),
    "more are named than there are": (
        TWICE, SetArguments("forward", (), nth=3), Reason.AMBIGUOUS, ("has 2 `forward` directives, so "
            "there is no number 3"),
    ),
    "a property is there twice": (
        ". {\n log {\n  class all\n  class error\n }\n}", SetProperty("log", "class", ("denial",)),
        Reason.AMBIGUOUS, "`log` sets `class` 2 times",
    ),
    "several blocks have it": (
        "a {\n cache 30\n}\nb {\n cache 30\n}", SetArguments("cache", ("60",)),
        Reason.AMBIGUOUS, "2 server blocks have `cache`",
    ),
    "there is no block": ("", SetArguments("cache", ("60",)), Reason.NO_SUCH_BLOCK, "no server block"),
    "a brace is no word": (
        ". {\n cache 30\n}", SetArguments("cache", ("{",)), Reason.BAD_VALUE, "`{` cannot be an argument",
    ),
    "a closing brace is no word": (
        ". {\n health {\n }\n}", SetProperty("health", "}"), Reason.BAD_VALUE, "`}` cannot be an argument",
    ),
    "import is no property": (
        "(s) {\n}\n. {\n health {\n }\n}", SetProperty("health", "import", ("s",)),
        Reason.NOT_PROVEN, "`health` would be read differently than planned",
    ),
    "a word that cannot be written": (
        ". {\n cache 30\n}", SetArguments("cache", ('a \\" b',)), Reason.BAD_VALUE, "cannot be written",
    ),
    "a word that ends in a backslash": (
        ". {\n cache 30\n}", SetArguments("cache", ("a b\\",)), Reason.BAD_VALUE, "cannot be written",
    ),
    "a comment that would swallow more than before": (
        ". {\n cache a#c 30\n}", SetArguments("cache", ("a b", "30")),
        Reason.NOT_PROVEN, "words other than the planned",
    ),
    "an argument from the environment": (
        ". {\n cache {$TTL}\n}", SetArguments("cache", ("60",)), Reason.FROM_ENVIRONMENT, "`{$TTL}`",
    ),
    "a property from the environment is removed": (
        ". {\n health {\n  lameduck {$TTL}s\n }\n}", RemoveProperty("health", "lameduck"),
        Reason.FROM_ENVIRONMENT, "`{$TTL}s`",
    ),
    "a directive that holds an import": (
        ". {\n health {\n  import x*\n }\n}", RemoveDirective("health"),
        Reason.FROM_SNIPPET, "contains an import",
    ),
    "an imported directive": (
        ". {\n import cache.conf\n}", SetArguments("cache", ("60",)), Reason.FROM_FILE, "/etc/cache.conf",
    ),
    "an endless variable": (
        ". {\n cache 30\n}", SetArguments("cache", ("{$LOOP}",)), Reason.BAD_VALUE, "expands without end",
    ),
    "a snippet glued to another": (
        "(s) {\n rewrite name a b\n}\n. {\n import s\n import s\n}",
        SetArguments("rewrite", ("name", "a", "c")),
        Reason.FROM_SNIPPET, "2 times",
    ),
}  # fmt: skip

AROUND = Surroundings(
    folder="/etc",
    files=MemoryFiles({"/etc/cache.conf": "cache 30\n"}),
    environment={"TTL": "30", "LOOP": "{$LOOP}"},
)


@pytest.mark.parametrize("case", EDITED)
def test_only_the_requested_value_changes(case: str) -> None:
    before, request, after = EDITED[case]
    edited = edit(before, request, surroundings=AROUND)
    assert isinstance(edited, Edited), edited
    assert edited.text == after
    again = edit(after, request, surroundings=AROUND)
    assert isinstance(again, Edited)
    assert not again.is_changed


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_proven_is_refused_with_a_reason(case: str) -> None:
    text, request, reason, words = REFUSED[case]
    refused = edit(text, request, surroundings=AROUND)
    assert isinstance(refused, Refused), refused
    assert refused.reason is reason
    assert words in refused.message


def test_a_block_can_be_named() -> None:
    edited = edit("a {\n cache 30\n}\nb {\n cache 30\n}", SetArguments("cache", ("60",)), block="b")
    assert isinstance(edited, Edited)
    assert edited.text == "a {\n cache 30\n}\nb {\n cache 60\n}"
    assert edited.edits == (Edit(start=27, end=29, new="60", words=("60",)),)


def test_a_shared_snippet_is_edited_for_all_its_users_when_asked() -> None:
    text = "(s) {\n cache 30\n}\na {\n import s\n}\nb {\n import s\n}"
    request = SetProperty("cache", "disable", ("success",))
    assert isinstance(edit(text, request, block="a"), Refused)
    edited = edit(text, request, block="a", in_snippet=True)
    assert isinstance(edited, Edited)
    assert edited.text == text.replace("cache 30", "cache 30 {\n  disable success\n }")


def test_a_property_goes_below_the_directives_own_ones_whatever_imports_bring() -> None:
    text = "(s) {\n   ttl 5\n}\n. {\n kubernetes a {\n  import s\n }\n}"
    edited = edit(text, SetProperty("kubernetes", "noendpoints"))
    assert isinstance(edited, Edited)
    assert edited.text == text.replace("a {\n", "a {\n  noendpoints\n")
    edited = edit(
        text.replace("  import s", "  import s\n  labels x"), SetProperty("kubernetes", "noendpoints")
    )
    assert isinstance(edited, Edited)
    assert edited.text.endswith("  labels x\n  noendpoints\n }\n}")


def test_a_snippet_glued_to_its_own_copy_is_refused_even_then() -> None:
    text = "(s) {\n rewrite name a b\n}\n. {\n import s\n import s\n}"
    refused = edit(text, SetArguments("rewrite", ("name", "a", "c")), in_snippet=True)
    assert isinstance(refused, Refused)
    assert refused.reason is Reason.NOT_PROVEN


def test_a_result_that_coredns_would_refuse_is_not_made() -> None:
    refused = edit(". {\n cache 30\n}", SetArguments("nosuch", ()))
    assert isinstance(refused, Refused)
    assert refused.message.startswith(
        "the edit cannot be verified: CoreDNS would reject the result: Corefile:2 - "
    )


def test_a_new_line_that_would_end_a_block_is_not_made() -> None:
    refused = edit(".\n{$NAME}\n", SetArguments("import", ("x*",)))
    assert isinstance(refused, Refused)


def test_a_refusal_without_a_place_says_so() -> None:
    refused = edit("", SetArguments("cache", ()))
    assert isinstance(refused, Refused)
    assert str(refused.location("Corefile")) == "Corefile"
