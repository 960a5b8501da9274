"""Corefiles as CoreDNS reads them: parse, resolve, query, edit.

Start with `parse(text)`: a `Corefile` with tokens, items, server blocks and CoreDNS's own `fault`. Every
token carries its span, so that whatever is found can be shown or edited in the source.
`occurrences(block.groups[name])` reads a directive's arguments and properties as its plugin would. Bytes
become text with `decode` and go back with `encode`; nothing here normalises, strips or re-prints.
"""

from eksaddon.corefile.dispenser import Occurrence, Property, occurrences, same_line
from eksaddon.corefile.durations import NotADuration, format_duration, parse_duration, short_duration
from eksaddon.corefile.imports import DiskFiles, Files, NoFiles, PathKind
from eksaddon.corefile.lexer import MAX_CHARACTERS, CorefileTooLargeError, lex, pieces
from eksaddon.corefile.parser import parse
from eksaddon.corefile.surroundings import STOCK, STOCK_DIRECTIVES, Surroundings
from eksaddon.corefile.tokens import Import, ImportKind, Token, decode, encode, shown
from eksaddon.corefile.tree import (
    Corefile,
    Directive,
    Ending,
    Fault,
    FaultKind,
    Item,
    ServerBlock,
    Snippet,
)
from eksaddon.corefile.zones import ZoneAddress, ZoneError, is_domain_name, normal_zones, zone_addresses

__all__ = [
    "MAX_CHARACTERS",
    "STOCK",
    "STOCK_DIRECTIVES",
    "Corefile",
    "CorefileTooLargeError",
    "Directive",
    "DiskFiles",
    "Ending",
    "Fault",
    "FaultKind",
    "Files",
    "Import",
    "ImportKind",
    "Item",
    "NoFiles",
    "NotADuration",
    "Occurrence",
    "PathKind",
    "Property",
    "ServerBlock",
    "Snippet",
    "Surroundings",
    "Token",
    "ZoneAddress",
    "ZoneError",
    "decode",
    "encode",
    "format_duration",
    "is_domain_name",
    "lex",
    "normal_zones",
    "occurrences",
    "parse",
    "parse_duration",
    "pieces",
    "same_line",
    "short_duration",
    "shown",
    "zone_addresses",
]
