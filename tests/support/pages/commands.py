"""The reference of all commands, from the program itself.

`python -m tests.support.pages.commands` writes it into docs/commands.md.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from eksaddon.cli.help.dressing import RARE_OPTIONS
from eksaddon.cli.help.examples import EXAMPLES
from eksaddon.cli.help.verbs import GROUPS
from eksaddon.cli.root import program
from tests.support.pages.markers import cell, page, write

PAGE, NAME = page("commands"), "commands"


def reference() -> str:
    """The program's own options, and a section for each group with each command and its options."""
    root = program()
    own = [one for one in root.params if one.opts[0].startswith("-")]
    parts = ["## `eksdns`\n", _table("option", own)]
    for title, verbs in GROUPS.items():
        parts.append(f"## {title}\n")
        parts += (one for name in verbs for one in _commands(name, root.commands[name]))
    return "\n".join(parts)


OWN = frozenset({"--help", "--debug", "--debug-file"})
"""Every command takes them."""


def _commands(words: str, command: Any) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield _command(words, command)
        return
    for name, each in inner.items():
        yield from _commands(f"{words} {name}", each)


def _command(words: str, command: Any) -> str:
    arguments = [one for one in command.params if not one.opts[0].startswith("-")]
    options = [one for one in command.params if one.opts[0].startswith("-") and one.opts[0] not in OWN]
    usual = [one for one in options if one.opts[0] not in RARE_OPTIONS]
    rare = [one for one in options if one.opts[0] in RARE_OPTIONS]
    examples = "".join(f"{one}\n" for one in EXAMPLES.get(words, ()))
    usage = " ".join(("eksdns", words, *(_argument(one) for one in arguments), "[OPTIONS]"))
    parts = [f"### `{words}`\n\n{_text(command.help or '')}\n\n```text\n{usage}\n```\n"]
    if arguments:
        parts.append("| argument | meaning |\n|---|---|\n" + "".join(map(_argument_row, arguments)))
    if usual:
        parts.append(_table("option", usual))
    if rare:
        parts.append(_table("rarely used", rare))
    if examples:
        parts.append(f"```sh\n{examples}```\n")
    return "\n".join(parts)


def _text(help_text: str) -> str:
    paragraphs = help_text.replace("\f", "").replace("\b", "").split("\n\n")
    return "\n\n".join(" ".join(one.split()).replace("<", "&lt;") for one in paragraphs)


def _argument(one: Any) -> str:
    name = f"{one.metavar or one.name.upper()}{'...' if one.nargs == -1 else ''}".strip("[]")
    return name if one.required else f"[{name}]"


def _argument_row(one: Any) -> str:
    return f"| `{_argument(one)}` | {cell(one.help or '')} |\n"


def _table(head: str, options: Sequence[Any]) -> str:
    return f"| {head} | meaning |\n|---|---|\n" + "".join(map(_option_row, options))


def _option_row(one: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts))
    value = f" `{one.metavar}`".replace("|", "\\|") if one.metavar and not one.is_flag else ""
    notes = [cell(one.help or "")]
    if one.required:
        notes.append("Required.")
    elif not one.is_flag and isinstance(one.default, str | int | float) and str(one.default):
        notes.append(f"Default: `{getattr(one.default, 'value', one.default)}`.")
    return f"| {names}{value} | {' '.join(note for note in notes if note)} |\n"


if __name__ == "__main__":
    write(PAGE, NAME, reference())
