"""Checks of the Corefile in force."""

from collections.abc import Iterator

from eksaddon.corefile.diff.difference import Difference, compare
from eksaddon.corefile.lint.start import query_failures, start_errors
from eksaddon.corefile.syntax.versions import NEWEST_KNOWN, show_version
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.workload import NO_COREFILE
from eksaddon.rules.audit.facts import AuditFacts, Found
from eksaddon.rules.probe_endpoints import probe_endpoints

_LINT = "`eksdns corefile lint` shows every error"


def start(found: AuditFacts) -> Iterator[Found]:
    """Whether this CoreDNS starts with the Corefile, and whether the newest known one would."""
    live, coredns = found.live, found.facts.coredns
    if live and live.lacks_corefile:
        yield Found("corefile-missing", NO_COREFILE, "restore the ConfigMap from a backup")
        return
    if not found.corefile or coredns is None:
        return
    if errors := start_errors(found.corefile, coredns):
        yield Found(
            "corefile-refused",
            f"CoreDNS {show_version(coredns)} refuses the Corefile at its next start: {errors[0].summary}",
            f"fix the Corefile before a pod is replaced; {_LINT}",
        )
    elif coredns < NEWEST_KNOWN and (later := start_errors(found.corefile, NEWEST_KNOWN)):
        yield Found(
            "corefile-refused-later",
            f"CoreDNS {show_version(NEWEST_KNOWN)} refuses the Corefile: {later[0].summary}",
            f"fix the Corefile before the next upgrade of the add-on; {_LINT}",
        )


def endpoints(found: AuditFacts) -> Iterator[Found]:
    for one in probe_endpoints(found.facts):
        yield Found("probe-endpoints", one.diagnostic.summary, one.diagnostic.detail)


def queries(found: AuditFacts) -> Iterator[Found]:
    if not found.corefile or found.facts.coredns is None:
        return
    for one in query_failures(found.corefile, found.facts.coredns):
        if one.severity is Severity.ERROR:
            yield Found("queries-fail", one.summary, one.detail)


def frozen(found: AuditFacts) -> Iterator[Found]:
    if not found.stored_corefile:
        return
    is_default = bool(found.default_corefile) and _is_same(found.stored_corefile, found.default_corefile)
    if is_default:
        yield Found(
            "corefile-frozen",
            "the stored Corefile says the same as EKS's default and no longer follows it",
            "remove the Corefile from the configuration, or set a lameduck in it",
        )
    else:
        yield Found(
            "corefile-stored", "the add-on stores a Corefile, so changes of EKS's default do not arrive"
        )


def _is_same(one: str, other: str) -> bool:
    difference = compare(one, other)
    return isinstance(difference, Difference) and difference.is_empty
