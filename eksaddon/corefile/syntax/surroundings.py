"""The environment that a Corefile's meaning depends on."""

from collections.abc import Collection, Mapping
from dataclasses import field
from types import MappingProxyType

from eksaddon.corefile.syntax.directives import stock_directives
from eksaddon.corefile.syntax.imports import Files
from eksaddon.corefile.syntax.versions import NEWEST_KNOWN
from eksaddon.frozen import dataclass

STOCK_DIRECTIVES = stock_directives(NEWEST_KNOWN)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The process that reads a Corefile.

    Attributes:
        filename: The Corefile's name as CoreDNS was given it; precedes error texts.
        folder: Absolute path of the folder that holds it.
        files: What imports may read; None: unknown, so that file imports are noted and omitted.
        environment: Variables of the process.
        directives: Plugins that this CoreDNS has; None accepts any name.
    """

    filename: str = "Corefile"
    folder: str = "/"
    files: Files | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    directives: Collection[str] | None = STOCK_DIRECTIVES


STOCK = Surroundings()
"""The stock CoreDNS 1.14.7 without environment variables; what imports would read is unknown."""
