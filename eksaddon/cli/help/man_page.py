"""The manual page, made from the commands; in man(7), as groff and mandoc read it."""

import re
from collections.abc import Iterator
from typing import Any

import typer

from eksaddon import __version__
from eksaddon.app.exit_table import MEANINGS
from eksaddon.cli.help.dressing import VARIABLES
from eksaddon.cli.help.examples import EXAMPLES
from eksaddon.cli.help.verbs import verbs

NAMES = {"help_option_names": ["-h", "--help"], "terminal_width": 10_000, "max_content_width": 10_000}


def man_page(root: Any) -> str:  # noqa: ANN401  # Typer's command, which has no public type
    """The whole page.

    Args:
        root: The program.
    """
    return "\n".join(_lines(root)) + "\n"


def _lines(root: Any) -> Iterator[str]:  # noqa: ANN401  # as above
    yield f'.TH EKSDNS 1 "" "eksdns {__version__}" "User Commands"'
    yield from (".SH NAME", "eksdns \\- " + _text(root.help[0].lower() + root.help[1:].rstrip(".")))
    yield from (".SH SYNOPSIS", ".B eksdns", "[OPTIONS] COMMAND [ARGS]...", ".SH COMMANDS")
    for _, name, verb in verbs():
        yield from (".TP", f".B {_text(name)}", _text(verb.summary))
    yield from (".SH OPTIONS", "These stand before or after every command.")
    yield from _parameters(root, "eksdns")
    for _, name, _ in verbs():
        yield from _command(root.commands[name], name)
    yield from (".SH ENVIRONMENT", _text(VARIABLES), ".SH EXIT STATUS")
    for code, meaning in MEANINGS.items():
        yield from (".TP", f".B {int(code)}", _text(re.sub(r"[`*]", "", meaning)))
    yield from (".SH FILES", ".TP", ".I eksdns.yaml", "Fleet file of the working folder.")
    yield from (".TP", ".I ~/.local/state/eksdns", "Recorded runs, and names for completion.")
    yield from (".SH SEE ALSO", "The pages of the documentation: eksdns help")


def _command(command: Any, words: str) -> Iterator[str]:  # noqa: ANN401  # as above
    yield f".SH eksdns {_text(words)}"
    yield from (_text(part) for part in re.split(r"\n\s*\n", command.help or ""))
    if inner := getattr(command, "commands", None):
        for name, each in inner.items():
            yield f".SS eksdns {_text(words)} {_text(name)}"
            yield from (_text(part) for part in re.split(r"\n\s*\n", each.help or ""))
            yield from _parameters(each, f"{words} {name}")
            yield from _examples(f"{words} {name}")
        return
    yield from _parameters(command, words)
    yield from _examples(words)


def _parameters(command: Any, words: str) -> Iterator[str]:  # noqa: ANN401  # as above
    context = typer.Context(command, info_name=words, **NAMES)  # type: ignore[arg-type]  # Typer's settings
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        is_shared = parameter.opts[0] in {"--debug", "--debug-file", "--help", "-h"}
        if record is None or (is_shared and words != "eksdns"):
            continue
        name = parameter.metavar if parameter.param_type_name == "argument" else record[0]
        yield from (".TP", f".B {_text(name)}", _text(record[1]) or "\\&")


def _examples(words: str) -> Iterator[str]:
    for example in EXAMPLES.get(words, ()):
        yield from (".PP", ".nf", _text(example), ".fi")


def _text(text: str) -> str:
    """Escaped: a backslash, a hyphen that is copied, and a control character at the start of a line."""
    joined = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{joined}" if joined.startswith((".", "'")) else joined
