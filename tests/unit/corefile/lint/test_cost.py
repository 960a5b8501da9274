"""The work for a Corefile grows with its length and not with the square of it, counted in function calls."""

import sys
from collections.abc import Callable
from types import FrameType

import pytest

from eksaddon.corefile.desired.apply import apply_desired
from eksaddon.corefile.diff.difference import compare
from eksaddon.corefile.lint.fix import fix_all
from eksaddon.corefile.lint.linter import lint
from eksaddon.corefile.syntax.versions import NEWEST_KNOWN
from eksaddon.domain.corefile.desired import CorefileSetting, DesiredCorefile, DesiredServer

SMALL, LARGE = 20, 80
TEXTS: dict[str, Callable[[int], str]] = {
    "blocks": lambda n: "".join(f"z{i}.org {{\n whoami\n}}\n" for i in range(n)),
    "one-line blocks": lambda n: (
        ". {\n" + "".join(f" forward z{i}.org 1.1.1.1 {{ expire 5s }}\n" for i in range(n)) + "}"
    ),
    "unknown directives": lambda n: ". {\n" + "".join(f" nonsense{i} a\n" for i in range(n)) + "}\n",
    "unknown properties": lambda n: (
        ". {\n errors {\n" + "".join(f"  what{i}\n" for i in range(n)) + " }\n}\n"
    ),
    "upstreams": lambda n: ". {\n" + "".join(f" forward z{i}.org 1.1.1.1\n" for i in range(n)) + "}\n",
    "hosts": lambda n: ". {\n hosts {\n" + "".join(f"  10.0.0.1 n{i}.b\n" for i in range(n)) + " }\n}\n",
    "keys": lambda n: " ".join(f"k{i}.org" for i in range(n)) + " {\n whoami\n}\n",
    "durations for numbers": lambda n: ". {\n" + "".join(f" cache 30s a{i}.org\n" for i in range(n)) + "}\n",
}
WANTED = DesiredCorefile(
    settings=(CorefileSetting('"#1".log', words=True),),
    servers=(DesiredServer("corp", ("corp.example:53",), ("10.0.0.1",), 30),),
)
ACTIONS: dict[str, Callable[[str], object]] = {
    "lint": lint,
    "fix": lambda text: fix_all(text, version=NEWEST_KNOWN, source="Corefile", unsafe=True),
    "diff": lambda text: compare(text, text.replace("whoami", "erratic")),
    "desired": lambda text: apply_desired(text, WANTED),
}


def calls(action: Callable[[str], object], text: str) -> int:
    count = 0

    def counted(_frame: FrameType, event: str, _arg: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        action(text)
    finally:
        sys.setprofile(before)
    return count


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("verb", ACTIONS)
def test_the_work_grows_with_the_length(verb: str, name: str) -> None:
    action, text = ACTIONS[verb], TEXTS[name]
    action(text(SMALL))  # fills caches
    small, large = (calls(action, text(number)) for number in (SMALL, LARGE))
    assert large <= 1.15 * small * LARGE / SMALL
