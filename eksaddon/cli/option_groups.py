"""Shared options, as one dataclass for each group.

A command with only some of a group's options uses `Annotated[Group, Only("one", "another")]`; the other
fields keep their defaults.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Annotated, Any, get_args, get_type_hints

from eksaddon.app.fleet.request import IS_OPTION
from eksaddon.cli.options import OPTIONS
from eksaddon.frozen import dataclass

Command = Callable[..., int]
REPEATED = tuple[str, ...]
"""Type of the fields of repeatable options."""


class Only:
    """The fields of a group that are options of a command."""

    def __init__(self, *names: str) -> None:
        self.names = names


@dataclass(frozen=True, slots=True)
class _Group:
    """A dataclass of options, and its fields that are options of the command."""

    kind: type[Any]
    fields: tuple[Field[Any], ...]

    def parameters(self) -> Iterator[inspect.Parameter]:
        hints = get_type_hints(self.kind, include_extras=True)
        options = OPTIONS.get(self.kind)
        for field in self.fields:
            hint = hints[field.name]
            repeated = hint == REPEATED
            if options is not None:
                hint = Annotated[list[str] | None if repeated else hint, options[field.name]]
            yield _parameter(field.name, hint, None if repeated else _default(field))

    def read(self, options: dict[str, Any]) -> Any:  # noqa: ANN401  # an instance of the dataclass
        """Build the dataclass from Typer's parsed options."""
        hints = get_type_hints(self.kind)
        parsed = {field.name: options.pop(field.name) for field in self.fields}
        return self.kind(
            **{name: _listed(value) if hints[name] == REPEATED else value for name, value in parsed.items()}
        )


def bundled(command: Command) -> Command:
    """Let a command use dataclasses of options, whose fields become Typer options.

    Typer reads a function's signature and annotations, so the wrapper has its own.
    """
    hints = get_type_hints(command, include_extras=True)
    groups = {name: group for name, hint in hints.items() if (group := _group(hint)) is not None}
    parameters = [
        one
        for name, parameter in inspect.signature(command).parameters.items()
        for one in (
            groups[name].parameters()
            if name in groups
            else (_parameter(name, hints[name], parameter.default),)
        )
    ]

    def run(**options: Any) -> int:  # noqa: ANN401  # Typer passes what it parsed
        for name, group in groups.items():
            options[name] = group.read(options)
        return command(**options)

    run.__name__ = command.__name__
    run.__doc__ = command.__doc__
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by inspect.signature
    return run


def _group(hint: Any) -> _Group | None:  # noqa: ANN401  # any annotation
    kind, *extras = get_args(hint) or (hint,)
    if not isinstance(kind, type) or not is_dataclass(kind):
        return None
    chosen = next((extra.names for extra in extras if isinstance(extra, Only)), None)
    known_fields = {field.name: field for field in fields(kind) if field.metadata.get(IS_OPTION, True)}
    return _Group(
        kind, tuple(known_fields.values()) if chosen is None else tuple(known_fields[name] for name in chosen)
    )


def _parameter(name: str, hint: Any, default: Any) -> inspect.Parameter:  # noqa: ANN401  # a type, and its value
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)


def _default(field: Field[Any]) -> Any:  # noqa: ANN401  # as declared
    return inspect.Parameter.empty if field.default is MISSING else field.default


def _listed(values: list[str] | None) -> tuple[str, ...]:
    """Combine repeated options and comma-separated lists, as in c7n-org."""
    return tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())
