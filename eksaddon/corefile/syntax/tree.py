"""The syntax tree of a Corefile: snippets, imports, server blocks and directives.

Every token has its position in the source.
"""

from collections.abc import Sequence
from dataclasses import field
from enum import Enum

from eksaddon.corefile.syntax.tokens import Import, Token, shown
from eksaddon.frozen import dataclass


class FaultKind(Enum):
    """The part of CoreDNS that reports an error; determines the prefix of its message."""

    PARSING = "Error during parsing: "
    SYNTAX = "Syntax error: "
    KEY = "error inspecting server blocks: "
    SERVING = ""
    PLUGIN = "plugin/"
    LIMIT = "limit: "
    """Not from CoreDNS: too large, or endless."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why CoreDNS rejects a Corefile.

    Attributes:
        message: CoreDNS's message without the position.
        line: From 1; 0 if CoreDNS reports none.
        file: Name that CoreDNS prints.
        token: The nearest token; None if there is none.
        plugin: Name of the rejecting plugin; empty if none.
    """

    kind: FaultKind
    message: str
    line: int = 0
    file: str = ""
    token: Token | None = None
    plugin: str = ""

    @property
    def text(self) -> str:
        """CoreDNS's full message, such as `Corefile:3 - Error during parsing: Unknown directive 'x'`."""
        place = f"{self.file}:{self.line} - " if self.file else ""
        match self.kind:
            case FaultKind.PLUGIN:
                words = FaultKind.PARSING.value if self.file else ""
                return f"plugin/{self.plugin}: {place}{words}{shown(self.message)}"
            case kind:
                return f"{place}{kind.value}{shown(self.message)}"


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive as delimited by the parser, up to the end of its last line.

    Attributes:
        name: With environment variables replaced, unlike the first token's text.
        tokens: The name, then all that follows, braces included.
        imports: Those processed inside it, in order.
    """

    name: str
    tokens: tuple[Token, ...]
    imports: tuple[Import, ...] = ()


class Ending(Enum):
    """How a server block ends."""

    BRACE = "brace"
    BORROWED = "borrowed"
    """By the end of the file: no brace of its own, but the file's last token is some `}`."""
    LONE_BRACE = "lone brace"
    """Without `{`, but a `}` ended it."""
    FILE = "file"
    """Without braces, by the end of the file."""


@dataclass(frozen=True, slots=True)
class ServerBlock:
    """A server block as read by CoreDNS, with imports resolved.

    Attributes:
        keys: Addresses, environment variables replaced, comma cut; with none CoreDNS drops the block.
        key_tokens: One for each key.
        opening: The `{`; None for a block without braces.
        closing: The `}`; None where it has none of its own.
        body: Directives and imports in the order in which CoreDNS meets them.
    """

    keys: tuple[str, ...]
    key_tokens: tuple[Token, ...]
    opening: Token | None
    closing: Token | None
    ending: Ending
    body: tuple[Directive | Import, ...]
    groups: dict[str, tuple[Token, ...]] = field(repr=False, compare=False)
    """Tokens by directive name, all occurrences joined, as a plugin's setup gets them."""

    @property
    def directives(self) -> tuple[Directive, ...]:
        return tuple(entry for entry in self.body if isinstance(entry, Directive))

    @property
    def imports(self) -> tuple[Import, ...]:
        return tuple(entry for entry in self.body if isinstance(entry, Import))

    @property
    def has_stray_brace(self) -> bool:
        """A `}` too many became the name of a zone."""
        return "}" in self.keys

    def named(self, name: str) -> tuple[Directive, ...]:
        return tuple(directive for directive in self.directives if directive.name == name)


@dataclass(frozen=True, slots=True)
class Snippet:
    """A `(name) { … }`.

    Attributes:
        tokens: Between the braces.
    """

    name: str
    key: Token
    opening: Token
    tokens: tuple[Token, ...]
    closing: Token


Item = Snippet | Import | ServerBlock


@dataclass(frozen=True, slots=True)
class Corefile:
    """A Corefile, as far as it could be parsed.

    Attributes:
        tokens: Of the text itself, nothing imported.
        items: In the order in which CoreDNS meets them, up to the fault if there is one.
        fault: The parser's or the zone keys' first; None: CoreDNS's parser accepts it.
        warnings: What CoreDNS's parser logs.
    """

    text: str
    tokens: Sequence[Token]
    items: tuple[Item, ...]
    fault: Fault | None = None
    warnings: tuple[str, ...] = ()

    @property
    def blocks(self) -> tuple[ServerBlock, ...]:
        """The server blocks that CoreDNS keeps: those with keys."""
        return tuple(item for item in self.items if isinstance(item, ServerBlock) and item.keys)

    @property
    def dropped_blocks(self) -> tuple[ServerBlock, ...]:
        return tuple(item for item in self.items if isinstance(item, ServerBlock) and not item.keys)

    @property
    def snippets(self) -> dict[str, Snippet]:
        return {item.name: item for item in self.items if isinstance(item, Snippet)}

    @property
    def imports(self) -> tuple[Import, ...]:
        """All imports that were processed, including those inside blocks and directives."""
        found: list[Import] = []
        for item in self.items:
            if isinstance(item, Import):
                found.append(item)
            elif isinstance(item, ServerBlock):
                for entry in item.body:
                    found += [entry] if isinstance(entry, Import) else entry.imports
        return tuple(found)
