"""Reads the leaves of a `coredns` block, each with its position in the file."""

from collections.abc import Iterator, Mapping

from eksaddon.config.corefile_settings import read_corefile
from eksaddon.config.fleet import GRACE, PRE_STOP, Setting, Settings
from eksaddon.config.model.scalars import pod_seconds
from eksaddon.config.yaml.document import Document, KeyPath
from eksaddon.domain.desired import Origin
from eksaddon.domain.json import Json

CONFIGURATION, COREFILE = "configuration", "corefile"


def read_settings(document: Document, block: Json, at: KeyPath, layer: str) -> Settings:
    """Split a validated block into settings.

    Args:
        at: Path of the block.
        layer: Name of the layer in origins.
    """
    return tuple(_settings(document, block, at, layer)) if isinstance(block, Mapping) else ()


def _settings(document: Document, block: Mapping[str, Json], at: KeyPath, layer: str) -> Iterator[Setting]:
    for key, value in block.items():
        if key == CONFIGURATION and isinstance(value, Mapping):
            for name, inner in value.items():
                yield from _leaves(document, (name,), inner, (*at, key, name), layer)
        elif key == COREFILE:
            yield from read_corefile(document, value, (*at, key), layer)
        elif key in {GRACE, PRE_STOP} and value is not None:
            yield _setting(document, (key,), pod_seconds(value), (*at, key), layer)
        else:
            yield from _leaves(document, (key,), value, (*at, key), layer)


def _leaves(
    document: Document, keys: tuple[str, ...], value: Json, at: KeyPath, layer: str
) -> Iterator[Setting]:
    """Recurse into mappings; an empty mapping is a leaf."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(document, (*keys, key), inner, (*at, key), layer)
    else:
        yield _setting(document, keys, value, at, layer)


def _setting(document: Document, keys: tuple[str, ...], value: Json, at: KeyPath, layer: str) -> Setting:
    return Setting(keys, value, Origin(document.place(at).key, layer))
