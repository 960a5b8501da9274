"""Parses YAML into plain values with their positions."""

from collections.abc import Iterator, Mapping
from dataclasses import field

from ruamel.yaml import YAML
from ruamel.yaml.composer import MaxDepthExceededError
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from eksaddon.config.errors import ConfigError, fault
from eksaddon.config.yaml.scalar import NotPlain, plain_scalar
from eksaddon.domain.diagnostic import Diagnostic, Location
from eksaddon.domain.json import Json
from eksaddon.frozen import dataclass

SYNTAX = "config-syntax"
MAX_DEPTH = 64
MAX_VALUES = 100_000
"""Aliases count at each use: a small text must not expand to gigabytes."""

_MERGE = "tag:yaml.org,2002:merge"

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Positions of a key and its value; equal for items of a list."""

    key: Location
    value: Location


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file.

    Attributes:
        value: Lists, dicts and scalars.
        places: Positions by path of keys and list indexes.
        numbers: Unquoted digits verbatim: YAML 1.1 reads 098 as text, and 1.2 as a number without the
            leading zero.
        faults: Errors that did not stop the parser, such as duplicate keys.
    """

    source: str
    value: Json
    places: Mapping[KeyPath, Place]
    numbers: Mapping[KeyPath, str] = field(default_factory=dict)
    faults: tuple[Diagnostic, ...] = ()

    def place(self, path: KeyPath) -> Place:
        """Position of `path`, or of its closest parent in the file."""
        while path not in self.places:
            path = path[:-1]
        return self.places[path]


def parse_document(text: str, source: str) -> Document:
    """Parse one YAML document.

    Raises:
        ConfigError: Invalid YAML, empty, or too many values.
    """
    root = _compose(text, source)
    if root is None or (isinstance(root, ScalarNode) and str(root.tag).endswith(":null")):
        at = Location(source, 1, 1)
        raise ConfigError([fault(at, SYNTAX, "the file is empty", "`eksdns init` writes a starter")])
    reader = _Reader(source)
    value = reader.value(root, (), reader.location(root))
    return Document(source, value, reader.places, reader.numbers, tuple(reader.faults))


def _compose(text: str, source: str) -> Node | None:
    yaml = YAML(typ="safe", pure=True)
    yaml.max_depth = MAX_DEPTH
    yaml.composer.warn_double_anchors = False
    try:
        return yaml.compose(text)  # type: ignore[no-any-return]  # ruamel.yaml has no types here
    except MarkedYAMLError as error:
        raise ConfigError([_syntax(error, source)]) from None
    except ReaderError as error:
        at = _position(text, error.position, source)
        letter = f"character U+{error.character:04X}"
        raise ConfigError([fault(at, SYNTAX, f"{letter} is not allowed in YAML", "remove it")]) from None


def _syntax(error: MarkedYAMLError, source: str) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    at = Location(source, mark.line + 1, mark.column + 1) if mark else Location(source)
    problem = str(error.problem or error.context or "is not YAML").strip()
    problem = problem.replace("'<stream end>'", "the end of the file")
    if isinstance(error, MaxDepthExceededError):
        return _too_deep(at)
    return fault(at, SYNTAX, f"invalid YAML: {problem}", _hint(problem))


def _position(text: str, index: int, source: str) -> Location:
    line_start = text.rfind("\n", 0, index) + 1
    return Location(source, text.count("\n", 0, index) + 1, index - line_start + 1)


def _hint(problem: str) -> str:
    if "'\\t'" in problem:
        return "YAML indents with spaces; replace the tab"
    if "mapping values are not allowed" in problem:
        return "check the indentation, and quote text that contains a colon"
    if "another document" in problem:
        return "a fleet file is a single document; remove the `---`"
    if problem.startswith("found character"):
        return "quote text that starts with a special character"
    return ""


def _too_deep(at: Location) -> Diagnostic:
    return fault(at, SYNTAX, f"nests deeper than {MAX_DEPTH} levels")


@dataclass(slots=True)
class _Reader:
    source: str
    places: dict[KeyPath, Place] = field(default_factory=dict)
    numbers: dict[KeyPath, str] = field(default_factory=dict)
    faults: list[Diagnostic] = field(default_factory=list)
    _count: int = 0

    def location(self, node: Node) -> Location:
        mark = node.start_mark
        return Location(self.source, mark.line + 1, mark.column + 1)

    def value(self, node: Node, path: KeyPath, key: Location) -> Json:
        self._check_limits(node, len(path))
        self.places[path] = Place(key, self.location(node))
        match node:
            case MappingNode():
                return {
                    name: self.value(each, (*path, name), self.location(name_node))
                    for name, name_node, each in self._pairs(node, len(path))
                }
            case SequenceNode():
                return [
                    self.value(each, (*path, index), self.location(each))
                    for index, each in enumerate(node.value)
                ]
            case _:
                if str(node.value).isdecimal():
                    self.numbers[path] = str(node.value)
                return self._scalar(node)

    def _check_limits(self, node: Node, depth: int) -> None:
        self._count += 1
        if depth > MAX_DEPTH:
            raise ConfigError([_too_deep(self.location(node))])
        if self._count > MAX_VALUES:
            raise ConfigError(
                [fault(self.location(node), SYNTAX, f"unfolds into more than {MAX_VALUES:,} values")]
            )

    def _scalar(self, node: Node) -> Json:
        value = plain_scalar(str(node.tag), str(node.value))
        if isinstance(value, NotPlain):
            self.faults.append(fault(self.location(node), SYNTAX, value.summary, value.detail))
            return None
        return value

    def _pairs(self, node: MappingNode, depth: int) -> Iterator[tuple[str, Node, Node]]:
        """Yield key text, key and value; own keys override merged ones, as YAML specifies for `<<`."""
        own: dict[str, tuple[Node, Node]] = {}
        merged: dict[str, tuple[Node, Node]] = {}
        for key, value in node.value:
            if key.tag == _MERGE:
                for inner, key_node, value_node in self._merged(value, depth + 1):
                    merged.setdefault(inner, (key_node, value_node))
            elif (name := self._key(key)) is not None and not self._is_second(name, key, own):
                own[name] = key, value
        for name, (key_node, value_node) in {**merged, **own}.items():
            yield name, key_node, value_node

    def _merged(self, node: Node, depth: int) -> Iterator[tuple[str, Node, Node]]:
        sources = node.value if isinstance(node, SequenceNode) else [node]
        for each in sources:
            self._check_limits(each, depth)
            if isinstance(each, MappingNode):
                yield from self._pairs(each, depth)
            else:
                self.faults.append(fault(self.location(each), SYNTAX, "`<<` can merge only mappings"))

    def _key(self, node: Node) -> str | None:
        if isinstance(node, ScalarNode) and str(node.tag).endswith(":str"):
            return str(node.value)
        shown = f"key {node.value}" if isinstance(node, ScalarNode) and node.value else "a key"
        self.faults.append(fault(self.location(node), SYNTAX, f"{shown} is not text", "quote it"))
        return None

    def _is_second(self, name: str, key: Node, own: Mapping[str, tuple[Node, Node]]) -> bool:
        if name not in own:
            return False
        first = self.location(own[name][0])
        summary = f"duplicate key {name!r}, first defined at line {first.line}"
        self.faults.append(fault(self.location(key), "config-duplicate-key", summary, "remove one of them"))
        return True
