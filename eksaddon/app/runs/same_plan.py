"""Whether a run's journal holds the plan that was given, whole."""

from collections.abc import Mapping
from dataclasses import replace

from eksaddon.domain.encoding.codec import encode
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.json import Json
from eksaddon.domain.run.records import Opened
from eksaddon.plan.planfile import SavedPlan


def refuse_other_plan(opened: Opened, saved: SavedPlan) -> None:
    """Stop before a run goes on that is another than that of the plan.

    Whoever can write to the store could otherwise decide what the next wave writes. What nobody described
    in waves takes its width and tolerance from the options of the run.

    Raises:
        EksdnsError: The journal holds another plan, other accounts, or another strategy.
    """
    strategy = saved.plan.strategy if saved.plan.waves else opened.strategy
    given = {
        "plan": encode(replace(saved.plan, strategy=strategy)),
        "accounts": encode(list(saved.accounts)),
        "strategy": encode(strategy),
    }
    recorded = {
        "plan": encode(opened.plan),
        "accounts": encode(list(opened.accounts)),
        "strategy": encode(opened.strategy),
    }
    where = _first_difference(given, recorded, "")
    if where is not None:
        raise EksdnsError(
            f"run {opened.run_id} records another plan than the one given: {where} differs",
            hint="the journal was changed, or the plan file is of another run; plan again",
            exit_code=ExitCode.REFUSED,
        )


def _first_difference(one: Json, other: Json, path: str) -> str | None:
    """The path of the first value that is not the same in both; None where all are."""
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
        for at, (left, right) in enumerate(zip(one, other, strict=False)):
            found = _first_difference(left, right, f"{path}[{at}]")
            if found is not None:
                return found
        return None if len(one) == len(other) else path
    return None if one == other and type(one) is type(other) else path
