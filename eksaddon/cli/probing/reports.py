"""What a probe or a proof prints and writes to files."""

import json
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import assert_never

from eksaddon.cli import messages
from eksaddon.cli.output import report_files
from eksaddon.domain.errors import EksdnsError
from eksaddon.domain.json import JsonObject
from eksaddon.frozen import dataclass
from eksaddon.report.escape import terminal
from eksaddon.report.write import check, write


class ProbeReport(StrEnum):
    """Formats of `--report`."""

    TABLE = "table"
    JSON = "json"
    SVG = "svg"


@dataclass(frozen=True, slots=True)
class Results:
    """What was measured, in every format.

    Attributes:
        lines: Not escaped.
        picture: SVG.
    """

    lines: Sequence[str]
    document: JsonObject
    picture: Callable[[], str]

    def render(self, wanted: ProbeReport) -> str:
        match wanted:
            case ProbeReport.TABLE:
                return text_of(self.lines)
            case ProbeReport.JSON:
                return json.dumps(self.document, indent=2) + "\n"
            case ProbeReport.SVG:
                return self.picture()
            case _:
                assert_never(wanted)


def text_of(lines: Iterable[str]) -> str:
    """Escaped lines."""
    return "".join(f"{terminal(line)}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Outputs:
    """Where results go; made before anything is measured, so that no result is lost to a wrong path."""

    output: ProbeReport
    files: tuple[tuple[ProbeReport, Path], ...] = ()

    def put(self, found: Results) -> None:
        """Write all files, then stdout.

        Raises:
            EksdnsError: A file or stdout cannot be written; the others are written.
        """
        failed: list[EksdnsError] = []
        for wanted, path in self.files:
            try:
                write(found.render(wanted), path)
            except EksdnsError as error:
                failed.append(error)
        messages.rendered(found.render(self.output))
        if failed:
            raise EksdnsError("; ".join(each.message for each in failed), hint=failed[0].hint)


def outputs(output: StrEnum, reports: Iterable[str], svg: Path | None) -> Outputs:
    """Check every path.

    Raises:
        EksdnsError: Invalid format, or a file cannot be written.
    """
    files = report_files(reports, ProbeReport)
    if svg is not None:
        check(svg)
        files = (*files, (ProbeReport.SVG, svg))
    return Outputs(ProbeReport(output.value), files)
