"""A stand-in for EKS's add-on manager: applies the objects as `eks`, in each resolveConflicts mode."""

import copy
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eksaddon.domain.desired import ResolveConflicts
from tests.e2e.kube.cluster.addon_objects import Release, objects
from tests.e2e.kube.cluster.api import Api, Document, RefusedError

MANAGER = "eks"
CONFLICT = re.compile(r'conflict with "(?P<manager>[^"]+)"')
STEP = re.compile(r"\.(?P<field>[^.\[]+)|\[(?P<key>[^=\]]+)=(?P<value>[^\]]+)\]")


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that somebody else owns with another value.

    Attributes:
        object: As EKS names it: `Deployment.apps coredns`.
        manager: Who owns it, and how, as the API server says.
    """

    object: str
    field: str
    manager: str


@dataclass(frozen=True, slots=True)
class Updated:
    """The update went through.

    Attributes:
        left: What PRESERVE did not touch.
    """

    left: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfigurationConflict:
    """Nothing was written."""

    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The API server takes an object in no mode; what comes before it in the order was written."""

    message: str


Outcome = Updated | ConfigurationConflict | Refused


def update(api: Api, release: Release, mode: ResolveConflicts) -> Outcome:
    """An add-on update: all objects by server-side apply, or none where NONE meets a conflict.

    PRESERVE leaves out the fields that others own, which is how server-side apply lets a field go to them.
    """
    try:
        return _updated(api, objects(release), mode)
    except RefusedError as error:
        return Refused(error.message)


def _updated(api: Api, wanted: Sequence[Document], mode: ResolveConflicts) -> Updated | ConfigurationConflict:
    if mode is ResolveConflicts.OVERWRITE:
        _apply(api, wanted, force=True)
        return Updated()
    found = [_conflicts(api, document) for document in wanted]
    conflicts = tuple(conflict for listed in found for conflict in listed)
    if mode is ResolveConflicts.NONE and conflicts:
        return ConfigurationConflict(conflicts)
    _apply(api, [_without(document, listed) for document, listed in zip(wanted, found, strict=True)])
    return Updated(conflicts)


def _apply(api: Api, documents: Iterable[Document], *, force: bool = False) -> None:
    for document in documents:
        api.apply(document, MANAGER, force=force)


def _conflicts(api: Api, document: Document) -> tuple[Conflict, ...]:
    """Asked of the server, which writes nothing."""
    try:
        api.apply(document, MANAGER, dry_run=True)
    except RefusedError as error:
        if error.reason != "Conflict":
            return ()
        return tuple(Conflict(_named(document), field, _manager(message)) for field, message in error.causes)
    return ()


def _named(document: Document) -> str:
    group, slash, _ = str(document["apiVersion"]).partition("/")
    kind = f"{document['kind']}.{group}" if slash else str(document["kind"])
    return f"{kind} {document['metadata']['name']}"


def _manager(message: str) -> str:
    found = CONFLICT.search(message)
    return found["manager"] if found else message


def _without(document: Document, conflicts: Sequence[Conflict]) -> Document:
    left = copy.deepcopy(document)
    for conflict in conflicts:
        _remove(left, conflict.field)
    return left


def _remove(document: Document, path: str) -> None:
    """Takes away the field at a path like `.spec.containers[name="coredns"].image`."""
    *way, last = STEP.finditer(path)
    at: Any = document
    for step in way:
        at = at[step["field"]] if step["field"] else _entry(at, step)
    del at[last["field"]]


def _entry(entries: Iterable[Document], step: re.Match[str]) -> Document:
    return next(entry for entry in entries if str(entry[step["key"]]) == step["value"].strip('"'))
