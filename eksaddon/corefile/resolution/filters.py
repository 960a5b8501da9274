"""Plugins that refuse, drop or change a query before a plugin with data sees it.

Source: plugin/tsig, plugin/rewrite and plugin/acl of CoreDNS 1.8.0 to 1.14.7.
"""

from collections.abc import Sequence

from eksaddon.corefile.resolution.asked import Asked
from eksaddon.corefile.resolution.outcomes import PASS, Answer, Failure, Step, Unknown, ends
from eksaddon.corefile.resolution.patterns import matches
from eksaddon.corefile.resolution.zones import longest, origins
from eksaddon.corefile.syntax.dispenser import Property


def tsig(asked: Asked) -> Step:
    for found in asked.found:
        if longest(origins(found.args, asked.block), asked.query.name) is None:
            continue
        for each in found.properties:
            words = {arg.text.upper() for arg in each.args}
            wanted = {"require": asked.query.type, "require_opcode": "QUERY"}.get(each.name.text)
            if wanted is not None and words & {"ALL", wanted}:
                reason = f"`tsig` requires a signature for `{each.name.text} {each.args[0].text}`"
                advice = "Pods do not sign queries; require signatures only for transfers and updates."
                return ends(Failure("tsig-required", Answer.REFUSED, each.name, reason, advice))
    return PASS


def rewrite(asked: Asked) -> Step:
    """A rewritten name is not followed further."""
    rules = [[arg.text for arg in found.args] for found in asked.found]
    return ends(Unknown()) if any(_may_change(rule, asked.query.name) for rule in rules) else PASS


_KEEPS_THE_QUESTION = frozenset({"ttl", "edns0"})
_KINDS = frozenset({"exact", "prefix", "suffix", "substring", "regex"})


def _may_change(words: Sequence[str], name: str) -> bool:
    if words and words[0].lower() in {"stop", "continue"}:
        words = words[1:]
    if not words or words[0].lower() != "name":
        return not words or words[0].lower() not in _KEEPS_THE_QUESTION
    rule = words[1:]
    kind = rule[0].lower() if len(rule) > 2 and rule[0].lower() in _KINDS else "exact"  # noqa: PLR2004
    pattern = rule[1] if len(rule) > 2 and rule[0].lower() in _KINDS else "".join(rule[:1])  # noqa: PLR2004
    if kind == "regex":
        return matches(pattern, name) is not False
    pattern = pattern.lower().rstrip(".")
    full = f"{pattern}."
    match kind:
        case "prefix":
            return name.startswith(pattern)
        case "suffix":
            return name.endswith(full)
        case "substring":
            return pattern in name
        case _:
            return name == full


_ACTIONS = {
    "block": (Answer.REFUSED, "blocks"),
    "filter": (Answer.EMPTY, "filters"),
    "drop": (Answer.NOTHING, "drops"),
}


def acl(asked: Asked) -> Step:
    """The first policy that matches decides; one about certain clients only may match."""
    may_match: list[Unknown | Failure] = []
    for found in asked.found:
        if longest(origins(found.args, asked.block), asked.query.name) is None:
            continue
        for policy in found.properties:
            sections = _sections(policy)
            if not {"*", asked.query.type} & set(sections["type"]):
                continue
            outcome = _policy(policy)
            if "*" not in sections["net"]:
                may_match.append(Unknown())
            elif outcome is None:
                return Step(tuple(may_match))
            else:
                return ends(*may_match, outcome)
    return Step(tuple(may_match))


def _policy(policy: Property) -> Failure | None:
    """None: the query is allowed."""
    found = _ACTIONS.get(policy.name.text.lower())
    if found is None:
        return None
    answer, verb = found
    advice = "Use `net` to restrict the policy to the intended clients."
    return Failure("acl-blocks", answer, policy.name, f"`acl` {verb} queries of every client", advice)


def _sections(policy: Property) -> dict[str, list[str]]:
    """What stands behind `type` and `net`, which may both be repeated; `*` where a section is absent."""
    found: dict[str, list[str]] = {}
    words: list[str] = []
    for arg in policy.args:
        section = arg.text.lower()
        if section in {"type", "net"}:
            words = found.setdefault(section, [])
        else:
            words.append(arg.text)
    return {"type": ["*"], "net": ["*"]} | found
