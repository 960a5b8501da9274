"""Fleets as reports see them: made up by rule, large or small, plain or hostile."""

from collections.abc import Sequence
from dataclasses import replace

from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.diagnostic import Diagnostic, Location, Severity
from eksaddon.domain.observed import Managed
from eksaddon.domain.plan import Action, Change, ClusterPlan, Plan, Plane
from eksaddon.domain.run.outcome import (
    Changed,
    Failed,
    InSync,
    Outcome,
    RolledBack,
    Skipped,
    Stale,
    Unproven,
    UnreachableTarget,
)
from eksaddon.domain.run.result import RunResult, RunState, TargetResult
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.report.model.status import Row, row

NOW = 1_767_323_045.75
"""2026-01-02T03:04:05Z and a fraction."""

REGIONS = ("eu-west-1", "us-east-1", "ap-southeast-2", "eu-central-1")
VERSIONS = ("v1.9.3-eksbuild.40", "v1.11.4-eksbuild.51", "v1.13.2-eksbuild.21")

OLD_COREFILE = """.:53 {
    errors
    health {
        lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
    }
    prometheus :9153
    forward . /etc/resolv.conf
    cache 30
    loop
    reload
    loadbalance
}
"""
NEW_COREFILE = OLD_COREFILE.replace("lameduck 5s", "lameduck 20s").replace("cache 30", "cache 60")

REPLICAS = Change(Plane.ADDON, "replicaCount", 2, 3, origin=Location("eksdns.yaml", 3, 17))
BUDGET = Change(
    Plane.ADDON, "podDisruptionBudget.maxUnavailable", None, 1, origin=Location("eksdns.yaml", 4, 26)
)
LAMEDUCK = Change(
    Plane.ADDON, 'corefile[".:53"].health.lameduck', "5s", "20s", origin=Location("eksdns.yaml", 5, 13)
)
COREFILE = Change(Plane.ADDON, "corefile", OLD_COREFILE, NEW_COREFILE)
GRACE = Change(
    Plane.WORKLOAD, "terminationGracePeriodSeconds", None, 45, "not applied: workload plane not available"
)

SLEEPS = Diagnostic(
    Severity.WARNING,
    "reload-sleeps",
    "CoreDNS 1.9.3 waits for the lameduck on every reload while all pods are unready",
    "upgrade the add-on to CoreDNS 1.10.1 or later before raising lameduck",
)
BROKEN = Diagnostic(
    Severity.ERROR,
    "replica-bounds",
    "replicaCount -5 is below 1",
    "set it to at least 2",
    Location("eksdns.yaml", 9, 5),
)
NOT_CHECKED = Diagnostic(
    Severity.WARNING,
    "workload-not-checked",
    "terminationGracePeriodSeconds 45 not applied: workload plane not available",
)

SHORT, LONG, GRAVE = (REPLICAS, BUDGET, LAMEDUCK), (REPLICAS, BUDGET, COREFILE), (REPLICAS,)


def denied(ref: ClusterRef) -> Trouble:
    message = (
        f"User: arn:aws:sts::{ref.account}:assumed-role/eksdns/run is not authorized to perform:"
        f" eks:DescribeAddon on resource: arn:aws:eks:{ref.region}:{ref.account}:addon/{ref.name}/coredns/*"
    )
    return Trouble(Cause.DENIED, message, "AccessDeniedException", "DescribeAddon", "eks:DescribeAddon")


def target(number: int, accounts: int = 4) -> Target:
    account = number % accounts
    ref = ClusterRef(f"{account:012d}", REGIONS[number // accounts % len(REGIONS)], f"cluster-{number:04d}")
    env = "prod" if account % 2 else "dev"
    return Target(
        ref, f"team-{account:02d}", (("env", env), ("path", "/Workloads"), ("path", f"/Workloads/{env}"))
    )


def cluster_plan(number: int, accounts: int = 4) -> ClusterPlan:
    """Of twenty: eleven to update, one blocked, two unreachable, one skipped, one half seen, four fine."""
    one = ClusterPlan(
        target(number, accounts),
        Action.IN_SYNC,
        "in sync",
        VERSIONS[number % 3],
        fingerprint=f"{number:064x}",
        wave="canary" if number < 3 else "rest",
    )
    match number % 20:
        case 0:
            return replace(
                one, action=Action.BLOCKED, reason=BROKEN.summary, changes=GRAVE, diagnostics=(BROKEN,)
            )
        case 1 | 2:
            return replace(one, action=Action.UPDATE, reason="3 changes", changes=LONG)
        case 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11:
            sleeps = (SLEEPS,) if number % 3 == 0 else ()
            return replace(one, action=Action.UPDATE, reason="3 changes", changes=SHORT, diagnostics=sleeps)
        case 12 | 13:
            return unreachable(one)
        case 14:
            return replace(
                one,
                action=Action.SKIPPED,
                reason="EKS Auto Mode provides its own cluster DNS",
                version="",
                fingerprint="",
            )
        case 15:
            reason = "the add-on plane is in sync; workload plane not available"
            return replace(one, reason=reason, changes=(GRACE,), diagnostics=(NOT_CHECKED,))
        case _:
            return one


def unreachable(one: ClusterPlan) -> ClusterPlan:
    trouble = denied(one.target.ref)
    return replace(
        one,
        action=Action.UNREACHABLE,
        reason=str(trouble),
        trouble=trouble,
        version="",
        fingerprint="",
        changes=(),
        diagnostics=(),
    )


def fleet_plan(size: int, accounts: int = 4) -> Plan:
    clusters = sorted((cluster_plan(n, accounts) for n in range(size)), key=lambda one: one.target.ref)
    return Plan(tuple(clusters), NOW, "ab" * 32)


def unreachable_plan(size: int) -> Plan:
    plan = fleet_plan(size)
    return replace(plan, clusters=tuple(unreachable(one) for one in plan.clusters))


def outcome_of(number: int, one: ClusterPlan) -> Outcome:
    """By the plan's action; of what is to be updated one in ten ends in each unusual way."""
    match one.action:
        case Action.IN_SYNC:
            return InSync()
        case Action.SKIPPED | Action.BLOCKED:
            return Skipped(one.reason)
        case Action.UNREACHABLE:
            return UnreachableTarget(denied(one.target.ref))
        case Action.UPDATE:
            ends: tuple[Outcome, ...] = (
                Failed(Trouble(Cause.CONFLICT, "conflicts on: spec.replicas"), f"up-{number}"),
                Stale("the add-on was changed after the plan"),
                RolledBack(f"up-{number}"),
                Unproven(Trouble(Cause.STILL_RUNNING, "the update did not end within 600 s"), f"up-{number}"),
            )
            return dict(enumerate(ends)).get(number % 10, Changed(f"up-{number}"))


def fleet_run(size: int, accounts: int = 4) -> RunResult:
    plan = fleet_plan(size, accounts)
    results = tuple(
        TargetResult(one, outcome_of(n, one), 4.2 + n % 50 if one.action is Action.UPDATE else 0.0)
        for n, one in enumerate(plan.clusters)
    )
    return RunResult("20260102-030405-1f2e3d", RunState.SUCCEEDED_WITH_FAILURES, results, plan.digest, NOW)


def observed(number: int, text: str | None = None, **more: object) -> Row:
    """A row of `status` for a managed add-on; `more` are fields of Managed."""
    where = target(number)
    found = Managed(where.ref, "v1.11.4-eksbuild.51", "ACTIVE", text)
    return row(where, replace(found, **more))  # type: ignore[arg-type]  # by name


HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(1)",
    "::error file=x::boom",
    "  ::stop-commands::t",
    "##[error]boom",
    "a|b`c``d```e",
    "@octocat #1 [x](http://e.invalid) ![i](http://e.invalid) <b>",
    "\x1b[31mred\x1b]0;title\x07",
    "abc\u202edef\u2066ghi",
    "tab\tline\nfeed\rreturn\x00\x85\u2028",
    "{{ 7*7 }}{% raw %}{0}",
    "]]>&lt;&amp;<!--",
    "\ud800 lone \ufffe\uffff",
    "- x",
    "# x",
    "    ",
    "~~~\n```\n</details>",
    "$x$ *b* _i_",
)


def hostile_plan(texts: Sequence[str] = HOSTILE) -> Plan:
    """Every string that others can write is hostile, in every place."""
    return Plan(tuple(_hostile(number, text) for number, text in enumerate(texts)), NOW, "cd" * 32)


def _hostile(number: int, text: str) -> ClusterPlan:
    # EKS takes only letters, digits, - and _ in names; a renderer must not rely on it
    where = Target(ClusterRef(f"{number:012d}", "eu-west-1", f"{text}{number}"), text, ((text, text),))
    corefile = f"{OLD_COREFILE}# {text}\n{text}\n"
    changes = (
        Change(Plane.ADDON, f"podLabels.{text}", text, {text: [text]}, text, Location(f"{text}.yaml", 3, 1)),
        Change(Plane.ADDON, "corefile", OLD_COREFILE, corefile, text),
    )
    diagnostics = tuple(
        Diagnostic(severity, f"rule-{text}", text, text, Location(f"{text}.yaml", 7, 2))
        for severity in Severity
    )
    one = ClusterPlan(where, Action.UPDATE, text, text, changes, diagnostics, text, wave=text)
    if number % 3 == 0:
        return replace(one, action=Action.BLOCKED)
    if number % 3 == 1:
        trouble = Trouble(Cause.DENIED, text, text, text, text)
        return replace(one, action=Action.UNREACHABLE, reason=str(trouble), trouble=trouble)
    return one


def hostile_run(texts: Sequence[str] = HOSTILE) -> RunResult:
    plan = hostile_plan(texts)
    ends = (
        lambda text: Failed(Trouble(Cause.DENIED, text, text, text, text), text),
        Skipped,
        Stale,
        Changed,
    )
    results = tuple(
        TargetResult(one, ends[number % 4](texts[number]), 1.0) for number, one in enumerate(plan.clusters)
    )
    return RunResult(texts[0], RunState.FAILED, results, plan.digest, NOW)
