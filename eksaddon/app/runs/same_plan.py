"""Checks that a run's journal has exactly the given plan."""

from collections.abc import Mapping
from dataclasses import replace

from eksaddon.domain.encoding.codec import encode
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import Json
from eksaddon.domain.run.records import Opened
from eksaddon.plan.planfile import SavedPlan


def refuse_other_plan(opened: Opened, saved: SavedPlan) -> None:
    """Refuse to continue a run of another plan.

    Otherwise write access to the store would determine what the next wave writes. Without configured waves,
    concurrency and tolerance come from the options of the run.

    Raises:
        EksdnsError: The journal has another plan, other accounts, or another strategy.
    """
    strategy = saved.plan.strategy if saved.plan.waves else opened.strategy
    expected = {
        "plan": encode(replace(saved.plan, strategy=strategy)),
        "accounts": encode(list(saved.accounts)),
        "strategy": encode(strategy),
    }
    recorded = {
        "plan": encode(opened.plan),
        "accounts": encode(list(opened.accounts)),
        "strategy": encode(opened.strategy),
    }
    difference = _first_difference(expected, recorded, "")
    if difference is not None:
        raise EksdnsError(
            f"run {opened.run_id} records another plan than the one given: {difference} differs",
            hint="the journal was changed, or the plan file is of another run; plan again",
            exit_code=ExitCode.REFUSED,
        )


def _first_difference(one: Json, other: Json, path: str) -> str | None:
    """The path of the first difference; None if equal."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        for key in (*one, *(key for key in other if key not in one)):
            inner = f"{path}.{key}".lstrip(".")
            if key not in one or key not in other:
                return inner
            found = _first_difference(one[key], other[key], inner)
            if found is not None:
                return found
        return None
    if isinstance(one, list) and isinstance(other, list):
        for index, (left, right) in enumerate(zip(one, other, strict=False)):
            found = _first_difference(left, right, f"{path}[{index}]")
            if found is not None:
                return found
        return None if len(one) == len(other) else path
    return None if one == other and type(one) is type(other) else path
