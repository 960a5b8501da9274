"""Writes the result of each verb for each stored state of EKS into docs/proof.md, by running the code."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from eksaddon.app.runs.exit_codes import of_drift, of_plan, of_run
from eksaddon.apply.calls import Calls
from eksaddon.apply.guard import Permit
from eksaddon.apply.intent import Held, intent_of
from eksaddon.apply.token import change_token
from eksaddon.apply.update import TargetUpdate
from eksaddon.domain.cause import Cause, Trouble
from eksaddon.domain.desired import DesiredState, ResolveConflicts
from eksaddon.domain.errors import ExitCode
from eksaddon.domain.observed import HealthIssue, Managed, Observed, Unreachable
from eksaddon.domain.plan import Action, AddonWrite, ClusterPlan, Plan
from eksaddon.domain.proof import is_healthy
from eksaddon.domain.run.classify import outcome_word
from eksaddon.domain.run.outcome import Changed, InSync, Outcome, RolledBack
from eksaddon.domain.run.records import Accepted, Writing
from eksaddon.domain.run.result import RunResult, RunState, TargetResult
from eksaddon.domain.run.target_progress import TargetProgress
from eksaddon.domain.target import ClusterRef, Target
from eksaddon.domain.update_history import newest
from eksaddon.domain.workload import NotChecked
from eksaddon.plan.fleet import Planner
from eksaddon.ports import UpdateRequest
from eksaddon.report.model.classify import drift_state
from eksaddon.report.model.states import outcome_label
from eksaddon.schema import AddonSchema, packaged_schema
from eksaddon.sim.inprocess.inline_executor import InlineExecutor
from eksaddon.sim.inprocess.virtual_time import VirtualClock, run_virtually
from eksaddon.values import same_values
from tests.support.aws.addon_api import FakeAddonApi
from tests.support.paths import ROOT

PAGE = ROOT / "docs" / "proof.md"
BEGIN, END = "<!-- table: begin -->\n", "<!-- table: end -->\n"

REF = ClusterRef("111122223333", "eu-west-1", "shop")
VERSION = "v1.11.4-eksbuild.28"
BEFORE, PLANNED, OTHER = '{"replicaCount":2}', '{"replicaCount":3}', '{"replicaCount":1}'
ADDON = Managed(REF, VERSION, "ACTIVE", BEFORE, modified_at=1_700_000_000.0)
OURS, THEIRS = "ours", "theirs"
NOT_ASKED_FOR = NotChecked("not looked at", is_chosen=True)


@dataclass(frozen=True, slots=True)
class Holding:
    """What EKS stores.

    Attributes:
        update: Owner and status of the newest update; empty if there is none.
        text: Document of the newest update.
        is_left_open: The last recorded run has no result for it, so its history is read.
    """

    name: str
    addon: Managed = ADDON
    update: tuple[str, str] = ("", "")
    text: str = PLANNED
    is_denied: bool = False
    is_gone: bool = False
    is_unreadable: bool = False
    is_left_open: bool = False


def _ill(status: str, text: str) -> Managed:
    return replace(ADDON, status=status, text=text, issues=(HealthIssue("ConfigurationConflict", "x"),))


STORED = replace(ADDON, text=PLANNED)
HOLDINGS = (
    Holding("the previous document"),
    Holding("the previous document, history denied", is_denied=True, is_left_open=True),
    Holding(
        "the previous document, shown late: our update Successful",
        ADDON,
        (OURS, "Successful"),
        is_left_open=True,
    ),
    Holding(
        "the previous document, shown late: another one Successful",
        ADDON,
        (THEIRS, "Successful"),
        OTHER,
        is_left_open=True,
    ),
    Holding("the planned document, our update Successful", STORED, (OURS, "Successful")),
    Holding("the planned document, our update Failed", STORED, (OURS, "Failed")),
    Holding("the planned document, our update InProgress", STORED, (OURS, "InProgress")),
    Holding("the planned document, our update in an unknown state", STORED, (OURS, "Paused")),
    Holding("the planned document, history denied", STORED, (OURS, "Successful"), is_denied=True),
    Holding("the planned document, another update Successful", STORED, (THEIRS, "Successful")),
    Holding("the planned document, another update Failed", STORED, (THEIRS, "Failed")),
    Holding("the previous document, our update Failed", ADDON, (OURS, "Failed")),
    Holding("UPDATE_FAILED, the planned document", _ill("UPDATE_FAILED", PLANNED), (OURS, "Failed")),
    Holding("UPDATE_FAILED, the previous document", _ill("UPDATE_FAILED", BEFORE), (OURS, "Failed")),
    Holding("DEGRADED, the planned document", _ill("DEGRADED", PLANNED), (OURS, "Successful")),
    Holding("an unknown add-on state", replace(ADDON, status="ROTATING")),
    Holding("another document", replace(ADDON, text=OTHER), (THEIRS, "Successful"), OTHER),
    Holding("another document in flight", replace(ADDON, text=OTHER), (THEIRS, "InProgress"), OTHER),
    Holding("another add-on version", replace(ADDON, version="v1.11.4-eksbuild.51")),
    Holding("another service account role", replace(ADDON, role_arn="arn:aws:iam::111122223333:role/x")),
    Holding("no add-on", is_gone=True),
    Holding("unreadable", is_unreadable=True),
)


@dataclass(slots=True)
class Case:
    """A fake EKS that stores this, and a plan created earlier."""

    holding: Holding
    clock: VirtualClock
    api: FakeAddonApi

    @property
    def plan(self) -> ClusterPlan:
        return ClusterPlan(
            Target(REF),
            Action.UPDATE,
            "",
            version=VERSION,
            fingerprint=ADDON.fingerprint,
            write=AddonWrite(BEFORE, PLANNED, ResolveConflicts.NONE),
        )

    def announced(self) -> Writing:
        return Writing(0.0, REF, "token", BEFORE, eks_time=self.clock.now() - 300)

    def update(self, target: TargetProgress) -> TargetUpdate:
        async def tell(_: Writing | Accepted) -> None:
            pass

        async def clear() -> Permit:
            return Permit()

        return TargetUpdate(
            clear=clear,
            intent=intent_of("run-1", target),
            calls=Calls(self.api, InlineExecutor(), REF),
            clock=self.clock,
            same=same_values,
            note=lambda *_: None,
            tell=tell,
            dice=random.Random(1),
        )


def case_of(holding: Holding) -> Case:
    clock = VirtualClock()
    api = FakeAddonApi(clock.now, {REF: holding.addon})
    whose, status = holding.update
    if whose:
        api.status = "Successful" if status == "InProgress" else status
        write = AddonWrite(BEFORE, holding.text, ResolveConflicts.NONE)
        token = change_token(REF, ADDON.fingerprint, ADDON.modified_at, write)
        api.begin(whose, REF, UpdateRequest(holding.text, ResolveConflicts.NONE, token), BEFORE)
        clock.advance(10.0 if status == "InProgress" else 200.0)
    else:
        clock.advance(200.0)
    api.status = "Successful"
    api.gone = holding.is_gone
    healed = replace(holding.addon, status="ACTIVE", issues=())
    api.meanwhile["update"] = lambda: api.addons.update({REF: healed})
    for operation in ["updates"] * holding.is_denied + ["read"] * holding.is_unreadable:
        api.troubles[operation] = [Trouble(Cause.DENIED, "denied")] * 9999
    return Case(holding, clock, api)


def _planned(case: Case) -> ClusterPlan:
    """What a new plan makes of it, with the update history where the status or a run asks for it."""
    observed: Observed = case.api.read(REF)
    is_ours = case.holding.update[0] == OURS and case.holding.update[1] != "Successful"
    looks = is_ours or case.holding.is_denied or case.holding.is_left_open
    if isinstance(observed, Managed) and (not is_healthy(observed) or looks):
        seen = newest(case.api.updates(REF), lambda update_id: case.api.describe_update(REF, update_id))
        observed = replace(observed, update=seen)
    if isinstance(observed, Managed | Unreachable):
        schema = packaged_schema(observed.version) if isinstance(observed, Managed) else None
        known = {schema.version: schema} if isinstance(schema, AddonSchema) else {}
        desired = DesiredState(values={"replicaCount": 3})
        return Planner(known).plan(Target(REF), observed, desired, NOT_ASKED_FOR)
    return Planner({}).plan(Target(REF), observed, DesiredState(values={}), NOT_ASKED_FOR)


def plan_cell(case: Case) -> str:
    cluster = _planned(case)
    code = of_plan(Plan((cluster,), 0.0, ""), detailed=True)
    return f"{cluster.action.value}, {code.value}"


def drift_cell(case: Case) -> str:
    state = drift_state(_planned(case))
    return f"{outcome_label(state.value)}, {of_drift([state], None, detailed=True).value}"


def _run_cell(case: Case, found: Outcome | Held, *, asked: bool = False) -> str:
    sent = "sent: " if case.api.requests else ""
    if isinstance(found, Held):
        return f"{sent}waits"
    is_good = isinstance(found, Changed | InSync | RolledBack)
    state = RunState.SUCCEEDED if is_good else RunState.FAILED
    state = RunState.ROLLED_BACK if asked and is_good else state
    result = RunResult("r", state, (TargetResult(case.plan, found, 0.0),), "", 0.0, rollback_asked=asked)
    code: ExitCode = of_run(result)
    return f"{sent}{outcome_label(outcome_word(found))}, {code.value}"


def apply_cell(case: Case) -> str:
    return _run_cell(case, run_virtually(case.update(TargetProgress(case.plan)).run(), case.clock))


def apply_again_cell(case: Case) -> str:
    intent = intent_of("run-2", TargetProgress(case.plan), is_doubtful=True)
    update = replace(case.update(TargetProgress(case.plan)), intent=intent)
    return _run_cell(case, run_virtually(update.run(), case.clock))


def resume_announced_cell(case: Case) -> str:
    update = case.update(TargetProgress(case.plan))
    return _run_cell(case, run_virtually(update.resume(case.announced(), ""), case.clock))


def resume_accepted_cell(case: Case) -> str:
    if case.holding.update[0] != OURS:
        return ""
    update = case.update(TargetProgress(case.plan, updates=(OURS,)))
    return _run_cell(case, run_virtually(update.resume(case.announced(), OURS), case.clock))


def retry_cell(case: Case) -> str:
    target = TargetProgress(case.plan, attempt=1, updates=(OURS,))
    return _run_cell(case, run_virtually(case.update(target).run(), case.clock))


def rollback_cell(case: Case) -> str:
    target = TargetProgress(case.plan, changed=case.announced(), restores=True, attempt=1, updates=(OURS,))
    return _run_cell(case, run_virtually(case.update(target).run(), case.clock), asked=True)


COLUMNS: tuple[tuple[str, Callable[[Case], str]], ...] = (
    ("`plan`", plan_cell),
    ("`drift`", drift_cell),
    ("`apply` of the earlier plan", apply_cell),
    ("`apply` of it after a killed run", apply_again_cell),
    ("`resume`, write recorded", resume_announced_cell),
    ("`resume`, update accepted", resume_accepted_cell),
    ("`retry` of our failed write", retry_cell),
    ("`rollback` of our write", rollback_cell),
)


def rows() -> Iterator[str]:
    yield "| EKS stores | " + " | ".join(name for name, _ in COLUMNS) + " |"
    yield "|---|" + "---|" * len(COLUMNS)
    for holding in HOLDINGS:
        cells = [cell(case_of(holding)) for _, cell in COLUMNS]
        yield f"| {holding.name} | " + " | ".join(cells) + " |"


def written(page: str) -> str:
    """The page with the table as the code has it."""
    before, _, rest = page.partition(BEGIN)
    table = "\n".join(rows()) + "\n"
    return f"{before}{BEGIN}{table}{END}{rest.partition(END)[2]}"


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
