"""Rewrites a Corefile by spans, so that it runs on the loopback interface with stand-ins."""

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import field

from eksaddon.corefile.editing.edits import Edit, apply
from eksaddon.corefile.editing.spans import Planner
from eksaddon.corefile.syntax.dispenser import Occurrence, occurrences
from eksaddon.corefile.syntax.parser import parse
from eksaddon.corefile.syntax.tree import Corefile
from eksaddon.corefile.syntax.zones import zone_addresses
from eksaddon.frozen import dataclass

LOOPBACK = "127.0.0.1"

OMITTED = frozenset({
    "auto", "azure", "clouddns", "dnssec", "dnstap", "etcd", "file", "geoip", "nomad", "on", "route53",
    "secondary", "sign", "tls", "trace", "tsig",
})  # fmt: skip
"""Plugins that read files, need an external service, or run commands."""

LISTENING = {"health": ":8080", "ready": ":8181", "prometheus": "localhost:9153", "pprof": "localhost:6053"}
"""Plugins with a listener of their own, and its default address (source: README of each)."""

_UNREAD = {
    "forward": ("tls", "tls_servername"),
    "grpc": ("tls", "tls_servername", "fallthrough"),
    "kubernetes": ("kubeconfig", "tls"),
}
"""Properties about the real upstream or API server."""

_CLOSED_PORT = f"{LOOPBACK}:1"
"""An address without a listener."""


@dataclass(slots=True)
class Stage:
    """Addresses of the loopback interface.

    Attributes:
        upstream: Stand-in for every upstream, as `host:port`.
        api_server: URL of the stand-in for the API server.
        hosts: Path of an empty hosts file.
        free_port: Gives an unused port.
        ports: Ports given so far, by the port in the Corefile.
    """

    upstream: str
    api_server: str
    hosts: str
    free_port: Callable[[], int]
    ports: dict[str, int] = field(default_factory=dict)

    def port(self, original: str) -> int:
        if original not in self.ports:
            self.ports[original] = self.free_port()
        return self.ports[original]


@dataclass(frozen=True, slots=True)
class Staged:
    """A Corefile that runs on the loopback interface.

    Attributes:
        replaced: What differs from the original, for readers; without repetitions.
    """

    text: str
    replaced: tuple[str, ...]


def staged(text: str, stage: Stage) -> Staged:
    """Rewrite a Corefile; one that CoreDNS's parser rejects is returned unchanged."""
    if parse(text).fault is not None:
        return Staged(text, ())
    for address in (one for block in parse(text).blocks for key in block.keys for one in zone_addresses(key)):
        stage.port(address.port)
    notes: dict[str, None] = {}
    for rewrite in (_remove_blocks, _remove_directives, _remove_properties, _set_words, _set_keys, _add):
        corefile = parse(text)
        edits: dict[tuple[int, int], Edit] = {}
        for edit, note in rewrite(corefile, Planner(corefile), stage):
            edits.setdefault((edit.start, edit.end), edit)  # a snippet is read by several blocks
            notes.update({note: None} if note else {})
        text = apply(text, [edits[place] for place in sorted(edits)])
    return Staged(text, tuple(notes))


_Rewritten = Iterator[tuple[Edit, str]]


def _of_text(corefile: Corefile) -> Iterator[tuple[str, Occurrence]]:
    """Occurrences by directive; all are in the text itself, because files are not read."""
    for block in corefile.blocks:
        for name, tokens in block.groups.items():
            yield from ((name, one) for one in occurrences(tokens))


def _remove_blocks(corefile: Corefile, _planner: Planner, _stage: Stage) -> _Rewritten:
    """Blocks of encrypted transports, which would need certificates."""
    for block in corefile.blocks:
        schemes = {address.scheme for key in block.keys for address in zone_addresses(key)}
        if "dns" not in schemes and block.closing is not None:
            edit = Edit(block.key_tokens[0].start, block.closing.end, "")
            yield edit, f"the server block {' '.join(block.keys)} is omitted: it needs a certificate"


def _remove_directives(corefile: Corefile, planner: Planner, _stage: Stage) -> _Rewritten:
    for block in corefile.blocks:
        for directive in block.directives:
            if directive.name in OMITTED:
                note = f"{directive.name} is omitted: it needs files, a service or a command"
                yield from ((edit, note) for edit in planner.remove_directive(directive))


def _remove_properties(corefile: Corefile, planner: Planner, _stage: Stage) -> _Rewritten:
    for name, one in _of_text(corefile):
        found = [each for each in one.properties if each.name.text in _UNREAD.get(name, ())]
        if len(found) == 1:
            yield from ((edit, "") for edit in planner.remove_property(one, found[0]))
        else:
            ends = ((each.name, *each.args)[-1].end for each in found)
            yield from ((Edit(each.name.start, end, ""), "") for each, end in zip(found, ends, strict=True))


def _set_words(corefile: Corefile, planner: Planner, stage: Stage) -> _Rewritten:
    for name, one in _of_text(corefile):
        old = tuple(token.text for token in one.args)
        new, note = _words(name, old, stage)
        if name == "grpc" and new[1:] == (stage.upstream,):  # the stand-in speaks DNS only
            note = f"forward asks a stand-in instead of grpc to {', '.join(old[1:])}"
            yield Edit(one.name.start, one.name.end, "forward"), note
        if new != old:
            yield from ((edit, note) for edit in planner.set_words(one.name, one.args, new))
        for each in one.properties:
            if (name, each.name.text) == ("kubernetes", "endpoint"):
                edits = planner.set_words(each.name, each.args, (stage.api_server,))
                yield from ((edit, _API_SERVER) for edit in edits)


_API_SERVER = "kubernetes reads a stand-in for the API server with two Services"
_HOSTS = "hosts reads an empty file; its inline entries are kept"


def _words(name: str, words: tuple[str, ...], stage: Stage) -> tuple[tuple[str, ...], str]:
    """The words of a directive's line on the loopback interface, and what to say about it."""
    if name == "bind":
        return (LOOPBACK,), ""
    if name in LISTENING:
        address = words[0] if words else LISTENING[name]
        return (f"{LOOPBACK}:{stage.port(f'{name} {address}')}", *words[1:]), ""
    if name in {"forward", "grpc"} and len(words) > 1:
        targets = tuple(_target(word, stage) for word in words[1:])
        is_replaced = any(target == stage.upstream for target in targets)
        note = f"{name} asks a stand-in instead of {', '.join(words[1:])}" if is_replaced else ""
        return (words[0], *dict.fromkeys(targets)), note
    if name == "hosts":
        return (stage.hosts, *words[1:]), _HOSTS
    return words, ""


def _target(word: str, stage: Stage) -> str:
    """Where an upstream is on the loopback interface: CoreDNS itself stays CoreDNS itself."""
    host, _, port = word.removeprefix("dns://").rpartition(":")
    if not host or not port.isdigit():
        host, port = word, "53"
    try:
        is_own = ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return stage.upstream
    if not is_own:
        return stage.upstream
    return f"{LOOPBACK}:{stage.ports[port]}" if port in stage.ports else _CLOSED_PORT


def _set_keys(corefile: Corefile, _planner: Planner, stage: Stage) -> _Rewritten:
    for block in corefile.blocks:
        addresses = [one for key in block.keys for one in zone_addresses(key) if one.scheme == "dns"]
        keys = " ".join(dict.fromkeys(f"{one.zone}:{stage.port(one.port)}" for one in addresses))
        if keys:
            yield Edit(block.key_tokens[0].start, block.key_tokens[-1].end, keys), ""


def _add(corefile: Corefile, planner: Planner, stage: Stage) -> _Rewritten:
    for block in corefile.blocks:
        if "bind" not in block.groups:
            anchor = block.opening or block.key_tokens[-1]
            yield from ((edit, "") for edit in planner.add_directive(block, anchor, ("bind", LOOPBACK), None))
    for name, one in _of_text(corefile):
        if name == "kubernetes" and not any(each.name.text == "endpoint" for each in one.properties):
            edits, _ = planner.add_property(one, ("endpoint", stage.api_server))
            yield from ((edit, _API_SERVER) for edit in edits)
