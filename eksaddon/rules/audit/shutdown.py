"""Checks of the shutdown of a pod: does it answer long enough, and does the grace period suffice?"""

from collections.abc import Iterator

from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.propagation import recommended
from eksaddon.domain.termination import (
    PROPAGATION_MARGIN_SECONDS,
    TerminationSettings,
    Timeline,
    Verdict,
    in_seconds,
    timeline,
)
from eksaddon.rules.audit.facts import AuditFacts, Found
from eksaddon.rules.node_shutdown import node_shutdown as of_node
from eksaddon.rules.reload_deadlock import deadlocks


def shutdown(found: AuditFacts) -> Iterator[Found]:
    line = _timeline(found)
    if line is None:
        return
    if line.verdict is Verdict.UNPROTECTED:
        yield Found(
            "unprotected-shutdown",
            "neither lameduck nor preStop is set: a pod stops answering as soon as it is deleted",
            _fix(found),
        )
        return
    if line.verdict is Verdict.TOO_SHORT:
        yield Found(
            "short-shutdown",
            f"a deleted pod answers for {in_seconds(line.answers_ns)} s ({_parts(found)}), too short for "
            f"{found.facts.propagation} and a margin of {PROPAGATION_MARGIN_SECONDS} s",
            _fix(found),
        )
    if line.cut_ns:
        yield Found(
            "cut-shutdown",
            f"{_parts(found)} against a grace period of {found.facts.grace_seconds} s: the last "
            f"{line.cut_seconds} s are cut off by SIGKILL",
            _fix(found),
        )
    elif line.settings.needed_ns > found.facts.grace_seconds * 10**9:
        yield Found(
            "tight-shutdown",
            f"{_parts(found)} leave {in_seconds(line.spare_ns)} s of the grace period of "
            f"{found.facts.grace_seconds} s, 10 s are recommended",
            f"raise terminationGracePeriod to {-(-line.settings.needed_ns // 10**9)}s",
        )


def _timeline(found: AuditFacts) -> Timeline | None:
    """None if the Corefile is unknown."""
    facts = found.facts
    if facts.corefile is None:
        return None
    return timeline(
        TerminationSettings(
            facts.pre_stop_seconds,
            facts.corefile.lameducks,
            facts.grace_seconds,
            propagation_ns=facts.propagation.nanoseconds,
        )
    )


def _parts(found: AuditFacts) -> str:
    lameducks = found.facts.corefile.lameducks if found.facts.corefile else ()
    total = sum(max(0, one) for one in lameducks)
    parts = [f"preStop {found.facts.pre_stop_seconds} s"] if found.facts.pre_stop_seconds else []
    return " + ".join([*parts, *([f"lameduck {in_seconds(total)} s"] if total else [])])


def _fix(found: AuditFacts) -> str:
    settings = recommended(found.facts.propagation.nanoseconds)
    options = (
        f"--pre-stop {settings.pre_stop_seconds}s --lameduck {in_seconds(settings.lameduck_ns)}s "
        f"--grace {settings.grace_seconds}s"
    )
    command = f"`eksdns plan --cluster NAME {options}`"
    return command if found.addon else f"`eksdns adopt --cluster NAME`, then {command}"


def exec_pre_stop(found: AuditFacts) -> Iterator[Found]:
    if found.live is not None and found.live.other_pre_stop == "exec":
        yield Found(
            "exec-pre-stop",
            "preStop runs a command, but the image of CoreDNS has no shell and no tools",
            "use the sleep action: `--pre-stop 5s`",
        )


def node_shutdown(found: AuditFacts) -> Iterator[Found]:
    for one in of_node(found.facts):
        if one.diagnostic.severity is not Severity.INFO:
            yield Found("node-shutdown", one.diagnostic.summary, one.diagnostic.detail)


def reload_hang(found: AuditFacts) -> Iterator[Found]:
    if deadlocks(found.facts.coredns):
        version = ".".join(map(str, found.facts.coredns or ()))
        yield Found(
            "reload-hang",
            f"CoreDNS {version} hangs until SIGKILL if SIGTERM meets a reload of the Corefile",
            "upgrade the add-on to CoreDNS 1.13.0 or later",
        )
