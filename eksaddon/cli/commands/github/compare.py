"""eksdns github compare"""

from pathlib import Path
from typing import Annotated

import typer

from eksaddon.app.github.names import OnPlanChange
from eksaddon.cli import messages
from eksaddon.cli.commands.github.options import Report

ReviewedReport = Annotated[
    Path | None,
    typer.Option("--reviewed", envvar="EKSDNS_REVIEWED", help="Report of the reviewed plan; may not exist."),
]
Digest = Annotated[
    str,
    typer.Option("--digest", envvar="EKSDNS_DIGEST", help="Output `digest` of `github reviewed`."),
]
Number = Annotated[
    str,
    typer.Option(
        "--pull-request", envvar="EKSDNS_PULL_REQUEST", help="Output `pull_request` of `github reviewed`."
    ),
]
Run = Annotated[int, typer.Option("--run", envvar="EKSDNS_RUN", help="Output `run` of `github reviewed`.")]
Artifact = Annotated[
    str, typer.Option("--artifact", envvar="EKSDNS_ARTIFACT", help="Output `artifact` of `github reviewed`.")
]
OnChange = Annotated[
    OnPlanChange,
    typer.Option(
        "--on-plan-change",
        envvar="EKSDNS_ON_PLAN_CHANGE",
        help="What to do if the plan differs from the reviewed one.",
    ),
]


def compare(
    file: Report,
    reviewed: ReviewedReport = None,
    digest: Digest = "",
    pull_request: Number = "",
    run: Run = 0,
    artifact: Artifact = "",
    on_plan_change: OnChange = OnPlanChange.STOP,
) -> int:
    """Compare the report of a plan with the one that was reviewed, and stop with the differences.

    Reviewed changes that are already in place do not count as differences.
    """
    from eksaddon.app.files.paths import is_file
    from eksaddon.app.github.report import load_report
    from eksaddon.app.github.review import Other, compared, comparison_markdown, refuse, review_from
    from eksaddon.app.github.wiring import open_runner

    review = review_from(pull_request, digest, run, artifact)
    known = load_report(reviewed) if reviewed is not None and is_file(reviewed) else None
    comparison = compared(review, known, load_report(file))
    text = comparison_markdown(comparison)
    open_runner().put_summary(text)
    messages.rendered(text)
    if isinstance(comparison, Other) and on_plan_change is OnPlanChange.STOP:
        raise refuse(comparison)
    return 0
