"""eksdns demo"""

from eksaddon.cli import messages


def demo() -> int:
    """Plan, apply and check a small fleet on the embedded simulator; needs no AWS account."""
    from eksaddon.app.demo import run_demo
    from eksaddon.cli.terminal import terminal
    from eksaddon.report.format import Format
    from eksaddon.report.formats.table import RenderOptions, heading
    from eksaddon.report.render import Drifted, Planned, Ran, render

    at = terminal()
    render_options = RenderOptions(at.width, at.colour)
    found = run_demo()
    steps = (
        ("eksdns plan --all", Planned(found.planned)),
        ("eksdns apply --all --yes", Ran(found.result)),
        ("eksdns drift --all", Drifted(found.after)),
    )
    for command, report in steps:
        messages.rendered(heading(command, render_options))
        messages.rendered(render(report, Format.TABLE, render_options) + "\n")
    messages.rendered(
        f"Everything ran on the embedded simulator: {found.calls:,} API calls,"
        f" {found.virtual_seconds:,.0f} s of simulated waiting.\n"
        "Try it on your own clusters: eksdns plan --all --region REGION --lameduck 20s --replicas 3\n"
    )
    return 0
