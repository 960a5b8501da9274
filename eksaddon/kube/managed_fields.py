"""Who has set which field, from an object's managedFields; pure (source: Kubernetes API, FieldsV1)."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from eksaddon.domain.json import Json, canonical
from eksaddon.domain.workload import ForeignField, Owner

Path = tuple[str, ...]

GRACE: Path = ("f:spec", "f:template", "f:spec", "f:terminationGracePeriodSeconds")
PRE_STOP: Path = (
    "f:spec",
    "f:template",
    "f:spec",
    "f:containers",
    'k:{"name":"coredns"}',
    "f:lifecycle",
)
COREFILE: Path = ("f:data", "f:Corefile")
REPLICAS: Path = ("f:spec", "f:replicas")
OWN, EKS = "eksdns", "eks"
SAID = (GRACE, PRE_STOP, COREFILE, REPLICAS)
"""Fields whose owners are told one by one."""

_ITEM, _MEMBER, _FIELD = "k:", "v:", "f:"


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the managedFields.

    Attributes:
        fields: The tree as the API gives it.
    """

    owner: Owner
    fields: Mapping[str, Json]

    @property
    def leaves(self) -> Iterator[Path]:
        return _leaves(self.fields, ())


def _leaves(node: Mapping[str, Json], path: Path) -> Iterator[Path]:
    """Every owned field that owns no other below it; `.` only says that the parent is owned too."""
    for step, below in node.items():
        if step == ".":
            continue
        rest = below if isinstance(below, Mapping) else {}
        if any(each != "." for each in rest):
            yield from _leaves(rest, (*path, step))
        else:
            yield (*path, step)


def foreign(entries: Iterable[Entry], kind: str, document: Json) -> tuple[ForeignField, ...]:
    """What only others than EKS and eksdns own of an object's `spec` or `data`, each once."""
    found: dict[Path, Owner] = {}
    own: set[Path] = set()
    for entry in entries:
        is_own = entry.owner.manager in {OWN, EKS}
        for path in entry.leaves:
            if is_own:
                own.add(path)
            elif path[0] in {"f:spec", "f:data"} and not any(path[: len(said)] == said for said in SAID):
                found.setdefault(path, entry.owner)
    return tuple(
        ForeignField(kind, printed(path), value_at(document, path), owner)
        for path, owner in sorted(found.items())
        if path not in own
    )


def printed(path: Path) -> str:
    """As conflict messages name a field, without the first dot."""
    return "".join(_step(step) for step in path).removeprefix(".")


def _step(step: str) -> str:
    if step.startswith(_FIELD):
        return f".{step.removeprefix(_FIELD)}"
    named = json.loads(step.removeprefix(_ITEM)) if step.startswith(_ITEM) else step.removeprefix(_MEMBER)
    if not isinstance(named, dict):
        return f"[{named}]"
    return "[" + ",".join(f"{key}={json.dumps(value)}" for key, value in named.items()) + "]"


def value_at(document: Json, path: Path) -> Json:
    """What stands there: a scalar, JSON text for anything larger, None where nothing does."""
    node = document
    for step in path:
        node = _below(node, step)
    return canonical(node) if isinstance(node, dict | list) else node


def _below(node: Json, step: str) -> Json:
    if step.startswith(_FIELD):
        return node.get(step.removeprefix(_FIELD)) if isinstance(node, Mapping) else None
    items = node if isinstance(node, Sequence) and not isinstance(node, str) else ()
    named = json.loads(step[2:])
    if step.startswith(_MEMBER):
        return named if named in items else None
    if not isinstance(named, Mapping):  # an index, which no list of a Deployment or a ConfigMap is owned by
        return None
    wanted = [item for item in items if isinstance(item, Mapping) and named.items() <= item.items()]
    return wanted[0] if wanted else None


def owner_of(entries: Iterable[Entry], path: Path) -> Owner | None:
    """The owner of a field, or of anything below it; of several that agree, the one that stands in the way.

    That is anybody before EKS, and EKS before eksdns.
    """
    found = [entry.owner for entry in entries if has(entry.fields, path)]
    return min(found, key=lambda owner: {EKS: 1, OWN: 2}.get(owner.manager, 0), default=None)


def has(fields: Mapping[str, Json], path: Sequence[str]) -> bool:
    """Whether a tree holds a path."""
    node: Json = fields
    for step in path:
        if not isinstance(node, Mapping) or step not in node:
            return False
        node = node[step]
    return True
