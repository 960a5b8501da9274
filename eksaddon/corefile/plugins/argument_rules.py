"""Rules over several arguments of a plugin together, or over its whole block.

Source: setup of each plugin in github.com/coredns/coredns, 1.8.0 to 1.14.7.
"""

from collections.abc import Mapping, Sequence

from eksaddon.corefile.plugins.dns_types import OPCODES, RCODES, TYPES
from eksaddon.corefile.plugins.values import (
    SECOND,
    Duration,
    Integer,
    NetworkOrAddress,
    OneOf,
    Regexp,
    Value,
    is_ip,
    read_integer,
    strip_ip_zone,
    strip_port,
)
from eksaddon.corefile.plugins.vocabulary import Properties, Wrong
from eksaddon.corefile.syntax.versions import Version
from eksaddon.corefile.syntax.zones import is_domain_name, normal_zones

_LEVELS = ("warning", "error", "info", "debug")
_ACL_SECTIONS: Mapping[str, Value] = {"type": OneOf((*TYPES, "*")), "net": NetworkOrAddress()}


def _first(values: Sequence[str], kind: OneOf, start: int = 0) -> Wrong | None:
    for index, value in enumerate(values):
        if problem := kind.problem(value):
            return Wrong(start + index, problem)
    return None


def cache_ttl(args: Sequence[str], _version: Version) -> Wrong | None:
    """The first argument is a TTL only if it is a whole number; else it is a zone."""
    number = read_integer(args[0]) if args else None
    return Wrong(0, "must be more than 0 seconds") if number is not None and number <= 0 else None


def serve_stale(args: Sequence[str], version: Version) -> Wrong | None:
    kinds: list[Duration | OneOf] = [Duration(low=0), OneOf(("immediate", "verify"), folded=True)]
    ttl = Duration(low=0, high=((1 << 32) - 1) * SECOND, whole=True)
    recheck = Duration(low=0, high=300 * SECOND)
    verifying = len(args) > 1 and args[1].lower() == "verify"
    if verifying:
        kinds += [Duration(low=0), ttl, recheck]
    elif version >= (1, 14, 7):
        kinds += [ttl, recheck]
    for index, arg in enumerate(args):
        if index >= len(kinds):
            return Wrong(index, "is one argument too many for `immediate`")
        if problem := kinds[index].problem(arg):
            return Wrong(index, problem)
    return None


def consolidate(args: Sequence[str], version: Version) -> Wrong | None:
    kinds: tuple[Value, Value] = (Duration(), Regexp())
    for index, kind in enumerate(kinds):
        if problem := kind.problem(args[index]):
            return Wrong(index, problem)
    options = args[2:]
    words = (*_LEVELS, "show_first") if version >= (1, 14, 0) else _LEVELS
    if found := _first(options, OneOf(words), start=2):
        return found
    levels = [index for index, option in enumerate(options) if option in _LEVELS]
    if len(levels) > 1:
        return Wrong(levels[1] + 2, "is a second log level")
    if levels and "show_first" in options[: levels[0]]:
        return Wrong(levels[0] + 2, "must come before `show_first`")
    return None


def dnstap_buffers(args: Sequence[str], version: Version) -> Wrong | None:
    """`[listen] ENDPOINT [full] [MEBIBYTES [QUEUE]]`, where `full` may be any word."""
    start = 1 if args[0] == "listen" and version >= (1, 14, 4) else 0
    if len(args) == start:
        return Wrong(0, "needs an endpoint")
    for index, most in ((start + 2, 1024), (start + 3, 4096)):
        if index < len(args) and (problem := Integer(1, most).problem(args[index])):
            return Wrong(index, problem)
    return None


def tls_files(args: Sequence[str], _version: Version) -> Wrong | None:
    return Wrong(0, "needs a key file after the certificate") if len(args) == 1 else None


def trace_endpoint(args: Sequence[str], _version: Version) -> Wrong | None:
    """`[ENDPOINT]` or `TYPE ENDPOINT`."""
    is_known = len(args) < 2 or args[0].lower() in {"zipkin", "datadog"}  # noqa: PLR2004 - type and endpoint
    return None if is_known else Wrong(0, "is not `zipkin` or `datadog`")


def lone_round_robin(args: Sequence[str], _version: Version) -> Wrong | None:
    """CoreDNS before 1.10.1 looks at a policy only if it is the one argument."""
    return _first(args, OneOf(("round_robin",))) if len(args) == 1 else None


def loadbalance_policy(args: Sequence[str], _version: Version) -> Wrong | None:
    if args and args[0] == "weighted" and len(args) == 1:
        return Wrong(0, "needs a file with the weights")
    return (
        Wrong(1, "is one argument too many for `round_robin`")
        if args[:1] != ["weighted"] and args[1:]
        else None
    )


def loadbalance_block(args: Sequence[str], properties: Properties, _zones: Sequence[str]) -> str:
    """`reload` is read for `weighted` alone, and `prefer` for every other policy."""
    is_weighted = list(args[:1]) == ["weighted"]
    if "reload" in properties and not is_weighted:
        return "has the property `reload`, which only the policy `weighted` takes"
    if "prefer" in properties and is_weighted:
        return "has the property `prefer`, which the policy `weighted` does not take"
    return ""


def acl_policy(args: Sequence[str], _version: Version) -> Wrong | None:
    """Sections `type …` and `net …` in any order, none of them empty; nothing is read after a `*`."""
    kind: Value | None = None
    opened, starred = -1, False
    for index, arg in enumerate(args):
        section = _ACL_SECTIONS.get(arg.lower())
        if section is not None:
            if opened >= 0:
                break
            kind, opened, starred = section, index, False
        elif kind is None:
            return Wrong(index, "is not `type` or `net`")
        elif not starred and (problem := kind.problem(arg)):
            return Wrong(index, problem)
        else:
            opened, starred = -1, starred or arg == "*"
    return Wrong(opened, "has nothing after it") if opened >= 0 else None


def header_rule(args: Sequence[str], _version: Version) -> Wrong | None:
    if len(args) == 1:
        return Wrong(0, "needs at least one flag: `aa`, `ra` or `rd`")
    if problem := OneOf(("set", "clear"), folded=True).problem(args[0]):
        return Wrong(0, problem)
    return _first(args[1:], OneOf(("aa", "ra", "rd"), folded=True), start=1)


def header_flags(args: Sequence[str], _version: Version) -> Wrong | None:
    return _first(args, OneOf(("aa", "ra", "rd"), folded=True))


def rcodes(args: Sequence[str], _version: Version) -> Wrong | None:
    wrong = next((index for index, arg in enumerate(args) if arg.upper() not in RCODES), None)
    return None if wrong is None else Wrong(wrong, "is not a response code")


def failover_rcodes(args: Sequence[str], version: Version) -> Wrong | None:
    wrong = next((index for index, arg in enumerate(args) if arg.upper() == "NOERROR"), None)
    return rcodes(args, version) if wrong is None else Wrong(wrong, "cannot be used in failover")


def health_check(args: Sequence[str], version: Version) -> Wrong | None:
    """The options behind the interval."""
    at = 1
    while at < len(args):
        if args[at] == "domain" and version >= (1, 9, 2):
            if at + 1 >= len(args):
                return Wrong(at, "needs a domain name")
            if version >= (1, 9, 4) and not is_domain_name(args[at + 1]):
                return Wrong(at + 1, "is not a domain name")
            at += 1
        elif args[at] != "no_rec":
            return Wrong(at, "is not an option of health_check in this version")
        at += 1
    return None


def not_two(args: Sequence[str], _version: Version) -> Wrong | None:
    return Wrong(1, "needs a template after the regular expression") if len(args) == 2 else None  # noqa: PLR2004


def key_source(args: Sequence[str], _version: Version) -> Wrong | None:
    if args[0] == "directory":
        return Wrong(0, "is not implemented by CoreDNS")
    return Wrong(0, "needs at least one key file") if args[0] == "file" and len(args) == 1 else None


def dnssec_key(args: Sequence[str], version: Version) -> Wrong | None:
    sources = ("file", "aws_secretsmanager") if version >= (1, 12, 2) else ("file",)
    if args[0] in sources:
        return Wrong(0, "needs at least one key") if len(args) == 1 else None
    return Wrong(1, f"is not a property; key sources are {', '.join(sources)}") if len(args) > 1 else None


def transfer_from(args: Sequence[str], version: Version) -> Wrong | None:
    if args[0] == "to" and version < (1, 8, 0):
        return None
    if args[0] != "from":
        return Wrong(0, "is not `from`")
    for index, arg in enumerate(args[1:], start=1):
        if arg == "*":
            return Wrong(index, "cannot be transferred from")
        if not is_ip(strip_ip_zone(strip_port(arg))):
            return Wrong(index, "is not an IP address with an optional port")
    return None


def required_types(args: Sequence[str], _version: Version) -> Wrong | None:
    """Nothing is read behind `all` or `none`, if it comes first."""
    return None if args[0] in {"all", "none"} else _first(args, OneOf(TYPES))


def required_opcodes(args: Sequence[str], _version: Version) -> Wrong | None:
    return None if args[0] in {"all", "none"} else _first(args, OneOf(OPCODES))


def tsig_keys(_args: Sequence[str], properties: Properties, _zones: Sequence[str]) -> str:
    names = [args[0].lower().removesuffix(".") for args in properties.get("secret", ())]
    return "defines a key more than once" if len(set(names)) < len(names) else ""


def kubernetes_zones(args: Sequence[str], properties: Properties, zones: Sequence[str]) -> str:
    """One zone at least must be no reverse zone, and every multicluster zone one of the plugin's."""
    own = [zone for text in (args or zones) for zone in normal_zones(text)]
    if all(zone.endswith((".in-addr.arpa.", ".ip6.arpa.")) for zone in own):
        return "needs a zone that is not a reverse zone"
    wanted = properties.get("multicluster", ((),))[-1]
    missing = [zone for text in wanted for zone in normal_zones(text) if zone not in own]
    return f"does not serve the zone `{missing[0]}` of `multicluster`" if missing else ""
