"""What others wrote, on its way into each kind of output: one place, so that nothing is left to remember.

Names, tags, Corefiles, stored values and SDK messages are none of ours. `terminal` and the functions built on
it spell out what would act on a terminal, reorder what is read, or start a workflow command of GitHub.
"""

import json
import re

from eksaddon.domain.json import Json
from eksaddon.domain.printable import on_one_line, printable

_COMMANDS = (
    "add-mask|add-matcher|add-path|debug|echo|endgroup|error|group|internal-set-repo-path|notice"
    "|remove-matcher|save-secret|save-state|section|set-env|set-output|set-secret|stop-commands|warning|command"
)
_WORKFLOW_COMMAND = re.compile(rf":(?=:(?:{_COMMANDS})\b)", re.IGNORECASE)
_OLD_COMMAND = re.compile(rf"#(?=\[(?:{_COMMANDS})\b|#vso\[)", re.IGNORECASE)
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_MARKUP = re.compile(r"[\\`*_\[\]<>&|~@#$\"']")
_BACKTICKS = re.compile(r"`+")
_PLACEHOLDER = re.compile(r"\{(\d+)\}")
_LINK = re.compile(r"\[(?=[^\]]*\]\()")


def without_commands(text: str) -> str:
    r"""Spell out the first sign of what GitHub's runner would take for a command in a log.

    It takes `::name` at the start of a line and `##[name]` anywhere; as `\x3a:error` and `#\x23[group]` they
    are text. Everything else that has colons, IPv6 for one, stays as it is.
    (Source: actions/runner, src/Runner.Common/ActionCommand.cs.)
    """
    return _OLD_COMMAND.sub(r"\\x23", _WORKFLOW_COMMAND.sub(r"\\x3a", text))


def terminal(text: str) -> str:
    """For a word or a sentence in a terminal, a log, or any other text for people."""
    return without_commands(on_one_line(text))


def terminal_block(text: str) -> str:
    """As `terminal`, but line feeds and tabs stay."""
    return without_commands(printable(text))


def csv_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula (source: OWASP, CSV Injection)."""
    cell = terminal(text)
    return f"'{cell}" if _FORMULA.match(cell) else cell


def xml_text(text: str) -> str:
    """For an XML library to escape: XML 1.0 cannot hold most control characters, in whatever form."""
    return terminal_block(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def code_span(text: str) -> str:
    """Markdown that shows the text as it is: no links, no mentions, no HTML; not for tables."""
    line = terminal(text)
    if not line.strip():
        return ""
    fence = _fence(line, least=1)
    pad = " " if line.startswith(("`", " ")) or line.endswith(("`", " ")) else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def code_block(lines: list[str], language: str) -> str:
    """A fenced block that none of its lines can end."""
    inside = "\n".join(terminal_block(line) for line in lines)
    fence = _fence(inside, least=3)
    return f"{fence}{language}\n{inside}\n{fence}"


def markdown_text(text: str) -> str:
    """Prose within a line of Markdown or of its raw HTML: no markup, no mention, no reference to an issue."""
    return _MARKUP.sub(_entity, terminal(text))


def _entity(found: re.Match[str]) -> str:
    """Entities begin no markup; a zero-width space also keeps GitHub from finding a mention in the result."""
    sign = found[0]
    return f"&#{ord(sign)};" + ("&#8203;" if sign in "@#" else "")


def _fence(text: str, least: int) -> str:
    return "`" * max(least, 1 + max((len(run) for run in _BACKTICKS.findall(text)), default=0))


def sarif_text(text: str) -> str:
    """Plain text without embedded links and placeholders (source: SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    return _PLACEHOLDER.sub(r"{{\1}}", _LINK.sub(r"\[", terminal(text)))


def command_message(text: str) -> str:
    """The part of a workflow command after its second `::`."""
    return terminal_block(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """A value among a workflow command's `key=value` pairs."""
    return command_message(on_one_line(text)).replace(":", "%3A").replace(",", "%2C")


def as_json(value: Json, indent: int | None = None) -> str:
    """ASCII only; what the runners of GitHub and Azure Pipelines know commands by is written as an escape."""
    return json_in_logs(json.dumps(value, indent=indent))


def json_in_logs(text: str) -> str:
    """A JSON text with the same meaning, and no `##[` and no `##vso[` in it."""
    return text.replace("##[", "#\\u0023[").replace("##vso[", "#\\u0023vso[")
