"""Reads the owner of each field from an object's managedFields; pure (source: Kubernetes API, FieldsV1)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from eksaddon.domain.json import Json, canonical
from eksaddon.domain.workload import ForeignField, Owner
from eksaddon.frozen import dataclass

Path = tuple[str, ...]

GRACE: Path = ("f:spec", "f:template", "f:spec", "f:terminationGracePeriodSeconds")
_CONTAINER: Path = ("f:spec", "f:template", "f:spec", "f:containers", 'k:{"name":"coredns"}')
PRE_STOP: Path = (*_CONTAINER, "f:lifecycle", "f:preStop")
READINESS: tuple[Path, Path, Path] = (
    (*_CONTAINER, "f:readinessProbe", "f:periodSeconds"),
    (*_CONTAINER, "f:readinessProbe", "f:failureThreshold"),
    (*_CONTAINER, "f:readinessProbe", "f:timeoutSeconds"),
)
COREFILE: Path = ("f:data", "f:Corefile")
REPLICAS: Path = ("f:spec", "f:replicas")
SPEC: Path = ("f:spec",)
OWN, EKS = "eksdns", "eks"
SAID = (GRACE, PRE_STOP, *READINESS, COREFILE, REPLICAS)
"""Fields whose owners are reported individually."""

_ITEM, _MEMBER, _FIELD = "k:", "v:", "f:"
_PARENT = {"."}


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of managedFields.

    Attributes:
        fields: The tree as returned by the API.
    """

    owner: Owner
    fields: Mapping[str, Json]

    @property
    def leaves(self) -> Iterator[Path]:
        return _leaves(self.fields, ())


def _leaves(node: Mapping[str, Json], path: Path) -> Iterator[Path]:
    """Yield owned fields without owned children; `.` means only that the parent is owned too."""
    for step, child in node.items():
        if step == ".":
            continue
        if isinstance(child, Mapping) and child.keys() - _PARENT:
            yield from _leaves(child, (*path, step))
        else:
            yield (*path, step)


def foreign(entries: Iterable[Entry], kind: str, document: Json) -> tuple[ForeignField, ...]:
    """Fields of an object's `spec` or `data` owned only by managers other than EKS and eksdns, each once."""
    found: dict[Path, Owner] = {}
    paths: set[Path] = set()
    for entry in entries:
        is_own = entry.owner.manager in {OWN, EKS}
        for path in entry.leaves:
            if is_own:
                paths.add(path)
            elif path[0] in {"f:spec", "f:data"} and not any(
                path[: len(reported)] == reported for reported in SAID
            ):
                found.setdefault(path, entry.owner)
    return tuple(
        ForeignField(kind, printed(path), value_at(document, path), owner)
        for path, owner in sorted(found.items())
        if path not in paths
    )


def printed(path: Path) -> str:
    """Format a path as in conflict messages, without the first dot."""
    return "".join(_step(step) for step in path).removeprefix(".")


def _step(step: str) -> str:
    if step.startswith(_FIELD):
        return f".{step.removeprefix(_FIELD)}"
    item_key = json.loads(step.removeprefix(_ITEM)) if step.startswith(_ITEM) else step.removeprefix(_MEMBER)
    if not isinstance(item_key, dict):
        return f"[{item_key}]"
    return "[" + ",".join(f"{key}={json.dumps(value)}" for key, value in item_key.items()) + "]"


def value_at(document: Json, path: Path) -> Json:
    """The value at a path: a scalar, JSON text for other values, None if absent."""
    node = document
    for step in path:
        node = _child(node, step)
    return canonical(node) if isinstance(node, dict | list) else node


def _child(node: Json, step: str) -> Json:
    if step.startswith(_FIELD):
        return node.get(step.removeprefix(_FIELD)) if isinstance(node, Mapping) else None
    items = node if isinstance(node, Sequence) and not isinstance(node, str) else ()
    item_key = json.loads(step[2:])
    if step.startswith(_MEMBER):
        return item_key if item_key in items else None
    if not isinstance(item_key, Mapping):  # an index; not used by the lists of Deployments and ConfigMaps
        return None
    matching = [item for item in items if isinstance(item, Mapping) and item_key.items() <= item.items()]
    return matching[0] if matching else None


def owner_of(entries: Iterable[Entry], path: Path) -> Owner | None:
    """The owner of a field or of anything below it; of several owners, the most relevant one.

    Other managers precede EKS, and EKS precedes eksdns.
    """
    found = [entry.owner for entry in entries if has(entry.fields, path)]
    return min(found, key=lambda owner: {EKS: 1, OWN: 2}.get(owner.manager, 0), default=None)


def managers_of(entries: Iterable[Entry], path: Path) -> tuple[str, ...]:
    """The managers of a field or of anything below it, sorted, each once."""
    return tuple(sorted({entry.owner.manager for entry in entries if has(entry.fields, path)}))


def has(fields: Mapping[str, Json], path: Sequence[str]) -> bool:
    """Whether a tree contains a path."""
    node: Json = fields
    for step in path:
        if not isinstance(node, Mapping) or step not in node:
            return False
        node = node[step]
    return True
