"""What our reading of a Corefile says, in the form in which the grammar judge writes the real parser's."""

from collections.abc import Sequence
from pathlib import Path

from eksaddon.corefile import (
    STOCK_DIRECTIVES,
    Corefile,
    DiskFiles,
    FaultKind,
    ServerBlock,
    Surroundings,
    decode,
    lex,
    occurrences,
    parse,
    shown,
)
from tests.support.corefile.inputs import ENVIRONMENT

PART, ENTRY, FIELD = "\x1d", "\x1e", "\x1f"


def corefile_answer(data: bytes, folder: Path) -> str:
    """Tokens, verdict with any directive, verdict with the stock ones: as the judge writes them."""
    text = decode(data)
    tokens = "".join(f"{token.line}{FIELD}{shown(token.text)}{ENTRY}" for token in lex(text))
    verdicts = [
        _verdict(
            parse(
                text,
                Surroundings(
                    folder=str(folder), files=DiskFiles(), environment=ENVIRONMENT, directives=directives
                ),
            )
        )
        for directives in (None, STOCK_DIRECTIVES)
    ]
    return PART.join([tokens, *verdicts])


def _verdict(corefile: Corefile) -> str:
    # package log ends each entry with one line feed, its own or the text's
    warnings = "".join(shown(warning).removesuffix("\n") + "\n" for warning in corefile.warnings)
    if corefile.fault is not None and corefile.fault.kind is not FaultKind.KEY:
        return warnings + corefile.fault.text
    return warnings + "".join(_block(block) for block in corefile.blocks)


def _block(block: ServerBlock) -> str:
    keys = FIELD.join(shown(key) for key in block.keys)
    groups = "".join(
        f"{shown(name)}{FIELD}"
        + "".join(f"{token.line}{FIELD}{shown(token.text)}{FIELD}" for token in tokens)
        + ENTRY
        + "".join(
            _line("> ", occurrence.name.text, [arg.text for arg in occurrence.args])
            + "".join(_line(">> ", each.words[0], each.words[1:]) for each in occurrence.properties)
            for occurrence in occurrences(tokens)
        )
        for name, tokens in sorted(block.groups.items(), key=lambda group: shown(group[0]).encode())
    )
    return f"block{FIELD}{keys}{ENTRY}{groups}"


def _line(mark: str, name: str, args: Sequence[str]) -> str:
    return f"{mark}{shown(name)}{FIELD}{FIELD.join(shown(arg) for arg in args)}{ENTRY}"
