"""Where every field of a target's desired state comes from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from eksaddon.config.fleet import FleetFile, Setting, Settings
from eksaddon.config.resolve import Resolver, merge
from eksaddon.domain.desired import Origin, Waiver
from eksaddon.domain.target import Target


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the desired state.

    Attributes:
        winner: What counts.
        beaten: What other layers asked for, the strongest first.
        waiver: In force, so that the field is left as it is; None where there is none.
    """

    winner: Setting
    beaten: tuple[Setting, ...] = ()
    waiver: Waiver | None = None

    @property
    def path(self) -> str:
        return self.winner.path


@dataclass(frozen=True, slots=True)
class Considered:
    """An override, and whether it is meant for the target."""

    origin: Origin
    matches: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    target: Target
    fields: tuple[Field, ...]
    overrides: tuple[Considered, ...] = ()


def explain(fleet: FleetFile, target: Target, flags: Settings, today: date) -> Explanation:
    """Every field with its winner, losers and waiver, in the order of paths."""
    resolver = Resolver(fleet, flags, today)
    settings = resolver.settings(target)
    waivers = resolver.waivers(target)
    fields = (
        Field(winner, tuple(_beaten(winner, settings)), _waiver(winner.path, waivers))
        for winner in merge(settings).values()
    )
    return Explanation(
        target,
        tuple(sorted(fields, key=lambda field: field.path)),
        tuple(Considered(each.origin, each.match.matches(target)) for each in fleet.overrides),
    )


def _beaten(winner: Setting, settings: tuple[Setting, ...]) -> Iterable[Setting]:
    """The overridden values at the same path, its parents or its children."""
    for setting in reversed(settings):
        shorter = min(len(setting.keys), len(winner.keys))
        if setting is not winner and setting.keys[:shorter] == winner.keys[:shorter]:
            yield setting


def _waiver(path: str, waivers: tuple[Waiver, ...]) -> Waiver | None:
    return next((waiver for waiver in waivers if waiver.covers(path)), None)
