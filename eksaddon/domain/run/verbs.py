"""The verbs that a run accepts in each state; docs/run-states.md is generated from here."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from types import MappingProxyType

from eksaddon.domain.rollout.strategy import tolerance
from eksaddon.domain.run.outcome import Failed, Stale, Unproven, UnreachableTarget
from eksaddon.domain.run.progress import RunProgress
from eksaddon.domain.run.result import RunState
from eksaddon.domain.run.target_progress import TargetProgress, may_be_rolled_back
from eksaddon.domain.target import ClusterRef
from eksaddon.frozen import dataclass

NOT_OVER = frozenset({RunState.RUNNING, RunState.PAUSED, RunState.STOPPING, RunState.ROLLING_BACK})
FORWARD = frozenset({RunState.RUNNING, RunState.PAUSED, RunState.STOPPING})
ENDED_BADLY = frozenset({RunState.STOPPED, RunState.SUCCEEDED_WITH_FAILURES, RunState.FAILED})


class Verb(StrEnum):
    RESUME = "resume"
    APPROVE = "approve"
    SKIP = "skip"
    RETRY = "retry"
    ABORT = "abort"
    ROLLBACK = "rollback"


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition in addition to the state.

    Attributes:
        text: Completes `if ...`; empty without a condition.
        otherwise: Why the verb is rejected if it is not met.
    """

    text: str
    otherwise: str
    is_met: Callable[[RunProgress], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """The states in which a verb is accepted.

    Attributes:
        also: Other states, which require `also_if`.
    """

    states: frozenset[RunState]
    condition: Condition
    also: frozenset[RunState] = frozenset()
    also_if: Condition | None = None

    def condition_in(self, state: RunState) -> Condition | None:
        """The condition in a state; None if the verb is never accepted there."""
        if state in self.states:
            return self.condition
        return self.also_if if state in self.also else None


@dataclass(frozen=True, slots=True)
class NextStep:
    """A command that the run accepts in its state.

    Attributes:
        command: The full command, such as `eksdns resume RUN`.
    """

    label: str
    verb: Verb
    command: str


def is_lost(target: TargetProgress) -> bool:
    """Whether the target failed, or its result is unknown."""
    return isinstance(target.outcome, Failed | UnreachableTarget | Unproven)


def retried(run_progress: RunProgress) -> tuple[ClusterRef, ...]:
    """Targets of `retry --failed`; it retries the change, or the rollback once that has started."""
    restores = bool(run_progress.rollback)
    return tuple(
        ref
        for ref, each in run_progress.targets.items()
        if is_lost(each) and each.restores is restores and (restores or each.plan.writes)
    )


def is_skipped(target: TargetProgress) -> bool:
    """Whether `skip` may exclude the target: waiting, failed or stale, and not in progress."""
    waits = target.outcome is None and not target.is_open
    return waits or is_lost(target) or isinstance(target.outcome, Stale)


def _is_unproven(target: TargetProgress) -> bool:
    """Whether a finished run has an unproven target."""
    return target.is_unproven or target.is_open


def _any(predicate: Callable[[TargetProgress], bool]) -> Callable[[RunProgress], bool]:
    return lambda run_progress: any(predicate(each) for each in run_progress.targets.values())


def _has_wave(run_progress: RunProgress) -> bool:
    return any(each.wave.name and not each.is_over for each in run_progress.waves)


_ALWAYS = Condition("", "", lambda _: True)

RULES: Mapping[Verb, Rule] = MappingProxyType(
    {
        Verb.RESUME: Rule(
            NOT_OVER,
            _ALWAYS,
            ENDED_BADLY,
            Condition("a target is unproven", "no target is unproven", _any(_is_unproven)),
        ),
        Verb.APPROVE: Rule(NOT_OVER, Condition("the wave is not finished", "no wave is waiting", _has_wave)),
        Verb.SKIP: Rule(
            NOT_OVER | ENDED_BADLY,
            Condition(
                "the cluster is waiting, failed or stale", "no cluster is waiting or failed", _any(is_skipped)
            ),
        ),
        Verb.RETRY: Rule(
            FORWARD | ENDED_BADLY,
            Condition(
                "a target failed or its result is unknown",
                "no failed target can be retried",
                lambda run_progress: bool(retried(run_progress)),
            ),
        ),
        Verb.ABORT: Rule(NOT_OVER, _ALWAYS),
        Verb.ROLLBACK: Rule(
            frozenset(RunState) - {RunState.PLANNED},
            Condition("the run changed a target", "the run changed no target", _any(may_be_rolled_back)),
        ),
    }
)


def refusal(verb: Verb, run_progress: RunProgress) -> str:
    """Why a verb is rejected; empty if it is accepted."""
    rule, state = RULES[verb], run_progress.state
    condition = rule.condition_in(state)
    if condition is not None and condition.is_met(run_progress):
        return ""
    is_known = condition is not None and state in rule.states
    why = condition.otherwise if condition and is_known else f"the state of the run is {state.label}"
    return f"{verb} is not possible: {why}"


def has_open_failures(run_progress: RunProgress) -> bool:
    """Whether failed targets paused the run that no operator has accepted."""
    return run_progress.state is RunState.PAUSED and any(
        each.counts.failures - each.forgiven > tolerance(each.wave.failure_tolerance, len(each.members))
        for each in run_progress.waves
        if not each.is_over
    )


def next_steps(run_progress: RunProgress) -> tuple[NextStep, ...]:
    """Commands that the run accepts in its state, most likely first."""
    return tuple(step for step in _steps(run_progress) if not refusal(step.verb, run_progress))


def _steps(run_progress: RunProgress) -> Iterator[NextStep]:
    run_id = run_progress.opened.run_id
    waiting = next((each.wave.name for each in run_progress.waves if not each.is_over), "")
    if waiting and "approval" in run_progress.reason:
        yield NextStep("approve", Verb.APPROVE, f"eksdns approve {run_id} {waiting}")
    yield NextStep("retry failed targets", Verb.RETRY, f"eksdns retry {run_id} --failed")
    if has_open_failures(run_progress):
        accept = f"eksdns resume {run_id} --accept-failures REASON"
        yield NextStep("accept the failures", Verb.RESUME, accept)
    else:
        yield NextStep("resume", Verb.RESUME, f"eksdns resume {run_id}")
    if run_progress.state is not RunState.SUCCEEDED:
        yield NextStep("roll back", Verb.ROLLBACK, f"eksdns rollback {run_id}")


def verb_table() -> str:
    """Table of states and verbs, as Markdown."""
    lines = [
        "| state | " + " | ".join(f"`{verb}`" for verb in Verb) + " |",
        "|---|" + "---|" * len(Verb),
    ]
    lines += [
        f"| {state.value} | " + " | ".join(_cell(verb, state) for verb in Verb) + " |"
        for state in RunState
        if any(state in rule.states for rule in RULES.values())
    ]
    return "\n".join(lines) + "\n"


def _cell(verb: Verb, state: RunState) -> str:
    condition = RULES[verb].condition_in(state)
    if condition is None:
        return "refused"
    return f"if {condition.text}" if condition.text else "accepted"
