"""Options that several commands share, as one dataclass a group.

A command that has only some of a group's options takes `Annotated[Group, Only("one", "another")]`; the other
fields keep their defaults.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from typing import Annotated, Any, get_args, get_type_hints

from eksaddon.cli.options import OPTIONS

Command = Callable[..., int]
REPEATED = tuple[str, ...]
"""The type of a field whose option is repeatable."""


class Only:
    """The fields of a group that a command has options for."""

    def __init__(self, *names: str) -> None:
        self.names = names


@dataclass(frozen=True, slots=True)
class _Group:
    """A dataclass of options, and those of its fields that are options of the command."""

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
        """Take the fields out of what Typer parsed."""
        hints = get_type_hints(self.kind)
        parsed = {field.name: options.pop(field.name) for field in self.fields}
        return self.kind(
            **{name: _listed(value) if hints[name] == REPEATED else value for name, value in parsed.items()}
        )


def bundled(command: Command) -> Command:
    """Let a command take dataclasses of options; Typer sees their fields one by one.

    Typer reads a function's signature and annotations, so both are written anew for the wrapper.
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
    known = {field.name: field for field in fields(kind)}
    return _Group(kind, tuple(known.values()) if chosen is None else tuple(known[name] for name in chosen))


def _parameter(name: str, hint: Any, default: Any) -> inspect.Parameter:  # noqa: ANN401  # a type, and its value
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)


def _default(field: Field[Any]) -> Any:  # noqa: ANN401  # as declared
    return inspect.Parameter.empty if field.default is MISSING else field.default


def _listed(values: list[str] | None) -> tuple[str, ...]:
    """Repeated options and comma lists alike, as c7n-org takes them."""
    return tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())
