"""eksdns timeline"""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from eksaddon.cli import messages


class TimelineFormat(StrEnum):
    TABLE = "table"
    JSON = "json"


Lameduck = Annotated[
    list[str],
    typer.Option(
        "--lameduck",
        envvar="EKSDNS_LAMEDUCK",
        help="lameduck of a server block (example: 20s); repeat for more blocks.",
    ),
]
Grace = Annotated[
    str,
    typer.Option(
        "--grace", envvar="EKSDNS_GRACE", help="terminationGracePeriodSeconds (example: 30 or 30s)."
    ),
]
PreStop = Annotated[
    str, typer.Option("--pre-stop", envvar="EKSDNS_PRE_STOP", help="preStop sleep (example: 5 or 5s).")
]
Propagation = Annotated[
    str | None,
    typer.Option(
        "--propagation",
        envvar="EKSDNS_PROPAGATION",
        help="How long nodes keep sending queries to a deleted pod. Default: 10s.",
    ),
]
Svg = Annotated[
    Path | None,
    typer.Option("--svg", envvar="EKSDNS_SVG", help="Also write the drawing as SVG to this file."),
]
Measure = Annotated[
    bool, typer.Option("--measure", envvar="EKSDNS_MEASURE", help="Measure the shutdown with a real CoreDNS.")
]
Binary = Annotated[
    Path | None,
    typer.Option(
        "--coredns",
        envvar="EKSDNS_COREDNS",
        help="Path of the CoreDNS binary.",
    ),
]
Output = Annotated[
    TimelineFormat, typer.Option("--output", "-o", envvar="EKSDNS_OUTPUT", help="Output format.")
]


def timeline(
    lameduck: Lameduck,
    grace: Grace = "30s",
    pre_stop: PreStop = "0s",
    propagation: Propagation = None,
    svg: Svg = None,
    measure: Measure = False,
    coredns: Binary = None,
    output: Output = TimelineFormat.TABLE,
) -> int:
    """Draw the shutdown of a CoreDNS pod: each phase, what SIGKILL cuts off, and what would fit."""
    from eksaddon.app.timeline import measured_shutdown, settings
    from eksaddon.cli.terminal import terminal
    from eksaddon.domain.termination import timeline as predict
    from eksaddon.report.timeline.document import document
    from eksaddon.report.timeline.svg import svg as picture
    from eksaddon.report.timeline.terminal import draw

    chosen, at = settings(lameduck, grace, pre_stop, propagation), terminal()
    line = predict(chosen)
    measured = measured_shutdown(chosen, coredns) if measure or coredns else None
    if svg is not None:
        svg.write_text(picture(line, measured=measured), encoding="utf-8")
    if output is TimelineFormat.JSON:
        messages.rendered(json.dumps(document(line, measured=measured), indent=2) + "\n")
        return 0
    from eksaddon.report.formats.table import RenderOptions, drawn

    encoding = (sys.stdout.encoding or "").lower()
    text = draw(line, at.width, unicode=encoding.startswith("utf"), measured=measured)
    messages.rendered(drawn(text, RenderOptions(at.width, at.colour)))
    return 0
