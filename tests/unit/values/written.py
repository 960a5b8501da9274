"""Documents in every manner of writing that people and tools use, with what they mean."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from eksaddon.domain.json import Json

Tree = dict[str, Json]

COREFILES = (
    ".:53 {\n    errors\n    health {\n        lameduck 5s\n      }\n    ready\n    reload\n}\n",
    ".:53 {\n    errors\n    # a comment in it\n\n    cache 30\n}\nexample.org {\n\tforward . 10.0.0.2\n}\n",
    "    indented\n  less\n",
    "no break at the end\n}",
    "two breaks at the end\n\n",
    "trailing blanks  \n   \n}\n",
)
TRICKY = (
    *(
        "",
        " ",
        "yes",
        "On",
        "n",
        "null",
        "~",
        "true",
        "012",
        "0o7",
        "1_000",
        "1:30",
        "1e3",
        "1.5",
        "2001-01-01",
        "=",
    ),
    *(
        "<<",
        "-",
        "- a",
        "? a",
        "a: b",
        "a #b",
        "#",
        " lead",
        "trail ",
        "'",
        '"',
        "\\",
        "{",
        "}",
        "[",
        "]",
        ",",
        "&a",
    ),
    *(
        "*a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "---",
        "...",
        "é",
        "😀",
        "\u2028",
        "\x85",
        "\x7f",
        "\ufeff",
        "\t",
        "a\tb",
    ),
    *("\n", "\n\n", "\na", "a\r\nb", "a\n b\n", "a/b.c-d", "33%"),
)
KEYS = (
    "replicaCount",
    "corefile",
    "podDisruptionBudget",
    "tolerations",
    "nodeSelector",
    "a/b.c",
    "on",
    "a b",
    "é",
    "1",
)

texts = st.sampled_from(COREFILES + TRICKY)
scalars: st.SearchStrategy[Json] = (
    st.sampled_from([None, True, False, 0, 1, -7, 2.5, 10**15]) | texts | st.text(max_size=6).map(str)
)
values: st.SearchStrategy[Json] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=6,
)
trees: st.SearchStrategy[Tree] = st.dictionaries(st.sampled_from(KEYS), values, max_size=5)


@dataclass(slots=True)
class Written:
    """A document.

    Attributes:
        parts: The bytes of each top-level key with its value, as they stand in the text.
        comments: Those that stand on their own lines between the top-level keys.
    """

    text: str
    tree: Tree
    parts: dict[str, str] = field(default_factory=dict)
    comments: list[str] = field(default_factory=list)


@st.composite
def json_documents(draw: st.DrawFn) -> Written:
    tree = draw(trees)
    step = draw(st.sampled_from([None, 1, 2, 4, "\t"]))
    separators = draw(st.sampled_from([(",", ":"), (", ", ": "), (",", ": "), (" ,", " : ")]))
    text = json.dumps(tree, indent=step, separators=separators, ensure_ascii=draw(st.booleans()))
    line_break = draw(st.sampled_from(["\n", "\r\n"]))
    around = draw(st.sampled_from(["", "\n", "  ", "\ufeff"]))
    text = (around if around == "\ufeff" else "") + text + ("" if around == "\ufeff" else around)
    return Written(text.replace("\n", line_break), tree)


@st.composite
def yaml_documents(draw: st.DrawFn) -> Written:
    """Always with the mapping in lines, and at least one thing that JSON does not have."""
    tree = draw(st.dictionaries(st.sampled_from(KEYS), values, min_size=1, max_size=5))
    writer = _Writer(draw)
    line_break = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    lines = draw(st.sampled_from([[], [], ["---"], ["# top", ""], ["%YAML 1.2", "---"]]))
    comments: list[str] = [line for line in lines if line.startswith("#")]
    parts: dict[str, str] = {}
    chunks = ["".join(f"{line}\n" for line in lines)]
    for number, (key, value) in enumerate(tree.items()):
        part = "\n".join(writer.entry(key, value, 0))
        parts[key] = part.replace("\n", line_break)
        between = (
            ""
            if writer.keeps_breaks
            else draw(st.sampled_from(["", "", "\n", f"# c{number}\n", f"\n# c{number}\n\n"]))
        )
        comments += [line.strip() for line in between.split("\n") if line.strip()]
        chunks.append(f"{part}\n{between}")
    text = "".join(chunks)
    if not writer.ends_in_block and draw(st.booleans()):
        text = text.rstrip("\n") if not comments else text
    mark = draw(st.sampled_from(["", "", "", "\ufeff"])) if not lines else ""
    return Written(mark + text.replace("\n", line_break), tree, parts, comments)


class _Writer:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.ends_in_block = False
        self.keeps_breaks = False

    def choose(self, *choices: str) -> str:
        return self.draw(st.sampled_from(choices))

    def entry(self, key: str, value: Json, column: int) -> list[str]:
        pad = " " * column
        first, *others = self.value(value, column)
        comment = self.choose("", "", "  # note") if first != "" or others else ""
        gap = f"{self.choose(' ', ' ', '   ')}{first}" if first else ""
        return [f"{pad}{self.key(key)}:{gap}{comment}", *others]

    def key(self, key: str) -> str:
        plain = key.replace("/", "").replace(".", "").isalpha() and key != "on" and key.isascii()
        return self.choose(*([key] if plain else []), json.dumps(key, ensure_ascii=False), f"'{key}'")

    def value(self, value: Json, column: int) -> list[str]:
        """What goes on the key's line, then the lines below."""
        self.ends_in_block = self.keeps_breaks = False
        match value:
            case str():
                return self.text(value, column)
            case dict() if value and self.choose("block", "block", "flow") == "block":
                inner = column + self.draw(st.integers(1, 4))
                return ["", *(line for key, each in value.items() for line in self.entry(key, each, inner))]
            case list() if value and self.choose("block", "block", "flow") == "block":
                inner = column + self.draw(st.integers(0, 3))
                return ["", *(line for each in value for line in self.item(each, inner))]
            case dict() | list():
                return [self.flow(value)]
            case None:
                return [self.choose("null", "~", "Null")]
            case _:
                return [json.dumps(value)]

    def item(self, value: Json, column: int) -> list[str]:
        if isinstance(value, dict) and value and self.choose("block", "flow") == "block":
            first, *others = [
                line for key, each in value.items() for line in self.entry(key, each, column + 2)
            ]
            return [f"{' ' * column}- {first.lstrip(' ')}", *others]
        if isinstance(value, dict | list):
            return [f"{' ' * column}- {self.flow(value)}"]
        first, *others = self.value(value, column)
        return [f"{' ' * column}- {first}", *others]

    def flow(self, value: Json) -> str:
        gap = self.choose("", " ")
        match value:
            case dict():
                inner = f",{gap}".join(f"{json.dumps(key)}: {self.flow(each)}" for key, each in value.items())
                return "{" + gap + inner + gap + "}"
            case list():
                return "[" + gap + f",{gap}".join(map(self.flow, value)) + gap + "]"
            case str():
                return self.double(value)
            case _:
                return json.dumps(value)

    def text(self, value: str, column: int) -> list[str]:
        ways = ["double"]
        if value.isprintable() and value.isascii():
            ways.append("single")
        if value.isascii() and value.replace(" ", "").isalpha() and value == value.strip() and len(value) > 5:
            ways.append("plain")
        if value.strip("\n") and all(letter.isprintable() or letter in "\n\t" for letter in value):
            ways += ["literal", "literal"]
        match self.choose(*ways):
            case "single":
                doubled = value.replace("'", "''")
                return [f"'{doubled}'"]
            case "plain":
                return [value]
            case "literal":
                return self.literal(value, column)
            case _:
                return [self.double(value)]

    def double(self, value: str) -> str:
        text = json.dumps(value, ensure_ascii=False)
        return "".join(letter if letter.isprintable() else f"\\U{ord(letter):08x}" for letter in text)

    def literal(self, value: str, column: int) -> list[str]:
        self.ends_in_block = True
        step = self.draw(st.integers(1, 4))
        digit = str(step) if value.lstrip("\n").startswith(" ") else self.choose("", "", str(step))
        chomping = "-" if not value.endswith("\n") else "+" if value.endswith("\n\n") else ""
        self.keeps_breaks = chomping == "+"
        lines = value.removesuffix("\n").split("\n")
        body = [" " * (column + step) + line if line else "" for line in lines]
        return [f"|{digit}{chomping}", *body]


def merged(tree: Json, overlay: Json) -> Json:
    """What a merge should mean, said once more: RFC 7396, but what only removes creates nothing."""
    if not isinstance(overlay, dict):
        return overlay
    found = dict(tree) if isinstance(tree, dict) else {}
    for key, wanted in overlay.items():
        if wanted is None or (key not in found and _only_nulls(wanted)):
            found.pop(key, None)
        else:
            found[key] = merged(found.get(key), wanted)
    return found


def _only_nulls(wanted: Json) -> bool:
    return wanted is None or (
        isinstance(wanted, dict) and wanted != {} and all(map(_only_nulls, wanted.values()))
    )


def overlays(keys: Sequence[str] = KEYS) -> st.SearchStrategy[Tree]:
    return st.dictionaries(
        st.sampled_from(keys),
        st.none() | values | st.dictionaries(st.sampled_from(keys), st.none() | values),
        max_size=3,
    )
