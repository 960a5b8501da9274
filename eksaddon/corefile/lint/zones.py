"""Checks keys of server blocks: invalid, implausible and duplicate zones."""

from collections.abc import Iterator

from eksaddon.corefile.editing.edits import Edit
from eksaddon.corefile.lint.findings import Finding, Fix
from eksaddon.corefile.lint.subject import Subject
from eksaddon.corefile.meaning.serving import find_serving_fault
from eksaddon.corefile.syntax.tokens import Token
from eksaddon.corefile.syntax.tree import ServerBlock
from eksaddon.corefile.syntax.versions import FIRST, show_version
from eksaddon.corefile.syntax.wording import brief
from eksaddon.corefile.syntax.zones import (
    PLAIN_DOT_SINCE,
    SCHEME_SINCE,
    ZoneError,
    has_doubled_dot,
    zone_addresses,
)
from eksaddon.domain.diagnostic import Severity
from eksaddon.regex import regex

_GLUED = regex(r"[^{}]+\{")
_REPORTS = "CoreDNS reports: error inspecting server blocks"
_SCHEME = regex(r"[A-Za-z][A-Za-z0-9+.-]*://")


def lint_zones(subject: Subject) -> Iterator[Finding]:
    is_balanced = not any(_GLUED.fullmatch(token.text) for token in subject.corefile.tokens)
    for block in subject.corefile.blocks:
        for key, token in zip(block.keys, block.key_tokens, strict=True):
            if key == "}":
                yield _stray_brace(subject, block, token, is_balanced=is_balanced)
            else:
                yield from _lint_key(subject, key, token)
    if subject.corefile.fault is None:
        yield from _served_twice(subject)


def _served_twice(subject: Subject) -> Iterator[Finding]:
    fault = find_serving_fault(subject.corefile, subject.version)
    if fault is not None:
        detail = "Merge the server blocks, or give one of them another port; the default is port 53."
        yield subject.at(
            Severity.ERROR, "duplicate-zone", fault.token, f"CoreDNS reports: {fault.text}", detail
        )


def _lint_key(subject: Subject, key: str, token: Token) -> Iterator[Finding]:
    try:
        addresses = zone_addresses(key)
    except ZoneError as error:
        yield _refused(subject, key, token, error)
        return
    zone = addresses[0].zone
    doubled = next((each.zone for each in addresses if has_doubled_dot(each.zone)), "")
    if doubled and subject.version < PLAIN_DOT_SINCE:
        summary = f"{_REPORTS}: zone is not a valid domain name: {doubled}"
        detail = f"CoreDNS {show_version(PLAIN_DOT_SINCE)} and newer accept it."
        yield subject.at(Severity.ERROR, "zone-key", token, summary, detail)
        return
    since = SCHEME_SINCE.get(addresses[0].scheme, FIRST)
    if subject.version < since:
        version = show_version(subject.version)
        summary = f"CoreDNS {version} reads the protocol of `{brief(key)}` as a part of the zone"
        detail = f"`{addresses[0].scheme}://` is known since CoreDNS {show_version(since)}."
        yield subject.at(Severity.WARNING, "zone-scheme", token, summary, detail)
        return
    if "{{" in key or "{%" in key:
        return  # part of a template, and reported as such
    if "{" in key or "}" in key:
        yield _brace(subject, key, token)
    elif _SCHEME.match(zone):
        detail = "Supported protocols: dns, tls, quic, grpc, https and https3."
        summary = f"the unknown protocol of `{brief(key)}` is read as part of the zone"
        yield subject.at(Severity.WARNING, "zone-scheme", token, summary, detail)
    elif ":" in zone:
        summary = f"the invalid port of `{brief(key)}` is read as part of the zone"
        yield subject.at(Severity.WARNING, "zone-port", token, summary, "A port must be a number.")
    elif "," in key:
        summary = f"the comma of `{brief(key)}` is read as part of the zone"
        yield subject.at(Severity.WARNING, "zone-comma", token, summary, "Put a space after the comma.")


def _refused(subject: Subject, key: str, token: Token, error: ZoneError) -> Finding:
    summary = f"{_REPORTS}: {error}"
    if key or token.text != ",":
        return subject.at(Severity.ERROR, "zone-key", token, summary)
    detail = "A separate comma is an empty zone; put it directly after a zone."
    fix = Fix("Remove the comma", (Edit(token.start, token.end, ""),), safe=True)
    return subject.at(Severity.ERROR, "zone-key", token, summary, detail, fix=None if token.via else fix)


def _stray_brace(subject: Subject, block: ServerBlock, token: Token, *, is_balanced: bool) -> Finding:
    """Report a brace without partner; its opening brace may be adjacent to a word."""
    summary = "extra `}`: CoreDNS serves a zone named `}.`"
    fix = None
    if is_balanced and token.via is None and (not block.body or len(block.keys) > 1):
        fix = Fix("Remove the brace", (Edit(token.start, token.end, ""),), safe=False)
    return subject.at(Severity.WARNING, "stray-brace", token, summary, "Remove it.", fix=fix)


def _brace(subject: Subject, key: str, token: Token) -> Finding:
    summary = f"the brace of `{brief(key)}` is read as part of the zone and opens no block"
    fix = None
    own = token.via is None and not token.quoted and subject.text[token.start : token.end] == key
    if own and key.endswith("{") and "{" not in key[:-1]:
        edit = Edit(token.start, token.end, f"{key[:-1]} {{", (key[:-1], "{"))
        fix = Fix("Put a space before the brace", (edit,), safe=False)
    detail = "A brace must be a separate word."
    return subject.at(Severity.WARNING, "zone-brace", token, summary, detail, fix=fix)
