"""Corefiles as CoreDNS reads them: parse, resolve, query, edit.

Start with `parse(text)`: a `Corefile` with tokens, items, server blocks and CoreDNS's own `fault`. Every
token carries its span, so that every finding can be shown or edited in the source.
`occurrences(block.groups[name])` reads a directive's arguments and properties as its plugin would. `decode`
and `encode` convert bytes to text and back; nothing here normalises, strips or reformats text.

In: Corefile text, the CoreDNS version, the files that `import` can read.
Out: trees, meanings, findings, differences, edited text.
Never: depend on Kubernetes, EKS or a cluster; this package is self-contained.
Start with: syntax/parser.py, then meaning/, editing/, lint/ and diff/; plugins/ holds the knowledge.
"""

from eksaddon.corefile.editing.edit import edit
from eksaddon.corefile.editing.edits import (
    Edit,
    Edited,
    Reason,
    Refused,
    RemoveDirective,
    RemoveProperty,
    Request,
    SetArguments,
    SetProperty,
)
from eksaddon.corefile.editing.lameduck import set_lameduck
from eksaddon.corefile.meaning.durations import NotADuration, format_duration, parse_duration, short_duration
from eksaddon.corefile.meaning.health import Health, read_health
from eksaddon.corefile.meaning.metrics import metrics_port
from eksaddon.corefile.meaning.resolve import BlockLameduck, Lameducks, lameducks, unseen_imports
from eksaddon.corefile.meaning.serving import find_serving_fault, main_block, matching_blocks, served
from eksaddon.corefile.syntax.dispenser import Occurrence, Property, occurrences, same_line
from eksaddon.corefile.syntax.imports import DiskFiles, Files, NoFiles, PathKind
from eksaddon.corefile.syntax.lexer import MAX_CHARACTERS, CorefileTooLargeError, lex, pieces
from eksaddon.corefile.syntax.parser import parse
from eksaddon.corefile.syntax.surroundings import STOCK, STOCK_DIRECTIVES, Surroundings
from eksaddon.corefile.syntax.tokens import Import, ImportKind, Token, decode, encode, shown
from eksaddon.corefile.syntax.tree import (
    Corefile,
    Directive,
    Ending,
    Fault,
    FaultKind,
    Item,
    ServerBlock,
    Snippet,
)
from eksaddon.corefile.syntax.zones import (
    ZoneAddress,
    ZoneError,
    is_domain_name,
    normal_zones,
    zone_addresses,
)

__all__ = [
    "MAX_CHARACTERS",
    "STOCK",
    "STOCK_DIRECTIVES",
    "BlockLameduck",
    "Corefile",
    "CorefileTooLargeError",
    "Directive",
    "DiskFiles",
    "Edit",
    "Edited",
    "Ending",
    "Fault",
    "FaultKind",
    "Files",
    "Health",
    "Import",
    "ImportKind",
    "Item",
    "Lameducks",
    "NoFiles",
    "NotADuration",
    "Occurrence",
    "PathKind",
    "Property",
    "Reason",
    "Refused",
    "RemoveDirective",
    "RemoveProperty",
    "Request",
    "ServerBlock",
    "SetArguments",
    "SetProperty",
    "Snippet",
    "Surroundings",
    "Token",
    "ZoneAddress",
    "ZoneError",
    "decode",
    "edit",
    "encode",
    "find_serving_fault",
    "format_duration",
    "is_domain_name",
    "lameducks",
    "lex",
    "main_block",
    "matching_blocks",
    "metrics_port",
    "normal_zones",
    "occurrences",
    "parse",
    "parse_duration",
    "pieces",
    "read_health",
    "same_line",
    "served",
    "set_lameduck",
    "short_duration",
    "shown",
    "unseen_imports",
    "zone_addresses",
]
