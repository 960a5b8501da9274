"""A Corefile as CoreDNS reads it, as a JSON document and for people."""

from collections.abc import Iterator

from eksaddon.corefile.meaning.resolve import BlockLameduck, lameducks
from eksaddon.corefile.syntax.dispenser import occurrences
from eksaddon.corefile.syntax.tree import Corefile, Directive, Fault
from eksaddon.domain.json import SCHEMA_VERSION, JsonObject
from eksaddon.domain.printable import on_one_line
from eksaddon.domain.termination import SECOND


def seconds(nanoseconds: int) -> int | float:
    """An int where it is whole."""
    whole, rest = divmod(nanoseconds, SECOND)
    return nanoseconds / SECOND if rest else whole


def corefile_document(corefile: Corefile, source: str) -> JsonObject:
    """The document of `corefile show`; of a refused file, the blocks in front of the fault."""
    found = lameducks(corefile)
    fault = corefile.fault
    known = fault is None and found.fault is None
    return {
        "schemaVersion": SCHEMA_VERSION,
        "kind": "corefile",
        "file": source,
        "ok": fault is None,
        "error": None if fault is None else {"line": fault.line, "message": fault.text},
        "tokens": [{"text": token.text, "line": token.line} for token in corefile.tokens],
        "blocks": [_block(one) for one in found.blocks],
        "totalLameduckSeconds": seconds(found.total) if known else None,
        "mayBeOverridden": found.may_be_overridden,
    }


def _block(found: BlockLameduck) -> JsonObject:
    return {
        "keys": list(found.block.keys),
        "directives": [_directive(one) for one in found.block.directives],
        "lameduckSeconds": _lameduck(found),
    }


def _lameduck(found: BlockLameduck) -> int | float | None:
    """Null where the block has no `health`, or one that CoreDNS refuses."""
    unknown = found.health is None or isinstance(found.health, Fault)
    return None if unknown else seconds(found.nanoseconds)


def _directive(one: Directive) -> JsonObject:
    return {
        "name": one.name,
        "line": one.tokens[0].line,
        "args": [argument.text for argument in occurrences(one.tokens)[0].args],
    }


def corefile_lines(corefile: Corefile, source: str) -> Iterator[str]:
    """For people: one line a directive, and what the lameducks come to."""
    yield on_one_line(source)
    found = lameducks(corefile)
    for block in found.blocks:
        yield f"  {on_one_line(' '.join(block.block.keys))}"
        for one in block.block.directives:
            words = " ".join(argument.text for argument in occurrences(one.tokens)[0].args)
            yield f"    {one.tokens[0].line:>4}  {on_one_line(f'{one.name} {words}'.rstrip())}"
        if block.has_health:
            yield f"          effective lameduck: {seconds(block.nanoseconds)} s"
    if corefile.fault is not None:
        yield f"  refused: {on_one_line(corefile.fault.text)}"
    elif found.fault is not None:
        yield f"  refused: {on_one_line(found.fault.text)}"
    else:
        hidden = ", unless an import that cannot be seen says otherwise" if found.may_be_overridden else ""
        yield f"  lameduck of the process: {seconds(found.total)} s{hidden}"
