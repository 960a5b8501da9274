"""Explains the origin of every field of a target's desired state."""

from collections.abc import Iterable
from datetime import date

from eksaddon.config.fleet import FleetFile, Setting, Settings
from eksaddon.config.resolve import Resolver, merge
from eksaddon.domain.desired import Origin, Waiver
from eksaddon.domain.target import Target
from eksaddon.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the desired state.

    Attributes:
        winner: The effective setting.
        beaten: Overridden settings, highest precedence first.
        waiver: The waiver in force that excludes the field; None without one.
    """

    winner: Setting
    overridden: tuple[Setting, ...] = ()
    waiver: Waiver | None = None

    @property
    def path(self) -> str:
        return self.winner.path


@dataclass(frozen=True, slots=True)
class Considered:
    """An override, and whether it matches the target."""

    origin: Origin
    matches: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    target: Target
    fields: tuple[Field, ...]
    overrides: tuple[Considered, ...] = ()


def explain(fleet: FleetFile, target: Target, flags: Settings, today: date) -> Explanation:
    """Every field with its effective and overridden settings and its waiver, sorted by path."""
    resolver = Resolver(fleet, flags, today)
    settings = resolver.settings(target)
    waivers = resolver.waivers(target)
    fields = (
        Field(winner, tuple(_overridden(winner, settings)), _waiver(winner.path, waivers))
        for winner in merge(settings).values()
    )
    return Explanation(
        target,
        tuple(sorted(fields, key=lambda field: field.path)),
        tuple(Considered(each.origin, each.match.matches(target)) for each in fleet.overrides),
    )


def _overridden(winner: Setting, settings: tuple[Setting, ...]) -> Iterable[Setting]:
    """Overridden settings at the same path, its parents or its children."""
    for setting in reversed(settings):
        length = min(len(setting.keys), len(winner.keys))
        if setting is not winner and setting.keys[:length] == winner.keys[:length]:
            yield setting


def _waiver(path: str, waivers: tuple[Waiver, ...]) -> Waiver | None:
    return next((waiver for waiver in waivers if waiver.covers(path)), None)
