"""Converts faults and outcomes of a scenario file."""

import math
from collections.abc import Callable, Mapping
from dataclasses import replace

from eksaddon.sim.addon.update_script import (
    CANCELLED,
    FOREVER,
    STUCK,
    SUCCEEDS,
    Course,
    Problem,
    degrades,
    fails,
)
from eksaddon.sim.api.faults import (
    CONFLICT,
    SERVER_ERROR,
    THROTTLING,
    TOO_MANY_REQUESTS,
    UNAVAILABLE,
    UNAVAILABLE_PAGE,
    Cut,
    Deny,
    Effect,
    Expire,
    Fault,
    Hang,
    Match,
    Reset,
    Slow,
    Truncate,
)
from eksaddon.sim.scenario.model import FaultModel, OutcomeModel, ProblemModel

_PLAIN: Mapping[str, Effect] = {
    "throttle-429": TOO_MANY_REQUESTS,
    "throttle-400": THROTTLING,
    "server-error": SERVER_ERROR,
    "unavailable": UNAVAILABLE,
    "unavailable-html": UNAVAILABLE_PAGE,
    "reset-before": Reset(after=False),
    "reset-after": Reset(after=True),
    "conflict-409": CONFLICT,
    "hang": Hang(),
    "hang-after": Hang(after=True),
    "expired": Expire(),
    "denied": Deny(),
    "denied-by-scp": Deny(by_guardrail=True),
    "unreachable": Cut(),
}

_MADE: Mapping[str, Callable[[FaultModel], Effect]] = {
    "truncated": lambda model: Truncate(model.keep),
    "slow": lambda model: Slow(model.seconds),
}


def fault_of(model: FaultModel, account: str) -> Fault:
    """Convert a fault.

    Args:
        account: Id or glob of ids for the model's account.
    """
    effect = _PLAIN[model.kind] if model.kind in _PLAIN else _MADE[model.kind](model)
    match = model.match
    return Fault(
        effect,
        Match(match.service, match.operation, account, match.region, match.cluster),
        nth=frozenset(model.nth),
        each=model.each,
        times=model.times,
        probability=model.probability,
        begins=model.begins,
        ends=math.inf if model.ends is None else model.ends,
    )


def problem_of(model: ProblemModel) -> Problem:
    return Problem(model.code, model.message, tuple(model.resources))


def course_of(model: OutcomeModel) -> Course:
    return replace(_course(model), word=model.update_word, shows=model.addon_word)


def _course(model: OutcomeModel) -> Course:
    problem = Problem(model.code, model.message or f"The update ended with {model.code}.")
    lasts = FOREVER if model.lasts is None else model.lasts
    seconds = (model.seconds[0], model.seconds[1]) if model.seconds else None
    match model.result:
        case "succeeds":
            return _timed(SUCCEEDS, seconds)
        case "fails":
            return _timed(fails(problem, keeps=model.keeps, status=model.status, lasts=lasts), seconds)
        case "degrades":
            return _timed(degrades(problem, lasts=lasts), seconds)
        case "cancelled":
            return _timed(CANCELLED, seconds)
        case "stuck":
            return STUCK


def _timed(course: Course, seconds: tuple[float, float] | None) -> Course:
    return replace(course, seconds=seconds)
