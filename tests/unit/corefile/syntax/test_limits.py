"""Work grows no faster than the text, whatever it holds; counted in calls, since clocks differ."""

import gc
import sys
from collections.abc import Callable
from functools import partial
from types import FrameType

import pytest

from eksaddon.corefile import Edited, lameducks, parse, set_lameduck

pytestmark = pytest.mark.slow


SHAPES: dict[str, Callable[[int], str]] = {
    "server blocks": lambda n: "".join(f"z{i}.org {{\n errors\n cache 30\n}}\n" for i in range(n)),
    "directives of one name": lambda n: ". {\n" + " rewrite name a b\n" * n + "}\n",
    "properties": lambda n: ". {\n kubernetes a {\n" + "  ttl 5 # c\n" * n + " }\n}\n",
    "imports": lambda n: "(s) {\n log a\n}\n. {\n" + " import s\n" * n + "}\n",
    "snippets in snippets": lambda n: (
        "(s0) {\n log\n}\n"
        + "".join(f"(s{i}) {{\n import s{i - 1}\n}}\n" for i in range(1, n))
        + f". {{\n import s{n - 1}\n}}"
    ),
    "keys": lambda n: ", ".join(f"z{i}.org" for i in range(n)) + " {\n errors\n}\n",
    "arguments": lambda n: ". {\n errors " + "a " * n + "\n}\n",
    "quotes": lambda n: ". {\n errors " + '"a\nb" ' * n + "\n}\n",
    "braces": lambda n: ". {\n errors " + "{ " * n + "} " * n + "\n}\n",
    "healths": lambda n: ". {\n" + " health {\n  lameduck 5s\n }\n" * n + "}\n",
}


def calls(work: Callable[[], object]) -> int:
    """Without those of the garbage collector, which comes when it likes."""
    count = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    gc.disable()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return count


def grows_no_faster(work: Callable[[str], object], shape: str) -> None:
    counts = [calls(partial(work, SHAPES[shape](n))) for n in (50, 100, 200)]
    assert counts[1] <= 2 * counts[0]
    assert counts[2] <= 2 * counts[1]


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_text_is_at_most_twice_the_work(shape: str) -> None:
    grows_no_faster(lambda text: lameducks(parse(text)), shape)


@pytest.mark.parametrize("shape", SHAPES)
def test_an_edit_of_twice_the_text_is_at_most_twice_the_work(shape: str) -> None:
    assert isinstance(set_lameduck(SHAPES[shape](50), "20s"), Edited)
    grows_no_faster(lambda text: set_lameduck(text, "20s"), shape)


@pytest.mark.parametrize("letters", ["a", "\\", "#", "\r", "\0", "{", "}", "\x85", "{$", "a\r", '"\\'])
def test_a_very_long_line_is_read_or_refused_at_once(letters: str) -> None:
    text = letters * (200_000 // len(letters))
    assert calls(lambda: parse(text)) < 5_000


def test_ten_thousand_snippets_deep_is_still_read() -> None:
    corefile = parse(SHAPES["snippets in snippets"](10_000))
    assert corefile.fault is None
    assert len(corefile.imports) == 10_000
    assert corefile.imports[-1].outermost is corefile.imports[0]


def test_one_snippet_more_is_refused_as_coredns_refuses_it() -> None:
    fault = parse(SHAPES["snippets in snippets"](10_001)).fault
    assert fault is not None
    assert fault.text.endswith("maximum snippet import depth (10000) exceeded")
