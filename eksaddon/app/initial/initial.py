"""Makes the fleet file of `init` and plans it, before anything is written."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import assert_never

from eksaddon.app.fleet.plan import Seen
from eksaddon.app.initial.derive import Derived, derive
from eksaddon.app.initial.facts import FIELDS, Fact, Facts, Held, Unmanaged, Unset, facts_of
from eksaddon.app.initial.goal import Goal, raised
from eksaddon.app.initial.scope import Scope
from eksaddon.app.initial.text import fleet_text
from eksaddon.app.session import Session
from eksaddon.config.fleet import BUDGET, PROPAGATION, REPLICAS
from eksaddon.config.load import parse_fleet
from eksaddon.config.resolve import Resolver
from eksaddon.domain.diagnostic import Severity
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import canonical
from eksaddon.domain.observed import Managed, Unreachable
from eksaddon.domain.plan import Action, ClusterPlan, Plan
from eksaddon.domain.target import Target
from eksaddon.domain.workload import NotChecked
from eksaddon.frozen import dataclass
from eksaddon.observe.schemas import live_schemas
from eksaddon.observe.snapshot import Observation, versions
from eksaddon.observe.workloads import with_workloads
from eksaddon.plan.fleet import Planner, plan_fleet
from eksaddon.plan.inputs import KnownSchema

MOST_NAMES = 10
"""Clusters that the head of the file names."""

WORKLOAD_FIELDS = tuple(field for field in FIELDS if field not in {REPLICAS, BUDGET})
"""Fields for which null means "not managed"; for the others it means EKS's default."""


@dataclass(frozen=True, slots=True)
class Initial:
    """A fleet file that has been planned.

    Attributes:
        plan: What `plan` would show.
        clusters: Number of clusters that it was derived from.
        found: Number of clusters by value, for each field, the most common value first.
        unread: Labels of clusters whose values, or whose pods, could not be read.
        kept: For a goal, why a cluster stays unchanged, by label: a plan with the goal's values is refused.
        unmanaged: Why a field of a cluster is not managed, by label and field.
    """

    text: str
    plan: Plan
    clusters: int
    found: Mapping[str, Sequence[tuple[str, int]]]
    unread: tuple[str, ...]
    kept: Mapping[str, str]
    unmanaged: Mapping[tuple[str, str], str]


def look(seen: Seen, session: Session) -> Seen:
    """Add the live objects of every cluster."""
    read = with_workloads(seen.observations, lambda _: True, session.workloads, session.cluster_executor)
    return replace(seen, observations=read)


def initial(
    seen: Seen, session: Session, scope: Scope, *, goal: Goal | None, propagation: str = ""
) -> Initial:
    """Derive the fleet file.

    Args:
        seen: With the live objects.
        scope: Accounts of the file.
        goal: Goal to reach; None for the current values.
        propagation: Written into the file; empty for none.

    Raises:
        EksdnsError: No cluster has the add-on with values that can be read, or nothing could be read at all.
    """
    found = {one.target: known for one in seen.observations if (known := facts_of(one)) is not None}
    if not found:
        raise _nothing_to_derive(seen)
    schemas = live_schemas(versions(seen.observations), session.addons, session.executor)
    proof = _Proof(seen, schemas, scope, propagation, session.clock.now())
    facts = proof.unchanged(found)
    kept: Mapping[Target, str] = {}
    if goal is not None:
        facts, kept = proof.strengthened(facts, goal)
    unread = tuple(one.target.label for one in seen.observations if _is_unread(one))
    text = proof.text(proof.derived(facts), _notes(goal, unread))
    return Initial(
        text,
        proof.plan(text),
        len(found),
        {field: _counts(found.values(), field) for field in FIELDS},
        unread,
        {target.label: reason for target, reason in kept.items()},
        {
            (target.label, field): fact.reason
            for target, each in facts.items()
            for field, fact in each.items()
            if isinstance(fact, Unmanaged)
        },
    )


def _nothing_to_derive(seen: Seen) -> EksdnsError:
    """Unreachable targets are named: they may have the add-on."""
    unreachable = [one.observed for one in seen.observations if isinstance(one.observed, Unreachable)]
    if unreachable:
        first, number = unreachable[0], len(unreachable)
        others = f", and {number - 1:,} more could not be read" if number > 1 else ""
        return EksdnsError(
            f"no add-on could be read; nothing was written: {first.ref}: {first.trouble}{others}",
            hint=first.trouble.hint,
        )
    return EksdnsError(
        "no cluster in scope has the CoreDNS add-on with values that can be read; nothing was written",
        hint="check the selection with `eksdns status`, or write a commented template with --blank",
        exit_code=ExitCode.REFUSED,
    )


def _is_unread(one: Observation) -> bool:
    is_blind = isinstance(one.observed, Managed) and isinstance(one.workload, NotChecked)
    return is_blind or isinstance(one.observed, Unreachable)


def _notes(goal: Goal | None, unread: Sequence[str]) -> Iterator[str]:
    if goal is None:
        yield "It contains the clusters' current values: `eksdns plan --all` shows no changes."
    else:
        yield "It raises values towards a goal, and keeps what is stronger: see `eksdns plan --all -c FILE`."
    if unread:
        more = f" and {len(unread) - MOST_NAMES:,} more" if len(unread) > MOST_NAMES else ""
        yield f"Not read, or only in part: {', '.join(unread[:MOST_NAMES])}{more}."


def _refusal(plan: ClusterPlan) -> str:
    errors = (one.summary for one in plan.diagnostics if one.severity is Severity.ERROR)
    return next(errors, plan.reason)


def _counts(fleet: Iterable[Facts], field: str) -> Sequence[tuple[str, int]]:
    return Counter(_shown(facts[field]) for facts in fleet).most_common()


def _shown(fact: Fact) -> str:
    match fact:
        case Held(value=str() as text):
            return text
        case Held(value=value):
            return canonical(value)
        case Unset():
            return "not set"
        case Unmanaged():
            return "not managed"
        case _:
            assert_never(fact)


@dataclass(frozen=True, slots=True)
class _Proof:
    """Plans candidate files against what was read.

    Attributes:
        now: Seconds since the epoch.
    """

    seen: Seen
    schemas: Mapping[str, KnownSchema]
    scope: Scope
    propagation: str
    now: float

    def unchanged(self, facts: Mapping[Target, Facts]) -> Mapping[Target, Facts]:
        """The facts without those that a plan would change or refuse."""
        disturbed = [
            one.target
            for one in self._planned(facts).clusters
            if one.target in facts and (one.writes or one.action is Action.BLOCKED)
        ]
        unset: Facts = dict.fromkeys(WORKLOAD_FIELDS, Unset())
        facts = {**facts, **{target: {**facts[target], **unset} for target in disturbed}}
        still = [one.target for one in self._planned(facts).clusters if one.writes and one.target in facts]
        reason = "a plan with the stored value would change the add-on's configuration"
        left: Facts = dict.fromkeys((REPLICAS, BUDGET), Unmanaged(reason))
        return {**facts, **{target: {**facts[target], **left} for target in still}}

    def strengthened(
        self, facts: Mapping[Target, Facts], goal: Goal
    ) -> tuple[Mapping[Target, Facts], Mapping[Target, str]]:
        """The facts raised to the goal, and why a cluster stays unchanged."""
        observed = {one.target: one for one in self.seen.observations}
        better = {target: raised(observed[target], each, goal) for target, each in facts.items()}
        kept = {
            one.target: _refusal(one)
            for one in self._planned(better).clusters
            if one.target in facts and (one.weakens or one.action is Action.BLOCKED)
        }
        return {target: facts[target] if target in kept else each for target, each in better.items()}, kept

    def derived(self, facts: Mapping[Target, Facts]) -> Derived:
        made = derive(facts)
        if not self.propagation:
            return made
        return replace(made, baseline={**made.baseline, PROPAGATION: self.propagation})

    def text(self, derived: Derived, notes: Iterable[str] = ()) -> str:
        return fleet_text(derived, self.scope, tuple(notes), self.now)

    def plan(self, text: str) -> Plan:
        today = datetime.fromtimestamp(self.now, UTC).date()
        resolver = Resolver(parse_fleet(text, "eksdns.yaml"), (), today)
        rows = ((one.target, one.observed, one.workload) for one in self.seen.observations)
        return plan_fleet(rows, resolver.resolve, Planner(self.schemas), now=self.now)

    def _planned(self, facts: Mapping[Target, Facts]) -> Plan:
        return self.plan(self.text(self.derived(facts)))
