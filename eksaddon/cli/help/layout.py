"""The layout of `--help`: plain text in sections, which needs no import of rich."""

from collections.abc import Iterable
from typing import Any

from typer.core import TyperCommand, TyperGroup

from eksaddon.cli.support.plain_values import reading_plainly

ARGUMENTS = "Arguments"
OPTIONS = "Options"
COMMANDS = "Commands"
LAST = ("Rarely used",)
"""Panels that stand below the others."""
WIDTH = 100
"""Longest line on a terminal that is wider, in characters."""


class PlainCommand(TyperCommand):
    """A command; options stand below the name of their panel."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401  # extends Typer's
        return reading_plainly(super().get_params(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401  # overrides Typer's
        write_help(self, ctx, formatter)


class PlainGroup(TyperGroup):
    """A group of commands; they stand below the name of their panel."""

    def get_params(self, ctx: Any) -> list[Any]:  # noqa: ANN401  # extends Typer's
        return reading_plainly(super().get_params(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401  # overrides Typer's
        write_help(self, ctx, formatter, [(name, self.commands[name]) for name in self.commands])


def write_help(
    command: TyperCommand | TyperGroup,
    ctx: Any,  # noqa: ANN401  # Typer's context and formatter have no public type
    formatter: Any,  # noqa: ANN401  # as above
    commands: Iterable[tuple[str, Any]] = (),
) -> None:
    """Write usage, text, commands, arguments, options and examples.

    Args:
        commands: Names and commands of a group; of a command only `help` and `rich_help_panel` are read.
    """
    command.format_usage(ctx, formatter)
    command.format_help_text(ctx, formatter)
    sections: dict[str, list[tuple[str, str]]] = {}
    listed = list(commands)
    width = max((len(name) for name, _ in listed), default=0)
    for name, each in listed:
        row = (name.ljust(width), (each.help or "").split("\n\n")[0])
        sections.setdefault(each.rich_help_panel or COMMANDS, []).append(row)
    parameters: list[Any] = command.get_params(ctx)
    for parameter in parameters:
        if (record := parameter.get_help_record(ctx)) is not None:
            if parameter.param_type_name == "argument":
                sections.setdefault(ARGUMENTS, []).append((parameter.metavar, record[1]))
            else:
                sections.setdefault(parameter.rich_help_panel or OPTIONS, []).append(record)
    for title in sorted(sections, key=lambda title: (title in LAST, title == OPTIONS)):
        with formatter.section(title):
            formatter.write_dl(sections[title])
    if command.epilog:
        formatter.write_paragraph()
        formatter.write(command.epilog + "\n")
