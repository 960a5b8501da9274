"""What the proof of an edit finds wrong, made wrong on purpose."""

import pytest

from eksaddon.corefile import Edit, parse
from eksaddon.corefile.editing.verify import Intent, Reading, find_problem

BEFORE = parse("a {\n cache 30\n}")
AS_IT_IS = Intent("cache", 5, lambda said: said)
VALUE = Edit(11, 13, "60", ("60",))


@pytest.mark.parametrize(
    ("after", "edits", "intent", "problem"),
    [
        ("a {\n cache 30\n}", (), AS_IT_IS, ""),
        ("a {\n cache 60\n}", (VALUE,), Intent("cache", 5, lambda _: Reading((5,), "cache", ("60",))), ""),
        (
            "a {\n cache 60\n",
            (VALUE,),
            AS_IT_IS,
            "CoreDNS would reject the result: Corefile:2 - Syntax error",
        ),
        ("a {\n cache  30\n}", (), AS_IT_IS, "text outside the edited spans would change"),
        (
            "a {\n cache 60\n}",
            (Edit(11, 13, "60"),),
            AS_IT_IS,
            "words other than the planned ones would change",
        ),
        ("b {\n cache 30\n}", (Edit(0, 1, "b", ("b",)),), AS_IT_IS, "the server blocks would change"),
        ("a {\n cache 60\n}", (VALUE,), AS_IT_IS, "`cache` would be read differently than planned"),
        ("a {\n cache 30\n}", (), Intent("cache", 5, lambda _: None), "`cache` would be read differently"),
    ],
)
def test_whatever_was_not_asked_is_found(
    after: str, edits: tuple[Edit, ...], intent: Intent, problem: str
) -> None:
    found = find_problem(BEFORE, parse(after), edits, intent)
    assert found.startswith(problem)
    assert bool(found) == bool(problem)
