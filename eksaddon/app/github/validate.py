"""Validates a fleet file offline for a pull request, with annotations on its lines."""

from pathlib import Path

from eksaddon.app.fleet.validate import validate
from eksaddon.config.errors import ConfigError
from eksaddon.domain.diagnostic import Diagnostic, Severity
from eksaddon.domain.errors import ExitCode
from eksaddon.report.escape import terminal
from eksaddon.report.formats.annotations import annotate


def validated(config: Path | None, version: str | None, *, strict: bool) -> tuple[ExitCode, str]:
    """Check the file.

    Returns:
        The exit code, and workflow commands with a summary line.

    Raises:
        EksdnsError: The file is missing, or the version is unknown.
    """
    try:
        found = validate(config, version, strict=strict)
    except ConfigError as error:
        source = error.diagnostics[0].location.source if error.diagnostics[0].location else str(config)
        return _verdict(source, error.diagnostics)
    distinct = dict.fromkeys(diagnostic for _, diagnostic in found.diagnostics)
    return _verdict(found.source, tuple(distinct))


def _verdict(source: str, diagnostics: tuple[Diagnostic, ...]) -> tuple[ExitCode, str]:
    is_valid = all(one.severity is not Severity.ERROR for one in diagnostics)
    verdict = f"{terminal(source)}: {'valid' if is_valid else 'invalid'}\n"
    return ExitCode.DONE if is_valid else ExitCode.ERROR, f"{annotate(diagnostics)}{verdict}"
