"""Random Corefiles for comparing readings: real enough to get deep, wrong enough for all corners."""

import random
from collections.abc import Sequence

ENVIRONMENT = {
    "PORT": "53",
    "NAME": "health",
    "TWO": "a b",
    "LF": "a\nb",
    "BRACE": "{",
    "CLOSE": "}",
    "IMP": "import",
}
ENVIRONMENT |= {"REF": "{$PORT}", "HALF": "{$", "COMMA": "x,", "SNIP": "(s)", "PAT": "one.conf", "EMPTY": ""}

FILES = {
    "one.conf": b"errors\nlog\n",
    "half.conf": b"health {\n lameduck 3s\n",
    "block.conf": b"b.org {\n errors\n}\n",
    "keys.conf": b"c.org, \nd.org",
    "snippet.conf": b"(f) {\n cache 30\n}\n",
    "empty.conf": b"",
    "bom.conf": b"\xef\xbb\xbflog\r\nerrors#c stdout\n",
    "sub/two.conf": b"import ../one.conf\nimport three.conf",
    "sub/three.conf": b'loop "x\ny" z\n',
    "cycle.conf": b"log\nimport cycle.conf\n",
    "bad.conf": b"\xff\xfe{ }\n",
}

_NAMES = (
    "errors", "log", "health", "ready", "cache", "forward", "kubernetes", "import", "unknown", "loop",
    "{$NAME}",
)  # fmt: skip
_KEYS = (
    ".", ".:53", "a.org", "a.org:1053,", "b.org,", "dns://.", "tls://x:853", "10.0.0.0/24", "(s)", "(t)",
    "()", "(s),", ",", ",,", '""', "{$PORT}", "{$UNSET}", "{$SNIP}", "{$COMMA}", "{$BRACE}", "import", "}",
    "{$IMP}", ".:{$PORT}", "{%NAME%}",
)  # fmt: skip
_WORDS = (
    "30", "5s", "lameduck", ".", "/etc/resolv.conf", '"a b"', '""', '"x\ny"', '"a\\"b"', '"\\\\"', "a\"b",
    "{}", "}}", "x{", "a,", "{$TWO}", "{$LF}", "{%LF%}", "{$REF}", "{$HALF}", "{$}", "{%%}", "{$PORT",
    "\\", "'q'", "`r`", "a#b", "#c", "x#y z", '"{"', '"}"', '"import"', "h\rx", "\xe9", "\u2003", "\ufeff",
    "\x00", "\x1c", "\x85", "\u200b", "import", "{$CLOSE}", "{$BRACE}",
)  # fmt: skip
_PLAIN_KEYS = (".", ".:53", "a.org", "{$PORT}", "dns://x:1053", "(v)")
_PLAIN_WORDS = ("30", "5s", "lameduck", ".", "cluster.local", '"a b"', "{$TWO}")
_PATTERNS = (
    "s", "t", "u", "s", "t", "one.conf", "half.conf", "*.conf", "sub/*.conf", "no*.conf", "snippet.conf",
    "f", "block.conf", "s", "t", "f", "one.conf", "half.conf", "block.conf", "keys.conf", "snippet.conf",
    "empty.conf", "bom.conf", "bad.conf", "sub/two.conf", "cycle.conf", "*.conf", "s*/*.conf",
    "sub/*.conf", "no*.conf", "none", "sub", "o?e.conf", "[o]ne.conf", "[x", "a\\", "{$PAT}", "{$UNSET}",
    "./sub/../one.conf", "s b", "one.conf extra", '"s"', '"s"t', "o\\ne.conf", "*", "?ne.c*",
)  # fmt: skip
_GAPS = (" ", " ", " ", "\n", "\n", "\n    ", "\t", "\r\n", "\r", "", " # c\n", "#c ", "\n\n", "\v", "\u2028")
_ODD = (
    b"\xff", b"\xc3", b"\xe2\x82", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b'"', b"{", b"}", b"#", b"\\",
    b"\r", b"\n", b"\xef\xbb\xbf",
)  # fmt: skip


def random_corefile(dice: random.Random, seeds: Sequence[bytes] = ()) -> bytes:
    """One input; some are made from scratch, some by spoiling one of the seeds."""
    kind = dice.random()
    if kind < 0.35:
        return _soup(dice).encode()
    data = (
        dice.choice(seeds) if seeds and kind < 0.6 else _structured(dice).encode("utf-8", "surrogateescape")
    )
    for _ in range(dice.choice((0, 0, 1, 1, 2, 5))):
        data = _spoiled(dice, data)
    return data


def _soup(dice: random.Random) -> str:
    imported = ("\nimport " + dice.choice(_PATTERNS) + "\n",)
    pools = (_NAMES, _PLAIN_KEYS, _KEYS, _WORDS, _PLAIN_WORDS, (" {", "}", "\n"), ("{\n", "\n}\n"), imported)
    return "".join(dice.choice(dice.choice(pools)) + dice.choice(_GAPS) for _ in range(dice.randrange(1, 24)))


def _structured(dice: random.Random) -> str:
    parts = ["\ufeff"] if dice.random() < 0.05 else []
    names = dice.sample("stu" if dice.random() < 0.9 else "sst", dice.choice((0, 0, 1, 2)))
    parts += [f"({name}) {{\n{_body(dice, 1)}}}\n" for name in names]
    for _ in range(dice.choice((1, 1, 2, 3))):
        if dice.random() < 0.1:
            parts.append(f"import {dice.choice(_PATTERNS)}\n")
        pool = _PLAIN_KEYS if dice.random() < 0.8 else _KEYS
        keys = dice.choice((" ", ", ", ",\n")).join(
            dice.choice(pool) for _ in range(dice.choice((1, 1, 1, 2)))
        )
        parts.append(f"{keys} {{\n{_body(dice, 1)}}}" + dice.choice(("", "\n", " ")))
    return "".join(parts)


def _body(dice: random.Random, depth: int) -> str:
    return "".join(_directive(dice, "    " * depth) for _ in range(dice.randrange(0, 6)))


def _directive(dice: random.Random, indent: str) -> str:
    if dice.random() < 0.2:
        return f"{indent}import {dice.choice(_PATTERNS)}\n"
    pool = _PLAIN_WORDS if dice.random() < 0.7 else _WORDS
    names = _NAMES[:-4] if dice.random() < 0.8 else _NAMES
    line = " ".join([dice.choice(names), *dice.choices(pool, k=dice.choice((0, 0, 1, 2)))])
    if dice.random() < 0.35:
        inner = "".join(
            f"{indent}  {dice.choice(('lameduck', 'policy', 'import'))} {dice.choice(_WORDS + _PATTERNS)}\n"
            for _ in range(dice.randrange(0, 3))
        )
        ending = dice.choice(("\n", "\n", " errors\n"))
        return f"{indent}{line} {{" + dice.choice(("\n", " ")) + f"{inner}{indent}}}{ending}"
    return f"{indent}{line}\n"


def _spoiled(dice: random.Random, data: bytes) -> bytes:
    at = dice.randrange(len(data) + 1)
    match dice.randrange(5):
        case 0:
            return data[:at] + dice.choice(_ODD) + data[at:]
        case 1:
            return data[:at] + data[at + dice.randrange(1, 8) :]
        case 2:
            return data[:at] + (dice.choice(_WORDS) + dice.choice(_GAPS)).encode() + data[at:]
        case 3:
            lines = data.split(b"\n")
            dice.shuffle(lines)
            return b"\n".join(lines)
        case _:
            return data[:at]


def random_zone(dice: random.Random) -> str:
    """A server block key or a zone argument."""
    pool = (
        "a", "org", ".", "..", ":", "53", "01053", "+5", "-1", "/24", "/0", "/27", "/129", "10.0.0.0",
        "10.1.2.255", "2001:db8::", "1::", "::1", "0::", "dns://", "tls://", "https3://", "https://",
        "unix://", "foo://", "\\", "\\.", "\\046", "A", "\xc9", "\u0130", "x" * 63, "x" * 64, "*", "_",
        "%eth0", "[", "]", "9223372036854775807", "9223372036854775808", " ", '"', "\n", "\t", "\x7f",
        "\x01",
    )  # fmt: skip
    return "".join(dice.choice(pool) for _ in range(dice.randrange(0, 7)))


def random_duration(dice: random.Random) -> str:
    pool = (
        "0", "1", "5", "30", "00", ".", ".5", "1.5", "-", "+", "s", "m", "h", "ms", "us", "ns", "\xb5s",
        "\u03bcs", "d", "S", "e3", "_", " ", "9223372036854775807", "9223372036854775808",
        "9223372036854775809", "2562047", "2562048", "0.9223372036854775807", "999999999999999999999",
        "1.00000000000000000000001", "\ufffd", '"', "\\", "\n", "\x7f", "\u0661", "1h", "30s",
        "47m16.854775807s",
    )  # fmt: skip
    return "".join(dice.choice(pool) for _ in range(dice.randrange(0, 6)))
