"""Corefiles that CoreDNS accepts, made from a model, so that one can be written in several styles."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its depth, its words as written, and a comment behind them."""

    depth: int
    words: str
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Style:
    unit: str = "    "
    newline: str = "\n"
    bom: bool = False


@dataclass(frozen=True, slots=True)
class Model:
    """Attributes: keys: Of its server blocks, in order."""

    lines: tuple[Line, ...]
    keys: tuple[str, ...]
    final_newline: bool = field(default=True)

    def write(self, style: Style) -> str:
        lines = [
            style.unit * line.depth + line.words + (f" {line.comment}" if line.comment else "")
            for line in self.lines
        ]
        text = style.newline.join(lines) + (style.newline if self.final_newline else "")
        return ("\ufeff" if style.bom else "") + text


PLAIN = Style()

_COMMENTS = st.sampled_from(["", "", "", "# c", "#c {", '# "', "# }"])
_DURATIONS = st.sampled_from(["5s", '"5s"', "1m", "0s", "-5s", "250ms", "20s"])
_SIMPLE = st.sampled_from(
    [
        "errors",
        "ready",
        "log . combined",
        "cache 30",
        "loop",
        "reload",
        "loadbalance",
        'errors "std out"',
        "whoami#x",
    ]
)


@st.composite
def directive(draw: st.DrawFn, *, health: bool) -> list[Line]:
    """One directive of a server block, at depth 1."""
    comment = draw(_COMMENTS)
    if health:
        kind = draw(st.sampled_from(["bare", "address", "empty", "set", "set", "set twice"]))
        head = "health :8080" if kind == "address" else "health"
        if kind in {"bare", "address"}:
            return [Line(1, head, comment)]
        inner = {"empty": 0, "set": 1, "set twice": 2}[kind]
        properties = [Line(2, f"lameduck {draw(_DURATIONS)}", draw(_COMMENTS)) for _ in range(inner)]
        return [Line(1, head + " {", comment), *properties, Line(1, "}", draw(_COMMENTS))]
    if draw(st.booleans()):
        return [Line(1, draw(_SIMPLE), comment)]
    return [
        Line(1, "forward . 10.0.0.1 {", comment),
        *[Line(2, draw(st.sampled_from(["max_concurrent 1000", "policy random"])), draw(_COMMENTS))],
        Line(1, "}"),
    ]


@st.composite
def models(draw: st.DrawFn) -> Model:
    """One to three server blocks, with and without health, at times below a snippet."""
    lines: list[Line] = []
    if draw(st.booleans()):
        lines += [Line(0, "(s) {"), Line(1, "errors"), Line(0, "}"), Line(0, "")]
    snippet = bool(lines)
    keys = draw(
        st.lists(st.sampled_from([".:53", "a.org", "b.org:1053"]), min_size=1, max_size=3, unique=True)
    )
    for key in keys:
        body = draw(st.lists(directive(health=False), max_size=3))
        if draw(st.booleans()):
            body.insert(draw(st.integers(0, len(body))), draw(directive(health=True)))
        if snippet and draw(st.booleans()):
            body.append([Line(1, "import s")])
        if draw(st.booleans()):
            body.insert(0, [Line(1, "# comment"), Line(0, "")])
        lines += [
            Line(0, key + " {", draw(_COMMENTS)),
            *(line for part in body for line in part),
            Line(0, "}"),
        ]
    return Model(tuple(lines), tuple(keys), draw(st.booleans()))


def styles() -> st.SearchStrategy[Style]:
    units: st.SearchStrategy[Any] = st.sampled_from(["\t", "  ", "    ", " "])
    return st.builds(Style, units, st.sampled_from(["\n", "\r\n"]), st.booleans())
