"""Server-side apply on one object: who owns which field, and who is in the way (source: KEP-555)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from eksaddon.domain.json import Json
from eksaddon.sim.workload.fields import Fields, Path, flatten

NOTHING: Fields = {}


@dataclass(frozen=True, slots=True)
class Layer:
    """What one manager has set over what EKS has.

    Attributes:
        operation: `Apply` or `Update`, as managedFields say.
        at: Seconds since the epoch.
        subresource: The part of the object it was set by, as `scale`; empty for the object itself.
    """

    manager: str
    operation: str
    at: float
    fields: Fields
    subresource: str = ""


def termination_fields(grace: int | None, pre_stop: int | None) -> Fields:
    """What somebody sets who sets terminationGracePeriodSeconds, or the seconds a preStop sleeps."""
    fields: dict[Path, Json] = {}
    pod: Path = ("f:spec", "f:template", "f:spec")
    if grace is not None:
        fields[*pod, "f:terminationGracePeriodSeconds"] = grace
    if pre_stop is not None:
        container = (*pod, "f:containers", 'k:{"name":"coredns"}')
        fields |= flatten({"lifecycle": {"preStop": {"sleep": {"seconds": pre_stop}}}}, container)
    return fields


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that another manager has set, by an `Apply` or an `Update`."""

    manager: str
    path: Path
    operation: str = "Apply"
    subresource: str = ""


@dataclass(frozen=True, slots=True)
class Layered:
    """An object as its managers made it.

    Attributes:
        base: All fields as EKS and the API server's defaults would have them.
        owned: Those of them that EKS has applied itself.
        layers: What others have set since, the latest last.
        lost: What others took from EKS by force, which it does not get back when they let go of it.
    """

    base: Fields
    owned: frozenset[Path]
    layers: tuple[Layer, ...] = ()
    lost: frozenset[Path] = frozenset()

    @property
    def fields(self) -> Fields:
        found = dict(self.base)
        for layer in self.layers:
            for path in layer.fields:
                for below in [each for each in found if _is_within(each, path)]:
                    del found[below]
            found |= layer.fields
        return found

    @property
    def kept(self) -> frozenset[Path]:
        """What is still EKS' own: fields that nobody else has set to another value."""
        live = self.fields
        return frozenset(
            path for path in self.owned - self.lost if path in live and live[path] == self.base.get(path)
        )

    def after(self, manager: str, layers: tuple[Layer, ...]) -> "Layered":
        """With other layers, which a manager's apply has left."""
        mine: Fields = next((layer.fields for layer in layers if layer.manager == manager), NOTHING)
        taken = {path for path in self.kept if path in mine and mine[path] != self.base.get(path)}
        return replace(self, layers=layers, lost=self.lost | taken)


def _is_within(path: Path, above: Path) -> bool:
    return path[: len(above)] == above


def apply(
    layered: Layered, manager: str, fields: Fields, at: float, *, force: bool
) -> tuple[Layer, ...] | tuple[Conflict, ...]:
    """The layers after an apply, or the conflicts that forbid it.

    Fields that the manager applied before and leaves out now go back to what lies below.
    """
    found = tuple(_conflicts(layered, manager, fields))
    if found and not force:
        return found
    lost = {conflict.path for conflict in found}
    others = (_without(layer, lost) for layer in layered.layers if layer.manager != manager)
    mine = (Layer(manager, "Apply", at, fields),) if fields else ()
    return (*(layer for layer in others if layer.fields), *mine)


def _without(layer: Layer, paths: set[Path]) -> Layer:
    kept: Mapping[Path, Json] = {path: value for path, value in layer.fields.items() if path not in paths}
    return layer if len(kept) == len(layer.fields) else replace(layer, fields=kept)


def _conflicts(layered: Layered, manager: str, fields: Fields) -> Iterator[Conflict]:
    live, kept = layered.fields, layered.kept
    for path, value in fields.items():
        if live.get(path) == value:
            continue
        if path in kept:
            yield Conflict("eks", path)
        for layer in layered.layers:
            if layer.manager != manager and path in layer.fields:
                yield Conflict(layer.manager, path, layer.operation, layer.subresource)
