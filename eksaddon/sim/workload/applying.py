"""Server-side apply on one object: field ownership and conflicts (source: KEP-555)."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from eksaddon.domain.json import Json
from eksaddon.frozen import dataclass
from eksaddon.sim.workload.fields import Fields, Path, flatten

NOTHING: Fields = {}


@dataclass(frozen=True, slots=True)
class Layer:
    """Fields that a manager has set on top of EKS's.

    Attributes:
        operation: `Apply` or `Update`, as in managedFields.
        at: Seconds since the epoch.
        subresource: Subresource of the write, such as `scale`; empty for the object itself.
    """

    manager: str
    operation: str
    at: float
    fields: Fields
    subresource: str = ""


def termination_fields(grace: int | None, pre_stop: int | None) -> Fields:
    """Fields for terminationGracePeriodSeconds and the preStop sleep in seconds."""
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
    """A field set by another manager with `Apply` or `Update`."""

    manager: str
    path: Path
    operation: str = "Apply"
    subresource: str = ""


@dataclass(frozen=True, slots=True)
class Layered:
    """An object with the layers of its managers.

    Attributes:
        base: All fields as set by EKS and the API server's defaults.
        owned: Fields that EKS has applied.
        layers: Later writes of other managers, the latest last.
        lost: Fields that other managers took by force; EKS does not regain them when they are released.
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
                for child in [each for each in found if _is_within(each, path)]:
                    del found[child]
            found |= layer.fields
        return found

    @property
    def kept(self) -> frozenset[Path]:
        """Fields still owned by EKS: those that no other manager set to another value."""
        fields = self.fields
        return frozenset(
            path for path in self.owned - self.lost if path in fields and fields[path] == self.base.get(path)
        )

    def after(self, manager: str, layers: tuple[Layer, ...]) -> "Layered":
        """Replace the layers after a manager's apply."""
        own: Fields = next((layer.fields for layer in layers if layer.manager == manager), NOTHING)
        overridden = {path for path in self.kept if path in own and own[path] != self.base.get(path)}
        return replace(self, layers=layers, lost=self.lost | overridden)


def _is_within(path: Path, above: Path) -> bool:
    return path[: len(above)] == above


def apply(
    layered: Layered, manager: str, fields: Fields, at: float, *, force: bool
) -> tuple[Layer, ...] | tuple[Conflict, ...]:
    """Compute the layers after an apply, or its conflicts.

    Fields that the manager applied before and omits now revert to the layer below.
    """
    found = tuple(_conflicts(layered, manager, fields))
    if found and not force:
        return found
    lost = {conflict.path for conflict in found}
    others = (_without(layer, lost) for layer in layered.layers if layer.manager != manager)
    own = (Layer(manager, "Apply", at, fields),) if fields else ()
    return (*(layer for layer in others if layer.fields), *own)


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
