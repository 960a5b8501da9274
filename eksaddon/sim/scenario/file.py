"""Reads scenario files; errors have file, line and column."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from eksaddon.domain.diagnostic import Location
from eksaddon.domain.errors import EksdnsError, unknown_name
from eksaddon.frozen import dataclass
from eksaddon.sim.scenario.build import MisfitError, build
from eksaddon.sim.scenario.model import Model, ScenarioModel
from eksaddon.sim.scenario.scenario import Scenario

KeyPath = tuple[str | int, ...]

_MOST_SHOWN = 10

_DEPTH = 64


@dataclass(frozen=True, slots=True)
class _Finding:
    path: KeyPath
    text: str


def load_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises:
        EksdnsError: The file cannot be read, or is invalid.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise EksdnsError(
            f"cannot read the scenario {path}: {error.strerror}",
            hint="`eksdns simulate --list` lists the built-in scenarios",
        ) from error
    except UnicodeDecodeError as error:
        raise EksdnsError(f"{path} is not UTF-8 text: byte {error.start}") from error
    return parse_scenario(text, str(path))


def packaged_scenario(name: str) -> Scenario:
    """Read a packaged scenario.

    Raises:
        EksdnsError: Unknown name.
    """
    folder = files("eksaddon.sim") / "scenarios"
    resource = folder / f"{name}.yaml"
    if not resource.is_file():
        names = (each.name.removesuffix(".yaml") for each in folder.iterdir())
        raise unknown_name(f"unknown built-in scenario {name!r}", name, names)
    return parse_scenario(resource.read_text(encoding="utf-8"), f"{name}.yaml")


def parse_scenario(text: str, source: str) -> Scenario:
    """Read a scenario.

    Raises:
        EksdnsError: With all errors of the text.
    """
    root = _parse(text, source)
    try:
        return build(ScenarioModel.model_validate(root))
    except ValidationError as error:
        raise _refusal(source, root, [_finding(each) for each in error.errors()]) from None
    except MisfitError as error:
        raise _refusal(source, root, [_Finding(error.path, error.text)]) from None


def _parse(text: str, source: str) -> object:
    yaml = YAML(typ="rt", pure=True)
    yaml.max_depth = _DEPTH
    try:
        return yaml.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = Location(source, mark.line + 1, mark.column + 1) if mark else Location(source)
        raise EksdnsError(f"{at}: invalid YAML: {error.problem or error.context}") from None
    except (YAMLError, RecursionError) as error:
        raise EksdnsError(f"{source}: invalid YAML: {str(error).splitlines()[0]}") from None


def _refusal(source: str, root: object, findings: Sequence[_Finding]) -> EksdnsError:
    lines = [f"{_locate(source, root, each.path)}: {_finding_text(each)}" for each in findings]
    omitted = len(lines) - _MOST_SHOWN
    if omitted > 0:
        lines = [*lines[:_MOST_SHOWN], f"{source}: and {omitted} more"]
    error = EksdnsError("\n".join(lines))
    error.parts = tuple((line, "") for line in lines)
    return error


def _finding_text(finding: _Finding) -> str:
    path = dotted(finding.path)
    return f"{path}: {finding.text}" if path else finding.text


def dotted(path: Iterable[str | int]) -> str:
    """Format a path as `clusters[0].name`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _locate(source: str, root: object, path: KeyPath) -> Location:
    """Location of a path, or of its closest parent in the file."""
    line, column = 0, 0
    node = root
    for part in path:
        position = _position(node, part)
        if position is None:
            break
        line, column = position
        node = node[part]  # type: ignore[index]  # a place was found in it
    return Location(source, line + 1, column + 1)


def _position(holder: object, part: str | int) -> tuple[int, int] | None:
    match holder, part:
        case CommentedMap(), str() if part in (holder.lc.data or {}):
            line, column = holder.lc.key(part)
        case CommentedSeq(), int() if part in (holder.lc.data or {}):
            line, column = holder.lc.item(part)
        case _:
            return None
    return line, column


def _finding(error: ErrorDetails) -> _Finding:
    path = tuple(part for part in error["loc"] if not _is_choice(part))
    match error["type"]:
        case "extra_forbidden":
            return _Finding(path, f"unknown key{_nearest(str(path[-1]))}")
        case "missing":
            return _Finding(path, "is missing")
        case "string_type":
            return _Finding(path, f"must be text: quote {error['input']!r}")
        case "model_type" | "dict_type":
            return _Finding(path, "must be a mapping of keys and values")
        case "too_short":
            minimum = error.get("ctx", {}).get("min_length", 1)
            return _Finding(path, "must not be empty" if minimum == 1 else f"needs {minimum} items")
        case "literal_error":
            return _Finding(path, f"must be {error.get('ctx', {}).get('expected')}, not {error['input']!r}")
        case "string_pattern_mismatch":
            pattern = error.get("ctx", {}).get("pattern")
            return _Finding(path, f"{error['input']!r} does not match {pattern}")
        case _:
            return _Finding(path, error["msg"].replace("Input", "it", 1))


def _is_choice(part: str | int) -> bool:
    """Whether a part of pydantic's path is a union member, which is not part of the file."""
    return isinstance(part, str) and (
        part in ("str", "int", "none") or part.endswith("Model") or part.startswith(("list[", "constrained-"))
    )


def _nearest(key: str) -> str:
    found = get_close_matches(key, set(_keys()) - {key}, n=1)  # the same key of another mapping does not help
    return f"; did you mean {found[0]}?" if found else ""


def _keys() -> Iterator[str]:
    for each in Model.__subclasses__():
        for name, field in each.model_fields.items():
            yield field.alias or name
