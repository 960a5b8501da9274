"""Builds the desired Corefile of a target from its effective settings."""

from collections.abc import Iterable, Mapping
from typing import cast

from eksaddon.config.fleet import CONTENT, SERVERS, SETTINGS, Setting
from eksaddon.corefile.desired.address import desired_setting
from eksaddon.domain.corefile.desired import CorefileSetting, DesiredCorefile, DesiredServer
from eksaddon.domain.desired import Waiver
from eksaddon.domain.json import Json

EVERY = "*"


def desired_corefile(
    kept: Mapping[tuple[str, ...], Setting], waived: Iterable[tuple[str, ...]], waivers: Iterable[Waiver]
) -> DesiredCorefile:
    """Build the desired Corefile.

    Args:
        kept: Effective settings that no waiver covers.
        waived: Keys of the others.
    """
    text = kept[CONTENT,].value if (CONTENT,) in kept else None
    named = {keys[1]: each.value for keys, each in kept.items() if keys[0] == SERVERS and len(keys) > 1}
    is_managed = bool(named) or any(keys[0] == SERVERS for keys in waived)
    is_managed = is_managed or ((SERVERS,) in kept and kept[SERVERS,].value is not None)
    servers = tuple(_server(name, value) for name, value in sorted(named.items()) if value is not None)
    return DesiredCorefile(
        text=text if isinstance(text, str) else None,
        settings=_settings(
            {keys[1]: each.value for keys, each in kept.items() if keys[0] == SETTINGS and len(keys) > 1}
        ),
        servers=servers if is_managed else None,
        left_alone=frozenset(_left_alone(waivers)) if is_managed else frozenset(),
    )


def _settings(values: Mapping[str, Json]) -> tuple[CorefileSetting, ...]:
    return tuple(desired_setting(path, value) for path, value in sorted(values.items()) if value is not None)


def _server(name: str, value: Json) -> DesiredServer:
    found = cast("Mapping[str, Json]", value)  # as config/corefile_settings.py writes it
    return DesiredServer(
        name,
        zones=tuple(cast("list[str]", found["zones"])),
        forward=tuple(cast("list[str]", found["forward"])),
        cache=cast("int", found["cache"]),
        settings=_settings(cast("Mapping[str, Json]", found.get("settings", {}))),
    )


def _left_alone(waivers: Iterable[Waiver]) -> Iterable[str]:
    """Names of waived servers; `*` for all."""
    for waiver in waivers:
        if waiver.covers_all(SERVERS):
            yield EVERY
        elif waiver.path.startswith(f"{SERVERS}."):
            yield waiver.path.removeprefix(f"{SERVERS}.")
