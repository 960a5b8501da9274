"""Writes what each verb makes of a cluster's situation into docs/workload-plane.md, by simulation."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from eksaddon.app.fleet.plan import Purpose, make_plan, observe
from eksaddon.app.runs.exit_codes import of_drift, of_plan, of_run
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.plan import Action, ClusterPlan, Plan
from eksaddon.domain.run.classify import outcome_word
from eksaddon.domain.run.outcome import Outcome
from eksaddon.report.model.classify import drift_state, trouble_of
from eksaddon.report.model.states import Kind, outcome_label, state_of
from eksaddon.sim.api.faults import Deny, Effect, Fault, Match, Page, Refuse
from tests.support.paths import ROOT
from tests.support.simulation import Simulation, fleet_of, simulate

PAGE = ROOT / "docs" / "workload-plane.md"
BEGIN, END = "<!-- situations: begin -->\n", "<!-- situations: end -->\n"

SCENARIO = """
    version: 1
    pace: {{update: [0, 0]}}
    accounts: [{{id: "111122223333", name: shop, regions: [eu-west-1]}}]
    documents:
      low: {{values: {{replicaCount: 2}}, corefile: {stored}}}
      none: {{values: {{replicaCount: 2}}}}
    clusters:
      - name: prod
        region: eu-west-1
        addon: v1.14.7-eksbuild.10
        document: {document}
        kubernetes: "{kubernetes}"
        foreign: {{{foreign}}}
        workload: {{{workload}}}
"""
ACCOUNTS = 'accounts: [{id: "111122223333", name: shop, regions: [eu-west-1]}]\n'

COREFILE = ".:53 {\n    errors\n    health {\n        lameduck 5s\n    }\n    ready\n    reload\n}\n"
EDITED = COREFILE + "corp.example:53 {\n    forward . 10.0.0.2\n}\n"
REFUSED = COREFILE.replace("    reload\n", "    reload\n    proxy . 10.0.0.2\n")

BOTH = "lameduck: 20s, terminationGracePeriod: 45s, preStop: 5s"
LAMEDUCK, GRACE = "lameduck: 20s", "terminationGracePeriod: 45s"
ALLOWED = "allowUnverifiedWorkload: true"
TOLERATIONS = "configuration: {tolerations: [{operator: Exists}]}"
DESIRED = {
    BOTH: "lameduck, grace, preStop",
    LAMEDUCK: "lameduck",
    GRACE: "grace",
    TOLERATIONS: "tolerations",
}
"""How the table names what is desired."""

WEBHOOK = 'admission webhook "policy.example" '
DENIED = Refuse(403, "Forbidden", f"{WEBHOOK}denied the request: no")
DEAD = Refuse(
    500, "InternalError", 'Internal error occurred: failed calling webhook "policy.example": refused'
)
UNREADY = Refuse(503, "ServiceUnavailable", "the API server is not ready")
NO_REVIEW = Page(200, b'{"kind": "SelfSubjectAccessReview", "spec": {}, "status": {"allowed": false}}')


@dataclass(frozen=True, slots=True)
class Situation:
    """A cluster, and what is desired of it.

    Attributes:
        name: As the table has it.
        wanted: Under `coredns` in the fleet file.
        workload: As in a scenario file, like `foreign`.
        live: The Corefile of a hand edit; empty for none.
        stored: The add-on's own Corefile; empty for none.
        faults: By operation of the Kubernetes API; times is 0 for always.
    """

    name: str
    wanted: str = BOTH
    workload: str = ""
    foreign: str = ""
    live: str = ""
    stored: str = COREFILE
    kubernetes: str = "1.33"
    faults: tuple[tuple[str, Effect, int], ...] = field(default=())


def always(effect: Effect, *operations: str) -> tuple[tuple[str, Effect, int], ...]:
    return tuple((each, effect, 0) for each in operations)


def edit(name: str, mode: str, more: str = "", *, stored: str = COREFILE) -> Situation:
    kept = "Corefile stored" if stored else "no Corefile stored"
    wanted = f"{LAMEDUCK}, resolveConflicts: {mode}" + (f", {more}" if more else "")
    return Situation(f"{name}, {kept}", wanted, live=EDITED, stored=stored)


SCALED_BY = {
    "horizontal": "an autoscaler",
    "proportional": "a cluster-proportional-autoscaler",
    "keda": "KEDA",
}
SIX = "replicaCount: 6"

WRITES = ("patch deployments", "dry-run deployments")

SITUATIONS = (
    Situation("healthy pods, no other changes"),
    Situation("as before", LAMEDUCK),
    Situation("as before", GRACE),
    Situation("as before", TOLERATIONS),
    Situation("Kubernetes 1.29", kubernetes="1.29"),
    Situation("Kubernetes 1.29", GRACE, kubernetes="1.29"),
    *(
        Situation(f"new pods do not start: {stuck}", wanted, f"stuck: {stuck}")
        for stuck in ("image-pull", "crash-loop", "unschedulable", "quota", "paused", "probe")
        for wanted in (BOTH, GRACE)
    ),
    Situation("an evicted pod is listed", workload="pods: [{name: gone, phase: Failed, reason: Evicted}]"),
    Situation(
        "another Deployment is behind kube-dns", workload="pods: [{name: other, of: canary, grace: 5}]"
    ),
    Situation("an old pod is terminating", LAMEDUCK, "pods: [{name: old, ending: true, grace: 10}]"),
    Situation("a live grace period of 10 s", LAMEDUCK, "settings: [{manager: kubectl-edit, grace: 10}]"),
    Situation("kubectl set grace period 20", workload="settings: [{manager: kubectl-edit, grace: 20}]"),
    Situation("kubectl set preStop 9", workload="settings: [{manager: kubectl-edit, preStop: 9}]"),
    Situation("EKS's manifest sets the grace period", workload="eksOwnsGrace: true"),
    Situation("a mutating policy sets grace period 30", workload="policyGrace: 30"),
    Situation("a webhook denies the Deployment", faults=always(DENIED, *WRITES)),
    Situation("a webhook denies it after planning", faults=always(DENIED, "patch deployments")),
    Situation("a webhook does not respond", faults=always(DEAD, *WRITES)),
    Situation(
        "a webhook does not support dry runs",
        faults=always(Refuse(400, "BadRequest", f"{WEBHOOK}does not support dry run"), "dry-run deployments"),
    ),
    Situation(
        "the role may not patch",
        faults=(*always(Deny(), *WRITES), *always(NO_REVIEW, "create selfsubjectaccessreviews")),
    ),
    Situation("no access entry", workload="api: no-entry"),
    Situation("no access entry", LAMEDUCK, "api: no-entry"),
    Situation("no access entry, allowed", f"{LAMEDUCK}, {ALLOWED}", "api: no-entry"),
    Situation("no access entry, allowed", f"{BOTH}, {ALLOWED}", "api: no-entry"),
    Situation("no access entry", TOLERATIONS, "api: no-entry"),
    Situation("the Kubernetes API is unreachable", workload="api: unreachable"),
    Situation("the role may not list pods", faults=always(Deny(), "list pods")),
    Situation("the role may not list events", faults=always(Deny(), "list events")),
    Situation("one 503", faults=(("*", UNREADY, 1),)),
    Situation("503 permanently", faults=always(UNREADY, "*")),
    Situation("an HTML page answers", faults=always(Page(200, b"<html>Sign in</html>"), "*")),
    Situation("the list of pods is `{}`", faults=always(Page(200, b"{}"), "list pods")),
    edit("kubectl edited the Corefile", "none"),
    edit("kubectl edited the Corefile", "preserve"),
    edit("kubectl edited the Corefile", "overwrite"),
    edit("kubectl edited the Corefile, base stored", "overwrite", "corefileBase: stored"),
    edit("kubectl edited the Corefile, base live", "overwrite", "corefileBase: live"),
    edit("kubectl edited the Corefile", "none", stored=""),
    edit("kubectl edited the Corefile", "preserve", stored=""),
    edit("kubectl edited the Corefile", "overwrite", stored=""),
    Situation("kubectl scaled to 5", LAMEDUCK, foreign="replicaCount: 5"),
    Situation("an autoscaler keeps 2 to 9", LAMEDUCK, "scaler: {least: 2, most: 9}", "replicaCount: 6"),
    *(
        Situation(f"{name} keeps 2 to 9", TOLERATIONS, f"scaler: {{least: 2, most: 9, kind: {kind}}}", SIX)
        for kind, name in SCALED_BY.items()
    ),
    Situation("CoreDNS will refuse the Corefile", GRACE, stored=REFUSED),
    Situation("CoreDNS will refuse the Corefile", TOLERATIONS, stored=REFUSED),
    Situation("CoreDNS will refuse the live Corefile", GRACE, live=REFUSED),
)


def rows() -> Iterator[str]:
    yield "| cluster | desired | plan | apply | apply again | drift | why |"
    yield "|---|---|---|---|---|---|---|"
    for each in SITUATIONS:
        yield f"| {each.name} | {_desired(each.wanted)} | {' | '.join(cells(each))} |"


def _desired(wanted: str) -> str:
    known = next(text for text in DESIRED if wanted.startswith(text))
    mode = wanted.partition("resolveConflicts: ")[2].partition(",")[0]
    return DESIRED[known] + (f" ({mode})" if mode else "")


def cells(each: Situation) -> tuple[str, ...]:
    """Plan, apply, second apply, drift, and the rule or cause that decided first."""
    simulation, fleet = stage(each), fleet_of(f"version: 1\ncoredns: {{{each.wanted}}}\n{ACCOUNTS}")

    def plan(purpose: Purpose, *, tries: bool = True) -> Plan:
        seen = observe(fleet, simulation.session, simulation.book)
        return make_plan(fleet, simulation.session, seen, strict=False, tries=tries, purpose=purpose)

    shown = plan(Purpose.READ)
    why, applied = "", list[str]()
    for run_id in "first", "second":
        result = simulation.apply(plan(Purpose.APPLY), run_id=run_id)
        (one,) = result.results
        label = outcome_label(outcome_word(one.outcome))
        applied.append(_cell(label, of_run(result)))
        why = why or _why(one.plan, one.outcome)
    (state,) = (drift_state(one) for one in plan(Purpose.READ, tries=False).clusters)
    drift = state_of(Kind.DRIFT, state.value).label
    return (
        _cell(state_of(Kind.PLAN, shown.clusters[0].action.value).label, of_plan(shown, detailed=False)),
        *applied,
        _cell(drift, of_drift([state], None, detailed=False)),
        why,
    )


def stage(each: Situation) -> Simulation:
    foreign = [each.foreign] if each.foreign else []
    foreign += [f"corefile: {json.dumps(each.live)}"] if each.live else []
    simulation = simulate(
        SCENARIO.format(
            stored=json.dumps(each.stored or COREFILE),
            document="low" if each.stored else "none",
            foreign=", ".join(foreign),
            workload=each.workload,
            kubernetes=each.kubernetes,
        )
    )
    for operation, effect, times in each.faults:
        match = Match(service="kubernetes", operation=operation)
        simulation.world.add_fault(Fault(effect, match, times=times) if times else Fault(effect, match))
    return simulation


def _cell(label: str, code: ExitCode) -> str:
    return f"{label} ({code.value})"


def _why(plan: ClusterPlan, outcome: Outcome) -> str:
    """The rule of the first error, else the cause of the outcome."""
    rule = next((one.rule for one in plan.diagnostics if one.severity is Severity.ERROR), "")
    if rule and plan.action is Action.BLOCKED:
        return f"`{rule}`"
    trouble = trouble_of(outcome)
    return f"`{trouble.cause.value}`" if trouble is not None else ""


def written(page: str) -> str:
    """The page with the table as the code has it."""
    before, _, rest = page.partition(BEGIN)
    table = "\n".join(rows()) + "\n"
    return f"{before}{BEGIN}{table}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
