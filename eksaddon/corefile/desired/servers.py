"""Adds, changes and removes the named server blocks that eksdns owns.

A block is owned if the line above it is the marker comment with its name. Any other block was made by hand
and is never changed here.
"""

import re
from collections.abc import Collection, Iterator, Sequence

from eksaddon.corefile.desired.address import request_of
from eksaddon.corefile.diff.difference import same_block
from eksaddon.corefile.editing.edit import edit
from eksaddon.corefile.editing.editor import Editor
from eksaddon.corefile.editing.edits import Edit, Reason, Refused, RefusedError, apply
from eksaddon.corefile.editing.layout import Layout
from eksaddon.corefile.editing.verify import readings
from eksaddon.corefile.meaning.marks import MARK, OwnedBlock, is_owned, owned_blocks
from eksaddon.corefile.meaning.serving import find_serving_fault, served
from eksaddon.corefile.syntax.parser import parse
from eksaddon.corefile.syntax.surroundings import Surroundings
from eksaddon.corefile.syntax.tree import Corefile, ServerBlock
from eksaddon.domain.corefile.desired import DesiredServer

EVERY = "*"


def set_servers(
    text: str, wanted: Sequence[DesiredServer], left_alone: frozenset[str], surroundings: Surroundings
) -> str:
    """Make the owned server blocks exactly the wanted ones; all other bytes are kept.

    Args:
        left_alone: Names of owned blocks that are neither changed nor removed; `*` for all.

    Raises:
        RefusedError: Not possible, or the result cannot be verified.
    """
    if EVERY in left_alone:
        return text
    names = {one.name for one in wanted} | left_alone
    kept = _without(Editor(text, surroundings, in_snippet=False), names)
    servers = _Servers(
        Editor(kept, surroundings, in_snippet=False), [one for one in wanted if one.name not in left_alone]
    )
    after = parse(apply(kept, servers.edits()), surroundings)
    servers.verify(after, parse(text, surroundings))
    return after.text


def _without(editor: Editor, names: Collection[str]) -> str:
    """The text without the owned blocks that have other names."""
    text = editor.before.text
    gone = [one for one in _by_name(editor).values() if one.name not in names]
    for one in sorted(gone, key=lambda each: each.start, reverse=True):  # places before it stay as they are
        text = _cut(text, one.start, _end(editor, one))
    return text


def _cut(text: str, start: int, end: int) -> str:
    """Cut a block together with the empty line and the line ending that were written with it."""
    rest = text[end:]
    if not rest:
        return _without_line_end(_without_line_end(text[:start]))
    ending = re.match(r"\r?\n", rest)
    head, tail = text[:start], rest[ending.end() :] if ending else rest
    is_below_empty_line = ending is not None and re.search(r"(\n|^)\r?\n\Z", head) is not None
    return (_without_line_end(head) if is_below_empty_line else head) + tail


def _without_line_end(text: str) -> str:
    return text.removesuffix("\n").removesuffix("\r") if text.endswith("\n") else text


def _by_name(editor: Editor) -> dict[str, OwnedBlock]:
    found: dict[str, OwnedBlock] = {}
    for one in owned_blocks(editor.before):
        if one.name in found:
            message = f"two server blocks have the marker `{MARK}{one.name}`"
            hint = "remove the marker from the one that is not managed"
            raise editor.refuse(Reason.NOT_OWNED, message, one.block.key_tokens[0], hint)
        found[one.name] = one
    return found


def _end(editor: Editor, one: OwnedBlock) -> int:
    """After the closing brace, or a comment behind it."""
    closing = one.block.closing
    if closing is None or closing.file:
        message = f"the server block {one.name} has no closing `}}` of its own"
        raise editor.refuse(Reason.STRUCTURE, message, one.block.key_tokens[0], "add it below the block")
    layout = Layout(editor.before)
    return layout.end_of_line(closing.end) if layout.is_last_on_line(closing) else closing.end


class _Servers:
    """Adds and changes blocks of a Corefile whose owned blocks are all to be kept."""

    def __init__(self, editor: Editor, wanted: Sequence[DesiredServer]) -> None:
        self._editor = editor
        self._before = editor.before
        layout = Layout(editor.before)
        self._newline, self._unit = layout.newline(len(editor.before.text)), layout.unit()
        self._wanted = {server.name: self._written(server) for server in wanted}
        self._owned = _by_name(editor)

    def edits(self) -> list[Edit]:
        return sorted([*self._changed(), *self._added()], key=lambda one: (one.start, one.end))

    def _written(self, server: DesiredServer) -> str:
        """The marker and the block, without a line ending at the end."""
        text = server_text(server, self._unit).replace("\n", self._newline)
        if [each.keys for each in parse(text).blocks] != [server.zones] or "}" in server.zones:
            message = f"the server {server.name} cannot be written as one server block"
            raise self._editor.refuse(Reason.BAD_VALUE, message, hint="check its zones and addresses")
        return text

    def _changed(self) -> Iterator[Edit]:
        for name, text in self._wanted.items():
            one = self._owned.get(name)
            if one is not None and not same_block(one.block, parse(text).blocks[0]):
                yield Edit(one.start, _end(self._editor, one), text)

    def _added(self) -> Iterator[Edit]:
        text, newline = self._before.text, self._newline
        for name, block in sorted(self._wanted.items()):
            if name in self._owned:
                continue
            self._refuse_made_by_hand(name, parse(block).blocks[0])
            following = next((one for one in self._owned.values() if one.name > name), None)
            if following is not None:
                yield Edit(following.start, following.start, block + 2 * newline)
            elif text.endswith("\n"):
                yield Edit(len(text), len(text), newline + block + newline)
            else:
                yield Edit(len(text), len(text), 2 * newline + block)

    def _refuse_common_zone(self) -> None:
        """Names two servers of one zone where CoreDNS refuses them; `view` and `bind` can tell them apart."""
        names: dict[object, str] = {}
        for name, text in self._wanted.items():
            for one in served(parse(text).blocks[0]):
                first = names.setdefault(one, name)
                if first != name:
                    message = f"the servers {first} and {name} both serve {one.zone}:{one.port}"
                    hint = "keep the zone in one of them"
                    raise self._editor.refuse(Reason.CONTRADICTORY, message, hint=hint)

    def _refuse_made_by_hand(self, name: str, new: ServerBlock) -> None:
        for block in self._before.blocks:
            common = [one for one in served(new) if one in served(block)]
            if common and not is_owned(self._before, block):
                place = f"{common[0].zone}:{common[0].port}"
                message = f"a server block for {place} exists that eksdns did not add"
                hint = f"remove it, or write `{MARK}{name}` in the line above it to let eksdns manage it"
                raise self._editor.refuse(Reason.NOT_OWNED, message, block.key_tokens[0], hint)

    def verify(self, after: Corefile, original: Corefile) -> None:
        """Check that other blocks are read as before, and the owned ones as wanted."""
        fault = after.fault or find_serving_fault(after)
        if fault is not None:
            self._refuse_common_zone()
            message = f"CoreDNS would reject the result: {fault.text}"
            raise self._editor.refuse(Reason.REFUSED_BY_COREDNS, message)
        owned = {one.name: one.block for one in owned_blocks(after)}
        wanted = {name: parse(text).blocks[0] for name, text in self._wanted.items()}
        is_right = (
            _others(original) == _others(after)
            and set(owned) == {*wanted, *self._owned}
            and all(same_block(owned[name], block) for name, block in wanted.items())
        )
        if not is_right:
            raise self._editor.not_proven("other server blocks would be read differently")


def _others(corefile: Corefile) -> list[object]:
    return [(block.keys, readings(block)) for block in corefile.blocks if not is_owned(corefile, block)]


def server_text(server: DesiredServer, unit: str = "    ") -> str:
    """The marker and the server block.

    Raises:
        RefusedError: A setting of the server is not possible.
    """
    cache = [f"{unit}cache {server.cache}"] if server.cache else []
    lines = [
        MARK + server.name,
        f"{' '.join(server.zones)} {{",
        f"{unit}errors",
        *cache,
        f"{unit}forward . {' '.join(server.forward)}",
        "}",
    ]
    text = "\n".join(lines)
    for setting in server.settings:
        answer = edit(text, request_of(setting), block="#1")
        if isinstance(answer, Refused):
            raise RefusedError(answer)
        text = answer.text
    return text
