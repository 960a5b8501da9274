"""What each plugin does with a query, and in which order CoreDNS asks them.

Source: ServeDNS of each plugin and core/dnsserver/zdirectives.go, CoreDNS 1.8.0 to 1.14.7.
"""

from collections.abc import Callable, Mapping

from eksaddon.corefile.resolution.asked import Asked
from eksaddon.corefile.resolution.filters import acl, rewrite, tsig
from eksaddon.corefile.resolution.outcomes import (
    PASS,
    Answer,
    Answered,
    Failure,
    Outcome,
    Step,
    Unknown,
    ends,
)
from eksaddon.corefile.resolution.patterns import matches
from eksaddon.corefile.resolution.queries import Kind
from eksaddon.corefile.resolution.upstreams import upstream
from eksaddon.corefile.resolution.zones import ROOT, falls_through, longest, origins
from eksaddon.corefile.syntax.dispenser import Occurrence
from eksaddon.corefile.syntax.versions import Version

Handler = Callable[[Asked], Step]

SERVES_NOTHING = frozenset({
    "root", "proxyproto", "quic", "grpc_server", "https", "https3", "timeouts", "multisocket", "reload",
    "bind", "debug", "ready", "health", "pprof", "tls", "on", "sign",
})  # fmt: skip
"""Directives that see no query: a server block of these alone refuses everything."""

LOOKS_ON = frozenset({
    "metadata", "geoip", "cancel", "nsid", "bufsize", "trace", "shed", "prometheus", "errors", "log",
    "dnstap", "local", "dns64", "any", "chaos", "loadbalance", "autopath", "cache", "header", "dnssec",
    "minimal", "transfer", "loop", "view",
})  # fmt: skip
"""Plugins that pass the stock queries on."""

_ACL_LAST: Version = (1, 14, 3)
"""From here on `acl` sees what `rewrite` made of a query (source: zdirectives.go of each tag)."""
_TEMPLATE_FAILS: Version = (1, 9, 3)
"""From here on a name that no pattern matches gets SERVFAIL, before NXDOMAIN (coredns#5180)."""


def template(asked: Asked) -> Step:
    outcomes: list[Outcome] = []
    for found in asked.found:
        kinds, zones = [arg.text for arg in found.args[:2]], origins(found.args[2:], asked.block)
        is_asked = {kinds[0], "ANY"} & {"IN"} or kinds[0] == "ANY"
        if not is_asked or kinds[1] not in {asked.query.type, "ANY"}:
            continue
        if longest(zones, asked.query.name) is None:
            continue
        verdict = _matched(found, asked.query.name)
        if verdict is not False:
            outcomes.append(_made(found))
        if verdict:
            return ends(*outcomes)
        if not falls_through(found, asked.query.name):
            return ends(*outcomes, _unmatched(found, asked.version))
    return Step(tuple(outcomes))


def _matched(found: Occurrence, name: str) -> bool | None:
    patterns = [arg.text for each in found.properties if each.name.text == "match" for arg in each.args]
    verdicts = [matches(pattern, name) for pattern in patterns]
    if not patterns or True in verdicts:
        return True
    return None if None in verdicts else False


def _made(found: Occurrence) -> Outcome:
    """What the template answers; an address that it makes is as good as data."""
    words = {each.name.text: each for each in found.properties}
    rcode = words["rcode"].args[0].text if "rcode" in words else "NOERROR"
    advice = "Restrict it with a zone, a type or `match`, and add `fallthrough`."
    reason = "this `template` answers every name of its zones"
    if rcode in {"NXDOMAIN", "SERVFAIL", "REFUSED"}:
        return Failure("template-catch-all", Answer[rcode], found.name, reason, advice)
    if rcode == "NOERROR" and "answer" not in words:
        return Failure("template-catch-all", Answer.EMPTY, found.name, reason, advice)
    return Unknown()


def _unmatched(found: Occurrence, version: Version) -> Failure:
    answer = Answer.SERVFAIL if version >= _TEMPLATE_FAILS else Answer.NXDOMAIN
    reason = "no `match` of this `template` fits, and it has no `fallthrough`"
    return Failure("template-catch-all", answer, found.name, reason, "Add `fallthrough` to the template.")


def hosts(asked: Asked) -> Step:
    found, name = asked.found[0], asked.query.name
    if asked.query.is_reverse or longest(origins(found.args[1:], asked.block), name) is None:
        return PASS
    if any(_names(word.text, name) for each in found.properties for word in each.args):
        return ends(Unknown())
    if falls_through(found, name):
        return PASS
    is_own_file = bool(found.args) and found.args[0].text != "/etc/hosts"
    reason = "`hosts` without `fallthrough` answers every name of its zones"
    advice = "Add `fallthrough` to the block of `hosts`."
    return ends(
        Failure("hosts-fallthrough", Answer.SERVFAIL, found.name, reason, advice, is_certain=not is_own_file)
    )


def _names(word: str, name: str) -> bool:
    word = word.lower().rstrip(".")
    return f"{word}." == name or (word.startswith("*.") and name.endswith(f"{word[1:]}."))


def kubernetes(asked: Asked) -> Step:
    found, query = asked.found[0], asked.query
    zone = longest(origins(found.args, asked.block), query.name)
    if zone is None:
        return PASS
    spaces = {arg.text for each in found.properties if each.name.text == "namespaces" for arg in each.args}
    if query.kind in (Kind.REVERSE, Kind.OTHER_REVERSE):
        is_whole = zone != ROOT and not spaces  # without a domain it makes no name, and hides other Services
        return ends(Answered(found.name, "kubernetes") if is_whole else Unknown())
    is_name = zone == query.domain
    if is_name and (not spaces or (query.kind is Kind.API_SERVER and "default" in spaces)):
        return ends(Answered(found.name, "kubernetes"))
    if is_name and query.kind is Kind.SERVICE:
        return ends(Unknown())  # its namespace may be hidden
    if falls_through(found, query.name):
        return PASS
    if is_name:
        reason = "`namespaces` does not list `default`, where the API server's Service is"
        advice = "Add `default` to `namespaces`, or remove it."
        return ends(Failure("kubernetes-namespaces", Answer.NXDOMAIN, found.name, reason, advice))
    reason = f"`kubernetes` answers every name of its zone `{zone}`"
    advice = "Name the cluster domain and its reverse zones, and add `fallthrough` for the reverse zones."
    return ends(Failure("kubernetes-zone", Answer.NXDOMAIN, found.name, reason, advice))


def zone_data(asked: Asked) -> Step:
    """Plugins whose zones are arguments, and whose records are data."""
    for found in asked.found:
        args = found.args[1:] if found.name.text in {"file", "sign"} else found.args
        zones = origins(args, asked.block)
        if longest(zones, asked.query.name) is None or falls_through(found, asked.query.name):
            continue
        reason = f"`{found.name.text}` without `fallthrough` answers every name of its zones"
        advice = "Give it the zones that it has data for, in a server block of their own."
        return ends(Failure("zone-catch-all", Answer.NXDOMAIN, found.name, reason, advice, is_certain=False))
    return PASS


def may_answer(_asked: Asked) -> Step:
    """Plugins whose zones are data, too."""
    return Step((Unknown(),))


def whoami(asked: Asked) -> Step:
    reason = "`whoami` answers every name with no records: it is a plugin for tests"
    return ends(Failure("test-plugin", Answer.EMPTY, asked.found[0].name, reason, "Remove it."))


def erratic(asked: Asked) -> Step:
    reason = "`erratic` answers every name: it is a plugin for tests"
    return ends(Failure("test-plugin", Answer.INVENTED, asked.found[0].name, reason, "Remove it."))


HANDLERS: Mapping[str, Handler] = {
    "tsig": tsig, "rewrite": rewrite, "acl": acl, "template": template, "hosts": hosts, "route53": may_answer,
    "azure": may_answer, "clouddns": may_answer, "k8s_external": may_answer, "kubernetes": kubernetes,
    "file": zone_data, "auto": may_answer, "secondary": zone_data, "etcd": zone_data, "forward": upstream,
    "grpc": upstream, "erratic": erratic, "whoami": whoami, "nomad": may_answer,
}  # fmt: skip
"""In CoreDNS's order."""


def in_order(version: Version) -> tuple[str, ...]:
    names = tuple(HANDLERS)
    return names if version >= _ACL_LAST else ("acl", *(name for name in names if name != "acl"))


LAST = (
    "file", "auto", "secondary", "etcd", "loop", "forward", "grpc", "erratic", "whoami", "view", "nomad",
)  # fmt: skip
"""The end of CoreDNS's order, from `file` on."""
