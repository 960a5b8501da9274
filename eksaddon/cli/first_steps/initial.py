"""Reads the fleet for `init`, and shows what was found."""

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from eksaddon.app.fleet.request import DesiredRequest, TargetRequest
from eksaddon.cli import messages

if TYPE_CHECKING:
    from eksaddon.app.initial.goal import Goal
    from eksaddon.app.initial.initial import Initial

MOST_NAMES = 5
"""Clusters that a message names."""


def derived(
    targets: TargetRequest, own: DesiredRequest, goal_name: str | None, *, quiet: bool
) -> tuple[str, int]:
    """The text of the fleet file, and the exit code: 3 if a cluster was not read whole, else 0."""
    from dataclasses import replace

    from eksaddon.app.fleet.fleet import closing, load_scope
    from eksaddon.app.fleet.plan import observe
    from eksaddon.app.initial.initial import initial, look
    from eksaddon.app.initial.scope import scope_of
    from eksaddon.app.session import AccessBook
    from eksaddon.app.wiring import open_session
    from eksaddon.cli.read_progress import reading
    from eksaddon.cli.terminal import terminal
    from eksaddon.domain.errors import ExitCode

    goal = _goal(own, goal_name)
    targets.selection()
    fleet, book = replace(load_scope(targets), searches_all_regions=True), AccessBook()
    with closing(open_session(book, threads=targets.threads)) as session:
        seen = look(observe(fleet, session, book, reading(terminal(), quiet=quiet)), session)
        made = initial(seen, session, scope_of(fleet, seen), goal=goal, propagation=own.propagation or "")
    for line in _summary(made):
        messages.line(line)
    for warning, hint in _warnings(made):
        messages.problem("warning", warning, hint)
    return made.text, ExitCode.PARTIAL if made.unread else ExitCode.DONE


def _goal(own: DesiredRequest, name: str | None) -> "Goal | None":
    from eksaddon.app.fleet.fleet import flag_settings
    from eksaddon.app.initial.goal import Goal, GoalName, goal_of, with_own
    from eksaddon.config.fleet import BUDGET, REPLICAS
    from eksaddon.config.resolve import desired_state, merge

    state = desired_state(merge(flag_settings(own)), ())
    if name is None and state.is_empty:
        return None
    replicas, budget = state.values.get(REPLICAS), state.values.get(BUDGET)
    values = Goal(
        replicas=replicas if isinstance(replicas, int) else None,
        budget={"enabled": True, **budget} if isinstance(budget, dict) else None,
        lameduck_ns=state.lameduck.nanoseconds if state.lameduck else None,
        grace_seconds=state.grace_seconds,
        pre_stop_seconds=state.pre_stop_seconds,
    )
    named = goal_of(GoalName(name) if name else None, state.propagation.nanoseconds)
    return with_own(named, values)


def _summary(made: "Initial") -> Iterator[str]:
    yield (
        f"found the add-on on {made.clusters:,} clusters"
        if made.clusters != 1
        else "found the add-on on 1 cluster"
    )
    for field, counts in made.found.items():
        values = ", ".join(f"{value} on {count:,}" for value, count in counts)
        yield f"  {field + ':':<24}{values}"


def _warnings(made: "Initial") -> Iterator[tuple[str, str]]:
    if made.unread:
        yield (
            f"not read, or only in part: {_some(made.unread)}",
            "their values are not in the file; run `eksdns doctor` before you apply it to them",
        )
    for reason, labels in _by_reason((reason, label) for label, reason in made.kept.items()).items():
        yield f"kept unchanged: {_some(labels)}: {reason}", "a plan with the goal's values would be refused"
    unmanaged = ((f"{field}: {reason}", label) for (label, field), reason in made.unmanaged.items())
    for reason, labels in _by_reason(unmanaged).items():
        yield f"not managed on {_some(labels)}: {reason}", ""


def _by_reason(rows: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for reason, label in rows:
        found[reason] = (*found.get(reason, ()), label)
    return found


def _some(labels: tuple[str, ...]) -> str:
    more = f" and {len(labels) - MOST_NAMES:,} more" if len(labels) > MOST_NAMES else ""
    return ", ".join(labels[:MOST_NAMES]) + more
