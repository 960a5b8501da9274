"""Plans of one cluster, with the fields that a test is about."""

import json
from dataclasses import replace

from eksaddon.domain.desired import DesiredState, Lameduck
from eksaddon.domain.observed import (
    Managed,
)
from eksaddon.domain.plan import ClusterPlan
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.domain.workload import NotChecked
from eksaddon.plan.fleet import Planner
from eksaddon.schema import AddonSchema, packaged_schema

VERSION = "v1.11.4-eksbuild.28"
REF = ClusterRef("111122223333", "eu-west-1", "shop")
TARGET = Target(REF)
NO_PLANE = NotChecked("workload plane not available", is_chosen=True)
COREFILE = """\
# ours
.:53 {
    errors
    health {
        lameduck 5s
      }
    ready
    forward . /etc/resolv.conf
    loop
    reload
}
"""
STORED = {"computeType": "ec2", "replicaCount": 2, "corefile": COREFILE}


def managed(values: object = None, **more: object) -> Managed:
    text = values if isinstance(values, str) or values is None else json.dumps(values)
    return replace(Managed(REF, VERSION, "ACTIVE", text), **more)  # type: ignore[arg-type]  # fields by name


def wants(seconds: int | None = None, **values: object) -> DesiredState:
    lameduck = None if seconds is None else Lameduck(f"{seconds}s", seconds * 10**9)
    return DesiredState(values=values, lameduck=lameduck)  # type: ignore[arg-type]  # JSON values


def planned(
    observed: Managed, desired: DesiredState, workload: object = NO_PLANE, **more: object
) -> ClusterPlan:
    schema = packaged_schema(observed.version)
    planner = Planner({observed.version: schema} if isinstance(schema, AddonSchema) else {}, **more)  # type: ignore[arg-type]  # by name
    return planner.plan(TARGET, observed, desired, workload)  # type: ignore[arg-type]  # either case


def rules(plan: ClusterPlan) -> set[tuple[str, str]]:
    return {(one.rule, one.severity.value) for one in plan.diagnostics if one.rule != "workload-not-checked"}


def changes(plan: ClusterPlan) -> list[tuple[str, object, object]]:
    return [(one.path, one.before, one.after) for one in plan.changes]
