"""Who has set which field, from an object's managedFields; pure (source: Kubernetes API, FieldsV1)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from eksaddon.domain.json import Json
from eksaddon.domain.workload import Owner

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
OWN = "eksdns"


@dataclass(frozen=True, slots=True)
class Entry:
    """One of the managedFields.

    Attributes:
        fields: The tree as the API gives it.
    """

    owner: Owner
    fields: Mapping[str, Json]


def owner_of(entries: Iterable[Entry], path: Path) -> Owner | None:
    """The owner of a field, or of anything below it; of several that agree, whoever is not eksdns."""
    found = [entry.owner for entry in entries if has(entry.fields, path)]
    others = [owner for owner in found if owner.manager != OWN]
    return next(iter(others or found), None)


def has(fields: Mapping[str, Json], path: Sequence[str]) -> bool:
    """Whether a tree holds a path."""
    node: Json = fields
    for step in path:
        if not isinstance(node, Mapping) or step not in node:
            return False
        node = node[step]
    return True
