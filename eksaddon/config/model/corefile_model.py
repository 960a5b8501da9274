"""The keys below `coredns.corefile` and their descriptions."""

from typing import Annotated

from pydantic import Field, model_validator

from eksaddon.config.model.scope import Model
from eksaddon.config.model.types import (
    CacheTtl,
    CorefileSettings,
    Filled,
    ServerName,
    ServerSettings,
    Upstreams,
    Zones,
    own_error,
)

DEFAULT_TTL = 30


class ServerModel(Model):
    """A server block that forwards zones, such as a stub domain."""

    zones: Annotated[Zones, Field(description="Zones of the block (example: corp.example.com).")]
    forward: Annotated[Upstreams, Field(description="Upstream addresses (example: 10.0.0.10).")]
    cache: Annotated[
        CacheTtl, Field(description="Maximum TTL in seconds; false for no cache. Default: 30.")
    ] = DEFAULT_TTL
    settings: Annotated[
        ServerSettings,
        Field(
            default_factory=dict,
            description="Other settings of the block by path (example: forward.policy: sequential).",
        ),
    ]


class CorefileModel(Model):
    """Desired contents of the Corefile; everything else in it stays as it is."""

    settings: Annotated[
        CorefileSettings | None,
        Field(
            description="Directives and properties by path (examples: cache.ttl, "
            "'\".:53\".forward[2].max_concurrent'). Words as text, number or list; true: present; "
            "false: absent; null: not managed."
        ),
    ] = None
    servers: Annotated[
        dict[ServerName, ServerModel | None] | None,
        Field(
            description="Named server blocks that eksdns adds, changes and removes; null: not wanted. An "
            "override replaces a server as a whole."
        ),
    ] = None
    text: Annotated[
        Filled | None,
        Field(description="The whole Corefile; one with the same meaning is not changed. null: not managed."),
    ] = None
    file: Annotated[
        Filled | None,
        Field(description="File with the whole Corefile, in the fleet file's folder or below."),
    ] = None

    @model_validator(mode="after")
    def _one_text(self) -> "CorefileModel":
        if self.text is not None and self.file is not None:
            raise own_error("both text and file are set", "keep one of them", "file")
        return self
