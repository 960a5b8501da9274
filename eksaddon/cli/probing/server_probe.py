"""Probe one server from here, and print what came of it."""

from eksaddon.app.probe import lines, probe_exit_code, probe_now
from eksaddon.app.probing.pictures import probe_picture
from eksaddon.cli.probing.live_view import watching
from eksaddon.cli.probing.reports import Outputs, Results
from eksaddon.domain.probing.verdict import Thresholds
from eksaddon.probe.check import Probe
from eksaddon.probe.document import document
from eksaddon.probe.seconds import Seconds


def probing_server(
    probe: Probe, thresholds: Thresholds, seconds: float, where: Outputs, *, quiet: bool
) -> int:
    """Probe, print, and return the exit code."""
    by_second = Seconds()
    label = f"{probe.question.name} at {probe.question.server}:{probe.question.port}"
    with watching(label, probe.rate, seconds, quiet=quiet) as view:
        verdict = probe_now(
            probe,
            thresholds,
            seconds,
            seen=by_second.add,
            late=by_second.add_late,
            watch=lambda: view.show(by_second.figures(), by_second.rows()),
        )
    rows = by_second.rows()
    where.put(
        Results(
            tuple(lines(probe, verdict)),
            document(probe, verdict),
            lambda: probe_picture(probe, verdict, rows),
        )
    )
    return probe_exit_code(verdict)
