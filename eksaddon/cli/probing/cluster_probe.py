"""Run a probe in a cluster, and remove what one has left."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from eksaddon.app.fleet.fleet import closing, load_scope, require_targets
from eksaddon.app.fleet.request import TargetRequest
from eksaddon.app.probing.in_cluster import cleaned, document, lines, measure, the_cluster
from eksaddon.app.probing.pictures import cluster_picture
from eksaddon.app.release import released_image
from eksaddon.app.session import AccessBook, Session
from eksaddon.app.wiring import open_session
from eksaddon.cli import messages
from eksaddon.cli.operator import next_run_id
from eksaddon.cli.probing.live_view import watching
from eksaddon.cli.probing.reports import Outputs, Results
from eksaddon.domain.errors import EksdnsError, ExitCode
from eksaddon.domain.probing.expectation import read_expectation
from eksaddon.domain.probing.gate import ProbeGate
from eksaddon.domain.probing.proof import by_second
from eksaddon.domain.target import Target


@contextmanager
def chosen(targets: TargetRequest) -> Iterator[tuple[Session, Target]]:
    """The one cluster that the options name, and a session."""
    fleet = load_scope(targets)
    require_targets(targets)
    targets.selection()
    book = AccessBook()
    with closing(open_session(book, threads=targets.threads)) as session:
        yield session, the_cluster(fleet, session, book)


def probing(targets: TargetRequest, gate: ProbeGate, seconds: float, where: Outputs, *, quiet: bool) -> int:
    """Probe, print, and return the exit code."""
    gate = with_image(gate)
    read_expectation(gate.expect)
    run_id = next_run_id()
    with chosen(targets) as (session, target):
        messages.message(f"probe {run_id}: starting {gate.nodes} pods in {target.label}")
        label = f"kube-dns in {target.label}"
        with watching(label, gate.rate * gate.nodes, seconds, quiet=quiet) as view:
            found = measure(
                session,
                target,
                gate,
                seconds,
                run_id=run_id,
                seen=lambda reading: view.show(reading.figures, by_second(reading.traces)),
            )
    where.put(Results(tuple(lines(found)), document(found), lambda: cluster_picture(found)))
    return found.exit_code


def with_image(gate: ProbeGate) -> ProbeGate:
    """With the image of this release, if none is named.

    Raises:
        EksdnsError: None is named, and this build of eksdns has none.
    """
    if gate.image:
        return gate
    if image := released_image():
        return replace(gate, image=image)
    hint = "use --image REGISTRY/NAME@sha256:... with an image of eksdns (docs/in-cluster-probe.md)"
    raise EksdnsError(
        "a probe in a cluster needs an image; this build of eksdns is not a release and has none",
        hint=hint,
        exit_code=ExitCode.USAGE,
    )


def cleaning(targets: TargetRequest, namespace: str, run_id: str) -> int:
    """Remove what is left of probes, and say what that was."""
    with chosen(targets) as (session, target):
        names = cleaned(session, target, namespace, run_id)
    for name in names:
        messages.line(f"removed Job {namespace}/{name}")
    if not names:
        messages.message("no Jobs of probes found")
    return 0
