"""Builds nodes from ruamel.yaml's events, which have exact positions, also for aliases."""

from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import lru_cache

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from ruamel.yaml.reader import ReaderError

from eksaddon.domain.json import Json
from eksaddon.frozen import dataclass
from eksaddon.values.nodes import (
    DEEPEST,
    TOO_DEEP,
    AliasNode,
    Doubt,
    Entry,
    MappingNode,
    Node,
    ScalarNode,
    SequenceNode,
    UnreadableError,
)
from eksaddon.values.scalars import is_doubtful, plain_value

MOST_EVENTS = 10_000
"""ruamel.yaml needs less than a second for this many; real documents have some hundred."""

MOST_VALUES = 100_000
"""Aliases count at each use: a small text must not expand to gigabytes."""

_CORE = "tag:yaml.org,2002:"
_MERGE = "<<"


@dataclass(frozen=True, slots=True)
class Composed:
    """A composed document.

    Attributes:
        root: None if the text has no value.
    """

    root: Node | None
    doubts: tuple[Doubt, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A complete node.

    Attributes:
        text: Text of a scalar, before type resolution.
        size: Number of values in it, with aliases expanded.
        height: Number of levels in it.
    """

    node: Node
    text: str | None = None
    size: int = 1
    height: int = 0


@dataclass(slots=True)
class _Open:
    """A collection that is not complete yet."""

    event: MappingStartEvent | SequenceStartEvent
    parts: list[_Part] = field(default_factory=list)


@lru_cache(maxsize=32)
def compose(text: str) -> Composed:
    """Compose one document.

    Raises:
        UnreadableError: Invalid YAML, more than one document, too large, or not representable in JSON.
    """
    builder = _Builder()
    try:
        for event in _events(text):
            builder.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = str(error.problem or error.context).strip()
        raise UnreadableError(
            f"neither valid JSON nor valid YAML: {reason}", mark.index if mark else None
        ) from None
    except ReaderError as error:
        reason = f"character U+{error.character:04X} is not allowed in YAML; remove it"
        raise UnreadableError(reason, error.position) from None
    except (YAMLError, ValueError) as error:
        raise UnreadableError(f"neither valid JSON nor valid YAML: {error}") from None
    return Composed(builder.root, tuple(builder.doubts))


def _events(text: str) -> Iterator[Event]:
    for count, event in enumerate(YAML(typ="safe", pure=True).parse(text)):
        if count > MOST_EVENTS:
            raise UnreadableError(f"contains more than {MOST_EVENTS:,} values", event.start_mark.index)
        yield event


@dataclass(slots=True)
class _Builder:
    root: Node | None = None
    doubts: list[Doubt] = field(default_factory=list)
    _documents: int = 0
    _open: list[_Open] = field(default_factory=list)
    _anchors: dict[str, _Part] = field(default_factory=dict)

    def take(self, event: Event) -> None:
        match event:
            case DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise UnreadableError("contains a second document; keep only one", event.start_mark.index)
            case MappingStartEvent() | SequenceStartEvent():
                self._begin(event)
            case MappingEndEvent() | SequenceEndEvent():
                self._end(event.end_mark.index)
            case ScalarEvent():
                self._finish(self._scalar(event), event.anchor)
            case AliasEvent():
                self._finish(self._alias(event), None)
            case _:
                pass

    def _begin(self, event: MappingStartEvent | SequenceStartEvent) -> None:
        position = event.start_mark.index
        plain_tag = f"{_CORE}map" if isinstance(event, MappingStartEvent) else f"{_CORE}seq"
        if event.tag not in {None, plain_tag}:
            raise _unknown_tag(event.tag, position)
        self._open.append(_Open(event))
        if len(self._open) > DEEPEST:
            raise UnreadableError(TOO_DEEP, position)

    def _end(self, end: int) -> None:
        opened = self._open.pop()
        node = self._collection(opened, end)
        size = 1 + sum(part.size for part in opened.parts)
        height = 1 + max((part.height for part in opened.parts), default=0)
        if size > MOST_VALUES:
            raise UnreadableError(f"unfolds into more than {MOST_VALUES:,} values", node.start)
        if height + len(self._open) > DEEPEST:
            raise UnreadableError(TOO_DEEP, node.start)
        self._finish(_Part(node, None, size, height), opened.event.anchor)

    def _finish(self, part: _Part, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = part
        if self._open:
            self._open[-1].parts.append(part)
        else:
            self.root = None if isinstance(part.node, ScalarNode) and part.node.is_absent else part.node

    def _alias(self, event: AliasEvent) -> _Part:
        start, end = event.start_mark.index, event.end_mark.index
        target = self._anchors.get(event.anchor)
        if target is None:
            raise UnreadableError(f"alias *{event.anchor} has no anchor above it", start)
        return _Part(AliasNode(start, end, target.node.value), None, target.size, target.height)

    def _scalar(self, event: ScalarEvent) -> _Part:
        start, style = event.start_mark.index, event.style or ""
        try:
            value = _read_scalar(event.value, None if event.tag is None else str(event.tag), style)
        except UnreadableError as error:
            raise UnreadableError(error.reason, start) from None
        if not style and event.tag is None and is_doubtful(event.value):
            message = f"YAML parsers read `{event.value}` without quotes differently; quote it"
            self.doubts.append(Doubt(start, message))
        return _Part(ScalarNode(start, event.end_mark.index, value, style), event.value)

    def _collection(self, opened: _Open, end: int) -> SequenceNode | MappingNode:
        event, parts = opened.event, opened.parts
        start, flow = event.start_mark.index, bool(event.flow_style)
        if isinstance(event, MappingStartEvent):
            entries = tuple(
                Entry(_key_text(key), key.node.start, key.node.end, value.node)
                for key, value in zip(parts[::2], parts[1::2], strict=True)
            )
            return MappingNode(start, end, entries, flow, self._mapping(entries, parts[::2]))
        items = tuple(part.node for part in parts)
        return SequenceNode(start, end, items, flow, [item.value for item in items])

    def _mapping(self, entries: tuple[Entry, ...], keys: list[_Part]) -> dict[str, Json]:
        own: dict[str, Json] = {}
        merged: dict[str, Json] | None = None
        for entry, key in zip(entries, keys, strict=True):
            if merged is None and entry.key == _MERGE and _is_plain(key.node):
                message = (
                    "`<<` merges mappings, but some YAML parsers read it as a plain key; list the "
                    "keys instead"
                )
                self.doubts.append(Doubt(entry.start, message))
                merged = _merge_sources(entry.node)
            elif entry.key in own:
                raise UnreadableError(f"duplicate key {entry.key!r}; remove one of them", entry.start)
            else:
                self._doubt_key(entry, key)
                own[entry.key] = entry.node.value
        return {**(merged or {}), **own}

    def _doubt_key(self, entry: Entry, key: _Part) -> None:
        if isinstance(key.node.value, str) or any(doubt.position == entry.start for doubt in self.doubts):
            return
        message = f"YAML parsers read key {entry.key} differently, it is read as text here; quote it"
        self.doubts.append(Doubt(entry.start, message))


def _is_plain(node: Node) -> bool:
    return isinstance(node, ScalarNode) and not node.style


def _key_text(part: _Part) -> str:
    if part.text is None or (isinstance(part.node, ScalarNode) and part.node.is_absent):
        raise UnreadableError("a key must be text", part.node.start)
    return part.text


def _merge_sources(node: Node) -> dict[str, Json]:
    """The keys merged by `<<`; the first of several mappings that has a key determines its value."""
    sources = [node.value] if isinstance(node.value, Mapping) else node.value
    found: dict[str, Json] = {}
    for source in sources if isinstance(sources, list) else [sources]:
        if not isinstance(source, Mapping):
            raise UnreadableError("`<<` needs a mapping or a list of mappings", node.start)
        found = {**source, **found}
    return found


_KINDS: dict[str, type | tuple[type, ...]] = {
    f"{_CORE}null": type(None),
    f"{_CORE}bool": bool,
    f"{_CORE}int": int,
    f"{_CORE}float": (int, float),
}


def _read_scalar(text: str, tag: str | None, style: str) -> Json:
    if tag in {f"{_CORE}str", "!"} or (tag is None and style):
        return text
    value = plain_value(text)
    if tag is None:
        return value
    kind = _KINDS.get(tag)
    if kind is None:
        raise _unknown_tag(tag, None)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise UnreadableError(
            f"{text!r} is not a valid {tag.removeprefix(_CORE)}; remove the tag or fix the value"
        )
    return value


def _unknown_tag(tag: object, position: int | None) -> UnreadableError:
    return UnreadableError(
        f"tag {str(tag).removeprefix(_CORE)} cannot be represented in JSON; remove it", position
    )
