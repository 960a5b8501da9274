"""The commands of the program, each imported when it is used."""

from collections.abc import Iterator, Mapping, MutableMapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand

from eksaddon.cli.help.dressing import dress
from eksaddon.cli.help.layout import PlainCommand, PlainGroup, write_help
from eksaddon.cli.help.verbs import COMMANDS, Verb, verbs


class Program(PlainGroup):
    """The commands of `verbs.py`. Listing them imports none: their summaries are in that table."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401  # what Typer passes to a group
        super().__init__(**attributes)
        self.commands = Imported({name: (panel, verb) for panel, name, verb in verbs()})

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401, ARG002  # overrides Typer's
        return list(self.commands)

    def format_help(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401  # overrides Typer's
        listed = [
            (name, TyperCommand(name, help=verb.summary, rich_help_panel=panel))
            for panel, name, verb in verbs()
        ]
        write_help(self, ctx, formatter, listed)


class Imported(MutableMapping[str, Any]):
    """The commands by name; one is imported, with its help, at its first look-up."""

    def __init__(self, verbs: Mapping[str, tuple[str, Verb]]) -> None:
        self._verbs = verbs
        self._commands: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401  # Typer's command
        if name not in self._commands:
            panel, verb = self._verbs[name]
            self._commands[name] = _command(name, panel, verb)
        return self._commands[name]

    def __setitem__(self, name: str, command: Any) -> None:  # noqa: ANN401  # Typer's command
        self._commands[name] = command

    def __delitem__(self, name: str) -> None:
        del self._commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._verbs)

    def __len__(self) -> int:
        return len(self._verbs)


def _command(name: str, panel: str, verb: Verb) -> Any:  # noqa: ANN401  # Typer's command
    module, _, attribute = verb.place.partition(":")
    found = getattr(import_module(COMMANDS + module), attribute)
    alone = typer.Typer(add_completion=False, callback=lambda: None)
    if isinstance(found, typer.Typer):
        for each in found.registered_commands:
            each.cls = PlainCommand
        alone.add_typer(found, name=name, cls=PlainGroup, rich_help_panel=panel)
    else:
        alone.command(name, cls=PlainCommand, rich_help_panel=panel)(found)
    group: Any = typer.main.get_command(alone)
    command = group.commands[name]
    dress(command, name)
    return command
