"""Renders a Corefile as CoreDNS reads it, as a JSON document and as text."""

from collections.abc import Iterator
from typing import Annotated, Literal

from eksaddon.corefile.meaning.resolve import BlockLameduck, lameducks
from eksaddon.corefile.syntax.dispenser import occurrences
from eksaddon.corefile.syntax.tree import Corefile, Directive, Fault
from eksaddon.corefile.syntax.wording import cut
from eksaddon.domain.document import Count, Version, as_json
from eksaddon.domain.json import SCHEMA_VERSION, JsonObject
from eksaddon.domain.printable import on_one_line
from eksaddon.domain.termination import SECOND
from eksaddon.frozen import dataclass


def seconds(nanoseconds: int) -> int | float:
    """Convert to seconds; an int if integral."""
    whole, rest = divmod(nanoseconds, SECOND)
    return nanoseconds / SECOND if rest else whole


@dataclass(frozen=True, slots=True)
class TokenView:
    text: str
    line: Count


@dataclass(frozen=True, slots=True)
class DirectiveView:
    name: str
    line: Count
    args: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockView:
    keys: tuple[str, ...]
    directives: tuple[DirectiveView, ...]
    lameduck_seconds: Annotated[
        int | float | None, "Null if the block has no `health`, or one that CoreDNS rejects."
    ]


@dataclass(frozen=True, slots=True)
class FaultView:
    line: Count
    message: str


@dataclass(frozen=True, slots=True)
class CorefileDocument:
    schema_version: Version
    kind: Literal["corefile"]
    file: str
    ok: Annotated[bool, "Whether CoreDNS accepts it."]
    error: FaultView | None
    tokens: tuple[TokenView, ...]
    blocks: Annotated[tuple[BlockView, ...], "If the file is rejected: those before the error."]
    total_lameduck_seconds: Annotated[int | float | None, "Null if CoreDNS rejects the file."]
    may_be_overridden: Annotated[bool, "Whether an import that cannot be read may set another lameduck."]


def corefile_document(corefile: Corefile, source: str) -> JsonObject:
    """The document of `corefile show`."""
    found, fault = lameducks(corefile), corefile.fault
    known = fault is None and found.fault is None
    made = CorefileDocument(
        SCHEMA_VERSION,
        "corefile",
        file=source,
        ok=fault is None,
        error=None if fault is None else FaultView(fault.line, fault.text),
        tokens=tuple(TokenView(token.text, token.line) for token in corefile.tokens),
        blocks=tuple(_block(one) for one in found.blocks),
        total_lameduck_seconds=seconds(found.total) if known else None,
        may_be_overridden=found.may_be_overridden,
    )
    return as_json(made)


def _block(found: BlockLameduck) -> BlockView:
    unknown = found.health is None or isinstance(found.health, Fault)
    lameduck = None if unknown else seconds(found.nanoseconds)
    directives = tuple(
        DirectiveView(one.name, one.tokens[0].line, _args(one)) for one in found.block.directives
    )
    return BlockView(tuple(found.block.keys), directives, lameduck)


def _args(one: Directive) -> tuple[str, ...]:
    return tuple(argument.text for argument in occurrences(one.tokens)[0].args)


def corefile_lines(corefile: Corefile, source: str) -> Iterator[str]:
    """Text output: one line for each directive, and the total of the lameducks."""
    yield on_one_line(source)
    found = lameducks(corefile)
    for block in found.blocks:
        yield f"  {on_one_line(' '.join(block.block.keys))}"
        for one in block.block.directives:
            yield f"    {one.tokens[0].line:>4}  {on_one_line(' '.join((one.name, *_args(one))))}"
        if block.has_health:
            yield f"          effective lameduck: {seconds(block.nanoseconds)} s"
    if corefile.fault is not None:
        yield f"  refused by CoreDNS: {on_one_line(cut(corefile.fault.text))}"
    elif found.fault is not None:
        yield f"  refused by CoreDNS: {on_one_line(cut(found.fault.text))}"
    else:
        hidden = ", unless an import that could not be read changes it" if found.may_be_overridden else ""
        yield f"  lameduck of the process: {seconds(found.total)} s{hidden}"
