"""Options that several commands share, as one dataclass a group."""

import inspect
from collections.abc import Callable
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, get_type_hints

Command = Callable[..., int]


def bundled(command: Command) -> Command:
    """Let a command take dataclasses of options; Typer sees their fields one by one.

    Typer reads a function's signature and annotations, so both are written anew for the wrapper.
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, type[Any]] = {
        name: kind for name, kind in hints.items() if isinstance(kind, type) and is_dataclass(kind)
    }
    parameters = _parameters(command, hints, groups)

    def run(**options: Any) -> int:  # noqa: ANN401  # Typer passes what it parsed
        for name, kind in groups.items():
            options[name] = kind(**{field.name: options.pop(field.name) for field in fields(kind)})
        return command(**options)

    run.__name__ = command.__name__
    run.__doc__ = command.__doc__
    run.__annotations__ = {one.name: one.annotation for one in parameters}
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # read by inspect.signature
    return run


def _parameters(
    command: Command, hints: dict[str, Any], groups: dict[str, type[Any]]
) -> list[inspect.Parameter]:
    found: list[inspect.Parameter] = []
    for name, parameter in inspect.signature(command).parameters.items():
        if name in groups:
            kinds = get_type_hints(groups[name], include_extras=True)
            found += [
                _parameter(field.name, kinds[field.name], _default(field)) for field in fields(groups[name])
            ]
        else:
            found.append(_parameter(name, hints[name], parameter.default))
    return found


def _parameter(name: str, kind: Any, default: Any) -> inspect.Parameter:  # noqa: ANN401  # a type, and its value
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=kind)


def _default(field: Field[Any]) -> Any:  # noqa: ANN401  # as declared
    return inspect.Parameter.empty if field.default is MISSING else field.default
