"""Reads the leaves of `coredns.corefile`, each with its position in the file."""

from collections.abc import Iterator, Mapping
from typing import cast

from eksaddon.config.fleet import CONTENT, SERVERS, SETTINGS, Setting
from eksaddon.config.model.corefile_model import DEFAULT_TTL
from eksaddon.config.model.corefile_scalars import cache, upstreams, zones
from eksaddon.config.yaml.document import Document, KeyPath
from eksaddon.corefile.desired.address import AddressError, canonical_address
from eksaddon.domain.desired import Origin
from eksaddon.domain.json import Json

_ROOTS = {"settings": SETTINGS, "servers": SERVERS, "text": CONTENT}


def read_corefile(document: Document, block: Json, at: KeyPath, layer: str) -> Iterator[Setting]:
    """Split a `corefile` block into settings; null resets everything that an earlier layer set."""

    def setting(keys: tuple[str, ...], value: Json, path: KeyPath) -> Setting:
        return Setting(keys, value, Origin(document.place(path).key, layer))

    if not isinstance(block, Mapping):
        yield from (setting((root,), None, at) for root in _ROOTS.values())
        return
    for key, value in block.items():
        root, path = _ROOTS[key], (*at, key)
        if not isinstance(value, Mapping):
            yield setting((root,), value, path)
            continue
        if root == SERVERS and not value:
            yield setting((root,), {}, path)
        for name, inner in value.items():
            is_server = root == SERVERS
            name_of = name if is_server else str(canonical_address(name))
            yield setting((root, name_of), _server(inner) if is_server else inner, (*path, name))


def canonical_path(path: str) -> str:
    """The path of a waiver; spellings of a Corefile setting become one."""
    root = f"{SETTINGS}."
    if not path.startswith(root):
        return path
    try:
        return root + str(canonical_address(path.removeprefix(root)))
    except AddressError:  # it matches no setting, which is a finding
        return path


def _server(block: Json) -> Json:
    """A server with canonical values and defaults; null if it is not wanted."""
    if not isinstance(block, Mapping):
        return None
    settings = cast("Mapping[str, Json]", block.get("settings") or {})
    return {
        "zones": cast("Json", zones(block["zones"])),
        "forward": cast("Json", upstreams(block["forward"])),
        "cache": cache(block.get("cache", DEFAULT_TTL)),
        **(
            {"settings": {str(canonical_address(path)): settings[path] for path in settings}}
            if settings
            else {}
        ),
    }
