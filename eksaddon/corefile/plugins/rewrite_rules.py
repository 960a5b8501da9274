"""The arguments of the rewrite plugin, whose rule types each have a grammar of their own.

Source: plugin/rewrite of github.com/coredns/coredns, 1.8.0 to 1.14.7.
"""

import re
from collections.abc import Sequence

from eksaddon.corefile.plugins.dns_types import CLASSES, RCODES, TYPES
from eksaddon.corefile.plugins.go_regexp import Refused, read_regexp
from eksaddon.corefile.plugins.values import MAX_REGEXP
from eksaddon.corefile.plugins.vocabulary import Wrong
from eksaddon.corefile.syntax.versions import Version
from eksaddon.regex import regex

MATCHES = ("exact", "prefix", "suffix", "substring", "regex")

_REFERENCE = regex(r"\{(?:100|[1-9]?[0-9])\}")
_HIGHEST_RCODE = 23
_UINT32 = 1 << 32
_TTL_RANGE = regex(r"([0-9]*)-([0-9]*)")
_CODE = regex(r"0[xX](?:_?[0-9a-fA-F])+|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0(?:_?[0-7])*|[1-9](?:_?[0-9])*")
_VARIABLES = (
    "{qname}",
    "{qtype}",
    "{client_ip}",
    "{client_port}",
    "{protocol}",
    "{server_ip}",
    "{server_port}",
)


def rewrite_rule(args: Sequence[str], version: Version) -> Wrong | None:
    """One rule, with the contents of its block as additional arguments."""
    if not args:
        return Wrong(0, "needs a rule type")
    start = 1 if args[0].lower() in {"continue", "stop"} else 0
    if len(args) <= start:
        return Wrong(0, "must be followed by a rule type")
    found = _typed_rule(args[start].lower(), args[start + 1 :], version)
    return Wrong(found.index + start + 1, found.clause) if found else None


def _typed_rule(kind: str, args: Sequence[str], version: Version) -> Wrong | None:
    match kind:
        case "name":
            return _name(args, version)
        case "class":
            return _two_words(args, CLASSES, "class")
        case "type":
            return _two_words(args, TYPES, "type")
        case "edns0":
            return _edns0(args, version)
        case "ttl":
            return _ttl(args, version)
        case "cname" if version >= (1, 11, 0):
            return _cname(args)
        case "rcode" if version >= (1, 11, 3):
            return _rcode(args)
        case "answer":
            return Wrong(-1, "cannot start a rule: response rewrites start with a `name` rule")
        case _:
            return Wrong(-1, "is not a rule type of this version")


def _two_words(args: Sequence[str], words: Sequence[str], what: str) -> Wrong | None:
    if len(args) != 2:  # noqa: PLR2004 - from and to
        return Wrong(-1, "takes exactly two arguments")
    wrong = next((index for index, arg in enumerate(args) if arg.upper() not in words), None)
    return None if wrong is None else Wrong(wrong, f"is not a {what}")


def _pattern_problem(pattern: str, replacement: str) -> str:
    if len(pattern) > MAX_REGEXP:
        return ""
    found = read_regexp(pattern)
    if isinstance(found, Refused):
        return f"is not a valid Go regular expression: {found.reason}"
    used = len(set(_REFERENCE.findall(replacement)))
    return "" if used <= found.groups else "has fewer capture groups than its replacement uses"


def _name(args: Sequence[str], version: Version) -> Wrong | None:
    if len(args) < 2:  # noqa: PLR2004 - from and to
        return Wrong(-1, "needs at least a name and its replacement")
    kind, names = ("exact", args) if len(args) == 2 else (args[0].lower(), args[1:])  # noqa: PLR2004
    offset = len(args) - len(names)
    if len(args) > 3 and (found := _answers(args[3:], version)):  # noqa: PLR2004 - match, from, to
        return Wrong(found.index + 3, found.clause)
    if kind not in MATCHES:
        return Wrong(0, f"is not a match type: {', '.join(MATCHES)}")
    if kind == "regex" and (problem := _pattern_problem(names[0], names[1])):
        return Wrong(offset, problem)
    if kind == "exact" and (problem := _pattern_problem(_fqdn(names[1]), _fqdn(names[0]))):
        return Wrong(offset + 1, problem)
    return None


def _fqdn(name: str) -> str:
    lower = name.lower()
    return lower if lower.endswith(".") else f"{lower}."


def _answers(args: Sequence[str], version: Version) -> Wrong | None:
    if version < (1, 8, 4):
        whole = len(args) % 4 == 0
        return None if whole else Wrong(0, "must be a complete `answer name FROM TO`")
    if len(args) < 2:  # noqa: PLR2004 - the word and its type
        return Wrong(0, "is one argument too many for a name rule without an answer rule")
    at, explicit, auto = 0, False, False
    while at < len(args):
        if args[at] == "answer":
            at += 1
        elif at == 0:
            return Wrong(at, "is unexpected: an answer rule starts with `answer`")
        found = _answer(args, at)
        if found is not None:
            return found
        auto, explicit = auto or args[at] == "auto", explicit or args[at] == "name"
        at += 1 if args[at] == "auto" else 3
    return Wrong(0, "cannot contain both `auto` and `name`") if auto and explicit else None


def _answer(args: Sequence[str], at: int) -> Wrong | None:
    if at >= len(args):
        return Wrong(at - 1, "needs a type: `auto`, `name` or `value`")
    if args[at] == "auto":
        return None
    if args[at] not in {"name", "value"}:
        return Wrong(at, "is not an answer rule type: `auto`, `name` or `value`")
    if len(args) - at <= 2:  # noqa: PLR2004 - from and to
        return Wrong(at, "needs a pattern and its replacement")
    problem = _pattern_problem(args[at + 1], args[at + 2])
    return Wrong(at + 1, problem) if problem else None


def _matched(args: Sequence[str], least: int, what: str) -> Wrong | int:
    """Where the name stands among the arguments of a rule that may begin with a kind of match."""
    if len(args) < least:
        return Wrong(-1, f"needs {what}")
    if len(args) == least:
        return 0
    if len(args) > least + 1:
        return Wrong(least + 1, "is one argument too many")
    kind = args[0].lower()
    if kind not in MATCHES:
        return Wrong(0, f"is not a match type: {', '.join(MATCHES)}")
    if kind == "regex" and (problem := _pattern_problem(args[1], "")):
        return Wrong(1, problem)
    return 1


def _ttl(args: Sequence[str], version: Version) -> Wrong | None:
    name = _matched(args, 2, "a name and a TTL")
    if isinstance(name, Wrong):
        return name
    return (
        None if _is_ttl(args[name + 1], version) else Wrong(name + 1, "is not a TTL (examples: `30`, `5-60`)")
    )


def _is_ttl(text: str, version: Version) -> bool:
    if re.fullmatch(r"[0-9]{1,10}", text):
        return int(text) < _UINT32
    found = _TTL_RANGE.fullmatch(text)
    if found is None or version < (1, 9, 4) or text == "-" or len(text) > len("4294967295-4294967295"):
        return False
    low, high = int(found[1] or 0), int(found[2] or (1 << 31) - 1)
    return low <= high < _UINT32


def _rcode(args: Sequence[str]) -> Wrong | None:
    name = _matched(args, 3, "a name and two response codes")
    if isinstance(name, Wrong):
        return name
    wrong = next((index for index in (name + 1, name + 2) if not _is_rcode(args[index])), None)
    return None if wrong is None else Wrong(wrong, "is not a response code")


def _is_rcode(text: str) -> bool:
    if re.fullmatch(r"[0-9]{1,10}", text):
        return int(text) <= _HIGHEST_RCODE
    return text.upper() in RCODES


def _cname(args: Sequence[str]) -> Wrong | None:
    name = _matched([arg.lower() for arg in args], 2, "a target and its replacement")
    return name if isinstance(name, Wrong) else None


def _edns0(args: Sequence[str], version: Version) -> Wrong | None:
    if len(args) < 2:  # noqa: PLR2004 - type and action
        return Wrong(-1, "needs a type and an action")
    kind, action = args[0].lower(), args[1].lower()
    actions = ("append", "replace", "set", "unset") if version >= (1, 12, 3) else ("append", "replace", "set")
    if action not in actions:
        return Wrong(1, f"is not an action: {', '.join(actions)}")
    if kind not in {"local", "nsid", "subnet"}:
        return Wrong(0, "is not a type: local, nsid, subnet")
    if action != "unset" and version >= (1, 11, 4) and args[-1] == "revert":
        args = args[:-1]
    wanted = {"nsid": 2, "local": 3 if action == "unset" else 4, "subnet": 2 if action == "unset" else 4}[
        kind
    ]
    if len(args) != wanted:
        return Wrong(0, f"takes {wanted - 2} arguments after the action here")
    return _edns0_values(kind, args)


def _edns0_values(kind: str, args: Sequence[str]) -> Wrong | None:
    if kind == "subnet" and len(args) > 2:  # noqa: PLR2004 - type and action
        masks = ((2, 32), (3, 128))
        wrong = next((index for index, most in masks if not _is_code(args[index], most)), None)
        return None if wrong is None else Wrong(wrong, "is not a prefix length")
    if kind != "local":
        return None
    if not _is_code(args[2], 65535):
        return Wrong(2, "is not an option code")
    return _edns0_data(args[3]) if len(args) > 3 else None  # noqa: PLR2004


def _edns0_data(data: str) -> Wrong | None:
    if data.startswith("{") and data.endswith("}"):
        namespace, slash, label = data[1:-1].partition("/")
        known = data in _VARIABLES or (slash and namespace and label)
        return None if known else Wrong(3, "is not a variable")
    if data.startswith("0x") and not re.fullmatch(r"(?:[0-9a-fA-F]{2})*", data[2:]):
        return Wrong(3, "is not hexadecimal data")
    return None


def _is_code(text: str, most: int) -> bool:
    """As Go's strconv.ParseUint with base 0."""
    if not _CODE.fullmatch(text) or len(text) > len("0b1111111111111111") * 2:
        return False
    digits = text.replace("_", "")
    octal = re.fullmatch(r"0([0-7]+)", digits)
    return (int(octal[1], 8) if octal else int(digits, 0)) <= most
