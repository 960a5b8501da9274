"""Escapes untrusted text for every kind of output.

Names, tags, Corefiles, stored values and SDK messages are untrusted. `terminal` and the functions built on
it escape characters that control a terminal, reorder text, or start a GitHub workflow command.
"""

import json
import re

from eksaddon.domain.json import Json
from eksaddon.domain.printable import on_one_line, printable
from eksaddon.regex import regex

_COMMANDS = (
    "add-mask|add-matcher|add-path|debug|echo|endgroup|error|group|internal-set-repo-path|notice"
    "|remove-matcher|save-secret|save-state|section|set-env|set-output|set-secret|stop-commands|warning|command"
)
_WORKFLOW_COMMAND = regex(rf":(?=:(?:{_COMMANDS})\b)", re.IGNORECASE)
_OLD_COMMAND = regex(rf"#(?=\[(?:{_COMMANDS})\b|#vso\[)", re.IGNORECASE)
_FORMULA = regex(r"\s*[=+\-@＝＋－＠]")
_MARKUP = regex(r"[\\`*_\[\]<>&|~@#$\"']")
_BACKTICKS = regex(r"`+")
_PLACEHOLDER = regex(r"\{(\d+)\}")
_LINK = regex(r"\[(?=[^\]]*\]\()")


def without_commands(text: str) -> str:
    r"""Escape the first character of text that GitHub's runner would execute as a command in a log.

    It executes `::name` at the start of a line and `##[name]` anywhere; as `\x3a:error` and `#\x23[group]`
    they are text. Other text with colons, such as IPv6 addresses, is unchanged.
    (Source: actions/runner, src/Runner.Common/ActionCommand.cs.)
    """
    return _OLD_COMMAND.sub(r"\\x23", _WORKFLOW_COMMAND.sub(r"\\x3a", text))


def terminal(text: str) -> str:
    """Escape one line of text for a terminal, a log, or any other plain text output."""
    return without_commands(on_one_line(text))


def terminal_block(text: str) -> str:
    """Escape like `terminal`, but keep line feeds and tabs."""
    return without_commands(printable(text))


def csv_cell(text: str) -> str:
    """Escape a CSV cell against formula injection (source: OWASP, CSV Injection)."""
    cell = terminal(text)
    return f"'{cell}" if _FORMULA.match(cell) else cell


def xml_text(text: str) -> str:
    """Prepare text for an XML library: XML 1.0 cannot represent most control characters, not even escaped."""
    return terminal_block(text).replace("\ufffe", "\\ufffe").replace("\uffff", "\\uffff")


def code_span(text: str) -> str:
    """Markdown code span without links, mentions or HTML; not for tables."""
    line = terminal(text)
    if not line.strip():
        return ""
    fence = _fence(line, least=1)
    pad = " " if line.startswith(("`", " ")) or line.endswith(("`", " ")) else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def code_block(lines: list[str], language: str) -> str:
    """Markdown code block with a fence that its lines cannot close."""
    inside = "\n".join(terminal_block(line) for line in lines)
    fence = _fence(inside, least=3)
    return f"{fence}{language}\n{inside}\n{fence}"


def markdown_text(text: str) -> str:
    """Escape text inside a line of Markdown or its raw HTML: no markup, mentions or issue references."""
    return _MARKUP.sub(_entity, terminal(text))


def _entity(found: re.Match[str]) -> str:
    """Entities do not start markup; the zero-width space prevents mentions in GitHub's result."""
    sign = found[0]
    return f"&#{ord(sign)};" + ("&#8203;" if sign in "@#" else "")


def _fence(text: str, least: int) -> str:
    return "`" * max(least, 1 + max((len(run) for run in _BACKTICKS.findall(text)), default=0))


def sarif_text(text: str) -> str:
    """Plain text without embedded links and placeholders (source: SARIF 2.1.0, 3.11.5 and 3.11.6)."""
    return _PLACEHOLDER.sub(r"{{\1}}", _LINK.sub(r"\[", terminal(text)))


def command_message(text: str) -> str:
    """Escape the message of a workflow command, the part after its second `::`."""
    return terminal_block(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def command_property(text: str) -> str:
    """Escape a value in the `key=value` pairs of a workflow command."""
    return command_message(on_one_line(text)).replace(":", "%3A").replace(",", "%2C")


def as_json(value: Json, indent: int | None = None) -> str:
    """ASCII JSON; markers of commands for GitHub's and Azure Pipelines' runners are escaped."""
    return json_in_logs(json.dumps(value, indent=indent))


def json_in_logs(text: str) -> str:
    """Rewrite JSON text equivalently without `##[` and `##vso[`."""
    return text.replace("##[", "#\\u0023[").replace("##vso[", "#\\u0023vso[")
