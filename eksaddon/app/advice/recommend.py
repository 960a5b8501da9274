"""Recommended values as text and JSON; pure."""

from collections.abc import Iterator
from typing import Annotated, Literal

from eksaddon.domain.audit.recommendation import Comparison, Size, Value, comparisons, values_for
from eksaddon.domain.document import Version, as_json
from eksaddon.domain.json import SCHEMA_VERSION, JsonObject
from eksaddon.domain.termination import Verdict, in_seconds
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class ValueView:
    path: Annotated[str, "Key of the fleet file."]
    value: Annotated[str, "As in the fleet file."]
    why: Annotated[str, "How the value is calculated, or why it was chosen."]


@dataclass(frozen=True, slots=True)
class ComparisonView:
    name: str
    lameduck_seconds: float
    grace_seconds: int
    pre_stop_seconds: int
    answers_seconds: Annotated[float, "How long a deleted pod answers."]
    cut_seconds: Annotated[float, "What SIGKILL cuts off."]
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class RecommendDocument:
    schema_version: Version
    kind: Literal["recommend"]
    propagation_seconds: float
    values: tuple[ValueView, ...]
    compared: tuple[ComparisonView, ...]


def document(propagation_ns: int, size: Size) -> JsonObject:
    values = tuple(ValueView(one.path, one.text, one.why) for one in values_for(propagation_ns, size))
    compared = tuple(map(_view, comparisons(propagation_ns)))
    seconds = float(in_seconds(propagation_ns))
    return as_json(RecommendDocument(SCHEMA_VERSION, "recommend", seconds, values, compared))


def _view(one: Comparison) -> ComparisonView:
    settings = one.settings
    return ComparisonView(
        one.name,
        float(in_seconds(settings.lameduck_ns)),
        settings.grace_seconds,
        settings.pre_stop_seconds,
        float(in_seconds(one.answers_ns)),
        float(in_seconds(one.cut_ns)),
        one.verdict,
    )


def compared_rows(propagation_ns: int) -> Iterator[tuple[str, ...]]:
    """Name, lameduck, grace period, preStop, how long a deleted pod answers, what is cut, verdict."""
    for one in comparisons(propagation_ns):
        settings = one.settings
        yield (
            one.name,
            f"{in_seconds(settings.lameduck_ns)}s",
            f"{settings.grace_seconds}s",
            f"{settings.pre_stop_seconds}s",
            f"{in_seconds(one.answers_ns)}s",
            f"{in_seconds(one.cut_ns)}s",
            one.verdict.value,
        )


def fleet_block(values: tuple[Value, ...]) -> str:
    """The `coredns` block of a fleet file."""
    lines = ["coredns:"]
    for one in values:
        group, dot, key = one.path.partition(".")
        lines.append(f"  {group}:\n    {key}: {one.text}" if dot else f"  {group}: {one.text}")
    return "\n".join(lines) + "\n"
