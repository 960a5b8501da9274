"""Reads the Corefiles that a fleet file names with `corefile.file`."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import cast

from eksaddon.config.errors import ConfigError, fault
from eksaddon.config.yaml.document import Document, KeyPath, Place
from eksaddon.corefile.syntax.imports import ConfinedFiles, OutsideError, PathKind
from eksaddon.domain.diagnostic import Diagnostic
from eksaddon.domain.json import Json

RULE = "config-file"
MAX_BYTES = 1 << 20
"""Same limit as a ConfigMap (source: kubernetes, MaxSecretSize)."""


def with_corefile_files(document: Document) -> Document:
    """Return the document with `corefile.text` in place of each `corefile.file`.

    Raises:
        ConfigError: A file is missing, unreadable, not UTF-8, or outside of the fleet file's folder.
    """
    faults: list[Diagnostic] = []
    places = dict(document.places)
    value = document.value
    for path in _blocks(document):
        name, place = _at(value, (*path, "file")), document.place((*path, "file"))
        if isinstance(name, str) and name.strip() and _at(value, (*path, "text")) is None:
            found = _read(document, name, place)
            if isinstance(found, Diagnostic):
                faults.append(found)
            else:
                value = _with_text(value, path, found)
                places[*path, "text"] = place
    if faults:
        raise ConfigError(faults)
    return replace(document, value=value, places=places)


def _blocks(document: Document) -> Iterator[KeyPath]:
    yield ("coredns", "corefile")
    overrides = _at(document.value, ("overrides",))
    for index in range(len(overrides) if isinstance(overrides, list) else 0):
        yield ("overrides", index, "coredns", "corefile")


def _at(value: Json, path: KeyPath) -> Json:
    for part in path:
        if isinstance(part, int) and isinstance(value, list):
            value = value[part]
        else:
            value = value.get(str(part)) if isinstance(value, dict) else None
    return value


def _with_text(value: Json, path: KeyPath, text: str) -> Json:
    """A copy with the text in the block at a path that exists."""
    if isinstance(value, list):
        return [
            _with_text(each, path[1:], text) if index == path[0] else each for index, each in enumerate(value)
        ]
    block = cast("Mapping[str, Json]", value)
    if not path:
        return {"text" if key == "file" else key: text if key == "file" else block[key] for key in block}
    return {key: _with_text(block[key], path[1:], text) if key == path[0] else block[key] for key in block}


def _read(document: Document, name: str, place: Place) -> str | Diagnostic:
    folder = Path(document.source).absolute().parent
    path, files = str(folder / name), ConfinedFiles([str(folder)])
    try:
        if files.kind(path) is PathKind.ABSENT:
            raise FileNotFoundError(2, "no such file", path)
        data = files.read(path)
    except OutsideError:
        summary = f"{name} is outside of the fleet file's folder"
        return fault(place.value, RULE, summary, f"move it below {folder.name or '/'}")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return fault(
            place.value, RULE, f"cannot read {name}: {reason}", "the path is relative to the fleet file"
        )
    if len(data) > MAX_BYTES:
        return fault(
            place.value, RULE, f"{name} is larger than {MAX_BYTES >> 20} MiB", "a ConfigMap cannot hold it"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return fault(place.value, RULE, f"{name} is not UTF-8", "save the file as UTF-8")
